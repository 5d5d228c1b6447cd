"""Which people turned out to be one, what was carried over, and whether that was taken back."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import JSON, BigInteger, Row, String, Table, insert, select, update

from storage.ids import shard_of
from storage.schema import UtcDateTime, fact, metadata, personal
from storage.words import BindWay, Kept

if TYPE_CHECKING:
    from storage.transaction import Transaction

merges = Table(
    "merges",
    metadata,
    fact("id", BigInteger, primary_key=True),
    fact("number", BigInteger, unique=True),
    fact("kept_id", BigInteger, index=True),
    fact("gone_id", BigInteger, index=True),
    personal("address", String(200), nullable=True),
    fact("way", String(12)),
    personal("moved", JSON, kept=Kept.TALK),
    fact("made_at", UtcDateTime),
    fact("made_by", BigInteger),
    fact("undone_at", UtcDateTime, nullable=True),
    fact("undone_by", BigInteger, nullable=True),
)


@dataclass(frozen=True, slots=True)
class Merge:
    """One address, or one person with all theirs, that became somebody's."""

    id: int
    number: int
    kept_id: int
    gone_id: int
    address: str | None
    way: BindWay
    moved: dict[str, list[str]]
    """The keys of the rows that were carried over, by table."""
    made_at: datetime
    made_by: int
    undone_at: datetime | None


_SHOWN = tuple(merges.c[name] for name in Merge.__dataclass_fields__)


class Merges:
    """Keeps the record of merges: what was done, and what was taken back."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def note(
        self,
        number: int,
        kept_id: int,
        gone_id: int,
        address: str | None,
        way: BindWay,
        moved: dict[str, list[str]],
    ) -> None:
        """Note a merge, made by whoever used the code."""
        row = {
            "id": self._tx.new_id(shard_of(kept_id)),
            "number": number,
            "kept_id": kept_id,
            "gone_id": gone_id,
            "address": address,
            "way": way,
            "moved": moved,
            "made_at": self._tx.now,
            "made_by": gone_id,
            "undone_at": None,
            "undone_by": None,
        }
        self._tx.write(insert(merges).values(row))

    def by_number(self, number: int) -> Merge | None:
        """Return the merge with this short number, or None."""
        row = self._tx.read(select(*_SHOWN).where(merges.c.number == number)).first()
        return None if row is None else _merge(row)

    def of(self, resident_id: int) -> list[Merge]:
        """Return what became this person's and still is, the newest first."""
        statement = (
            select(*_SHOWN)
            .where(merges.c.kept_id == resident_id, merges.c.undone_at.is_(None))
            .order_by(merges.c.id.desc())
        )
        return [_merge(row) for row in self._tx.read(statement)]

    def undo(self, merge: Merge, by: int) -> bool:
        """Note that it was taken back; False when that was done before."""
        statement = (
            update(merges)
            .where(merges.c.id == merge.id, merges.c.undone_at.is_(None))
            .values(undone_at=self._tx.now, undone_by=by)
        )
        return self._tx.write(statement).rowcount == 1


def _merge(row: Row[tuple[object, ...]]) -> Merge:
    values = row._asdict()
    values["way"] = BindWay(values["way"])
    return Merge(**values)
