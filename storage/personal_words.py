"""What people wrote and sent: one erasable row each, which facts only point to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    BigInteger,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    and_,
    insert,
    select,
)

from storage.ids import shard_of
from storage.schema import UtcDateTime, fact, metadata, personal
from storage.words import WordsKind

if TYPE_CHECKING:
    from storage.transaction import Transaction

words = Table(
    "words",
    metadata,
    fact("shard", SmallInteger),
    fact("id", BigInteger),
    fact("resident_id", BigInteger, nullable=True, index=True),
    fact("kind", String(20)),
    personal("body", Text, nullable=True),
    personal("media", JSON),
    fact("written_at", UtcDateTime),
    fact("erased_at", UtcDateTime, nullable=True),
    PrimaryKeyConstraint("shard", "id"),
)


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of somebody's own words; `body` is empty once it was erased."""

    body: str
    media: list[str]


class PersonalWords:
    """Keeps and returns people's own words."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def keep(
        self, resident_id: int | None, kind: WordsKind, body: str, media: list[str] | None = None
    ) -> int:
        """Keep the words; return the id that facts point to."""
        shard = shard_of(resident_id or 0)
        row = {
            "shard": shard,
            "id": self._tx.new_id(shard),
            "resident_id": resident_id,
            "kind": kind,
            "body": body,
            "media": media or [],
            "written_at": self._tx.now,
            "erased_at": None,
        }
        self._tx.write(insert(words).values(row))
        return int(str(row["id"]))

    def bodies(self, words_ids: Sequence[int]) -> dict[int, str]:
        """Return those of these words that were not erased, by id."""
        if not words_ids:
            return {}
        statement = select(words.c.id, words.c.body).where(
            words.c.shard.in_({shard_of(one) for one in words_ids}), words.c.id.in_(words_ids)
        )
        return {row.id: row.body for row in self._tx.read(statement) if row.body}

    def of(self, words_id: int | None) -> Words:
        """Return the words, empty when there are none or they were erased."""
        if words_id is None:
            return Words("", [])
        statement = select(words.c.body, words.c.media).where(
            and_(words.c.shard == shard_of(words_id), words.c.id == words_id)
        )
        row = self._tx.read(statement).first()
        return Words("", []) if row is None else Words(row.body or "", row.media)
