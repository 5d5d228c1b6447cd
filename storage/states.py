"""How each channel is doing, as the running service last saw it: for whoever looks from outside."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, Row, String, Table, select

from storage.schema import UtcDateTime, fact, metadata

if TYPE_CHECKING:
    from storage.transaction import Transaction

channel_states = Table(
    "channel_states",
    metadata,
    fact("channel", String(20), primary_key=True),
    fact("good", Boolean),
    fact("words", String(400)),
    fact("token_at", UtcDateTime, nullable=True),
    fact("seen_at", UtcDateTime),
)


@dataclass(frozen=True, slots=True)
class ChannelState:
    """One channel, in plain words."""

    channel: str
    good: bool
    words: str
    token_at: datetime | None
    """Since when its credential is known to work; None where there is none."""
    seen_at: datetime


class States:
    """Keeps the last state of each channel."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def note(self, channel: str, words: str, *, good: bool, token_at: datetime | None) -> None:
        """Note how the channel is doing now."""
        row = {
            "channel": channel,
            "good": good,
            "words": words[:400],
            "token_at": token_at,
            "seen_at": self._tx.now,
        }
        self._tx.write(self._tx.upsert(channel_states, ["channel"]).values(row))

    def all(self) -> list[ChannelState]:
        """Return every channel that ever ran here."""
        rows = self._tx.read(select(channel_states).order_by(channel_states.c.channel))
        return [_state(row) for row in rows]


def _state(row: Row[tuple[object, ...]]) -> ChannelState:
    return ChannelState(**row._asdict())
