"""What was said in talks whose channel has no memory of its own (the web chat)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, Connection, Index, String, Table, delete, insert, select

from storage.bell import Topic
from storage.prepared import KnownBy, Many
from storage.schema import UtcDateTime, fact, metadata, personal
from storage.seats import Seat
from storage.turns import has_workers
from storage.upsert import upsert
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

transcript_ends = Table(
    "transcript_ends",
    metadata,
    personal("chat", String(120), primary_key=True, kept=Kept.TALK),
    fact("last_id", BigInteger, kept=Kept.TALK),
    fact("said_at", UtcDateTime, kept=Kept.TALK, index=True),
)
"""The newest line of each chat, where several workers write: all who add to a chat change its row,
so they pass one after another, and a page that asks what came after a line misses none."""

_INSERT = Many(lambda _connection: insert(transcripts))
_ENDS = KnownBy(transcript_ends.c.chat, select(transcript_ends.c.chat, transcript_ends.c.last_id))
_END = Many(lambda connection: upsert(connection, transcript_ends, ["chat"]), order="chat")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said in a chat; `body` is the channel's own."""

    id: int
    chat: str
    body: dict[str, object]
    said_at: datetime


def store(connection: Connection, rows: list[dict[str, Any]], seat: Seat) -> None:
    """Write what `Transcripts.say` collected."""
    if has_workers(connection):
        _line_up(connection, rows, seat)
    _INSERT.write(connection, rows)


def _line_up(connection: Connection, rows: list[dict[str, Any]], seat: Seat) -> None:
    """Put the lines behind what other workers wrote in their chats."""
    last = dict(_ENDS.rows(connection, {row["chat"] for row in rows}))
    for row in rows:
        before = last.get(row["chat"], 0)
        if row["id"] <= before:
            seat.ids.advance(before)
            row["id"] = seat.ids.make(0, row["said_at"])
        last[row["chat"]] = row["id"]
    ends = {row["chat"]: row for row in rows}
    _END.write(
        connection,
        [{"chat": c, "last_id": row["id"], "said_at": row["said_at"]} for c, row in ends.items()],
    )


class Transcripts:
    """Keeps and returns the lines of a chat."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def say(self, chat: str, body: dict[str, object]) -> None:
        """Add a line to a chat; whoever has the chat before their eyes is told."""
        self._tx.pending.transcripts.append(
            {"id": self._tx.new_id(0), "chat": chat, "body": body, "said_at": self._tx.now}
        )
        self._tx.ring(Topic.CHAT, chat)

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
        before = self._tx.now - KEPT_FOR
        self._tx.write(delete(transcript_ends).where(transcript_ends.c.said_at < before))
        return self._tx.write(delete(transcripts).where(transcripts.c.said_at < before)).rowcount
