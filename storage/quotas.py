"""How much a platform still lets us say unasked: windows after a message, consents, sent bells."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Integer,
    SmallInteger,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from storage.schema import UtcDateTime, fact, metadata, personal
from storage.words import BellState, Kept, WindowKind

if TYPE_CHECKING:
    from storage.transaction import Transaction

BELLS_KEPT_FOR = timedelta(days=30)

reply_windows = Table(
    "reply_windows",
    metadata,
    personal("address", String(200), primary_key=True, kept=Kept.TALK),
    fact("kind", String(12), primary_key=True, kept=Kept.TALK),
    fact("remaining", Integer, kept=Kept.TALK),
    fact("closes_at", UtcDateTime, index=True, kept=Kept.TALK),
)

consents = Table(
    "consents",
    metadata,
    personal("address", String(200), primary_key=True),
    fact("template", String(120), primary_key=True),
    fact("remaining", Integer),
)

bells = Table(
    "bells",
    metadata,
    fact("number", String(120), primary_key=True, kept=Kept.TALK),
    personal("address", String(200), index=True, kept=Kept.TALK),
    fact("state", String(12), kept=Kept.TALK),
    fact("notice_id", BigInteger, nullable=True, kept=Kept.TALK),
    fact("bounces", SmallInteger, nullable=True, kept=Kept.TALK),
    fact("rung_at", UtcDateTime, index=True, kept=Kept.TALK),
)


@dataclass(frozen=True, slots=True)
class Left:
    """What may still be said unasked on one channel: to how many people, in how many messages."""

    people: int
    messages: int
    consents: int
    """Messages that people allowed in advance, one by one."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Messages that were counted, and in which window."""

    address: str
    kind: str
    closes_at: datetime
    messages: int


