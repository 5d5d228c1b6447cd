"""Albums posted to the webhook: whatever part Telegram believes us to have is handled, once."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.telegram.channel import Mode
from bot.channels.telegram.webhook import SECRET_HEADER
from bot.web import telegram_route
from tests.peers.telegram.server import TelegramPeer
from tests.peers.telegram.shapes import User
from tests.peers.telegram.wire import Line
from tests.stores import Clock, Database, EngineKind, parted, until
from tests.telegram_house import QUICK, House, a_house, a_photo

SECRET = "a-secret_7"
HOUR = timedelta(hours=1)
ENDLESS = replace(QUICK, album=HOUR, farewell=timedelta(milliseconds=50))
"""Whoever waits so long for the rest of an album ends before it."""
WEBHOOK = {
    "mode": Mode.WEBHOOK,
    "webhook_url": "https://street.example/telegram/webhook",
    "webhook_secret": SECRET,
}
BROKEN = "三栋二单元电梯坏了"


async def album(peer: TelegramPeer, li: User, words: str) -> list[bytes]:
    """Have an album of two sent; return what Telegram posts, and cannot here."""
    await peer.start(li)
    await peer.send_album(li, li, [a_photo(), a_photo("blue")], words)
    return [json.dumps(update.body).encode() for update in peer.updates[-2:]]


async def post(house: House, *bodies: bytes) -> list[int]:
    """Post these one after the other to this house; return how each was answered."""
    await house.peer.wait_for(lambda: house.channel.is_ready)
    line = Line(Starlette(routes=telegram_route.routes(house.channel)))
    await line.open()
    url = f"http://127.0.0.1:{line.port}{telegram_route.PATH}"
    async with httpx.AsyncClient(trust_env=False, verify=False) as http:
        headers = {SECRET_HEADER: SECRET}
        answers = [await http.post(url, content=body, headers=headers) for body in bodies]
    await line.close()
    return [answer.status_code for answer in answers]


def photos_said(house: House) -> list[int]:
    """Return how many photographs came with each thing that was kept of what people said."""
    return [str(media).count(".jpg") for (media,) in house.rows("SELECT media FROM words")]


async def test_an_album_of_which_we_have_parts_outlives_us(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, li: User
) -> None:
    parts = await album(peer, li, "转人工")
    async with a_house(peer, clock, tmp_path, pace=ENDLESS, **WEBHOOK) as house:  # type: ignore[arg-type]
        taken = await post(house, *parts)
    clock.forward(timedelta(seconds=1))
    async with a_house(peer, clock, tmp_path, **WEBHOOK) as house:  # type: ignore[arg-type]
        await peer.wait_for(lambda: house.rows("SELECT id FROM handovers"))
        await peer.next_message(li)
        again = await post(house, *parts)
        await until(lambda: not house.rows("SELECT key FROM late_answers WHERE message NOT NULL"))

        assert photos_said(house) == [2]
    assert taken == again == [200, 200]
    assert len(peer.messages_to(li)) == 1


async def test_what_was_handled_is_not_handled_again_by_the_next_process(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, li: User
) -> None:
    parts = await album(peer, li, "转人工")
    async with a_house(peer, clock, tmp_path, **WEBHOOK) as house:  # type: ignore[arg-type]
        await post(house, *parts)
        await peer.next_message(li)
    async with a_house(peer, clock, tmp_path, **WEBHOOK) as house:  # type: ignore[arg-type]
        again = await post(house, *parts)

    assert again == [200, 200]
    assert len(peer.messages_to(li)) == 1


# Several workers

shared_only = pytest.mark.skipif(
    not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed"
)


class Held:
    """A pace at which the test says when an album's time is over, and when something is said."""

    def __init__(self) -> None:
        self.over = asyncio.Event()
        self.may_say = asyncio.Event()
        self.has_to_say = asyncio.Event()
        self.pace = replace(QUICK, album=HOUR, tend=HOUR, sleep=self._sleep)

    async def _sleep(self, seconds: float) -> None:
        if seconds == HOUR.total_seconds():
            await self.over.wait()
        else:
            self.has_to_say.set()
            await self.may_say.wait()


