"""What was said in talks whose channel has no memory of its own (the web chat)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import JSON, BigInteger, Connection, Index, String, Table, delete, insert, select

from storage.prepared import Many
from storage.schema import UtcDateTime, fact, metadata, personal
from storage.words import Kept

if TYPE_CHECKING:
    from storage.transaction import Transaction

KEPT_FOR = timedelta(days=30)

transcripts = Table(
    "transcripts",
    metadata,
    fact("id", BigInteger, primary_key=True, kept=Kept.TALK),
    personal("chat", String(120), kept=Kept.TALK),
    personal("body", JSON, kept=Kept.TALK),
    fact("said_at", UtcDateTime, kept=Kept.TALK, index=True),
    Index("ix_transcripts_chat_id", "chat", "id"),
)

_INSERT = Many(lambda _connection: insert(transcripts))


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said in a chat; `body` is the channel's own."""

    id: int
    chat: str
    body: dict[str, object]
    said_at: datetime


def store(connection: Connection, rows: list[dict[str, object]]) -> None:
    """Write what `Transcripts.say` collected."""
    _INSERT.write(connection, rows)


class Transcripts:
    """Keeps and returns the lines of a chat."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def say(self, chat: str, body: dict[str, object]) -> int:
        """Add a line to a chat; return its id, which is greater than every earlier one."""
        line_id = self._tx.new_id(0)
        self._tx.pending.transcripts.append(
            {"id": line_id, "chat": chat, "body": body, "said_at": self._tx.now}
        )
        return line_id

    def after(self, chat: str, line_id: int, limit: int = 100) -> list[Line]:
        """Return what was said after a line, oldest first."""
        statement = (
            select(transcripts)
            .where(transcripts.c.chat == chat, transcripts.c.id > line_id)
            .order_by(transcripts.c.id)
            .limit(limit)
        )
        return [Line(row.id, row.chat, row.body, row.said_at) for row in self._tx.read(statement)]

    def last(self, chat: str, limit: int = 100) -> list[Line]:
        """Return the newest lines of a chat, oldest first."""
        statement = (
            select(transcripts)
            .where(transcripts.c.chat == chat)
            .order_by(transcripts.c.id.desc())
            .limit(limit)
        )
        rows = list(self._tx.read(statement))
        return [Line(row.id, row.chat, row.body, row.said_at) for row in reversed(rows)]

    def forget_old(self) -> int:
        """Delete lines after their time; return how many."""
        statement = delete(transcripts).where(transcripts.c.said_at < self._tx.now - KEPT_FOR)
        return self._tx.write(statement).rowcount
