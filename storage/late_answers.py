"""Answers that a platform no longer waited for: kept until the person writes again.

A row begins as the message that takes too long, in the hands of one worker; should that one die,
another takes it up. Then it holds what is to be said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    Row,
    SmallInteger,
    String,
    Table,
    delete,
    or_,
    select,
    update,
)

from storage.inbox import Replies
from storage.schema import UtcDateTime, fact, metadata, personal
from storage.words import Kept

if TYPE_CHECKING:
    from storage.transaction import Transaction

KEPT_FOR = timedelta(days=30)
"""As long as the talk an answer belongs to."""

late_answers = Table(
    "late_answers",
    metadata,
    fact("key", String(200), primary_key=True, kept=Kept.TALK),
    fact("channel", String(20), kept=Kept.TALK),
    personal("chat", String(120), index=True, kept=Kept.TALK),
    personal("message", JSON(none_as_null=True), nullable=True, kept=Kept.TALK),
    personal("replies", JSON(none_as_null=True), nullable=True, kept=Kept.TALK),
    fact("promised", Boolean, kept=Kept.TALK),
    fact("held_by", SmallInteger, nullable=True, kept=Kept.TALK),
    fact("said_with", String(200), nullable=True, kept=Kept.TALK),
    fact("created_at", UtcDateTime, index=True, kept=Kept.TALK),
)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A message whose handling nobody has finished."""

    key: str
    message: dict[str, object]
    held_by: int | None
    """The number of the worker that has it in hand."""


