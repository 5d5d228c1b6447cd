"""Answers that a platform fetches piece by piece, and how many one person may have open."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import JSON, SmallInteger, String, Table, delete, func, insert, select, update

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
    fact("held_by", SmallInteger, nullable=True, kept=Kept.DEDUPE),
    personal("message", JSON(none_as_null=True), nullable=True, kept=Kept.DEDUPE),
    fact("posted_at", UtcDateTime, nullable=True, kept=Kept.DEDUPE),
)


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer that was opened."""

    age: timedelta
    is_elsewhere: bool
    """Whether another worker that is alive has the message in hand."""
    message: str | None
    """What was posted, until the answer was given."""
    is_posted: bool


class Streams:
    """Opens and finishes answers."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def open(self, stream: str, person: str, most: int, lasts: timedelta, message: str) -> bool:
        """Open an answer, unless the person has `most` open already; once open, it stays so.

        The message is in this worker's hands, unless it was opened before.
        """
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
        self._insert(stream, person, message=message)
        return True

    def of(self, stream: str) -> Stream | None:
        """Return how it stands with an answer, or None when it was never opened."""
        row = self._tx.read(select(answer_streams).where(answer_streams.c.stream == stream)).first()
        if row is None:
            return None
        is_elsewhere = row.held_by in self._tx.other_workers()
        age = self._tx.now - row.opened_at
        return Stream(age, is_elsewhere, row.message, row.posted_at is not None)

    def take(self, stream: str) -> None:
        """Take the message in hand of a worker that died."""
        self._change(stream, {"held_by": self._tx.seat.number})

    def finish(self, stream: str) -> None:
        """Note that the whole answer was given, or that it is given some other way."""
        table = answer_streams.c
        self._tx.write(
            update(answer_streams)
            .where(table.stream == stream, table.finished_at.is_(None))
            .values(finished_at=self._tx.now, message=None)
        )

    def post(self, stream: str, person: str) -> bool:
        """Note that the answer is posted to its own address; False when that was done before."""
        found = self.of(stream)
        if found is None:
            self._insert(stream, person, finished_at=self._tx.now, posted_at=self._tx.now)
        elif not found.is_posted:
            self._change(stream, {"posted_at": self._tx.now})
        return found is None or not found.is_posted

    def _insert(self, stream: str, person: str, **values: object) -> None:
        row = {
            "stream": stream,
            "person": person,
            "opened_at": self._tx.now,
            "finished_at": None,
            "held_by": self._tx.seat.number,
            "message": None,
            "posted_at": None,
        }
        self._tx.write(insert(answer_streams).values({**row, **values}))

    def _change(self, stream: str, values: dict[str, object]) -> None:
        mine = update(answer_streams).where(answer_streams.c.stream == stream)
        self._tx.write(mine.values(values))

    def forget_old(self) -> None:
        """Delete what nobody fetches any more."""
        before = self._tx.now - KEPT_FOR
        self._tx.write(delete(answer_streams).where(answer_streams.c.opened_at < before))
