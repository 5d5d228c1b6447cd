"""What people of the street really type: the old, volunteers, staff who do not know the command."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers import texts
from handlers.directory import texts as directory
from handlers.faq import texts as faq
from handlers.residents import texts as residents
from tests.stores import Database
from tests.ticket_street import House, a_street


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """A street at Monday noon."""
    house = await a_street(tmp_path, database)
    yield house
    house.store.close()


@pytest.mark.parametrize("said", ["姑娘啊，我八十二了", "我不会打字", "我今年都七十九岁了啊"])
async def test_who_says_only_how_old_they_are_is_asked_what_it_is(house: House, said: str) -> None:
    [asked] = await house.says("居民甲", said)

    assert asked == texts.INTRODUCED


async def test_a_greeting_is_still_answered_with_what_is_done_here(house: House) -> None:
    [greeted] = await house.says("居民甲", "你好")

    assert texts.welcome("洲头街") in greeted


async def test_a_request_to_look_at_it_is_no_part_of_the_title(house: House) -> None:
    [summary] = await house.says("居民甲", "三栋厨房漏水漏了好几天了，你帮我看看撒")

    assert "什么事：漏水漏了好几天了\n" in summary


async def test_letters_that_are_too_small_are_made_larger(house: House) -> None:
    [larger] = await house.says("居民甲", "那个字太小了我看不清")

    assert residents.ELDER_ON in larger


@pytest.mark.parametrize("said", ["今天忙不忙", "有没有要我看的"])
async def test_staff_who_are_not_understood_are_told_the_words_of_work(
    house: House, said: str
) -> None:
    [missed] = await house.says("网格员甲", said)
    [of_resident] = await house.says("居民甲", said)

    assert missed == f"{faq.NOT_SURE}{faq.TRY_AT_WORK}"
    assert faq.TRY_AT_WORK not in of_resident


@pytest.mark.parametrize("said", ["谁没接单", "还有谁没接", "今天多少报修"])
async def test_what_nobody_accepted_is_counted(house: House, said: str) -> None:
    await house.reported()

    [figures] = await house.says("网格员甲", said)

    assert "等接单 1 件" in figures


async def test_what_one_has_to_do_is_listed(house: House) -> None:
    await house.reported()

    [listed] = await house.says("物业甲", "我有什么单子")
    [own] = await house.says("居民甲", "我有什么单子")

    assert "说「接单 编号」" in listed
    assert "您最近的报修" in own


async def test_an_outage_is_read_where_its_place_comes_last(house: House) -> None:
    [asked] = await house.says("街道甲", "小二，明天早上8点停水到12点，芳草苑，通知一下")
    [summary] = await house.says("街道甲", "检修水管")

    assert directory.ASK_REASON in asked
    assert "哪里：芳草苑小区" in summary
    assert "08:00 到 12:00" in summary
    assert "原因：检修水管" in summary
