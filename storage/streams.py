"""Answers that a platform fetches piece by piece, and how many one person may have open."""

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import String, Table, delete, func, select, update

from storage.schema import UtcDateTime, fact, metadata, personal
from storage.words import Kept

if TYPE_CHECKING:
    from storage.transaction import Transaction

KEPT_FOR = timedelta(days=1)

answer_streams = Table(
    "answer_streams",
    metadata,
    fact("stream", String(160), primary_key=True, kept=Kept.DEDUPE),
    personal("person", String(200), index=True, kept=Kept.DEDUPE),
    fact("opened_at", UtcDateTime, index=True, kept=Kept.DEDUPE),
    fact("finished_at", UtcDateTime, nullable=True, kept=Kept.DEDUPE),
)


class Streams:
    """Opens and finishes answers."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def open(self, stream: str, person: str, most: int, lasts: timedelta) -> bool:
        """Open an answer, unless the person has `most` open already; once open, it stays so."""
        now = self._tx.now
        table = answer_streams.c
        known = select(table.stream).where(table.stream == stream, table.person == person)
        if self._tx.read(known).first() is not None:
            return True
        running = select(func.count()).where(
            table.person == person, table.finished_at.is_(None), table.opened_at > now - lasts
        )
        if self._tx.read(running).scalar_one() >= most:
            return False
        row = {"stream": stream, "person": person, "opened_at": now, "finished_at": None}
        self._tx.write(self._tx.insert_missing(answer_streams, ["stream"]).values(row))
        return True

    def age(self, stream: str) -> timedelta | None:
        """Return how long ago it was opened, or None when it never was."""
        statement = select(answer_streams.c.opened_at).where(answer_streams.c.stream == stream)
        opened_at = self._tx.read(statement).scalar()
        return None if opened_at is None else self._tx.now - opened_at

    def finish(self, stream: str) -> None:
        """Note that the whole answer was given."""
        table = answer_streams.c
        self._tx.write(
            update(answer_streams)
            .where(table.stream == stream, table.finished_at.is_(None))
            .values(finished_at=self._tx.now)
        )

    def forget_old(self) -> None:
        """Delete what nobody fetches any more."""
        before = self._tx.now - KEPT_FOR
        self._tx.write(delete(answer_streams).where(answer_streams.c.opened_at < before))
