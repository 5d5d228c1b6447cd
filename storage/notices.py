"""The outbox: everything said unasked is a row here, written together with its cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    any_,
    bindparam,
    delete,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from storage.bell import Topic
from storage.given import ChangeIds, Changes
from storage.ids import shard_of
from storage.prepared import Many, PerEngine
from storage.schema import UtcDateTime, fact, index_of_some, metadata, personal
from storage.turns import by_keys
from storage.words import NoticeState

if TYPE_CHECKING:
    from storage.transaction import Transaction

LEASE = timedelta(minutes=2)
"""A claim not settled by then is free again: longer than any send with its time-outs."""

KEPT_FOR = timedelta(days=90)

OPEN = (NoticeState.PENDING, NoticeState.CLAIMED)

notices = Table(
    "notices",
    metadata,
    fact("shard", SmallInteger),
    fact("id", BigInteger),
    fact("key", String(120)),
    fact("resident_id", BigInteger, nullable=True),
    fact("group_id", BigInteger, nullable=True),
    personal("text", Text),
    personal("choices", JSON),
    personal("media", JSON),
    fact("topic", String(20)),
    fact("urgent", Boolean),
    fact("state", String(12)),
    fact("due_at", UtcDateTime),
    fact("wake_at", UtcDateTime),
    fact("expires_at", UtcDateTime, nullable=True),
    fact("attempts", Integer),
    fact("claimed_by", SmallInteger, nullable=True),
    fact("last_error", String(200), nullable=True),
    personal("delivered_via", String(200), nullable=True),
    fact("bounces", SmallInteger),
    personal("taken", JSON(none_as_null=True), nullable=True),
    fact("created_at", UtcDateTime),
    fact("settled_at", UtcDateTime, nullable=True),
    PrimaryKeyConstraint("shard", "id"),
    UniqueConstraint("shard", "key"),
    index_of_some("ix_notices_wake", "wake_at", "id", where="state IN ('pending', 'claimed')"),
    index_of_some(
        "ix_notices_urgent", "wake_at", "id", where="urgent AND state IN ('pending', 'claimed')"
    ),
    Index("ix_notices_key", "key"),
    index_of_some(
        "ix_notices_unread",
        "delivered_via",
        where="state IN ('pending', 'claimed') AND delivered_via IS NOT NULL",
    ),
    index_of_some("ix_notices_failed", "id", where="state = 'failed'"),
    Index("ix_notices_settled", "settled_at"),
)

_INSERT = Many(lambda _connection: insert(notices))
_SETTLE = Changes(
    notices,
    ("shard", "id", "attempts"),
    ("state", "settled_at", "delivered_via", "last_error"),
    where=notices.c.state == NoticeState.CLAIMED,
)
IS_OPEN = notices.c.state.in_([literal_column(f"'{state.value}'") for state in OPEN])
"""Written out: SQLite does not look into parameters to see that a partial index will do."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to be said to one person or one group."""

    id: int
    key: str
    resident_id: int | None
    group_id: int | None
    text: str
    choices: list[dict[str, object]]
    media: list[str]
    topic: str
    urgent: bool
    due_at: datetime
    expires_at: datetime | None
    wake_at: datetime
    """When it was to be said; in a claim: before it was claimed."""
    attempts: int
    delivered_via: str | None = None
    """Where it lies until the person comes and reads it, while it is not settled."""
    bounces: int = 0
    """How often it was taken and came back."""
    taken: dict[str, list[int]] | None = None
    """By address: of how many replies how many were said there, and messages of the next one."""


shown = tuple(notices.c[name] for name in Notice.__dataclass_fields__)


