"""Laws of the outbox, against a plain model, on a real database of each engine."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from storage.notices import LEASE, Notice
from storage.transaction import Transaction
from storage.words import NoticeState
from tests.store_machine import StoreMachine
from tests.stores import Database, EngineKind

MINUTE = timedelta(minutes=1)
OPEN = {NoticeState.PENDING, NoticeState.CLAIMED}
ENDS = (NoticeState.DELIVERED, NoticeState.FAILED, NoticeState.PENDING)
"""How a claim ends; pending again is a retry."""
PEOPLE = (256, 512, 7)
"""Ids of residents; two share a slice."""


@dataclass
class Row:
    """One notice of the model."""

    key: str
    made: int
    due_at: datetime
    wake_at: datetime
    expires_at: datetime | None
    state: NoticeState = NoticeState.PENDING
    attempts: int = 0
    deliveries: int = 0
    freed: int = 0
    """How often a claim of it was given back or lost by a crash."""


class Outbox(StoreMachine):
    """Nothing is lost, nothing is said twice without a crash, what is due first comes first."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, Row] = {}
        self.held: list[Notice] = []

    @initialize()
    def some_are_being_said_already(self) -> None:
        """Begin in the middle: most of what can go wrong needs a claim in hand."""
        for who in PEOPLE:
            self.schedule(who=who, after=0, lives=None, topic="a")
        self.claim(limit=2)

    @rule(
        who=st.sampled_from(PEOPLE),
        after=st.integers(min_value=-3, max_value=6),
        lives=st.none() | st.integers(min_value=1, max_value=6),
        topic=st.sampled_from("ab"),
    )
    def schedule(self, who: int, after: int, lives: int | None, topic: str) -> None:
        key = f"{topic}:{len(self.rows)}"
        due_at = self.clock.now + after * MINUTE
        expires_at = None if lives is None else due_at + lives * MINUTE
        self.run(a_notice(key, who, due_at, expires_at))
        self.rows[key] = Row(key, len(self.rows), due_at, due_at, expires_at)

    @rule()
    def a_notice_whose_cause_failed_never_was(self) -> None:
        scheduling = a_notice("never", PEOPLE[0], self.clock.now, None)

        def fails(tx: Transaction) -> None:
            scheduling(tx)
            message = "ours"
            raise RuntimeError(message)

        with pytest.raises(RuntimeError):
            self.run(fails)

    @rule(limit=st.integers(min_value=1, max_value=4))
    def claim(self, limit: int) -> None:
        now = self.clock.now
        claimed = self.run(lambda tx: tx.notices.claim_due(now, limit))

        assert [notice.key for notice in claimed] == self.expected_claim(limit)
        self.held += claimed

    def expected_claim(self, limit: int) -> list[str]:
        """Return the keys that must be leased now, and note in the model that they are."""
        now = self.clock.now
        due = [row for row in self.rows.values() if row.state in OPEN and row.wake_at <= now]
        due.sort(key=lambda row: (row.wake_at, row.made))
        claimed: list[Row] = []
        while due and not claimed:
            # Should all have come too late, those behind them are claimed instead.
            looked_at, due = due[:limit], due[limit:]
            for row in looked_at:
                if row.expires_at is not None and row.expires_at <= now:
                    row.state = NoticeState.EXPIRED
            claimed = [row for row in looked_at if row.state is not NoticeState.EXPIRED]
        for row in claimed:
            row.freed += row.state is NoticeState.CLAIMED
            row.state = NoticeState.CLAIMED
            row.attempts += 1
            row.wake_at = now + LEASE
        return [row.key for row in sorted(claimed, key=lambda row: (row.due_at, row.made))]

    @precondition(lambda self: self.held)
    @rule(data=st.data(), end=st.sampled_from(ENDS))
    def settle(self, data: st.DataObject, end: NoticeState) -> None:
        self.hand_in(data.draw(st.sampled_from(self.held)), end)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        """Nothing was tried: it is as it was, unless somebody else settled or claimed it."""
        notice = data.draw(st.sampled_from(self.held))
        self.held.remove(notice)
        self.run(lambda tx: tx.notices.give_back([notice]))
        row = self.rows[notice.key]
        if row.state is NoticeState.CLAIMED and row.attempts == notice.attempts:
            row.state = NoticeState.PENDING
            row.attempts -= 1
            row.wake_at = notice.wake_at

    @precondition(lambda self: self.held)
    @rule(data=st.data(), end=st.sampled_from(ENDS))
    def a_slow_sender_outlives_its_lease(self, data: st.DataObject, end: NoticeState) -> None:
        """Another one claims the same again; what the slow one then says of it is void."""
        notice = data.draw(st.sampled_from(self.held))
        self.clock.forward(LEASE)
        self.claim(limit=len(self.rows))
        self.hand_in(notice, end)

    def hand_in(self, notice: Notice, end: NoticeState) -> None:
        """Say how a claim ended; void when somebody else settled or claimed it meanwhile."""
        self.held.remove(notice)
        at = self.clock.now + MINUTE
        match end:
            case NoticeState.DELIVERED:
                self.run(said(notice))
            case NoticeState.FAILED:
                self.run(lambda tx: tx.notices.failed(notice, "nobody there"))
            case _:
                self.run(lambda tx: tx.notices.retry(notice, at, "the world is busy"))
        row = self.rows[notice.key]
        if row.state is not NoticeState.CLAIMED or row.attempts != notice.attempts:
            return
        row.state = end
        row.deliveries += end is NoticeState.DELIVERED
        if end is NoticeState.PENDING:
            row.wake_at = at
            row.freed += 1

    @precondition(lambda self: self.held)
    @rule()
    def crash(self) -> None:
        """The process dies with claims in hand; only their leases remember them."""
        self.held.clear()
        self.restart()

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = self.database.open(self.clock)

    @rule(minutes=st.integers(min_value=0, max_value=4))
    def time_passes(self, minutes: int) -> None:
        self.clock.forward(minutes * MINUTE)

    @precondition(lambda self: self.rows)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        self.take_back(self.rows[data.draw(st.sampled_from(sorted(self.rows)))])

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def withdraw_while_it_is_being_said(self, data: st.DataObject) -> None:
        self.take_back(self.rows[data.draw(st.sampled_from(self.held)).key])

    def take_back(self, row: Row) -> None:
        taken_back = self.run(lambda tx: tx.notices.withdraw(row.key))
        assert taken_back == (row.state in OPEN)
        if taken_back:
            row.state = NoticeState.WITHDRAWN

    @rule(topic=st.sampled_from("ab"))
    def withdraw_everything_of_a_topic(self, topic: str) -> None:
        of_it = [row for row in self.rows.values() if row.key.startswith(f"{topic}:")]
        waiting = [row for row in of_it if row.state in OPEN]
        assert self.run(lambda tx: tx.notices.withdraw_prefix(f"{topic}:")) == len(waiting)
        for row in waiting:
            row.state = NoticeState.WITHDRAWN

    @invariant()
    def the_file_holds_what_the_model_holds(self) -> None:
        assert stored_states(self.database) == {row.key: row.state for row in self.rows.values()}

    @invariant()
    def the_next_wake_is_the_earliest_that_is_open(self) -> None:
        waits = [row.wake_at for row in self.rows.values() if row.state in OPEN]
        assert self.run(lambda tx: tx.notices.next_wake_at()) == min(waits, default=None)

    @invariant()
    def nothing_is_claimed_again_unless_it_was_given_back_or_its_lease_ran_out(self) -> None:
        for row in self.rows.values():
            assert row.attempts <= 1 + row.freed
            assert row.deliveries <= 1

    def teardown(self) -> None:
        """Whatever is open in the end is still said, once, or was too late: nothing is lost."""
        try:
            self.clock.forward(timedelta(days=1))
            while any(row.state in OPEN for row in self.rows.values()):
                before = stored_states(self.database)
                self.held.clear()
                self.claim(limit=3)
                for notice in self.held:
                    self.run(said(notice))
                    self.rows[notice.key].state = NoticeState.DELIVERED
                assert stored_states(self.database) != before
            self.the_file_holds_what_the_model_holds()
        finally:
            super().teardown()


def a_notice(
    key: str, who: int, due_at: datetime, expires_at: datetime | None
) -> Callable[[Transaction], None]:
    return lambda tx: tx.notices.schedule(
        key=key, resident_id=who, text=key, topic="test", due_at=due_at, expires_at=expires_at
    )


def said(notice: Notice) -> Callable[[Transaction], None]:
    return lambda tx: tx.notices.delivered(notice, via="web:somebody")


def stored_states(database: Database) -> dict[object, str]:
    return {row[0]: str(row[1]) for row in database.run("SELECT key, state FROM notices")}


class OutboxOnPostgres(Outbox):
    """The same laws on the other engine."""

    KIND = EngineKind.POSTGRESQL


TestOutbox = Outbox.TestCase
TestOutboxOnPostgres = pytest.mark.skipif(
    not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed"
)(OutboxOnPostgres.TestCase)
TestOutbox.settings = settings(
    max_examples=40,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestOutboxOnPostgres.settings = settings(TestOutbox.settings, max_examples=15)
