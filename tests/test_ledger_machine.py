"""Laws of the points ledger, against a plain model, on a real database of each engine."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy.exc import DBAPIError

from handlers.points import clock
from storage.books import KeyReused
from storage.points import Posting, ReversedBefore
from storage.store import Store
from storage.transaction import Transaction
from storage.words import TransferKind
from tests.store_machine import StoreMachine
from tests.stores import Database, EngineKind

SHARDS = (0, 0, 7)
"""Two people share a slice, and so a chain; the third has one of their own."""

ACTOR = 77
AWARDS = st.tuples(
    st.integers(0, len(SHARDS) - 1), st.sampled_from("abcde"), st.integers(min_value=1, max_value=3)
)


@dataclass(frozen=True)
class Award:
    """One wish to give points: whom (by place in SHARDS), under which key, how many."""

    who: int
    key: str
    amount: int


class Ledger(StoreMachine):
    """A key is posted once, sums are zero, chains hold, whatever the order and the repeats."""

    def __init__(self) -> None:
        super().__init__()
        self.people = self.run(lambda tx: [tx.residents.add(shard=s).id for s in SHARDS])
        self.taken_back: set[int] = set()
        self.posted: dict[str, Award] = {}
        self.lines: list[list[int]] = [[] for _ in SHARDS]

    def expected(self, award: Award) -> str:
        """Say what the award must lead to, and note it in the model."""
        known = self.posted.get(award.key)
        if known is not None:
            return "known" if known == award else "refused"
        self.posted[award.key] = award
        self.lines[award.who].append(award.amount)
        return "posted"

    def work(self, award: Award) -> Callable[[Transaction], bool]:
        resident_id = self.people[award.who]
        return lambda tx: tx.points.award(
            key=award.key,
            resident_id=resident_id,
            amount=award.amount,
            kind=TransferKind.AWARD,
            reason_id=None,
            actor_id=ACTOR,
            same_input=f"{resident_id}:{award.amount}",
        )

    async def happens(self, award: Award) -> str:
        try:
            return "posted" if await self.store.run(self.work(award)) else "known"
        except KeyReused:
            return "refused"

    @rule(wishes=st.lists(AWARDS, min_size=1, max_size=6))
    def award_at_the_same_time(self, wishes: list[tuple[int, str, int]]) -> None:
        """Awards that wait together are one batch; a refused one leaves the others alone."""
        awards = [Award(*wish) for wish in wishes]

        async def all_at_once() -> list[str]:
            return await asyncio.gather(*(self.happens(award) for award in awards))

        happened = self.loop.run_until_complete(all_at_once())

        assert happened == [self.expected(award) for award in awards]

    @rule(wish=AWARDS)
    def an_award_whose_unit_of_work_fails_never_was(self, wish: tuple[int, str, int]) -> None:
        posting = self.work(Award(*wish))

        def fails(tx: Transaction) -> None:
            posting(tx)
            message = "ours"
            raise RuntimeError(message)

        with pytest.raises((RuntimeError, KeyReused)):
            self.run(fails)

    @rule(who=st.integers(0, len(SHARDS) - 1))
    def take_back_the_newest_award(self, who: int) -> None:
        """What was given last is taken back once, whatever is asked again."""
        award = self.run(lambda tx: tx.points.newest_award(self.people[who], ACTOR))
        given = [n for n, amount in enumerate(self.lines[who]) if amount > 0]
        assert (award is None) == (not given)
        if award is None:
            return
        assert award.amount == self.lines[who][given[-1]]
        key = f"back:{award.transfer_id}"

        def reverse(tx: Transaction, again: str = "") -> bool:
            return tx.points.reverse(key=key + again, award=award, actor_id=ACTOR)

        if award.transfer_id not in self.taken_back:
            assert self.run(reverse)
            self.lines[who].append(-award.amount)
            self.taken_back.add(award.transfer_id)
        assert self.run(reverse)
        with pytest.raises(ReversedBefore):
            self.run(lambda tx: reverse(tx, ":again"))

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = self.database.open(self.clock)

    @precondition(lambda self: self.posted)
    @rule(
        statement=st.sampled_from(
            [
                "UPDATE transfers SET amount = amount + 1",
                "DELETE FROM transfers",
                "UPDATE entries SET amount = 0",
                "DELETE FROM entries",
            ]
        )
    )
    def nobody_rewrites_history(self, statement: str) -> None:
        with pytest.raises(DBAPIError, match="append-only"):
            self.database.run(statement)

    @precondition(lambda self: self.posted)
    @rule()
    def no_balance_is_ever_below_zero(self) -> None:
        with pytest.raises(DBAPIError, match="balance"):
            self.database.run("UPDATE accounts SET posted = -1 WHERE kind = 'resident'")

    @invariant()
    def everybody_has_what_they_were_given(self) -> None:
        for person, lines in zip(self.people, self.lines, strict=True):
            balance, postings = self.run(account_of(person))
            running = [sum(lines[: n + 1]) for n in range(len(lines))]
            assert balance == sum(lines)
            assert [posting.amount for posting in reversed(postings)] == lines
            assert [posting.balance_after for posting in reversed(postings)] == running

    @invariant()
    def the_books_add_up(self) -> None:
        assert self.run(clock.reconcile) == []


def account_of(person: int) -> Callable[[Transaction], tuple[int, list[Posting]]]:
    return lambda tx: (tx.points.balance(person), tx.points.last_postings(person, 100))


class LedgerOnPostgres(Ledger):
    """The same laws on the other engine."""

    KIND = EngineKind.POSTGRESQL


TestLedger = Ledger.TestCase
TestLedgerOnPostgres = pytest.mark.skipif(
    not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed"
)(LedgerOnPostgres.TestCase)
TestLedger.settings = TestLedgerOnPostgres.settings = settings(
    max_examples=15,
    stateful_step_count=10,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def store(database: Database) -> Iterator[Store]:
    opened = database.open()
    yield opened
    opened.close()


FORGED = {
    "an amount in the chain": ("transfers", "UPDATE transfers SET amount = 4 WHERE sequence = 1"),
    "a transfer that is gone": ("transfers", "DELETE FROM transfers WHERE sequence = 1"),
    "the order of the chain": ("transfers", "UPDATE transfers SET sequence = 9 WHERE sequence = 2"),
    "an entry that is gone": ("entries", "DELETE FROM entries WHERE amount < 0"),
    "entries moved in pairs": ("entries", "UPDATE entries SET amount = amount * 2"),
    "a balance": ("accounts", "UPDATE accounts SET posted = posted + 1 WHERE kind = 'resident'"),
    "a lot": ("lots", "UPDATE lots SET remaining = remaining - 1"),
}


@pytest.mark.parametrize("forged", FORGED)
async def test_reconcile_finds_what_was_forged_past_the_triggers(
    store: Store, database: Database, forged: str
) -> None:
    await store.run(two_awards)
    table, statement = FORGED[forged]
    triggers = [f"DROP TRIGGER {name}" for name in append_only(database, table)]
    database.run(*triggers, statement)

    faults = await store.run(clock.reconcile)

    assert faults != []


def append_only(database: Database, table: str) -> list[str]:
    """Return the triggers that keep this table as it was written, as they are dropped."""
    if table not in {"transfers", "entries"}:
        return []
    if database.kind is EngineKind.POSTGRESQL:
        return [f"{table}_append_only ON {table}"]
    return [f"{table}_no_update", f"{table}_no_delete"]


def two_awards(tx: Transaction) -> None:
    person = tx.residents.add()
    for key in "ab":
        tx.points.award(
            key=key,
            resident_id=person.id,
            amount=5,
            kind=TransferKind.AWARD,
            reason_id=None,
            actor_id=None,
            same_input=key,
        )
