"""Which answer was given to whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Connection,
    Float,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    and_,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from storage.ids import SHARDS, first_id_at, shard_of
from storage.prepared import Many
from storage.schema import UtcDateTime, fact, metadata
from storage.words import Thumb

if TYPE_CHECKING:
    from storage.transaction import Transaction

answers = Table(
    "answers",
    metadata,
    fact("shard", SmallInteger),
    fact("id", BigInteger),
    fact("resident_id", BigInteger),
    fact("entry", String(80)),
    fact("entry_version", Integer),
    fact("confidence", Float),
    fact("given_at", UtcDateTime),
    fact("thumb", String(8), nullable=True),
    PrimaryKeyConstraint("shard", "id"),
    Index("ix_answers_entry", "entry", "entry_version"),
    Index("ix_answers_resident_id", "resident_id", "id"),
)

_INSERT = Many(lambda _connection: insert(answers))


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer somebody was given."""

    id: int
    resident_id: int
    entry: str
    entry_version: int
    confidence: float
    given_at: datetime
    thumb: Thumb | None


class Answers:
    """Records answers given and thumbs."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    @staticmethod
    def store(connection: Connection, rows: list[dict[str, object]]) -> None:
        """Write what `record` collected."""
        _INSERT.write(connection, rows)

    def record(self, resident_id: int, entry: str, version: int, confidence: float) -> int:
        """Record that the resident was given this version of this entry; return the id."""
        shard = shard_of(resident_id)
        answer_id = self._tx.new_id(shard)
        self._tx.pending.answers.append(
            {
                "shard": shard,
                "id": answer_id,
                "resident_id": resident_id,
                "entry": entry,
                "entry_version": version,
                "confidence": confidence,
                "given_at": self._tx.now,
                "thumb": None,
            }
        )
        return answer_id

    def thumb(self, answer_id: int, thumb: Thumb) -> None:
        """Record what the resident thought of an answer; the last word counts."""
        statement = (
            update(answers)
            .where(and_(answers.c.shard == shard_of(answer_id), answers.c.id == answer_id))
            .values(thumb=thumb)
        )
        self._tx.write(statement)

    def given_to(self, resident_id: int, limit: int = 10) -> list[Answer]:
        """Return the newest answers somebody was given, newest first."""
        statement = (
            select(answers)
            .where(answers.c.resident_id == resident_id)
            .order_by(answers.c.id.desc())
            .limit(limit)
        )
        return [
            Answer(
                row.id,
                row.resident_id,
                row.entry,
                row.entry_version,
                row.confidence,
                row.given_at,
                Thumb(row.thumb) if row.thumb else None,
            )
            for row in self._tx.read(statement)
        ]

    def forget_before(self, moment: datetime) -> None:
        """Delete answers given before this moment: slice by slice, each by its key."""
        statement = delete(answers).where(
            answers.c.shard == bindparam("slice"), answers.c.id < first_id_at(moment)
        )
        self._tx.write(statement, [{"slice": shard} for shard in range(SHARDS)])