@asynccontextmanager
async def two(
    peer: TelegramPeer, clock: Clock, folder: Path, shared: Database, held: Held
) -> AsyncIterator[tuple[House, House]]:
    """Give two workers behind one webhook."""
    options = {**WEBHOOK, "database": shared, "pace": held.pace}
    async with (
        a_house(peer, clock, folder, **options) as one,  # type: ignore[arg-type]
        a_house(peer, clock, folder, **options) as other,  # type: ignore[arg-type]
    ):
        await asyncio.gather(*(parted(house.store, 2) for house in (one, other)))
        yield one, other


@shared_only
@pytest.mark.parametrize("come", ["words first", "words last"])
async def test_parts_that_reach_different_workers_are_one_message(
    peer: TelegramPeer,
    clock: Clock,
    tmp_path: Path,
    shared: Database,
    li: User,
    come: str,
) -> None:
    held = Held()
    held.may_say.set()
    async with two(peer, clock, tmp_path, shared, held) as (one, other):
        first, second = await album(peer, li, BROKEN)
        if come == "words last":
            first, second = second, first
        taken = await post(one, first) + await post(other, second)
        held.over.set()
        await peer.next_message(li)
        again = await post(one, second) + await post(other, first)

        [(report,)] = one.rows("SELECT form FROM talks")
    assert taken == again == [200, 200]
    assert str(report).count(".jpg") == 2
    assert len(peer.messages_to(li)) == 1


@shared_only
@pytest.mark.parametrize("come", ["words first", "words last"])
async def test_a_part_that_comes_while_the_others_are_answered_is_of_the_same_report(
    peer: TelegramPeer,
    clock: Clock,
    tmp_path: Path,
    shared: Database,
    li: User,
    come: str,
) -> None:
    held = Held()
    held.over.set()
    async with two(peer, clock, tmp_path, shared, held) as (one, other):
        first, second = await album(peer, li, BROKEN)
        if come == "words last":
            first, second = second, first
        await post(one, first)
        await until(held.has_to_say.is_set)
        await post(other, second)
        held.may_say.set()
        await peer.next_message(li, after=1)

        [(report,)] = one.rows("SELECT form FROM talks")
    assert str(report).count(".jpg") == 2


@shared_only
async def test_what_a_worker_left_of_an_album_is_taken_up_by_another(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, shared: Database, li: User
) -> None:
    options = {**WEBHOOK, "database": shared}
    parts = await album(peer, li, "转人工")
    async with a_house(peer, clock, tmp_path, **options) as other:  # type: ignore[arg-type]
        async with a_house(peer, clock, tmp_path, pace=ENDLESS, **options) as one:  # type: ignore[arg-type]
            await asyncio.gather(*(parted(house.store, 2) for house in (one, other)))
            await post(one, *parts)
            clock.forward(timedelta(seconds=1))
        await peer.next_message(li)

        assert photos_said(other) == [2]


@shared_only
async def test_a_part_that_one_worker_has_is_none_of_another(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, shared: Database, li: User
) -> None:
    options = {**WEBHOOK, "database": shared}
    parts = await album(peer, li, "转人工")
    await peer.say(li, li, "我的积分")
    question = json.dumps(peer.updates[-1].body).encode()
    async with (
        a_house(peer, clock, tmp_path, **options) as other,  # type: ignore[arg-type]
        a_house(peer, clock, tmp_path, pace=ENDLESS, **options) as one,  # type: ignore[arg-type]
    ):
        await asyncio.gather(*(parted(house.store, 2) for house in (one, other)))
        await post(one, *parts)
        # Who asks behind an album is answered behind it.
        resent = await post(other, *parts, question)

        assert photos_said(other) == []
    assert resent == [200, 200, 200]
    assert len(peer.messages_to(li)) == 1
