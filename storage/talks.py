"""Where each talk stands: open form, last menu shown, who owns it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import asdict
from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    Integer,
    String,
    Table,
    delete,
    or_,
    select,
    true,
)

from storage.prepared import KnownBy, Many
from storage.schema import UtcDateTime, fact, index_of_some, metadata, personal
from storage.upsert import upsert
from storage.words import Kept

if TYPE_CHECKING:
    from storage.transaction import Transaction

Json = dict[str, object]

KEPT_FOR = timedelta(days=30)

REMINDED = "draft_reminded"
"""In a talk's memory: the person was reminded of the draft."""

talks = Table(
    "talks",
    metadata,
    personal("key", String(300), primary_key=True, kept=Kept.TALK),
    fact("channel", String(20), kept=Kept.TALK),
    personal("chat", String(120), kept=Kept.TALK),
    personal("sender", String(120), kept=Kept.TALK),
    fact("resident_id", BigInteger, index=True, kept=Kept.TALK),
    personal("form", JSON(none_as_null=True), nullable=True, kept=Kept.TALK),
    personal("menu", JSON(none_as_null=True), nullable=True, kept=Kept.TALK),
    personal("memory", JSON, kept=Kept.TALK),
    fact("misses", Integer, kept=Kept.TALK),
    fact("handover_id", BigInteger, nullable=True, kept=Kept.TALK),
    fact("mute_until", UtcDateTime, nullable=True, kept=Kept.TALK),
    fact("updated_at", UtcDateTime, kept=Kept.TALK),
    fact("version", Integer, kept=Kept.TALK),
    index_of_some("ix_talks_draft", "updated_at", where="form IS NOT NULL"),
    index_of_some("ix_talks_handover_id", "handover_id", where="handover_id IS NOT NULL"),
)


_KNOWN = KnownBy(talks.c.key, select(talks))
_UPSERT = Many(lambda connection: upsert(connection, talks, ["key"]), order="key")


class Talk(msgspec.Struct, frozen=True):
    """One person in one chat."""

    key: str
    channel: str
    chat: str
    sender: str
    resident_id: int
    form: Json | None = None
    """The open form: its name, values and what is being asked; kept as a draft."""
    menu: Json | None = None
    """The numbered choices last shown to this person."""
    memory: Json = msgspec.field(default_factory=dict)
    """What the next sentence may refer to: the last answer, the rest of a long text."""
    misses: int = 0
    handover_id: int | None = None
    mute_until: datetime | None = None
    updated_at: datetime | None = None
    version: int = 0


def key_of(channel: str, chat: str, sender: str) -> str:
    """Return the key of this person's talk in this chat."""
    return f"{channel}:{chat}:{sender}"


def load(connection: Connection, keys: set[str]) -> dict[str, Talk]:
    """Return the talks that exist."""
    return {row[0]: _talk(row) for row in _KNOWN.rows(connection, keys)}


def store(connection: Connection, changed: list[Talk]) -> None:
    """Write talks, new and old alike."""
    _UPSERT.write(connection, [asdict(talk) for talk in changed])


def _talk(row: Sequence[Any]) -> Talk:
    return Talk(*row)


class Talks:
    """Finds and changes talks; the batch loads and stores them together."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def of(self, key: str) -> Talk | None:
        """Return the talk with this key, or None when nothing was ever said there."""
        found = self._tx.loaded.talks.get(key)
        if found is None and key not in self._tx.loaded.asked_talks:
            found = load(self._tx.reading(), {key}).get(key)
            self._tx.loaded.asked_talks.add(key)
            if found:
                self._tx.loaded.talks[key] = found
        return found

    def keep(self, talk: Talk, *, touch: bool = True) -> Talk:
        """Remember the talk as it now is; return it with its new version.

        `touch` is left out when the person did nothing, so that a draft's age stays true.
        """
        updated_at = self._tx.now if touch or talk.updated_at is None else talk.updated_at
        kept = Talk(
            talk.key,
            talk.channel,
            talk.chat,
            talk.sender,
            talk.resident_id,
            talk.form,
            talk.menu,
            talk.memory,
            talk.misses,
            talk.handover_id,
            talk.mute_until,
            updated_at,
            talk.version + 1,
        )
        self._tx.loaded.put_talk(kept)
        self._tx.pending.talks[talk.key] = kept
        return kept

    def with_open_form(
        self, not_since: datetime, *, reminded_not_since: datetime | None = None
    ) -> list[Talk]:
        """Return talks whose draft was last touched before `not_since`, oldest first.

        Whoever was reminded of theirs is left out, until it was not touched since
        `reminded_not_since`.
        """
        statement = (
            select(talks)
            .where(talks.c.form.is_not(None), talks.c.updated_at < not_since)
            .order_by(talks.c.updated_at, talks.c.key)
        )
        if reminded_not_since is not None:
            reminded = talks.c.memory[REMINDED].as_boolean()
            is_over = talks.c.updated_at < reminded_not_since
            statement = statement.where(or_(reminded.is_not(true()), is_over))
        return [_talk(row) for row in self._tx.read(statement)]

    def of_handover(self, handover_id: int) -> Talk | None:
        """Return the talk that a person has taken over."""
        statement = select(talks).where(talks.c.handover_id == handover_id)
        row = self._tx.read(statement).first()
        return None if row is None else self.of(row.key) or _talk(row)

    def forget_old(self) -> int:
        """Delete talks long silent, but no draft and none that a person has; return how many."""
        statement = delete(talks).where(
            talks.c.updated_at < self._tx.now - KEPT_FOR,
            talks.c.form.is_(None),
            talks.c.handover_id.is_(None),
        )
        forgotten = self._tx.write(statement).rowcount
        self._tx.loaded.forget_talks()
        return forgotten
