"""How each channel is doing, as each worker last saw it: for whoever looks from outside."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, Integer, Row, SmallInteger, String, Table, delete, select

from storage.schema import UtcDateTime, fact, metadata

if TYPE_CHECKING:
    from storage.transaction import Transaction

channel_states = Table(
    "channel_states",
    metadata,
    fact("channel", String(20), primary_key=True),
    fact("worker", SmallInteger, primary_key=True),
    fact("good", Boolean),
    fact("words", String(400)),
    fact("pages", Integer, nullable=True),
    fact("account", String(120), nullable=True),
    fact("a_minute", Integer, nullable=True),
    fact("token_at", UtcDateTime, nullable=True),
    fact("seen_at", UtcDateTime),
)


@dataclass(frozen=True, slots=True)
class ChannelState:
    """One channel at one worker, in plain words."""

    channel: str
    worker: int
    good: bool
    words: str
    pages: int | None
    """How many pages are open; None where there are none."""
    account: str | None
    """Whose access token it uses (storage/tokens.py); None without."""
    a_minute: int | None
    """How much may be said in one place a minute, where storage/sendings.py counts it."""
    token_at: datetime | None
    """Since when its credential is known to work; None where there is none."""
    seen_at: datetime


class States:
    """Keeps the last state of each channel at each worker."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def note(
        self,
        channel: str,
        words: str,
        *,
        good: bool,
        token_at: datetime | None = None,
        pages: int | None = None,
        account: str | None = None,
        a_minute: int | None = None,
    ) -> None:
        """Note how the channel is doing now at this worker."""
        row = {
            "channel": channel,
            "worker": self._tx.seat.number,
            "good": good,
            "words": words[:400],
            "pages": pages,
            "account": account,
            "a_minute": a_minute,
            "token_at": token_at,
            "seen_at": self._tx.now,
        }
        self._tx.write(self._tx.upsert(channel_states, ["channel", "worker"]).values(row))

    def drop(self, channel: str) -> None:
        """Note that this worker has nothing to do with the channel."""
        mine = {"channel": channel, "worker": self._tx.seat.number}
        self._tx.write(delete(channel_states).filter_by(**mine))

    def all(self) -> list[ChannelState]:
        """Return every channel that ever ran here, at each worker; the last seen comes last."""
        c = channel_states.c
        rows = self._tx.read(select(channel_states).order_by(c.channel, c.seen_at, c.worker))
        return [_state(row) for row in rows]


def _state(row: Row[tuple[object, ...]]) -> ChannelState:
    return ChannelState(**row._asdict())
