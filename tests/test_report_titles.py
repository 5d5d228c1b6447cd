"""The title of a report is its matter: no address, no age, no thanks, and no danger left out."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.tickets import reading
from handlers.tickets.reporting import texts
from tests.stores import Database
from tests.ticket_street import COMMUNITY_GROUP, House, a_street


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """A street at Monday noon."""
    house = await a_street(tmp_path, database)
    yield house
    house.store.close()


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("姑娘啊，我八十二了，三栋厨房漏水", "漏水"),
        ("姑娘啊 我三栋厨房漏水", "漏水"),
        ("小伙子，帮我看看，三栋厨房水管漏水了", "水管漏水了"),
        ("同志你好，我是三栋的，我们楼道的灯坏了", "我们楼道的灯坏了"),
        ("我今年82岁了，一个人住，三栋水龙头滴水", "一个人住，水龙头滴水"),
        ("不好意思打扰一下，三栋下水道堵了，谢谢啊", "下水道堵了"),
        ("喂，听得到吗，三栋电梯坏了", "电梯坏了"),
        ("姑娘啊，你听我说啊，我这个三栋啊，漏水漏了三天了", "漏水漏了三天了"),
        ("您好，我是三栋的住户，我姓王，门锁坏了", "门锁坏了"),
    ],
)
async def test_a_title_is_the_matter_alone(house: House, said: str, title: str) -> None:
    [summary] = await house.says("居民甲", said)
    await house.says("居民甲", "1")

    assert f"什么事：{title}\n" in summary
    [card] = house.post.to(COMMUNITY_GROUP)
    assert f"】{title}\n" in card


@pytest.mark.parametrize(
    "said",
    [
        "阿姨 摔倒了",
        "孩子，卡住了",
        "师傅来了没修好",
        "老师说楼道灯坏了",
        "主任办公室灯坏了",
        "有人把楼道堵了",
        "麻烦死了，灯坏了",
        "急死人了，灯冒火花",
        "听不见，对讲机坏了",
        "我家八十平，漏水",
    ],
)
def test_words_of_the_matter_are_no_chatter(said: str) -> None:
    assert reading.phrase(said, None) == said


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("姑娘啊，阿姨摔倒了，地上有水", "阿姨摔倒了，地上有水"),
        ("老师，电线冒火花，谢谢", "电线冒火花"),
        ("同志们啊，天花板掉下来了，差点砸到人", "天花板掉下来了，差点砸到人"),
    ],
)
def test_danger_stays_in_the_title(said: str, kept: str) -> None:
    assert reading.phrase(said, None) == kept


@pytest.mark.parametrize("said", ["电梯天天坏", "楼道灯天天坏", "天天停水"])
async def test_what_is_always_broken_is_reported(house: House, said: str) -> None:
    [asked] = await house.says("居民甲", said)
    [summary] = await house.says("居民甲", "三栋")

    assert texts.ASK_WHERE in asked
    assert f"什么事：{said}" in summary


async def test_an_answer_to_a_complaint_offers_the_report_beside(house: House) -> None:
    _, facts = await house.says("居民甲", "电梯三天两头坏")
    [asked] = await house.says("居民甲", "4")

    assert "看法律依据" in facts
    assert texts.ASK_WHERE in asked


async def test_home_alone_is_no_place_of_somebody_unknown(house: House) -> None:
    [asked] = await house.says("过路人甲", "屋里漏水")

    assert texts.ASK_WHERE in asked
