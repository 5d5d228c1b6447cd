"""What a report asks and keeps: no word is taken for a place, no matter loses its subject."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.tickets.reporting import texts
from tests.stores import Database
from tests.ticket_street import COMMUNITY_GROUP, House, a_street

ASKED = texts.ASK_WHERE
UNSAID = f"在哪里：{texts.WHERE_UNSAID}"


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """A street at Monday noon."""
    house = await a_street(tmp_path, database)
    yield house
    house.store.close()


async def where_is_asked(house: House, who: str = "居民甲") -> None:
    [asked] = await house.says(who, "水龙头坏了")
    assert ASKED in asked


@pytest.mark.parametrize(
    "said",
    ["你好", "什么意思", "不知道", "我讲不清楚", "说不清", "你猜", "你是不是傻", "？？？"],
)
async def test_what_is_no_place_is_asked_again_once(house: House, said: str) -> None:
    await where_is_asked(house)

    again = await house.says("居民甲", said)
    on = await house.says("居民甲", said)

    assert texts.EXAMPLE_WHERE in again[-1]
    assert ASKED in again[-1]
    assert texts.GO_ON_WITHOUT_PLACE in on[-1]
    assert UNSAID in on[-1]
    assert "什么事：水龙头坏了" in on[-1]


async def test_a_report_without_a_place_reaches_the_staff(house: House) -> None:
    await where_is_asked(house)
    await house.says("居民甲", "不知道")
    await house.says("居民甲", "不知道")

    [done] = await house.says("居民甲", "1")

    assert "编号 1001" in done
    [card] = house.post.to(COMMUNITY_GROUP)
    assert "水龙头坏了" in card


async def test_a_place_said_after_all_is_taken(house: House) -> None:
    await where_is_asked(house)
    await house.says("居民甲", "不知道")
    [summary] = await house.says("居民甲", "五栋一单元")
    await where_is_asked(house, "居民乙")
    [name_only] = await house.says("居民乙", "老菜场")

    assert "芳草苑小区 五栋一单元" in summary
    assert "老菜场" in name_only


async def test_a_question_and_a_danger_pass_through(house: House) -> None:
    await where_is_asked(house)

    answered = await house.says("居民甲", "物业费可以不交吗")
    alarm = await house.says("居民甲", "着火了")
    again = await house.says("居民甲", "水龙头在五栋一单元")

    assert "民法典第" in answered[0]
    assert "119" in alarm[0]
    assert "芳草苑小区 五栋一单元" in again[-1]


@pytest.mark.parametrize(
    "said",
    ["消防通道被堵了", "3栋消防通道被堵了", "三栋二单元消防通道又被车堵了", "楼道里堆满了杂物"],
)
async def test_what_happens_to_a_place_names_it(house: House, said: str) -> None:
    [summary] = await house.says("居民甲", said)

    assert f"什么事：{said}" in summary


async def test_what_is_broken_in_a_place_does_not_repeat_it(house: House) -> None:
    [summary] = await house.says("居民甲", "五栋停水了")

    assert "什么事：停水了" in summary


async def test_another_matter_said_instead_of_the_place_is_kept_too(house: House) -> None:
    await where_is_asked(house)
    [both] = await house.says("居民甲", "我家楼道灯也不亮")
    await where_is_asked(house, "居民乙")
    [once] = await house.says("居民乙", "五栋水龙头坏了")

    assert "什么事：水龙头坏了；楼道灯也不亮" in both
    assert "什么事：水龙头坏了\n" in once


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ("三洞二单圆", "三栋二单元"),
        ("3洞", "3栋"),
        ("三动二单元", "三栋二单元"),
        ("5冻1丹元", "5栋1单元"),
    ],
)
async def test_buildings_that_were_misheard_are_understood(
    house: House, said: str, where: str
) -> None:
    await where_is_asked(house)

    [summary] = await house.says("居民甲", said)

    assert f"在哪里：芳草苑小区 {where}\n" in summary


@pytest.mark.parametrize(
    "said", ["我刚才报的那个不用修了自己好了", "不用修了", "已经好了，不用来修了"]
)
async def test_what_mended_itself_is_taken_back(house: House, said: str) -> None:
    await house.reported()

    [done] = await house.says("居民甲", said)

    assert "1001 号「电梯坏了」已撤回" in done


@pytest.mark.parametrize("said", ["没水", "我家没得水了", "停电了", "家里没气"])
async def test_what_is_missing_now_is_reported(house: House, said: str) -> None:
    replies = await house.says("居民甲", said)

    assert "在哪里" in replies[-1]
