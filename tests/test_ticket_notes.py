"""What staff say in between reaches the reporter, once, and can be taken back."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.tickets.noting import texts
from storage.words import TicketState
from tests.stores import Database
from tests.ticket_street import COMMUNITY_GROUP, House, a_street


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """A street at Monday noon, with one broken lift in it."""
    house = await a_street(tmp_path, database)
    await house.reported()
    yield house
    house.store.close()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("1001 下午去", "下午去"),
        ("1001 配件明天到", "配件明天到"),
        ("1001 师傅明天上午来", "师傅明天上午来"),
        ("1001号已联系厂家", "已联系厂家"),
        ("备注 1001 这几天先走楼梯", "这几天先走楼梯"),
        ("告诉居民 1001 要换主板", "要换主板"),
        ("1001 备注 要换主板", "要换主板"),
    ],
)
@pytest.mark.parametrize("group", [COMMUNITY_GROUP, None])
async def test_the_reporter_hears_what_staff_say_and_reads_it_later(
    house: House, said: str, words: str, group: str | None
) -> None:
    [done] = await house.says("物业甲", said, group=group)

    assert f"「物业说：{words}」" in done
    assert "接单 1001" in done
    [told] = house.post.to("居民甲")
    assert f"您报的「电梯坏了」（1001 号），物业说：{words}" in told
    [status] = await house.says("居民甲", "1001")
    assert f"物业说：{words}" in status
    assert (await house.ticket()).state is TicketState.NEW


@pytest.mark.parametrize(
    "said",
    [
        "1001 下午去吗", "1001 谁去", "1001 什么情况", "1001 这家人真烦", "1001 师傅说没空",
        "1001 明天去不去？", "1001 下午去？",
    ],
)  # fmt: skip
async def test_what_staff_say_among_themselves_reaches_nobody(house: House, said: str) -> None:
    overheard = await house.says("物业甲", said, group=COMMUNITY_GROUP)
    await house.says("物业甲", said)

    assert "会告诉居民" not in str(overheard)
    assert house.post.to("居民甲") == []


async def test_a_note_is_taken_back_and_who_heard_it_is_told(house: House) -> None:
    await house.says("物业甲", "1001 下午去", group=COMMUNITY_GROUP)
    house.post.to("居民甲")

    [done] = await house.says("物业甲", "撤销", group=COMMUNITY_GROUP)

    assert "备注「下午去」已撤销" in done
    [told] = house.post.to("居民甲")
    assert "「下午去」是工作人员发错了，不算数" in told


async def test_a_note_nobody_heard_yet_is_not_told_at_all(house: House) -> None:
    await house.wait(timedelta(hours=10))
    house.post.arrived.clear()
    await house.says("物业甲", "1001 明天去")
    [done] = await house.says("物业甲", "撤销 1001")

    await house.wait(timedelta(hours=12))

    assert "居民还没看到" in done
    assert house.post.to("居民甲") == []


async def test_only_who_may_act_on_it_says_something_of_it(house: House) -> None:
    [resident] = await house.says("居民乙", "备注 1001 下午去")
    [elsewhere] = await house.says("城管甲", "1001 下午去")

    assert "会告诉居民" not in resident + elsewhere
    assert house.post.to("居民甲") == []


async def test_a_note_without_words_asks_for_them(house: House) -> None:
    [asked] = await house.says("物业甲", "备注 1001")

    assert "备注 1001 下午去" in asked


async def test_staff_are_shown_what_they_can_do_with_a_number(house: House) -> None:
    [shown] = await house.says("物业甲", "1001 这个单子有点麻烦")
    [unknown] = await house.says("物业甲", "1999")
    [also] = await house.says("物业甲", "办结 1999 好了")
    [resident] = await house.says("居民甲", "1999")

    assert shown == texts.what_to_do(1001)
    for said in (unknown, also):
        assert "「待办」" in said
        assert "我的报修" not in said
    assert "「我的报修」" in resident


async def test_in_the_morning_only_the_newest_state_is_said(house: House) -> None:
    await house.wait(timedelta(hours=10))
    house.post.arrived.clear()
    await house.says("物业甲", "接单 1001")
    await house.says("物业甲", "备注 1001 白天再去")
    await house.says("物业甲", "退回 1001 公共管网")

    await house.wait(timedelta(hours=12))

    note, state = house.post.to("居民甲")
    assert "物业说：白天再去" in note
    assert "要换人来办" in state
