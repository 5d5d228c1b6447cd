"""A message that Telegram brings to two workers: one answer, by the one that has it in hand."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.telegram import webhook
from bot.channels.telegram.caps import FOR_DANGER, IN_GROUP
from bot.channels.telegram.channel import Mode
from bot.channels.telegram.decode import Update
from tests.peers.telegram.server import TelegramPeer
from tests.peers.telegram.shapes import Chat, User
from tests.stores import Clock, Database, EngineKind, parted, until
from tests.telegram_house import GROUP_ID, House, a_house

pytestmark = pytest.mark.skipif(
    not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed"
)

SECRET = "a-secret_7"
ANSWER = "您现在有 0 个积分"


@dataclass
class Pair:
    """Two workers behind one webhook, and a person whom the bot knows."""

    one: House
    other: House
    peer: TelegramPeer
    li: User
    database: Database

    async def ask(self) -> Update:
        """Have the person ask for their points; return what Telegram posts, and cannot here."""
        await self.peer.say(self.li, self.li, "我的积分")
        posted = json.dumps(self.peer.updates[-1].body).encode()
        return webhook.receive(posted, SECRET, SECRET)

    async def ask_in_group(self, group: Chat, member: User) -> Update:
        """Have a member ask; return what Telegram posts."""
        await self.peer.say(member, group, "小二 物业服务不好能不交物业费吗")
        posted = json.dumps(self.peer.updates[-1].body).encode()
        return webhook.receive(posted, SECRET, SECRET)

    async def post(self, house: House, update: Update) -> None:
        """Post an update to this worker; return when it is settled there."""
        task = house.channel.take(update)
        assert task is not None
        await asyncio.wait([task])

    def die(self) -> None:
        """End the first worker's connection, as its death does."""
        self.database.run(
            "SELECT pg_terminate_backend(held_by) FROM inbox WHERE held_by IS NOT NULL"
        )

    @property
    def answers(self) -> list[str]:
        return [
            message.text for message in self.peer.messages_to(self.li) if ANSWER in message.text
        ]

    async def answered(self) -> None:
        await self.peer.wait_for(lambda: bool(self.answers))


@pytest.fixture
async def pair(tmp_path: Path, shared: Database) -> AsyncIterator[Pair]:
    clock = Clock()
    options = {
        "mode": Mode.WEBHOOK,
        "webhook_url": "https://street.example/telegram/webhook",
        "webhook_secret": SECRET,
        "database": shared,
    }
    async with (
        TelegramPeer(now=lambda: clock().timestamp()) as peer,
        a_house(peer, clock, tmp_path / "a", **options) as one,  # type: ignore[arg-type]
        a_house(peer, clock, tmp_path / "b", **options) as other,  # type: ignore[arg-type]
    ):
        li = peer.user(7, "李阿姨")
        pair = Pair(one, other, peer, li, shared)
        await peer.wait_for(lambda: one.channel.is_ready and other.channel.is_ready)
        await asyncio.gather(*(parted(house.store, 2) for house in (one, other)))
        yield pair


async def test_a_resend_to_another_worker_is_not_answered_beside_the_first(pair: Pair) -> None:
    pair.peer.flood(pair.li, 1)
    update = await pair.ask()
    await pair.post(pair.one, update)
    await pair.post(pair.other, update)
    resent = len(pair.answers)
    await pair.answered()
    await pair.one.channel.stop()
    await pair.other.channel.stop()

    assert resent == 0
    assert len(pair.answers) == 1


async def test_what_comes_to_both_at_once_is_answered_once(pair: Pair) -> None:
    updates = [await pair.ask() for _ in range(10)]
    await asyncio.gather(*(pair.post(h, u) for u in updates for h in (pair.one, pair.other)))

    assert len(pair.answers) == 10


async def test_the_answer_of_a_worker_that_died_is_given_to_the_resend(pair: Pair) -> None:
    pair.peer.fail_next("sendMessage", "hang")
    update = await pair.ask()
    first = asyncio.create_task(pair.post(pair.one, update))
    await until(lambda: pair.database.run("SELECT key FROM inbox"))
    pair.die()
    await pair.post(pair.other, update)
    await pair.one.channel.stop()
    await first

    assert len(pair.answers) == 1


async def test_the_answer_of_a_worker_that_died_in_a_flood_is_said_once_by_the_outbox(
    pair: Pair,
) -> None:
    pair.peer.flood(pair.li, 3600)
    update = await pair.ask()
    await pair.post(pair.one, update)
    pair.die()
    await pair.post(pair.other, update)
    resent = len(pair.answers)
    await parted(pair.other.store, 1)  # it has noticed that it is alone
    pair.one.clock.forward(timedelta(seconds=3601))
    for _ in range(2):
        await pair.other.delivery.deliver_due()

    assert resent == 0
    assert len(pair.answers) == 1


async def test_what_a_worker_left_unsaid_when_it_stopped_is_said_by_the_next(pair: Pair) -> None:
    pair.peer.fail_next("sendMessage", "hang")
    update = await pair.ask()
    first = asyncio.create_task(pair.post(pair.one, update))
    await until(lambda: pair.database.run("SELECT key FROM inbox"))
    await pair.one.channel.stop()
    await first
    await pair.post(pair.other, update)

    assert len(pair.answers) == 1


async def test_a_group_is_answered_no_more_often_by_two_workers_than_by_one(pair: Pair) -> None:
    pair.peer.world.can_read_all_group_messages = True
    pair.peer.world.faults.group_limit_per_minute = IN_GROUP
    members = [pair.peer.user(n, f"居民{n}") for n in range(100, 130)]
    group = pair.peer.group(GROUP_ID, "芳草苑居民群", members)
    await pair.one.bind_group(group)

    updates = [await pair.ask_in_group(group, member) for member in members]
    await asyncio.gather(
        *(pair.post((pair.one, pair.other)[n % 2], update) for n, update in enumerate(updates))
    )
    calls = pair.peer.calls("sendMessage")

    assert [call.status for call in calls if not call.ok] == []
    assert len(calls) == IN_GROUP - FOR_DANGER
