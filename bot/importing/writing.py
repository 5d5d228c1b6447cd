"""Writes imported rows into the street: all of them or none, and twice changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.importing import texts
from bot.importing.guide import GuideWriter
from bot.importing.known import Known, RowMistake, Spoiled
from bot.importing.mistakes import ImportMistakes, Mistake
from bot.importing.reading import Row, Sheets
from bot.importing.tables import TABLES
from handlers.localtime import SHANGHAI, local
from storage.books import KeyReused
from storage.ids import shard_of_community
from storage.imported import Imported
from storage.transaction import Transaction
from storage.words import GroupKind, RoleWord, ScopeKind, TransferKind

_SCOPES = {
    ScopeKind.COMMUNITY: "communities",
    ScopeKind.ESTATE: "estates",
    ScopeKind.TEAM: "teams",
}
WHOLE_STREET = 0
"""The scope id of roles for the whole street."""


@dataclass(slots=True)
class Report:
    """How many rows of each table were added, and how many were there before."""

    added: dict[str, int] = field(default_factory=dict)
    there: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    """Of those that were there, how many now say something else."""


class Writer:
    """One import, inside one unit of work."""

    def __init__(
        self,
        tx: Transaction,
        *,
        demo: bool = False,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._tx = tx
        self._demo = demo
        self._progress = progress
        self._mentioned: set[object] = set()

    def write(self, sheets: Sheets) -> Report:
        """Write every row; raises ImportMistakes, and then the unit of work is taken back."""
        self._known = Known(self._tx, sheets.spoiled)
        self._mentioned.clear()
        there = Imported(self._tx)
        self._roles = there.roles()
        self._members, self._team_members = there.members(), there.team_members()
        self._shifts = there.shifts()
        self._gifts = {gift.name for gift in self._tx.points.gifts()}
        self._guide = GuideWriter(self._tx, self._known, demo=self._demo)
        report = Report(changed=self._guide.changed)
        mistakes = [*sheets.mistakes, *self._write_all(sheets, report)]
        if mistakes:
            raise ImportMistakes(mistakes)
        return report

    def _write_all(self, sheets: Sheets, report: Report) -> list[Mistake]:
        mistakes: list[Mistake] = []
        done = 0
        writers = self._writers()
        for table in TABLES:
            for row in sheets.rows.get(table.name, []):
                try:
                    counted = report.added if writers[table.name](row) else report.there
                    counted[table.name] = counted.get(table.name, 0) + 1
                except RowMistake as mistake:
                    mistakes.append(row.mistake(mistake.column, mistake.why))
                    self._known.note_spoiled(table.name, row)
                except Spoiled:
                    self._known.note_spoiled(table.name, row)
                done += 1
                self._progress(done)
        return mistakes

    def _writers(self) -> dict[str, Callable[[Row], bool]]:
        """Return what writes a row of each table; False when it was there before."""
        return {
            "communities": self._community,
            "estates": self._estate,
            "buildings": self._building,
            "people": self._person,
            "teams": self._team,
            "groups": self._group,
            "roles": self._role,
            "members": self._member,
            "team_members": self._team_member,
            "shifts": self._shift,
            "gifts": self._gift,
            "balances": self._balance,
            "offices": self._office,
            "services": self._service,
            "outages": self._outage,
        }

    def _once(self, *identity: object, column: str | None = None) -> None:
        if identity in self._mentioned:
            raise RowMistake(texts.TWICE, column)
        self._mentioned.add(identity)

    def _community(self, row: Row) -> bool:
        name = row.text("name")
        self._once("community", name, column="name")
        if name in self._known.communities:
            return False
        community_id = self._add("communities", name=name, demo=self._demo)
        self._known.communities[name] = community_id
        return True

    def _estate(self, row: Row) -> bool:
        name, community_id = row.text("name"), self._known.community(row)
        assert community_id is not None
        self._once("estate", name, column="name")
        if name in self._known.estates:
            return False
        estate_id = self._add("estates", name=name, community_id=community_id, demo=self._demo)
        self._known.note_estate(name, estate_id, community_id)
        return True

    def _building(self, row: Row) -> bool:
        name, estate_id = row.text("name"), self._known.estate(row)
        assert estate_id is not None
        self._once("building", estate_id, name, column="name")
        if (estate_id, name) in self._known.buildings:
            return False
        units, lifts = row.number_in("units"), row.number_in("lifts")
        self._add("buildings", estate_id=estate_id, name=name, units=units, lifts=lifts)
        self._known.buildings.add((estate_id, name))
        return True

    def _person(self, row: Row) -> bool:
        wanted = self._known.home(row)
        self._once("person", wanted, column="name")
        if self._known.same_person(wanted) is not None:
            return False
        shard = shard_of_community(wanted.community_id) if wanted.community_id else 0
        resident = self._tx.residents.add(
            shard=shard,
            name=wanted.name,
            community_id=wanted.community_id,
            estate_id=wanted.estate_id,
            building=wanted.building,
            unit=wanted.unit,
            demo=self._demo,
        )
        phone = row.maybe("phone")
        if phone is not None or wanted.room is not None:
            self._tx.residents.change(resident, phone=phone, room=wanted.room)
        self._known.note_person(replace(wanted, id=resident.id))
        return True

    def _team(self, row: Row) -> bool:
        name, community_id = row.text("name"), self._known.community(row)
        self._once("team", name, column="name")
        if name in self._known.teams:
            return False
        team_id = self._add("teams", name=name, community_id=community_id, demo=self._demo)
        self._known.teams[name] = team_id
        return True

    def _group(self, row: Row) -> bool:
        name, kind = row.text("name"), row.text("kind")
        community_id = self._known.community(row)
        if kind == GroupKind.COMMUNITY_STAFF and community_id is None:
            raise RowMistake(texts.GROUP_NEEDS_COMMUNITY, "community")
        self._once("group", name, column="name")
        if name in self._known.groups:
            return False
        group_id = self._add(
            "groups", name=name, kind=kind, community_id=community_id, demo=self._demo
        )
        self._known.groups[name] = group_id
        return True

    def _role(self, row: Row) -> bool:
        resident_id = self._known.person(row)
        role, kind = RoleWord(row.text("role")), ScopeKind(row.text("scope_kind"))
        scope_id = self._scope(row, kind)
        self._once("role", resident_id, role, kind, scope_id)
        if (resident_id, role, kind, scope_id) in self._roles:
            return False
        self._tx.residents.grant(resident_id, role, kind, scope_id, title=row.maybe("title"))
        return True

    def _scope(self, row: Row, kind: ScopeKind) -> int:
        name = row.maybe("scope")
        if kind is ScopeKind.STREET:
            if name is not None:
                raise RowMistake(texts.SCOPE_NOT_NEEDED, "scope")
            return WHOLE_STREET
        if name is None:
            raise RowMistake(texts.SCOPE_NEEDED, "scope")
        return self._known.scope(name, _SCOPES[kind])

    def _member(self, row: Row) -> bool:
        group_id, resident_id = self._known.group(row), self._known.person(row)
        self._once("member", group_id, resident_id)
        if (group_id, resident_id) in self._members:
            return False
        link: dict[str, object] = {"group_id": group_id, "resident_id": resident_id}
        self._tx.directory.add("group_members", [link])
        return True

    def _team_member(self, row: Row) -> bool:
        team_id, resident_id = self._known.team(row), self._known.person(row)
        self._once("team_member", team_id, resident_id)
        if (team_id, resident_id) in self._team_members:
            return False
        self._tx.residents.join_team(team_id, resident_id)
        return True

    def _shift(self, row: Row) -> bool:
        starts_at, ends_at = self._hours(row)
        title, place, community_id = (
            row.text("title"),
            row.maybe("place"),
            self._known.community(row),
        )
        self._once("shift", title, place, starts_at)
        if (title, place, starts_at) in self._shifts:
            return False
        self._tx.shifts.add(
            title=title,
            starts_at=starts_at,
            ends_at=ends_at,
            places=row.number_in("places"),
            place=place,
            community_id=community_id,
            shard=shard_of_community(community_id) if community_id else 0,
            demo=self._demo,
        )
        return True

    def _hours(self, row: Row) -> tuple[datetime, datetime]:
        day, start, end = row.day("date"), row.clock("from"), row.clock("until")
        if (day is None) == (row.values["in_days"] is None):
            raise RowMistake(texts.DATE_OR_DAYS, "date")
        if day is None:
            day = local(self._tx.now).date() + timedelta(days=row.number_in("in_days"))
        if end <= start:
            raise RowMistake(texts.UNTIL_BEFORE_FROM.format(start=f"{start:%H:%M}"), "until")
        return (
            datetime.combine(day, start, tzinfo=SHANGHAI),
            datetime.combine(day, end, tzinfo=SHANGHAI),
        )

    def _gift(self, row: Row) -> bool:
        name = row.text("name")
        self._once("gift", name, column="name")
        if name in self._gifts:
            return False
        price, stock = row.number_in("price"), row.number_in("stock")
        self._tx.points.add_gift(name, price, stock, demo=self._demo)
        return True

    def _balance(self, row: Row) -> bool:
        resident_id, points = self._known.person(row), row.number_in("points")
        self._once("balance", resident_id, column="person")
        if points == 0:
            return False
        try:
            # By id and not by name: the ledger is never erased, names must be.
            return self._tx.points.award(
                key=f"import:balance:{resident_id}",
                resident_id=resident_id,
                amount=points,
                kind=TransferKind.OPENING,
                reason_id=None,
                actor_id=None,
                same_input=str(points),
            )
        except KeyReused:
            raise RowMistake(texts.OTHER_BALANCE, "points") from None

    def _office(self, row: Row) -> bool:
        self._once("office", row.text("name"), column="name")
        return self._guide.office(row)

    def _service(self, row: Row) -> bool:
        self._once("service", row.text("name"), column="name")
        return self._guide.service(row)

    def _outage(self, row: Row) -> bool:
        return self._guide.outage(row, lambda what: self._once("outage", what, column="places"))

    def _add(self, table: str, **values: object) -> int:
        row_id = self._tx.new_id(0)
        self._tx.directory.add(table, [{"id": row_id, **values}])
        return row_id
