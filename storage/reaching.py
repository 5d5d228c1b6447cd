"""How notices came to people: the ways that failed, what lies unread, what somebody carries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    and_,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)

from storage import lying
from storage.ids import shard_of
from storage.notices import IS_OPEN, KEPT_FOR, Notice, notice_of, notices, shown
from storage.schema import UtcDateTime, fact, metadata
from storage.words import NoticeState, StepOutcome

if TYPE_CHECKING:
    from storage.transaction import Transaction

notice_steps = Table(
    "notice_steps",
    metadata,
    fact("shard", SmallInteger),
    fact("id", BigInteger),
    fact("notice_id", BigInteger),
    fact("channel", String(20)),
    fact("outcome", String(12)),
    fact("reason", String(200)),
    fact("taken_at", UtcDateTime, index=True),
    PrimaryKeyConstraint("shard", "id"),
    Index("ix_notice_steps_notice_id", "shard", "notice_id", "id"),
)


_IS_FAILED = notices.c.state == literal_column(f"'{NoticeState.FAILED.value}'")
"""Written out, as in the index of those that are."""


@dataclass(frozen=True, slots=True)
class Step:
    """One way that a notice did not take to the end; where it arrived stands in the notice."""

    channel: str
    outcome: StepOutcome
    reason: str
    taken_at: datetime


class Reaching:
    """Notes the steps of notices, and settles those that were read or carried."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def step(self, notice: Notice, channel: str, outcome: StepOutcome, reason: str) -> None:
        """Note that this way did not do."""
        shard = shard_of(notice.id)
        row = {
            "shard": shard,
            "id": self._tx.new_id(shard),
            "notice_id": notice.id,
            "channel": channel,
            "outcome": outcome,
            "reason": reason[:200],
            "taken_at": self._tx.now,
        }
        self._tx.write(insert(notice_steps).values(row))

    def steps(self, notice_id: int) -> list[Step]:
        """Return the ways that did not do, in the order they were tried."""
        statement = (
            select(notice_steps)
            .where(
                notice_steps.c.shard == shard_of(notice_id), notice_steps.c.notice_id == notice_id
            )
            .order_by(notice_steps.c.id)
        )
        return [
            Step(row.channel, StepOutcome(row.outcome), row.reason, row.taken_at)
            for row in self._tx.read(statement)
        ]

    def last_troubles(self, since: datetime) -> dict[str, Step]:
        """Return for each channel the last way since then that did not do."""
        lately = notice_steps.c.taken_at > since
        newest = select(func.max(notice_steps.c.id)).where(lately).group_by(notice_steps.c.channel)
        rows = self._tx.read(select(notice_steps).where(lately, notice_steps.c.id.in_(newest)))
        return {
            row.channel: Step(row.channel, StepOutcome(row.outcome), row.reason, row.taken_at)
            for row in rows
        }

    def by_ids(self, ids: Sequence[int]) -> list[Notice]:
        """Return those of these notices that still exist, oldest first."""
        statement = select(*shown).where(_these(ids))
        return [notice_of(row) for row in self._tx.read(statement.order_by(notices.c.id))]

    def read_at(self, key: str) -> int:
        """Mark as said what lay at this address: the person came; return how many notices."""
        statement = (
            update(notices)
            .where(notices.c.delivered_via == key, IS_OPEN)
            .values(state=NoticeState.DELIVERED, settled_at=self._tx.now)
        )
        return self._tx.write(statement).rowcount

    def lying_at(self, key: str) -> list[Notice]:
        """Return what lies at this address and nobody has read, oldest first."""
        statement = select(*shown).where(notices.c.delivered_via == key, IS_OPEN)
        return [notice_of(row) for row in self._tx.read(statement.order_by(notices.c.id))]

    def lies_at(self, key: str) -> bool:
        """Return whether anything lies at this address that nobody has read."""
        statement = select(notices.c.id).where(notices.c.delivered_via == key, IS_OPEN)
        return self._tx.read(statement.limit(1)).first() is not None

    def waits_at(self, key: str) -> bool:
        """Return whether anything lies at this address, or is to be carried to whose it is.

        As it was when the batch began: what another unit of it changed shows the next time.
        """
        loaded = self._tx.loaded
        if key not in loaded.asked_waits_at:
            loaded.waits_at |= lying.load(self._tx.reading(), {key})
            loaded.asked_waits_at.add(key)
        return key in loaded.waits_at

    def wake_at(self, key: str) -> int:
        """Have said anew what lies at this address; return how many notices."""
        statement = (
            update(notices)
            .where(notices.c.delivered_via == key, IS_OPEN)
            .values(state=NoticeState.PENDING, delivered_via=None, wake_at=self._tx.now)
        )
        return self._tx.write(statement).rowcount

    def carried(self, ids: Sequence[int], via: str) -> None:
        """Mark as said what somebody carried to the person."""
        self._settle_visit(
            ids, {"state": NoticeState.DELIVERED, "delivered_via": via, "settled_at": self._tx.now}
        )

    def read_before_carried(self, ids: Sequence[int], key: str) -> None:
        """Mark as said what was to be carried, and lay at this address all the time."""
        self._settle_visit(
            ids,
            {"state": NoticeState.DELIVERED, "settled_at": self._tx.now},
            notices.c.delivered_via == key,
        )

    def send_again(self, ids: Sequence[int]) -> None:
        """Send what was to be carried after all: the person can be reached again."""
        self._settle_visit(
            ids,
            {
                "state": NoticeState.PENDING,
                "delivered_via": None,
                "wake_at": self._tx.now,
                "settled_at": None,
            },
        )

    def taken_back(self, notice_id: int, bounces: int, via: str) -> Notice | None:
        """Claim again what was said this way and came back; None where that changes nothing.

        It may be on its way yet, or wait because nobody knew its fate: platforms report sooner than
        we note. It concerns what was said after so many `bounces`, of which no more is believed.
        """
        mine = and_(_these([notice_id]), notices.c.bounces == bounces)
        arrived = and_(notices.c.state == NoticeState.DELIVERED, notices.c.delivered_via == via)
        statement = select(arrived.label("arrived")).where(mine, or_(arrived, IS_OPEN))
        row = self._tx.read(statement.with_for_update()).first()
        anew: dict[str, object] = {"bounces": bounces + 1, "taken": None}
        if row is None:
            self._tx.write(update(notices).where(mine).values(anew))
            return None
        anew |= {"state": NoticeState.CLAIMED, "settled_at": None}
        if row.arrived:
            anew["delivered_via"] = None
        self._tx.write(update(notices).where(mine).values(anew))
        return self.by_ids([notice_id])[0]

    def waiting(self) -> int:
        """Return how many notices wait for their time, or to be read."""
        return self._count(IS_OPEN, notices.c.wake_at > self._tx.now)

    def overdue(self) -> int:
        """Return how many notices should have been said by now."""
        return self._count(IS_OPEN, notices.c.wake_at <= self._tx.now)

    def failed(self) -> int:
        """Return how many notices reached nobody, as long as they are kept."""
        return self._count(_IS_FAILED)

    def _count(self, *conditions: ColumnElement[bool]) -> int:
        statement = select(func.count()).select_from(notices).where(*conditions)
        return int(self._tx.read(statement).scalar_one())

    def forget_old(self) -> int:
        """Delete steps as old as forgotten notices; return how many."""
        statement = delete(notice_steps).where(notice_steps.c.taken_at < self._tx.now - KEPT_FOR)
        return self._tx.write(statement).rowcount

    def _settle_visit(
        self, ids: Sequence[int], values: dict[str, object], *which: ColumnElement[bool]
    ) -> None:
        statement = update(notices).where(_these(ids), notices.c.state == NoticeState.VISIT, *which)
        self._tx.write(statement.values(values))


def _these(ids: Sequence[int]) -> ColumnElement[bool]:
    return tuple_(notices.c.shard, notices.c.id).in_([(shard_of(each), each) for each in ids])
