"""The record of addresses: which became whose, what was carried over, what was taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import JSON, BigInteger, Row, String, Table, insert, or_, select, update

from storage.counters import next_number
from storage.ids import shard_of
from storage.schema import UtcDateTime, fact, metadata, personal
from storage.words import BindWay

if TYPE_CHECKING:
    from storage.transaction import Transaction

Moved = Mapping[str, Sequence[str]]
"""The keys of the rows that were carried over, by table; only the undoing needs them."""

bindings = Table(
    "bindings",
    metadata,
    fact("id", BigInteger, primary_key=True),
    fact("number", BigInteger, unique=True),
    fact("resident_id", BigInteger, index=True),
    fact("other_id", BigInteger, nullable=True, index=True),
    personal("address", String(200), nullable=True),
    fact("way", String(12)),
    personal("moved", JSON),
    fact("points", BigInteger),
    fact("made_at", UtcDateTime),
    fact("made_by", BigInteger),
    fact("undone_at", UtcDateTime, nullable=True),
    fact("undone_by", BigInteger, nullable=True),
)


@dataclass(frozen=True, slots=True)
class Binding:
    """One address that became somebody's (or, unbound, nobody's)."""

    id: int
    number: int
    resident_id: int
    other_id: int | None
    """Whose it was before; None for an address that was unbound."""
    address: str | None
    way: BindWay
    moved: Moved
    points: int
    made_at: datetime
    made_by: int
    undone_at: datetime | None


_SHOWN = tuple(bindings.c[name] for name in Binding.__dataclass_fields__)


class Bindings:
    """Keeps the record."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def note(
        self,
        *,
        resident_id: int,
        other_id: int | None,
        address: str | None,
        way: BindWay,
        made_by: int,
        moved: Moved | None = None,
        points: int = 0,
    ) -> int:
        """Note what happened to an address; return the number by which staff can name it."""
        number = next_number(self._tx, "binding", 1)
        row = {
            "id": self._tx.new_id(shard_of(resident_id)),
            "number": number,
            "resident_id": resident_id,
            "other_id": other_id,
            "address": address,
            "way": way,
            "moved": moved or {},
            "points": points,
            "made_at": self._tx.now,
            "made_by": made_by,
            "undone_at": None,
            "undone_by": None,
        }
        self._tx.write(insert(bindings).values(row))
        return number

    def by_number(self, number: int) -> Binding | None:
        """Return the entry with this number, or None."""
        row = self._tx.read(select(*_SHOWN).where(bindings.c.number == number)).first()
        return None if row is None else _binding(row)

    def of(self, resident_id: int, limit: int = 10) -> list[Binding]:
        """Return what happened to somebody's addresses, the newest first."""
        statement = (
            select(*_SHOWN)
            .where(or_(bindings.c.resident_id == resident_id, bindings.c.other_id == resident_id))
            .order_by(bindings.c.id.desc())
            .limit(limit)
        )
        return [_binding(row) for row in self._tx.read(statement)]

    def undo(self, binding: Binding, by: int) -> bool:
        """Note that it was taken back; False when that was done before."""
        statement = (
            update(bindings)
            .where(bindings.c.id == binding.id, bindings.c.undone_at.is_(None))
            .values(undone_at=self._tx.now, undone_by=by)
        )
        return self._tx.write(statement).rowcount == 1


def _binding(row: Row[tuple[object, ...]]) -> Binding:
    values = row._asdict()
    values["way"] = BindWay(values["way"])
    return Binding(**values)
