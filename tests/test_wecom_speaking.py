"""The smart robot says things unasked, over its own line: to groups and members it has met."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.delivery import DeliveryError, WayClosed
from handlers.message import Reply
from storage.transaction import Transaction
from tests.peers.wecom.gateway import BOT_ID, SECRET, Gateway
from tests.stores import Clock, Database, EngineKind, parted
from tests.test_wecom_line import QUICKLY, a_line
from tests.wecom_house import WeComHouse, a_house
from tests.wecom_street import GROUP, LI

MINUTE = timedelta(minutes=1)


async def meet_only_the_robot(house: WeComHouse) -> None:
    """Let the staff of 建港 meet in a group that has no robot but the smart one."""

    def work(tx: Transaction) -> None:
        for address in tx.directory.group_addresses(1):
            tx.directory.leave_group(address.key)
        tx.directory.bind_group("wecom_bot", GROUP, 1)

    await house.run(work)


async def tell(house: WeComHouse, number: int, *, urgent: bool = False) -> None:
    """Have so many things said to the staff of 建港."""

    def work(tx: Transaction) -> None:
        for n in range(number):
            key = f"n{tx.new_id(0)}"
            tx.notices.schedule(
                key=key, text=f"通知 {n}", topic="tickets", group_id=1, urgent=urgent
            )

    await house.run(work)
    await house.deliver()


def states(house: WeComHouse) -> list[tuple[object, ...]]:
    rows = house.house.database.run("SELECT state, attempts FROM notices ORDER BY id")
    return [tuple(row) for row in rows]


async def test_a_group_that_meets_only_there_is_told_what_it_has_to_know(tmp_path: Path) -> None:
    async with a_line(tmp_path) as (house, gateway):
        await meet_only_the_robot(house)
        await house.house.say("居民甲", "三栋一单元楼道灯不亮了")
        await house.house.say("居民甲", "确认")
        await house.deliver()
        [card] = await gateway.pushes()

    assert card["chatid"] == GROUP
    assert "楼道灯不亮" in card["markdown"]["content"]
    assert "接单" in card["markdown"]["content"]
    assert card["markdown"]["content"].splitlines()[-1].startswith("要办理，就在这个群里 @小二")


async def test_a_group_with_a_robot_of_its_own_is_told_by_that_one(tmp_path: Path) -> None:
    async with a_line(tmp_path) as (house, gateway):
        await house.run(lambda tx: tx.directory.leave_group("terminal:建港社区工作群"))
        await house.run(lambda tx: tx.directory.bind_group("wecom_bot", GROUP, 1))
        await tell(house, 1)

    assert len(house.peer.pushed) == 1
    assert gateway.pushed == []


async def test_a_member_who_uses_the_robot_alone_is_told_there(tmp_path: Path) -> None:
    async with a_line(tmp_path) as (house, gateway):
        await house.run(lambda tx: tx.residents.bind(tx.residents.add(), "wecom_bot", LI, LI))
        await house.remind("wecom_bot", LI, "您的 1001 修好了")
        [pushed] = await gateway.pushes()

    assert pushed["chatid"] == LI
    assert pushed["markdown"]["content"].startswith("您的 1001 修好了")


async def test_twenty_a_minute_are_said_and_the_rest_waits_without_using_up_a_try(
    tmp_path: Path,
) -> None:
    async with a_line(tmp_path) as (house, gateway):
        await meet_only_the_robot(house)
        await tell(house, 22)
        first, waiting = len(gateway.pushed), states(house)[-1]
        house.house.clock.forward(MINUTE)
        await house.deliver()

    assert (first, waiting) == (20, ("pending", 0))
    assert len(gateway.pushed) == 22


async def test_what_was_sent_and_not_answered_may_be_said_and_is_not_repeated_at_once(
    tmp_path: Path,
) -> None:
    async with a_line(tmp_path) as (house, gateway):
        await meet_only_the_robot(house)
        gateway.answers_pushes = False
        await tell(house, 1)
        gateway.answers_pushes = True
        house.house.clock.forward(9 * MINUTE)
        await house.deliver()
        within_ten_minutes = len(gateway.pushed)
        house.house.clock.forward(MINUTE)
        await house.deliver()

    assert within_ten_minutes == 1
    assert len(gateway.pushed) == 2


async def test_a_chat_that_never_spoke_to_the_robot_is_not_lost_to_it(tmp_path: Path) -> None:
    async with a_line(tmp_path) as (house, gateway):
        await meet_only_the_robot(house)
        gateway.never_met.add(GROUP)
        await tell(house, 1)
        refused = states(house)
        gateway.never_met.clear()
        house.house.clock.forward(10 * MINUTE)
        await house.deliver()

    assert refused == [("pending", 0)]
    assert states(house)[0][0] == "delivered"


async def test_what_cannot_be_said_while_the_line_is_lost_is_said_later(tmp_path: Path) -> None:
    async with a_line(tmp_path) as (house, gateway):
        await meet_only_the_robot(house)
        gateway.hangs_up = True
        await gateway.cut()
        await gateway.tried(2)
        await tell(house, 1)
        meanwhile = states(house)
        gateway.hangs_up = False
        await gateway.until(2)
        await gateway.ping_again()
        house.house.clock.forward(timedelta(seconds=6))
        await house.deliver()

    assert meanwhile == [("pending", 1)]
    assert len(gateway.pushed) == 1


async def test_a_robot_without_a_line_leaves_it_to_the_street(tmp_path: Path) -> None:
    async with a_line(tmp_path) as (house, _gateway):
        await meet_only_the_robot(house)
    async with a_house(tmp_path) as house:
        await meet_only_the_robot(house)
        await house.house.say("居民甲", "9")
        await house.deliver()

    assert any(chat == "街道调度群" for chat, _ in house.house.recorder.sent)


# Several workers


@asynccontextmanager
async def two(
    folder: Path, database: Database
) -> AsyncIterator[tuple[WeComHouse, WeComHouse, Gateway]]:
    """Give the worker that has the line, and the other one."""
    clock = Clock()
    async with Gateway() as gateway, AsyncExitStack() as open_:
        values = {
            "bot_mode": "websocket",
            "bot_token": "",
            "bot_id": BOT_ID,
            "bot_secret": SECRET,
            "bot_line_url": gateway.url,
        }
        houses = []
        for _ in range(2):
            house = a_house(folder, pace=QUICKLY, database=database, clock=clock, **values)  # type: ignore[arg-type]
            houses.append(await open_.enter_async_context(house))
            await gateway.until(1)
        await gateway.ping_again()
        await asyncio.gather(*(parted(house.house.store, 2) for house in houses))
        await meet_only_the_robot(houses[0])
        yield houses[0], houses[1], gateway
    assert gateway.violations == []


@pytest.mark.skipif(not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed")
async def test_a_worker_without_the_line_has_the_other_one_say_it(
    tmp_path: Path, shared: Database
) -> None:
    async with two(tmp_path, shared) as (_holder, other, gateway):
        sender = other.parts.senders["wecom_bot"]
        await sender.send(GROUP, Reply("通知"))
        gateway.never_met.add(GROUP)
        with pytest.raises(WayClosed):
            await sender.send(GROUP, Reply("通知"))
        left = shared.run("SELECT id FROM line_messages")

    assert len(gateway.pushed) == 1
    assert left == []


@pytest.mark.skipif(not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed")
async def test_what_one_chat_is_told_is_counted_at_all_workers(
    tmp_path: Path, shared: Database
) -> None:
    async with two(tmp_path, shared) as (holder, other, gateway):
        for n in range(20):
            sender = (holder, other)[n % 2].parts.senders["wecom_bot"]
            await sender.send(GROUP, Reply(f"通知 {n}"))
        with pytest.raises(DeliveryError) as refused:
            await holder.parts.senders["wecom_bot"].send(GROUP, Reply("通知"))

    assert refused.value.retry_after == MINUTE
    assert len(gateway.pushed) == 20


@pytest.mark.skipif(not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed")
async def test_what_nobody_says_for_a_worker_is_taken_back(
    tmp_path: Path, shared: Database
) -> None:
    async with two(tmp_path, shared) as (_holder, other, gateway):
        gateway.hangs_up = True
        await gateway.cut()
        await gateway.tried(2)
        with pytest.raises(DeliveryError, match="not open"):
            await other.parts.senders["wecom_bot"].send(GROUP, Reply("通知"))
        left = shared.run("SELECT id FROM line_messages")

    assert left == []
    assert gateway.pushed == []
