"""What was said where and when, so that no platform's limit for one chat is passed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Index, String, Table, delete, func, insert, select, update

from storage.schema import UtcDateTime, fact, metadata, personal
from storage.words import Kept

if TYPE_CHECKING:
    from storage.transaction import Transaction

KEPT_FOR = timedelta(days=1)
"""No limit looks further back."""

sending_books = Table(
    "sending_books",
    metadata,
    personal("book", String(200), primary_key=True, kept=Kept.DEDUPE),
    fact("last_at", UtcDateTime, index=True, kept=Kept.DEDUPE),
)
sendings = Table(
    "sendings",
    metadata,
    fact("id", BigInteger, primary_key=True, kept=Kept.DEDUPE),
    personal("book", String(200), kept=Kept.DEDUPE),
    fact("sent_at", UtcDateTime, index=True, kept=Kept.DEDUPE),
    Index("ix_sendings_book_sent_at", "book", "sent_at"),
)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many messages in any span of this length."""

    messages: int
    per: timedelta


class Sendings:
    """Counts what is said in each chat, before it is said."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def take(self, book: str, messages: int, limits: Sequence[Limit]) -> timedelta | None:
        """Count so many messages; when they are too many, count none and return the wait.

        More than a limit ever allows are counted as one full span.
        """
        now = self._tx.now
        row = {"book": book, "last_at": now}
        self._tx.write(self._tx.insert_missing(sending_books, ["book"]).values(row))
        # Several workers count one after the other: this row is locked until the commit.
        self._tx.write(
            update(sending_books).where(sending_books.c.book == book).values(last_at=now)
        )
        waits = [self._wait(book, messages, limit) for limit in limits]
        longest = max((wait for wait in waits if wait is not None), default=None)
        if longest is None:
            rows = [
                {"id": self._tx.new_id(0), "book": book, "sent_at": now} for _ in range(messages)
            ]
            self._tx.write(insert(sendings), rows)
        return longest

    def busiest(self, prefix: str, per: timedelta) -> int:
        """Return how much was said in the busiest chat whose book begins so, in this last span."""
        counts = (
            select(func.count().label("number"))
            .where(
                sendings.c.sent_at > self._tx.now - per,
                sendings.c.book >= prefix,
                sendings.c.book < prefix + "\uffff",
            )
            .group_by(sendings.c.book)
            .subquery()
        )
        return int(self._tx.read(select(func.max(counts.c.number))).scalar() or 0)

    def forget_old(self) -> None:
        """Delete what no limit counts any more."""
        before = self._tx.now - KEPT_FOR
        self._tx.write(delete(sendings).where(sendings.c.sent_at < before))
        self._tx.write(delete(sending_books).where(sending_books.c.last_at < before))

    def _wait(self, book: str, messages: int, limit: Limit) -> timedelta | None:
        """Return how long until so many more fit, or None when they fit now."""
        now = self._tx.now
        room = limit.messages - min(messages, limit.messages)
        in_the_way = (
            select(sendings.c.sent_at)
            .where(sendings.c.book == book, sendings.c.sent_at > now - limit.per)
            .order_by(sendings.c.sent_at.desc())
            .offset(room)
            .limit(1)
        )
        sent_at = self._tx.read(in_the_way).scalar()
        return None if sent_at is None else sent_at + limit.per - now
