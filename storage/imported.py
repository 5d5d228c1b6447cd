"""What an import finds already there, so that reading the same files again changes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from storage.directory import buildings, group_members, teams
from storage.residents import residents, roles, team_members
from storage.shifts import shifts

if TYPE_CHECKING:
    from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person as far as tells them from others of the same name."""

    id: int
    name: str
    community_id: int | None
    estate_id: int | None
    building: str | None
    unit: str | None
    room: str | None


class Imported:
    """Reads whole tables: an import is rare, and works on all of them."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def people(self) -> list[KnownPerson]:
        """Return everybody who has a name, in the order they came."""
        shown = [residents.c[name] for name in KnownPerson.__dataclass_fields__]
        statement = select(*shown).where(
            residents.c.name.is_not(None), residents.c.erased_at.is_(None)
        )
        rows: Iterable[Sequence[Any]] = self._tx.read(statement.order_by(residents.c.id))
        return [KnownPerson(*row) for row in rows]

    def buildings(self) -> set[tuple[int, str]]:
        """Return all buildings: estate and name."""
        return {(r.estate_id, r.name) for r in self._tx.read(select(buildings))}

    def teams(self) -> dict[str, int]:
        """Return the ids of all volunteer teams by name."""
        return {row.name: row.id for row in self._tx.read(select(teams).order_by(teams.c.id))}

    def members(self) -> set[tuple[int, int]]:
        """Return who is in which chat group: group and resident."""
        return {(r.group_id, r.resident_id) for r in self._tx.read(select(group_members))}

    def team_members(self) -> set[tuple[int, int]]:
        """Return who is in which team: team and resident."""
        return {(r.team_id, r.resident_id) for r in self._tx.read(select(team_members))}

    def roles(self) -> set[tuple[int, str, str, int]]:
        """Return the roles held now: resident, role, kind of scope, scope."""
        held = self._tx.read(select(roles).where(roles.c.ended_at.is_(None)))
        return {(r.resident_id, r.role, r.scope_kind, r.scope_id) for r in held}

    def shifts(self) -> set[tuple[str, str | None, datetime]]:
        """Return all shifts: title, place and beginning."""
        shown = self._tx.read(select(shifts.c.title, shifts.c.place, shifts.c.starts_at))
        return {(row.title, row.place, row.starts_at) for row in shown}