class Quotas:
    """Counts what may be said, before it is said."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def left(self, channel: str) -> Left:
        """Return what may still be said on the channel."""
        prefix = f"{channel}:"
        open_ = select(
            func.count(reply_windows.c.address.distinct()).label("people"),
            func.coalesce(func.sum(reply_windows.c.remaining), 0).label("messages"),
        ).where(
            reply_windows.c.address.startswith(prefix, autoescape=True),
            reply_windows.c.remaining > 0,
            reply_windows.c.closes_at > self._tx.now,
        )
        allowed = select(func.coalesce(func.sum(consents.c.remaining), 0)).where(
            consents.c.address.startswith(prefix, autoescape=True)
        )
        now = self._tx.read(open_).one()
        return Left(now.people, int(now.messages), int(self._tx.read(allowed).scalar_one()))

    # Windows: so many messages, so long, after something the person did.

    def open(self, address: str, kind: WindowKind, messages: int, closes_at: datetime) -> None:
        """Let so many messages be said until then; the window of something earlier is over.

        What opened the window already, and is sent again, opens nothing.
        """
        row = {"address": address, "kind": kind, "remaining": messages, "closes_at": closes_at}
        missing = self._tx.insert_missing(reply_windows, ["address", "kind"])
        self._tx.write(missing.values(row))
        self._tx.write(
            update(reply_windows)
            .where(
                reply_windows.c.address == address,
                reply_windows.c.kind == kind,
                reply_windows.c.closes_at < closes_at,
            )
            .values(remaining=messages, closes_at=closes_at)
        )

    def take(self, address: str, messages: int) -> Taken | None:
        """Count so many messages, or as many as there is room for; None where there is none.

        They come from the window that closes first of those with room for all, else from the one
        with the most room.
        """
        open_ = (
            select(reply_windows)
            .where(
                reply_windows.c.address == address,
                reply_windows.c.remaining > 0,
                reply_windows.c.closes_at > self._tx.now,
            )
            .order_by(reply_windows.c.closes_at)
            .with_for_update()
        )
        rows = list(self._tx.read(open_))
        if not rows:
            return None
        row = max(rows, key=lambda row: min(row.remaining, messages))
        taken = Taken(address, row.kind, row.closes_at, min(messages, row.remaining))
        self._change(taken, -taken.messages)
        return taken

    def give_back(self, taken: Taken, messages: int) -> None:
        """Count so many messages no more: they did not leave; a window opened since is full."""
        self._change(taken, messages)

    def _change(self, taken: Taken, messages: int) -> None:
        self._tx.write(
            update(reply_windows)
            .where(
                reply_windows.c.address == taken.address,
                reply_windows.c.kind == taken.kind,
                reply_windows.c.closes_at == taken.closes_at,
            )
            .values(remaining=reply_windows.c.remaining + messages)
        )

    def close(self, address: str) -> None:
        """Note that the platform takes nothing more until the person does something."""
        self._tx.write(delete(reply_windows).where(reply_windows.c.address == address))

    def remaining(self, address: str) -> int:
        """Return how many messages may still be said."""
        statement = select(func.coalesce(func.sum(reply_windows.c.remaining), 0)).where(
            reply_windows.c.address == address, reply_windows.c.closes_at > self._tx.now
        )
        return int(self._tx.read(statement).scalar_one())

    # Consents: one each for one message of a template.

    def consent(self, address: str, template: str, messages: int | None) -> None:
        """Add so many consents; None takes all of them back."""
        row = {"address": address, "template": template, "remaining": 0}
        self._tx.write(self._tx.insert_missing(consents, ["address", "template"]).values(row))
        left = 0 if messages is None else consents.c.remaining + messages
        self._tx.write(
            update(consents)
            .where(consents.c.address == address, consents.c.template == template)
            .values(remaining=left)
        )

    def use_consent(self, address: str, template: str) -> bool:
        """Use one consent up; False when none is left."""
        statement = (
            update(consents)
            .where(
                consents.c.address == address,
                consents.c.template == template,
                consents.c.remaining > 0,
            )
            .values(remaining=consents.c.remaining - 1)
        )
        return self._tx.write(statement).rowcount == 1

    def consents(self, address: str, template: str) -> int:
        """Return how many messages of the template the person still allows."""
        statement = select(consents.c.remaining).where(
            consents.c.address == address, consents.c.template == template
        )
        return int(self._tx.read(statement).scalar() or 0)

    # Bells: messages by template, whose arrival the platform reports afterwards.

    def ring(self, number: str, address: str, notice_id: int | None, bounces: int) -> bool:
        """Note that a message by template was taken by the platform; False when it failed by now.

        It is of this notice, which had come back so often before.
        """
        row = {
            "number": number,
            "address": address,
            "state": BellState.RUNG,
            "notice_id": notice_id,
            "bounces": bounces,
            "rung_at": self._tx.now,
        }
        statement = self._tx.insert_missing(bells, ["number"]).values(row)
        return self._tx.write(statement.returning(bells.c.number)).first() is not None

    def arrived(self, number: str) -> None:
        """Note that it arrived."""
        mine = update(bells).where(bells.c.number == number)
        self._tx.write(mine.values(state=BellState.ARRIVED))

    def failed(self, number: str, address: str) -> tuple[int, int] | None:
        """Note that it did not arrive; return its notice and how often that had come back.

        None when that is not known, or not yet: the platform reports sooner than we note.
        """
        mine = update(bells).where(bells.c.number == number).values(state=BellState.FAILED)
        row = self._tx.write(mine.returning(bells.c.notice_id, bells.c.bounces)).first()
        if row is None:
            fallen = {"number": number, "address": address, "state": BellState.FAILED}
            self._tx.write(insert(bells).values({**fallen, "rung_at": self._tx.now}))
            return None
        return None if row.notice_id is None else (row.notice_id, row.bounces)

    def bells_of(self, address: str) -> list[BellState]:
        """Return how the messages by template to this address ended, the newest first."""
        statement = select(bells.c.state).where(bells.c.address == address)
        rows = self._tx.read(statement.order_by(bells.c.rung_at.desc(), bells.c.number))
        return [BellState(row.state) for row in rows]

    def forget_old(self) -> None:
        """Delete windows that closed and bells nobody asks about any more."""
        now = self._tx.now
        self._tx.write(delete(reply_windows).where(reply_windows.c.closes_at < now))
        self._tx.write(delete(bells).where(bells.c.rung_at < now - BELLS_KEPT_FOR))
