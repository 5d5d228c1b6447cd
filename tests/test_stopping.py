"""What somebody does not want to hear of is not said to them, but for what cannot wait."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers import notify
from tests.houses import CHANNEL
from tests.ladder_street import Street, a_street


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with a_street(tmp_path) as street:
        yield street


async def test_stop_asks_which_and_ends_one_kind_alone(street: Street) -> None:
    [which] = await street.say("居民甲", "停")
    [stopped] = await street.say("居民甲", "3")
    await street.tell(topic="points")
    await street.tell(topic="tickets")
    await street.deliver()

    assert "积分" in which.choices[2].label
    assert "不再给您发「积分」" in stopped.text
    assert len(street.said(CHANNEL)) == 1
    [shown] = await street.say("居民甲", "我的通知")
    assert "积分：停了" in shown.text
    assert "报修：照发" in shown.text
    assert "Telegram" in shown.text


@pytest.mark.parametrize("words", ["停 班次", "停班次", "停：班次的通知", "ＴＤ 班次", "退订班"])
async def test_shift_reminders_stop_and_come_again(street: Street, words: str) -> None:
    [stopped] = await street.say("居民甲", words)
    await street.tell(topic="shifts")
    await street.deliver()
    silent = street.said(CHANNEL)
    [resumed] = await street.say("居民甲", "恢复")
    await street.tell(topic="shifts")
    await street.deliver()

    assert "「班次」" in stopped.text
    assert "「班次」" in resumed.text
    assert silent == []
    assert len(street.said(CHANNEL)) == 1


async def test_what_cannot_wait_is_said_whatever_was_stopped(street: Street) -> None:
    await street.say("居民甲", "停 全部")
    await street.tell(topic="handover", urgent=True)
    await street.tell(topic="emergency", urgent=True)
    await street.tell(topic="shifts", urgent=True)
    await street.tell(topic="tickets")
    await street.deliver()

    assert len(street.said(CHANNEL)) == 3


async def test_several_kinds_are_resumed_one_by_one_or_all(street: Street) -> None:
    await street.say("居民甲", "停 积分")
    await street.say("居民甲", "停 报修")
    [which] = await street.say("居民甲", "恢复")
    [one] = await street.say("居民甲", "1")
    [rest] = await street.say("居民甲", "恢复 全部")
    [nothing] = await street.say("居民甲", "恢复")

    assert len([c for c in which.choices if c.number not in {0, 9}]) == 3
    assert "「报修」" in one.text
    assert "「积分」" in rest.text
    assert "没有停过" in nothing.text


@pytest.mark.parametrize("words", ["停水了", "停电了怎么办", "恢复供水要多久", "停车费太贵", "停"])
async def test_a_sentence_that_begins_like_it_stops_nothing(street: Street, words: str) -> None:
    await street.say("居民甲", words)
    await street.tell()
    await street.deliver()

    assert len(street.said(CHANNEL)) == 1


async def test_each_message_says_why_it_comes_where_there_is_room(street: Street) -> None:
    await street.tell()
    await street.tell(topic="handover", urgent=True)
    person = await street.id_of("居民甲")
    await street.store.run(
        lambda tx: notify.tell_resident(tx, person, key="long", text="长" * 290, topic="tickets")
    )
    await street.deliver()

    said = [text for _chat, text in street.platforms[CHANNEL].said]
    assert [text for text in said if "回复「停 报修」" in text] == [
        "您的 1001 修好了 0\n（您报过修。不想再收：回复「停 报修」）"
    ]
