"""Several workers on one PostgreSQL database: none loses what another wrote, none is needed."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from handlers import texts
from handlers.message import Message
from handlers.throttle import MESSAGES
from storage.bell import Topic
from storage.engine import open_engine
from storage.faults import FaultKind, StoreUnavailable
from storage.ids import WORKERS
from storage.migrate import upgrade
from storage.seats import Lease
from storage.store import Store
from storage.transaction import Transaction
from tests.houses import CHANNEL, House
from tests.peers import postgres
from tests.peers.telegram.server import TelegramPeer
from tests.soak import races
from tests.stores import DEADLINE_SECONDS, NOON, Clock, Database, EngineKind, parted, until
from tests.telegram_house import a_house
from tests.web_house import Visitor, WebHouse

pytestmark = pytest.mark.skipif(
    not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed"
)


@pytest.fixture
def workers(shared: Database) -> Iterator[tuple[Store, Store]]:
    pair = shared.open(), shared.open()
    yield pair
    for store in pair:
        store.close()


def a_notice(key: str, who: int = 0) -> Callable[[Transaction], None]:
    return lambda tx: tx.notices.schedule(key=key, text=key, topic="t", resident_id=who or 256)


def said(who: str, text: str) -> Message:
    return Message(CHANNEL, who, who, text, f"{who}:{text}")


# Who asks for the same


@pytest.mark.parametrize("seed", [1, 2])
async def test_of_two_who_want_the_same_one_gets_it(
    tmp_path: Path, shared: Database, seed: int
) -> None:
    counts = await races.run(tmp_path, shared, rounds=4, seed=seed)

    assert list(races.wrong(counts)) == []


async def test_what_another_worker_changed_meanwhile_is_read_anew(
    workers: tuple[Store, Store],
) -> None:
    """A unit of work that read an old value never overwrites the new one with it."""
    one, other = workers
    person = await one.run(lambda tx: tx.residents.add(name="0"))
    reading, changed = threading.Event(), threading.Event()

    def count_up(tx: Transaction) -> None:
        found = tx.residents.by_id(person.id)
        reading.set()
        changed.wait(DEADLINE_SECONDS)
        tx.residents.change(found, name=str(int(found.name or 0) + 1))

    slow = asyncio.create_task(one.run(count_up))
    await until(reading.is_set)
    await other.run(lambda tx: tx.residents.change(person, name="10"))
    changed.set()
    await slow

    assert (await one.run(lambda tx: tx.residents.by_id(person.id))).name == "11"


async def test_what_cannot_be_stored_alone_either_is_said_and_hurts_no_neighbour(
    workers: tuple[Store, Store],
) -> None:
    one, other = workers

    def twice(tx: Transaction) -> None:
        a_notice("same")(tx)
        a_notice("same")(tx)

    outcomes = await asyncio.gather(
        one.run(twice),
        *(store.run(a_notice(f"{n}:{store is one}")) for n in range(5) for store in workers),
        return_exceptions=True,
    )

    assert isinstance(outcomes[0], Exception)
    assert outcomes[1:] == [None] * 10
    assert len(await other.run(lambda tx: tx.notices.claim_due(NOON, 100))) == 10


# What one person may send


@pytest.mark.parametrize("order", ["01" * 30, "0" * 60, "0" * 15 + "1" * 45, "0001" * 15])
async def test_who_sends_too_much_is_held_by_all_workers_together(
    tmp_path: Path, shared: Database, order: str
) -> None:
    houses = [House(tmp_path, database=shared) for _ in range(2)]
    await asyncio.gather(*(parted(house.store, 2) for house in houses))

    answers = [
        (await houses[int(place)].dispatcher.handle(said("路人", f"菜单{n}")))
        for n, place in enumerate(order)
    ]
    houses[0].clock.forward(timedelta(minutes=1))
    later = await houses[0].dispatcher.handle(said("路人", "有什么班"))

    heard = [a for a in answers if a and a[0].text != texts.SLOW_DOWN]
    told = [a for a in answers if a and a[0].text == texts.SLOW_DOWN]
    assert MESSAGES <= len(heard) < MESSAGES + MESSAGES // 2
    assert len(told) == 1
    assert later != []
    for house in houses:
        house.store.close()


async def test_who_sends_evenly_to_all_workers_is_heard_as_often_as_by_one(
    tmp_path: Path, shared: Database
) -> None:
    houses = [House(tmp_path, database=shared) for _ in range(3)]
    await asyncio.gather(*(parted(house.store, 3) for house in houses))

    answers = [await houses[n % 3].dispatcher.handle(said("路人", f"菜单{n}")) for n in range(60)]

    assert len([a for a in answers if a and a[0].text != texts.SLOW_DOWN]) <= MESSAGES + 1
    for house in houses:
        house.store.close()


# Chats


async def test_a_reader_of_a_chat_misses_no_line_of_either_worker(
    workers: tuple[Store, Store],
) -> None:
    said = [f"{place}:{n}" for place in range(2) for n in range(60)]
    seen: list[str] = []

    async def speak(place: int) -> None:
        for n in range(60):
            body: dict[str, object] = {"text": f"{place}:{n}"}
            await workers[place].run(lambda tx, body=body: tx.transcripts.say("chat", body))  # type: ignore[misc]

    async def read(speaking: "asyncio.Future[tuple[None, None]]") -> None:
        last, over = 0, False
        while not over:
            over = speaking.done()
            for line in await workers[0].run(lambda tx: tx.transcripts.after("chat", last)):  # noqa: B023
                last = line.id
                seen.append(str(line.body["text"]))

    speaking = asyncio.gather(speak(0), speak(1))
    await asyncio.gather(speaking, read(speaking))

    assert sorted(seen) == sorted(said)


async def test_a_worker_whose_clock_is_behind_writes_below_the_others_lines(
    shared: Database,
) -> None:
    ahead, behind = shared.open(Clock(NOON + timedelta(hours=1))), shared.open()
    await behind.run(lambda tx: tx.residents.add())
    await ahead.run(lambda tx: tx.transcripts.say("chat", {"text": "first"}))
    await behind.run(lambda tx: tx.transcripts.say("chat", {"text": "second"}))

    lines = await ahead.run(lambda tx: tx.transcripts.last("chat"))

    assert [line.body["text"] for line in lines] == ["first", "second"]
    ahead.close()
    behind.close()


async def test_what_one_worker_commits_is_heard_by_the_other(workers: tuple[Store, Store]) -> None:
    heard: list[tuple[str, str]] = []
    for topic in Topic:
        workers[1].bell.on(topic, lambda about, topic=topic: heard.append((topic, about)))  # type: ignore[misc]
    await until(lambda: len(heard) == len(Topic))  # once at the start, to look at everything
    heard.clear()

    def fails(tx: Transaction) -> None:
        tx.transcripts.say("nowhere", {})
        message = "ours"
        raise RuntimeError(message)

    with pytest.raises(RuntimeError):
        await workers[0].run(fails)
    await workers[0].run(lambda tx: tx.transcripts.say("chat", {"text": "x"}))
    await workers[0].run(a_notice("due"))
    await workers[0].run(lambda tx: tx.knowledge_versions.advance())
    await until(lambda: len(heard) == 3)

    assert heard == [(Topic.CHAT, "chat"), (Topic.NOTICES, ""), (Topic.KNOWLEDGE, "")]


# Places at the database


async def test_ids_of_workers_never_meet_and_a_number_is_used_again(shared: Database) -> None:
    made: list[int] = []
    for _ in range(3):
        stores = [shared.open() for _ in range(4)]
        for _ in range(10):
            people = await asyncio.gather(*(s.run(lambda tx: tx.residents.add()) for s in stores))
            made += [person.id for person in people]
        for store in stores:
            store.close()

    numbers = {made_id >> 16 & (WORKERS - 1) for made_id in made}
    assert len(set(made)) == len(made) == 120
    assert numbers == {0, 1, 2, 3}


async def test_a_worker_too_many_is_told_so(shared: Database) -> None:
    stores = [shared.open() for _ in range(WORKERS)]
    await asyncio.gather(*(store.run(lambda tx: tx.holds(Lease.TICKS)) for store in stores))
    late = shared.open()

    with pytest.raises(StoreUnavailable) as refused:
        await late.run(lambda tx: tx.residents.add())
    stores.pop().close()

    assert refused.value.kind is FaultKind.CROWDED
    assert (await late.run(lambda tx: tx.residents.add(name="x"))).name == "x"
    for store in (*stores, late):
        store.close()


async def test_what_one_does_for_all_another_takes_over(workers: tuple[Store, Store]) -> None:
    one, other = workers

    before = [await one.holds(Lease.TICKS), await other.holds(Lease.TICKS)]
    again = await one.holds(Lease.TICKS)
    elsewhere = await other.holds(Lease.TELEGRAM)
    one.close()

    assert before == [True, False]
    assert again
    assert elsewhere
    assert await other.holds(Lease.TICKS)


async def test_workers_share_the_queues_and_the_rest_falls_to_who_is_left(
    workers: tuple[Store, Store],
) -> None:
    one, other = workers
    for shard in range(20):
        await one.run(a_notice(f"n:{shard}", 256 * 1000 + shard))
    await asyncio.gather(*(parted(store, 2) for store in workers))

    claimed = [await store.run(lambda tx: tx.notices.claim_due(NOON, 100)) for store in workers]
    one.close()
    await parted(other, 1)
    later = NOON + timedelta(minutes=3)
    rest = await other.run(lambda tx: tx.notices.claim_due(later, 100))

    keys = [{notice.key for notice in some} for some in claimed]
    assert [len(some) for some in keys] == [10, 10]
    assert not keys[0] & keys[1]
    assert len(rest) == 20


# The line to the database


async def test_a_line_that_breaks_amid_the_work_loses_and_doubles_nothing(
    shared: Database,
) -> None:
    store = shared.open()
    await store.run(lambda tx: tx.residents.add(name="first"))
    begun, broken = threading.Event(), threading.Event()

    def slow(tx: Transaction) -> None:
        tx.residents.add(name="second")
        begun.set()
        broken.wait(DEADLINE_SECONDS)
        tx.residents.add(name="third")

    working = asyncio.create_task(store.run(slow))
    await until(begun.is_set)
    shared.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    broken.set()
    await working

    for name in ("first", "second", "third"):
        assert len(await store.run(lambda tx, n=name: tx.residents.named(n))) == 1  # type: ignore[misc]
    store.close()


async def test_while_the_server_is_down_it_is_said_at_once_and_then_it_goes_on(
    tmp_path: Path,
) -> None:
    with postgres.server(durable=False) as server:
        engine = open_engine(server.url)
        upgrade(engine)
        engine.dispose()
        house = House(tmp_path, database=Database(EngineKind.POSTGRESQL, tmp_path, server.url))
        await house.settle()
        heard: list[str] = []
        house.store.bell.on(Topic.NOTICES, heard.append)
        await until(lambda: len(heard) == 1)

        server.stop()
        async with asyncio.timeout(5):
            answers = await asyncio.gather(
                *(house.dispatcher.handle(said(f"路人{n}", "我的积分")) for n in range(30)),
                house.dispatcher.handle(said("居民乙", "着火了")),
            )
        server.start()
        [points] = await house.say("居民甲", "我的积分")
        await until(lambda: len(heard) > 1)

        assert all("没有办成" in replies[0].text for replies in answers[:-1])
        assert "119" in answers[-1][0].text
        assert "您现在有 0 个积分" in points.text
        house.store.close()


# The channels


async def test_a_page_sees_at_once_what_another_worker_answered(
    tmp_path: Path, shared: Database
) -> None:
    async with WebHouse(tmp_path, database=shared) as one, one.visitor() as visitor:
        other = WebHouse(tmp_path, database=shared)
        await other.serve()
        mine = await visitor.say("你好")
        cookies = visitor.client.cookies
        async with (
            httpx.AsyncClient(base_url=other.url, cookies=cookies) as client,
            Visitor(client).live() as live,
        ):
            assert [await live.next() for _ in mine] == mine
            async with asyncio.timeout(DEADLINE_SECONDS / 2):  # below a heartbeat
                new = await visitor.say("有什么班")
                assert [await live.next() for _ in new] == new
        await other.stop()
        other.store.close()


async def test_one_worker_fetches_from_telegram_and_another_takes_over(
    tmp_path: Path, shared: Database
) -> None:
    clock = Clock()
    async with TelegramPeer(now=lambda: clock().timestamp()) as peer, AsyncExitStack() as late:
        li = peer.user(7, "李阿姨")
        async with a_house(peer, clock, tmp_path / "a", database=shared) as first:
            await peer.wait_for(lambda: peer.is_polled)
            second = await late.enter_async_context(
                a_house(peer, clock, tmp_path / "b", database=shared)
            )
            await peer.wait_for(lambda: second.channel.is_ready)
            await peer.say(li, li, "你好")
            assert "小二" in await first.heard(li)
        before = len(peer.messages_to(li))
        await peer.say(li, li, "我的积分")
        await peer.next_message(li, before)

        assert "您现在有 0 个积分" in second.said(li)[-1]
        assert [call.status for call in peer.calls("getUpdates") if call.status == 409] == []
