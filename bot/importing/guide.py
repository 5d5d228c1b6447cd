"""Writes offices, services and outages: what changed since the last import replaces what was."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from bot.importing import texts
from bot.importing.known import Known, RowMistake
from bot.importing.reading import Row
from handlers.localtime import SHANGHAI, local
from storage.guide import Office, Outage, Service
from storage.transaction import Transaction
from storage.words import OfficeDays, UtilityWord

EARLIEST = date(2000, 1, 1)
"""Outages that are long over count too: the same file read again adds nothing."""

Kept = TypeVar("Kept", Office, Service)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an outage is; the whole street where neither id is known."""

    name: str
    estate_id: int | None = None
    community_id: int | None = None


class GuideWriter:
    """One import of the three tables; unlike the others they are meant to be imported anew."""

    def __init__(self, tx: Transaction, known: Known, *, demo: bool) -> None:
        self._tx = tx
        self._known = known
        self._demo = demo
        self._offices = {office.name: office for office in tx.guide.offices()}
        self._services = {service.name: service for service in tx.guide.services()}
        self._outages = {_what(outage) for outage in tx.guide.outages(_midnight(EARLIEST))}
        self._today = local(tx.now).date()
        self.changed: dict[str, int] = {}
        """Rows that were there and now say something else, by table."""

    def office(self, row: Row) -> bool:
        """Write an office; False when it was there before."""
        opens, closes = row.clock("opens"), row.clock("closes")
        if closes <= opens:
            why = texts.CLOSES_BEFORE_OPENS.format(start=f"{opens:%H:%M}")
            raise RowMistake(why, "closes")
        before = self._offices.get(row.text("name"))
        office = Office(
            id=before.id if before else self._tx.new_id(0),
            name=row.text("name"),
            also=row.maybe("also") or "",
            community_id=self._known.community(row),
            address=row.maybe("address") or "",
            phone=row.maybe("phone") or "",
            days=OfficeDays(row.text("days")),
            opens=f"{opens:%H:%M}",
            closes=f"{closes:%H:%M}",
            note=row.maybe("note") or "",
            updated_on=row.day("updated_on") or self._today,
            demo=self._demo,
        )
        return self._keep("offices", before, office, row)

    def service(self, row: Row) -> bool:
        """Write what to bring for something; False when it was there before."""
        before = self._services.get(row.text("name"))
        service = Service(
            id=before.id if before else self._tx.new_id(0),
            name=row.text("name"),
            also=row.maybe("also") or "",
            place=row.maybe("place") or "",
            bring=row.text("bring"),
            note=row.maybe("note") or "",
            updated_on=row.day("updated_on") or self._today,
            demo=self._demo,
        )
        return self._keep("services", before, service, row)

    def _keep(self, table: str, before: Kept | None, after: Kept, row: Row) -> bool:
        if before is not None and row.day("updated_on") is None:
            # Nobody says that it was looked at again: the same words keep their day.
            same = replace(after, updated_on=before.updated_on)
            after = before if same == before else after
        if before == after:
            return False
        self._tx.guide.keep(after)
        if before is not None:
            self.changed[table] = self.changed.get(table, 0) + 1
        return before is None

    def outage(self, row: Row, check_once: Callable[[object], None]) -> bool:
        """Write an outage, once for each of its places; False when all were there before."""
        starts_at, ends_at = self._span(row)
        published = row.day("published_on")
        added = False
        for place in self._places(row):
            outage = Outage(
                id=self._tx.new_id(0),
                utility=UtilityWord(row.text("utility")),
                estate_id=place.estate_id,
                community_id=place.community_id,
                place=place.name,
                starts_at=starts_at,
                ends_at=ends_at,
                ended_at=None,
                reason=row.text("reason"),
                source=row.text("source"),
                published_at=_midnight(published) if published else self._tx.now,
                published_by=None,
                demo=self._demo,
            )
            check_once(_what(outage))
            if _what(outage) not in self._outages:
                self._tx.guide.keep(outage)
                added = True
        return added

    def _span(self, row: Row) -> tuple[datetime, datetime | None]:
        day, until = row.day("date"), row.maybe_clock("until")
        if (day is None) == (row.values["in_days"] is None):
            raise RowMistake(texts.DATE_OR_DAYS, "date")
        if day is None:
            day = self._today + timedelta(days=row.number_in("in_days"))
        starts_at = datetime.combine(day, row.clock("from"), tzinfo=SHANGHAI)
        if until is None:
            if row.day("until_date") is not None:
                raise RowMistake(texts.UNTIL_MISSING, "until")
            return starts_at, None
        ends_at = datetime.combine(row.day("until_date") or day, until, tzinfo=SHANGHAI)
        if ends_at <= starts_at:
            start = f"{starts_at:%Y-%m-%d %H:%M}"
            raise RowMistake(texts.UNTIL_BEFORE_FROM.format(start=start), "until")
        return starts_at, ends_at

    def _places(self, row: Row) -> list[_Place]:
        names = row.text("places").translate(dict.fromkeys(map(ord, texts.BETWEEN), " ")).split()
        return [self._place(name) for name in names]

    def _place(self, name: str) -> _Place:
        if name == texts.WHOLE_STREET:
            return _Place(name)
        estate_id = self._known.estates.get(name)
        if estate_id is not None:
            return _Place(name, estate_id, self._known.home_of(estate_id))
        bare = name.removesuffix(texts.TABLES["communities"])
        community_id = self._known.communities.get(bare, self._known.communities.get(name))
        if community_id is None:
            raise RowMistake(texts.NO_SUCH_PLACE.format(name=name), "places")
        return _Place(name, None, community_id)


def _what(outage: Outage) -> tuple[object, ...]:
    """Return what makes two notices the same."""
    return (outage.utility, outage.estate_id, outage.community_id, outage.starts_at)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)
