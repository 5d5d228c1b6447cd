"""The messages already handled, with what was answered: a platform's resend gets the same again."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import JSON, Connection, Integer, String, Table, delete, insert, select, update

from storage.prepared import KnownBy, Many
from storage.schema import UtcDateTime, fact, metadata, personal
from storage.words import Kept

if TYPE_CHECKING:
    from storage.transaction import Transaction

KEPT_FOR = timedelta(days=7)
"""Telegram keeps updates for a day and WeChat resends within seconds; a week is ample."""

inbox = Table(
    "inbox",
    metadata,
    fact("key", String(200), primary_key=True, kept=Kept.DEDUPE),
    fact("received_at", UtcDateTime, index=True, kept=Kept.DEDUPE),
    personal("replies", JSON, kept=Kept.DEDUPE),
    fact("held_by", Integer, nullable=True, kept=Kept.DEDUPE),
)

_KNOWN = KnownBy(inbox.c.key, select(inbox.c.key, inbox.c.replies))
_INSERT = Many(lambda _connection: insert(inbox), order="key")

Replies = list[dict[str, object]]


def key_of(channel: str, platform_id: str) -> str:
    """Return the key under which a message is known."""
    return f"{channel}:{platform_id}"


def load(connection: Connection, keys: set[str]) -> dict[str, Replies]:
    """Return the recorded replies of those messages that were handled before."""
    return dict(_KNOWN.rows(connection, keys))


def store(connection: Connection, rows: list[dict[str, object]]) -> None:
    """Write what `Inbox.record` collected."""
    _INSERT.write(connection, rows)


class Inbox:
    """Remembers messages by their platform id."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def seen(self, key: str) -> Replies | None:
        """Return what was answered, or None when the message is new."""
        loaded = self._tx.loaded
        if key not in loaded.inbox and key not in loaded.asked_inbox:
            loaded.inbox.update(load(self._tx.reading(), {key}))
            loaded.asked_inbox.add(key)
        return loaded.inbox.get(key)

    def record(self, key: str, replies: Replies) -> None:
        """Remember that the message was handled and what was answered."""
        self._tx.loaded.put_inbox(key, replies)
        row = {
            "key": key,
            "received_at": self._tx.now,
            "replies": replies,
            "held_by": self._tx.seat.line,
        }
        self._tx.pending.inbox.append(row)

    def is_for(self, key: str, content: str) -> bool:
        """Return whether the key stands for this content; it does from now on, if for none yet."""
        before, this = self.seen(key), [dict[str, object](content=content)]
        if before is None:
            self.record(key, this)
        return before is None or before == this

    def is_elsewhere(self, key: str) -> bool:
        """Return whether another worker that is alive handled it: the answer is its to send."""
        others = self._tx.seat.other_lines(self._tx.reading())
        return bool(others) and self._holder(key) in others

    def let_go(self, keys: Iterable[str]) -> None:
        """Leave it to whoever gets these messages again to send their answers."""
        self._tx.write(update(inbox).where(inbox.c.key.in_(list(keys))).values(held_by=None))

    def hand_over(self, key: str) -> bool:
        """Leave the answer to the outbox: a resend gets none. Return whether there was a message.

        To be called with the outbox in the same unit of work.
        """
        statement = update(inbox).where(inbox.c.key == key).values(replies=[])
        found = self._tx.write(statement.returning(inbox.c.key)).first() is not None
        if found:
            self._tx.loaded.put_inbox(key, [])
        return found

    def forget_old(self) -> int:
        """Delete what no platform will resend any more; return how many messages."""
        statement = delete(inbox).where(inbox.c.received_at < self._tx.now - KEPT_FOR)
        return self._tx.write(statement).rowcount

    def _holder(self, key: str) -> int | None:
        row = self._tx.read(select(inbox.c.held_by).where(inbox.c.key == key)).first()
        return None if row is None else row.held_by
