"""What one worker asks another to say, which alone has the line: asked, said, and taken back."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import JSON, BigInteger, Integer, String, Table, delete, insert, select, update

from storage.bell import Topic
from storage.schema import UtcDateTime, fact, metadata, personal
from storage.words import Kept

if TYPE_CHECKING:
    from storage.transaction import Transaction

GOOD_FOR = timedelta(minutes=1)
"""Whoever asked has given up long before, or is dead: then the notice is claimed again."""

line_messages = Table(
    "line_messages",
    metadata,
    fact("id", BigInteger, primary_key=True, kept=Kept.DEDUPE),
    personal("chat", String(120), kept=Kept.DEDUPE),
    personal("body", JSON, kept=Kept.DEDUPE),
    fact("code", Integer, nullable=True, kept=Kept.DEDUPE),
    fact("asked_at", UtcDateTime, index=True, kept=Kept.DEDUPE),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Something to be said over the line."""

    id: int
    chat: str
    body: dict[str, object]


class LineMessages:
    """Hands what is to be said to whoever has the line, and the answer back."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def ask(self, chat: str, body: dict[str, object]) -> int:
        """Ask for this to be said; return the number under which the outcome is found."""
        number = self._tx.new_id(0)
        row = {"id": number, "chat": chat, "body": body, "code": None, "asked_at": self._tx.now}
        self._tx.write(insert(line_messages).values(row))
        self._tx.ring(Topic.LINE)
        return number

    def waiting(self, limit: int = 20) -> list[Asked]:
        """Return what is to be said, oldest first."""
        c = line_messages.c
        statement = (
            select(c.id, c.chat, c.body)
            .where(c.code.is_(None), c.asked_at > self._tx.now - GOOD_FOR)
            .order_by(c.id)
            .limit(limit)
        )
        return [Asked(row.id, row.chat, row.body) for row in self._tx.read(statement)]

    def said(self, number: int, code: int) -> None:
        """Note what the platform answered."""
        mine = update(line_messages).where(line_messages.c.id == number)
        self._tx.write(mine.values(code=code))

    def outcome(self, number: int) -> int | None:
        """Return what the platform answered, or None as long as it did not."""
        statement = select(line_messages.c.code).where(line_messages.c.id == number)
        code: int | None = self._tx.read(statement).scalar()
        return code

    def take_back(self, number: int) -> None:
        """Ask no longer, or need the outcome no more."""
        self._tx.write(delete(line_messages).where(line_messages.c.id == number))

    def forget_old(self) -> None:
        """Delete what a worker asked that died."""
        before = self._tx.now - GOOD_FOR
        self._tx.write(delete(line_messages).where(line_messages.c.asked_at < before))