_DUE = (
    select(*(c + 1 if c is notices.c.attempts else c for c in shown))
    .where(IS_OPEN, notices.c.wake_at <= bindparam("now", type_=UtcDateTime))
    .order_by(notices.c.wake_at, notices.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
_IS_URGENT = literal_column("notices.urgent", Boolean)
"""Not compared with anything, as in the index of those that are."""
_OWN = notices.c.shard == any_(bindparam("own", type_=ARRAY(SmallInteger)))
"""Of this worker's part of the queues."""


def _reading(*conditions: ColumnElement[bool]) -> PerEngine:
    return PerEngine(lambda _engine: _DUE.where(*conditions))


_READ_DUE = (_reading(_IS_URGENT), _reading(~_IS_URGENT))
_READ_OWN_DUE = (_reading(_IS_URGENT, _OWN), _reading(~_IS_URGENT, _OWN))
"""First what is urgent, then the rest."""
_CLAIM = ChangeIds(
    notices,
    {
        "state": NoticeState.CLAIMED,
        "wake_at": bindparam("lease", type_=UtcDateTime),
        "attempts": notices.c.attempts + 1,
        "claimed_by": bindparam("worker", type_=SmallInteger),
    },
)
_EXPIRE = ChangeIds(
    notices, {"state": NoticeState.EXPIRED, "settled_at": bindparam("now", type_=UtcDateTime)}
)
_GIVE_BACK = Changes(
    notices,
    ("shard", "id", "attempts"),
    ("state", "wake_at"),
    where=notices.c.state == NoticeState.CLAIMED,
    also={"attempts": notices.c.attempts - 1},
)


def store(connection: Connection, rows: list[dict[str, object]]) -> None:
    """Write what `Notices.schedule` collected."""
    _INSERT.write(connection, rows)


def settle(connection: Connection, rows: list[dict[str, object]]) -> None:
    """Write how claimed notices ended."""
    with by_keys(connection):
        _SETTLE.write(connection, rows)


class Notices:
    """Schedules, withdraws, claims and settles notices."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def schedule(
        self,
        *,
        key: str,
        text: str,
        topic: str,
        resident_id: int | None = None,
        group_id: int | None = None,
        choices: list[dict[str, object]] | None = None,
        media: list[str] | None = None,
        due_at: datetime | None = None,
        expires_at: datetime | None = None,
        urgent: bool = False,
    ) -> None:
        """Have something said to a person or a group, now or at `due_at`.

        The key is unique for its receiver: scheduling the same thing twice is a mistake of ours.
        """
        assert (resident_id is None) != (group_id is None)
        due_at = due_at or self._tx.now
        if due_at <= self._tx.now:
            self._tx.ring(Topic.NOTICES)
        shard = shard_of(resident_id or 0)
        self._tx.pending.notices.append(
            {
                "shard": shard,
                "id": self._tx.new_id(shard),
                "key": key,
                "resident_id": resident_id,
                "group_id": group_id,
                "text": text,
                "choices": choices or [],
                "media": media or [],
                "topic": topic,
                "urgent": urgent,
                "state": NoticeState.PENDING,
                "due_at": due_at,
                "wake_at": due_at,
                "expires_at": expires_at,
                "attempts": 0,
                "claimed_by": None,
                "last_error": None,
                "delivered_via": None,
                "bounces": 0,
                "taken": None,
                "created_at": self._tx.now,
                "settled_at": None,
            }
        )

    def withdraw(self, key: str) -> int:
        """Take back what was not said yet, by its key; return how many notices."""
        return self._withdraw(notices.c.key == key)

    def withdraw_prefix(self, prefix: str) -> int:
        """Take back everything not said yet whose key begins so; return how many notices."""
        return self._withdraw(notices.c.key >= prefix, notices.c.key < prefix + "\uffff")

    def claim_due(self, now: datetime, limit: int) -> list[Notice]:
        """Lease up to `limit` notices that are due, the urgent ones first.

        Those that came too late to be useful are dropped. A claim that is never settled (the
        process died) is free again after LEASE.
        """
        with by_keys(self._tx.reading()):
            while due := self._due(now, limit):
                late = {n.id for n in due if n.expires_at is not None and n.expires_at <= now}
                if late:
                    _EXPIRE.run(self._tx.writing(), late, {"now": now})
                claimed = [notice for notice in due if notice.id not in late]
                if claimed:
                    lease = {"lease": now + LEASE, "worker": self._tx.seat.number}
                    _CLAIM.run(self._tx.writing(), [notice.id for notice in claimed], lease)
                    break
                # All have come too late: those behind them are still to be claimed.
        if not due:
            return []
        return sorted(claimed, key=lambda n: (not n.urgent, n.due_at, n.id))

    def delivered(self, notice: Notice, via: str) -> None:
        """Mark as said, unless somebody else settled or withdrew it meanwhile."""
        self._settle(notice, NoticeState.DELIVERED, via=via)

    def failed(self, notice: Notice, reason: str) -> None:
        """Give up: nobody can be reached; staff see it on the list of people to visit."""
        self._settle(notice, NoticeState.FAILED, reason=reason)

    def stopped(self, notice: Notice) -> None:
        """Settle what the person does not want to hear."""
        self._settle(notice, NoticeState.STOPPED)

    def to_visit(self, notice: Notice, reason: str) -> None:
        """Settle what somebody carries (storage/visits.py), unless it is read where it lies."""
        self._settle(notice, NoticeState.VISIT, via=notice.delivered_via, reason=reason)

    def retry(
        self,
        notice: Notice,
        at: datetime,
        reason: str,
        lies_at: str | None = None,
        *,
        is_try: bool = True,
    ) -> None:
        """Free the claim; the next attempt comes at `at`.

        `lies_at` is an address where it lies meanwhile, to be read when the person comes. `is_try`
        is whether anything was tried: waiting for room, or for the person, is no attempt. What was
        taken of it stands in the notice.
        """
        attempts = notice.attempts if is_try else notice.attempts - 1
        lies_at = lies_at or notice.delivered_via
        left = {"attempts": attempts, "delivered_via": lies_at, "taken": notice.taken or None}
        self._free(notice, at, reason, **left)

    def put_off(self, notice: Notice, until: datetime, reason: str) -> None:
        """Free a claim that was no attempt: now is not the time for it."""
        # A day of trying begins when it may be tried.
        due_at = until if notice.attempts == 1 else notice.due_at
        self._free(notice, until, reason, attempts=notice.attempts - 1, due_at=due_at)

    def give_back(self, claimed: Sequence[Notice]) -> None:
        """Free claims that nothing was tried for, as if they had never been made."""
        rows = [
            {
                "shard": shard_of(notice.id),
                "id": notice.id,
                "attempts": notice.attempts,
                "state": NoticeState.PENDING,
                "wake_at": notice.wake_at,
            }
            for notice in claimed
        ]
        if rows:
            _GIVE_BACK.write(self._tx.writing(), rows)

    def free_claims(self) -> int:
        """Free what a dead worker left behind whose number is now ours; return how many."""
        left = or_(notices.c.claimed_by == self._tx.seat.number, notices.c.claimed_by.is_(None))
        statement = (
            update(notices)
            .where(notices.c.state == NoticeState.CLAIMED, left)
            .values(state=NoticeState.PENDING, wake_at=notices.c.due_at)
        )
        return self._tx.write(statement).rowcount

    def next_wake_at(self) -> datetime | None:
        """Return when the next notice is due, or None when nothing waits."""
        statement = select(notices.c.wake_at).where(IS_OPEN).order_by(notices.c.wake_at).limit(1)
        wake_at: datetime | None = self._tx.read(statement).scalar()
        return wake_at

    def forget_old(self) -> int:
        """Delete settled notices after their time; return how many."""
        statement = delete(notices).where(notices.c.settled_at < self._tx.now - KEPT_FOR)
        return self._tx.write(statement).rowcount

    def _due(self, now: datetime, limit: int) -> list[Notice]:
        """Return what is due in this worker's part of the queues, as it will be when claimed.

        What is urgent comes before what has waited longer.
        """
        connection = self._tx.reading()
        own = self._tx.own_shards()
        queries, part = (_READ_DUE, {}) if own is None else (_READ_OWN_DUE, {"own": list(own)})
        due: list[Notice] = []
        for query in queries:
            if len(due) < limit:
                values = {"now": now, "most": limit - len(due), **part}
                rows = query.on(connection).rows(connection, values)
                due += [notice_of(row) for row in rows]
        return due

    def _free(self, notice: Notice, wake_at: datetime, reason: str, **values: object) -> None:
        statement = update(notices).where(self._mine(notice))
        values |= {"state": NoticeState.PENDING, "wake_at": wake_at, "last_error": reason[:200]}
        self._tx.write(statement.values(values))

    def _withdraw(self, *which: ColumnElement[bool]) -> int:
        withdrawn = {"state": NoticeState.WITHDRAWN, "settled_at": self._tx.now}
        return self._tx.write(update(notices).where(*which, IS_OPEN).values(withdrawn)).rowcount

    def _mine(self, notice: Notice) -> ColumnElement[bool]:
        return and_(
            notices.c.shard == notice.id % 256,
            notices.c.id == notice.id,
            notices.c.state == NoticeState.CLAIMED,
            notices.c.attempts == notice.attempts,
        )

    def _settle(
        self, notice: Notice, state: NoticeState, *, via: str | None = None, reason: str = ""
    ) -> None:
        self._tx.pending.settled.append(
            {
                "shard": shard_of(notice.id),
                "id": notice.id,
                "attempts": notice.attempts,
                "state": state,
                "settled_at": self._tx.now,
                "delivered_via": via,
                "last_error": reason[:200] or None,
            }
        )


def notice_of(row: Sequence[Any]) -> Notice:
    """Return the notice in a row of `shown`."""
    return Notice(*row)