class LateAnswers:
    """Keeps what was answered too late, and hands it out once."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def begin(
        self,
        key: str,
        channel: str,
        chat: str,
        message: dict[str, object],
        *,
        promised: bool,
        held_by: int | None = None,
    ) -> None:
        """Keep a message that takes too long; `promised` when its answer was announced.

        It is in this worker's hands, or in those of `held_by`, unless it was begun before.
        """
        self._insert(
            key, channel, chat, message=message, replies=None, promised=promised, held_by=held_by
        )

    def begun(self, channel: str, chat: str) -> list[Unfinished]:
        """Return what was begun in this chat and nobody has finished, whoever has it in hand."""
        statement = select(late_answers).where(
            *_of(channel, chat),
            late_answers.c.message.is_not(None),
            late_answers.c.said_with.is_(None),
        )
        return [Unfinished(row.key, row.message, row.held_by) for row in self._tx.read(statement)]

    def keep(self, key: str, channel: str, chat: str, replies: Replies, *, promised: bool) -> bool:
        """Keep what is still to be said; False when it was kept before.

        `promised` unless the person knows nothing of it: then numbers go on meaning what they did.
        """
        return self._insert(key, channel, chat, message=None, replies=replies, promised=promised)

    def take(self, key: str) -> bool:
        """Take in hand, to say it; False when it was said, or another worker that lives has it."""
        row = self._row(key)
        if row is None:
            # It could not be noted: nobody else knows of it.
            return True
        if row.said_with is not None or row.held_by in self._tx.other_workers():
            return False
        if row.held_by != self._tx.seat.number:
            self._hold([key])
        return True

    def is_elsewhere(self, key: str) -> bool:
        """Return whether another worker that is alive has it in hand."""
        row = self._row(key)
        if row is None or row.said_with is not None:
            return False
        return row.held_by in self._tx.other_workers()

    def finish(self, key: str, replies: Replies) -> None:
        """Note what is to be said to a message that was begun; a number asks for it from now on."""
        self._tx.write(
            update(late_answers)
            .where(late_answers.c.key == key)
            .values(replies=replies, message=None, promised=True)
        )

    def say(self, key: str, said_with: str) -> None:
        """Note that the answer was said, and with what."""
        self._tx.write(
            update(late_answers)
            .where(late_answers.c.key == key, late_answers.c.said_with.is_(None))
            .values(said_with=said_with, message=None)
        )

    def waiting(self, channel: str, chat: str) -> bool | None:
        """Return whether an announced answer is ready; None when none was announced."""
        statement = (
            select(late_answers.c.replies)
            .where(*_of(channel, chat), late_answers.c.promised, late_answers.c.said_with.is_(None))
            .order_by(late_answers.c.created_at.desc())
        )
        row = self._tx.read(statement).first()
        return None if row is None else row.replies is not None

    def has(self, channel: str, chat: str) -> bool:
        """Return whether anything was kept for this chat, said or not."""
        statement = select(late_answers.c.key).where(
            *_of(channel, chat), late_answers.c.replies.is_not(None)
        )
        return self._tx.read(statement.limit(1)).first() is not None

    def were_shown(self, channel: str, chat: str, said_with: str) -> bool:
        """Return whether anything was said with this message."""
        statement = select(late_answers.c.key).where(
            *_of(channel, chat), late_answers.c.said_with == said_with
        )
        return self._tx.read(statement.limit(1)).first() is not None

    def hand_out(self, channel: str, chat: str, said_with: str) -> list[Replies]:
        """Return what is to be said in this chat, oldest first; with the same message, the same."""
        mine = (
            *_of(channel, chat),
            late_answers.c.replies.is_not(None),
            or_(late_answers.c.said_with.is_(None), late_answers.c.said_with == said_with),
        )
        statement = select(late_answers).where(*mine).order_by(late_answers.c.created_at)
        found = list(self._tx.read(statement))
        if any(row.said_with is None for row in found):
            self._tx.write(update(late_answers).where(*mine).values(said_with=said_with))
        return [row.replies for row in found]

    def unfinished(self, channel: str, before: datetime, limit: int = 50) -> list[Unfinished]:
        """Take in hand what was begun before this moment and no other worker has; oldest first."""
        others = self._tx.other_workers()
        statement = (
            select(late_answers)
            .where(
                late_answers.c.channel == channel,
                late_answers.c.message.is_not(None),
                late_answers.c.said_with.is_(None),
                late_answers.c.created_at < before,
                or_(late_answers.c.held_by.is_(None), late_answers.c.held_by.not_in(others)),
            )
            .order_by(late_answers.c.created_at)
            .limit(limit)
        )
        found = list(self._tx.read(statement))
        left = [row.key for row in found if row.held_by != self._tx.seat.number]
        if left:
            self._hold(left)
        return [Unfinished(row.key, row.message, row.held_by) for row in found]

    def forget_old(self) -> int:
        """Delete what nobody came back for; return how many."""
        statement = delete(late_answers).where(late_answers.c.created_at < self._tx.now - KEPT_FOR)
        return self._tx.write(statement).rowcount

    def _row(self, key: str) -> Row[Any] | None:
        statement = select(late_answers.c.held_by, late_answers.c.said_with)
        return self._tx.read(statement.where(late_answers.c.key == key)).first()

    def _hold(self, keys: Sequence[str]) -> None:
        mine = {"held_by": self._tx.seat.number}
        self._tx.write(update(late_answers).where(late_answers.c.key.in_(keys)).values(mine))

    def _insert(
        self,
        key: str,
        channel: str,
        chat: str,
        *,
        message: dict[str, object] | None,
        replies: Replies | None,
        promised: bool,
        held_by: int | None = None,
    ) -> bool:
        row = {
            "key": key,
            "channel": channel,
            "chat": chat,
            "message": message,
            "replies": replies,
            "promised": promised,
            "held_by": self._tx.seat.number if held_by is None else held_by,
            "said_with": None,
            "created_at": self._tx.now,
        }
        statement = self._tx.insert_missing(late_answers, ["key"]).values(row)
        return self._tx.write(statement.returning(late_answers.c.key)).first() is not None


def _of(channel: str, chat: str) -> tuple[ColumnElement[bool], ...]:
    return late_answers.c.chat == chat, late_answers.c.channel == channel
