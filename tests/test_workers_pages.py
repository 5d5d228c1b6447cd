"""A page that is open at one worker, and what another worker has to say to its person."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from bot.web.sender import WebSender
from handlers.delivery import Delivery
from handlers.notify import tell_resident
from storage.transaction import Transaction
from tests.houses import CHANNEL
from tests.stores import DEADLINE_SECONDS, Database, EngineKind, parted, until
from tests.web_house import Live, Visitor, WebHouse

pytestmark = pytest.mark.skipif(
    not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed"
)


@dataclass
class Pair:
    """Two workers: one has the notices of the visitor to carry, the page comes to the other."""

    carrier: WebHouse
    other: WebHouse
    visitor: Visitor

    async def tell(self, words: str) -> None:
        """Have the visitor told something, by the worker whose part of the queues it is."""
        user = str((await self.visitor.lines())[0]["chat"])

        def work(tx: Transaction) -> None:
            person = tx.residents.at(f"web:{user}")
            assert person is not None
            tell_resident(tx, person.id, key=words, text=words, topic="tickets", asked_for=True)

        await self.carrier.store.run(work)
        sender = WebSender(self.carrier.store, self.carrier.app.state.hub)
        ways = {"web": sender, CHANNEL: self.carrier.recorder}
        while await Delivery(self.carrier.store, ways, self.carrier.clock).deliver_due():
            pass

    @property
    def elsewhere(self) -> list[str]:
        """What went the person's next way."""
        return [reply.text for _chat, reply in self.carrier.recorder.sent]

    @asynccontextmanager
    async def page(self) -> AsyncIterator[Live]:
        """Open the page at the other worker."""
        last = str((await self.visitor.lines())[-1]["id"])
        cookies = self.visitor.client.cookies
        async with (
            httpx.AsyncClient(base_url=self.other.url, cookies=cookies) as client,
            Visitor(client).live(after=last) as live,
        ):
            await until(self.noted)
            yield live
        await until(lambda: not self.noted())

    def noted(self) -> bool:
        """Return whether workers know of an open page."""
        return bool(self.carrier.database.run("SELECT chat FROM open_pages"))


@pytest.fixture
async def pair(tmp_path: Path, shared: Database) -> AsyncIterator[Pair]:
    async with WebHouse(tmp_path, database=shared) as carrier, carrier.visitor() as visitor:
        other = WebHouse(tmp_path, database=shared)
        await other.serve()
        await asyncio.gather(*(parted(house.store, 2) for house in (carrier, other)))
        [line, *_] = await visitor.say("你好")

        def another_way(tx: Transaction) -> None:
            person = tx.residents.at(f"web:{line['chat']}")
            assert person is not None
            tx.residents.bind(person, CHANNEL, "路人", "路人")
            tx.residents.use(person, f"web:{line['chat']}")

        await carrier.store.run(another_way)
        yield Pair(carrier, other, visitor)
        await other.stop()
        other.store.close()


async def test_what_an_open_page_of_another_worker_shows_goes_no_other_way(pair: Pair) -> None:
    async with pair.page() as live:
        await pair.tell("修好了一")
        shown = await live.next()
    await pair.tell("修好了二")

    assert "修好了一" in str(shown["text"])
    assert [text.split("\n")[0] for text in pair.elsewhere] == ["修好了二"]


async def test_pages_of_a_worker_that_is_gone_are_closed(pair: Pair, shared: Database) -> None:
    async with pair.page():
        [(number,)] = shared.run("SELECT worker FROM open_pages")
        shared.run(
            "SELECT pg_terminate_backend(pid) FROM pg_locks"
            f" WHERE locktype = 'advisory' AND classid = 7101 AND objid = {number}"
        )
        await pair.tell("修好了")

    assert len(pair.elsewhere) == 1


async def test_who_takes_the_number_of_a_dead_worker_has_none_of_its_pages(
    shared: Database,
) -> None:
    shared.run("INSERT INTO open_pages (chat, worker) VALUES ('somebody', 0), ('another', 1)")

    store = shared.open()
    await store.run(lambda tx: tx.holds)

    assert shared.run("SELECT chat FROM open_pages") == [("another",)]
    store.close()


async def test_a_page_shows_in_one_order_what_both_workers_write_at_once(pair: Pair) -> None:
    pair.carrier.clock.forward(timedelta(hours=1))  # ahead of the other one
    known = len(await pair.visitor.lines())
    cookies = pair.visitor.client.cookies

    async def write(house: WebHouse, name: str) -> None:
        async with httpx.AsyncClient(base_url=house.url, cookies=cookies) as client:
            for n in range(9):
                body = {"id": f"{name}{n}", "text": "我的积分"}
                # As the page does: again under the same id where the database was too busy.
                while (answer := await client.post("/api/messages", json=body)).status_code == 503:
                    pass
                assert answer.status_code == 200

    async with pair.page() as live:
        await asyncio.gather(write(pair.carrier, "a"), write(pair.other, "b"), pair.tell("修好了"))
        kept = (await pair.visitor.lines())[known:]
        async with asyncio.timeout(DEADLINE_SECONDS):
            seen = [await live.next() for _ in kept]

    assert [line["id"] for line in seen] == [line["id"] for line in kept]
    assert len({line["id"] for line in seen}) == len(seen) == 18 * 2 + 1
    follows = [after["from"] for line, after in pairwise(kept) if line["from"] == "me"]
    assert follows == ["bot"] * 18
