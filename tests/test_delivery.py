"""The outbox is emptied in turns: many claimed together, few on their way, marked together."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from handlers.delivery import AT_ONCE, TURN, UNMARKED, Delivery, Sender
from handlers.message import Reply
from storage.faults import StoreUnavailable
from storage.notices import LEASE
from storage.store import Store
from storage.transaction import Transaction
from tests.stores import NOON, Clock, Database, EngineKind

CHANNEL = "sink"
SECOND = timedelta(seconds=1)
PEOPLE = 150


async def nothing() -> None:
    """Take a message at once."""


class Platform(Sender):
    """The last hop of a channel: notes what it is given, and then does what the test says."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.then: Callable[[], Awaitable[None]] = nothing

    async def send(self, _chat: str, reply: Reply) -> None:
        self.said.append(reply.text.split("\n")[0])  # below it stands why it comes
        await self.then()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(database: Database, clock: Clock) -> Iterator[Store]:
    opened = database.open(clock, busy_timeout=timedelta(milliseconds=100))
    yield opened
    opened.close()


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def delivery(store: Store, platform: Platform, clock: Clock) -> Delivery:
    return Delivery(store, {CHANNEL: platform}, clock)


async def people(store: Store, number: int = PEOPLE) -> list[int]:
    def work(tx: Transaction) -> list[int]:
        found = [tx.residents.add(shard=n % 256) for n in range(number)]
        for person in found:
            tx.residents.bind(person, CHANNEL, str(person.id), str(person.id))
        return [person.id for person in found]

    return await store.run(work)


def told(
    who: list[int], word: str = "n", at: datetime = NOON, *, urgent: bool = False
) -> Callable[[Transaction], None]:
    """Return the work that puts one notice to each of these people into the outbox."""

    def work(tx: Transaction) -> None:
        for place, person in enumerate(who):
            key = f"{word}:{place:03}"
            tx.notices.schedule(
                key=key, resident_id=person, text=key, topic="shifts", due_at=at, urgent=urgent
            )

    return work


async def empty(delivery: Delivery) -> None:
    while await delivery.deliver_due():
        pass


async def grown(store: Store, delivery: Delivery) -> list[int]:
    """Let it say so much that it claims all of the next lot together; return to whom."""
    who = await people(store)
    await store.run(told(who, "first"))
    await empty(delivery)
    return who


def states(database: Database) -> Counter[object]:
    return Counter(row[0] for row in database.run("SELECT state FROM notices"))


async def test_everything_due_is_said_once_and_marked(
    store: Store, delivery: Delivery, platform: Platform, database: Database
) -> None:
    await store.run(told(await people(store)))
    await empty(delivery)

    assert Counter(platform.said) == Counter(f"n:{n:03}" for n in range(PEOPLE))
    assert states(database) == {"delivered": PEOPLE}


async def test_what_one_person_is_told_keeps_its_order(
    store: Store, delivery: Delivery, platform: Platform
) -> None:
    [person] = await people(store, 1)
    await store.run(told([person] * 40))
    await empty(delivery)

    assert platform.said == [f"n:{n:03}" for n in range(40)]


async def test_what_is_urgent_goes_before_what_has_waited_longer(
    store: Store, delivery: Delivery, platform: Platform
) -> None:
    who = await people(store)
    await store.run(told(who, "waits", NOON - SECOND))
    await store.run(told(who[:3], "alarm", urgent=True))
    await empty(delivery)

    assert {"alarm:000", "alarm:001", "alarm:002"} <= set(platform.said[:AT_ONCE])
    assert len(platform.said) == PEOPLE + 3


async def test_no_more_is_said_than_a_crash_may_double_and_it_is_marked_later(
    store: Store, delivery: Delivery, platform: Platform, database: Database
) -> None:
    """Nobody can write while the platform takes everything: saying stops, nothing is doubled."""
    who = await grown(store, delivery)
    await store.run(told(who, "later"))
    before = len(platform.said)
    with ExitStack() as held:

        async def lock() -> None:
            if len(platform.said) == before + 1:
                held.enter_context(database.taken())

        platform.then = lock
        with pytest.raises(StoreUnavailable):
            await delivery.deliver_due()
        at_most = len(platform.said) - before
    await delivery.deliver_due()

    assert 1 < at_most <= AT_ONCE + UNMARKED
    assert states(database)["delivered"] - before == at_most
    assert max(Counter(platform.said).values()) == 1


async def test_what_was_not_begun_within_a_turn_is_given_back_as_if_never_claimed(
    store: Store, delivery: Delivery, platform: Platform, database: Database, clock: Clock
) -> None:
    who = await grown(store, delivery)
    await store.run(told(who, "later", NOON - SECOND))

    async def slow() -> None:
        clock.forward(TURN / 20)

    platform.then = slow
    before = len(platform.said)
    await delivery.deliver_due()
    said = len(platform.said) - before
    waiting = database.run(
        "SELECT key, attempts FROM notices WHERE state = 'pending' ORDER BY wake_at, id"
    )
    await store.run(told(who[:1], "newer"))
    await empty(delivery)

    assert 20 <= said <= 20 + AT_ONCE
    assert len(waiting) == PEOPLE - said
    assert {row[1] for row in waiting} == {0}
    assert platform.said[-1] == "newer:000"
    assert max(Counter(platform.said).values()) == 1


async def test_who_was_kept_from_running_says_nothing_that_another_claimed_since(
    store: Store, delivery: Delivery, platform: Platform, database: Database, clock: Clock
) -> None:
    """The machine sleeps amid a turn; another worker says the rest, and this one awakes."""
    who = await grown(store, delivery)
    await store.run(told(who, "later"))
    other = Delivery(store, {CHANNEL: platform}, clock)

    async def sleeps() -> None:
        platform.then = nothing
        clock.forward(LEASE)
        await empty(other)

    platform.then = sleeps
    await empty(delivery)

    doubled = [text for text, times in Counter(platform.said).items() if times > 1]
    assert len(doubled) <= AT_ONCE
    assert states(database) == {"delivered": 2 * PEOPLE}


async def test_what_cannot_be_marked_keeps_no_other_from_being_marked(tmp_path: Path) -> None:
    database = Database(EngineKind.SQLITE, tmp_path)
    store = database.open()
    delivery = Delivery(store, {CHANNEL: Platform()}, Clock())
    who = await grown(store, delivery)
    await store.run(told(who, "later"))
    database.run(
        "CREATE TRIGGER refuses BEFORE UPDATE ON notices"
        " WHEN new.key = 'later:007' AND new.state = 'delivered'"
        " BEGIN SELECT RAISE(ABORT, 'a mistake of ours'); END"
    )
    with pytest.raises(IntegrityError):
        await empty(delivery)
    await empty(delivery)
    store.close()

    assert states(database) == {"delivered": 2 * PEOPLE - 1, "claimed": 1}
