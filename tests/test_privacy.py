"""What is kept of a person, who changes it, and that nobody learns anything about another one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.handover import texts as handover
from handlers.privacy import texts
from tests.houses import RESIDENTS_GROUP, STAFF_GROUP, House
from tests.stores import Database


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """The street at Monday noon."""
    house = House(tmp_path, database=database)
    await house.settle()
    yield house
    house.store.close()


@pytest.mark.parametrize(
    "words",
    [
        "居民乙欠物业费吗", "他家欠物业费吗", "帮我查一下居民乙欠了多少物业费", "我邻居欠物业费吗",
        "楼上的物业费交了没有", "张三交了物业费没有", "三栋302欠物业费吗",
        "居民乙住哪里", "居民乙住在几栋几单元", "他电话是多少",
        "居民乙的电话", "居民乙有多少积分", "居民乙报了什么修",
        "楼上住的是什么人", "老王家的房号是多少", "王大明是低保户吗",
        "把我家地址发给居民乙", "帮我把居民乙的电话告诉居民丙",
    ],
)  # fmt: skip
async def test_nothing_is_said_about_somebody_else(house: House, words: str) -> None:
    [refused] = await house.say("居民甲", words)

    assert refused.text == texts.NOT_ABOUT_OTHERS
    assert await house.delivered() == []


async def test_who_is_not_registered_is_spoken_of_no_differently(house: House) -> None:
    known = await house.say("居民甲", "居民乙有多少积分")
    unknown = await house.say("居民甲", "李二狗有多少积分")

    assert [reply.text for reply in known] == [reply.text for reply in unknown]


async def test_a_group_hears_nothing_about_somebody_else_either(house: House) -> None:
    [refused] = await house.say("居民甲", "居民乙欠物业费吗", group=RESIDENTS_GROUP)

    assert refused.text == texts.NOT_ABOUT_OTHERS


@pytest.mark.parametrize(
    "words",
    [
        "邻居欠物业费，物业能停水吗", "租客交物业费吗", "业主欠物业费怎么办",
        "物业的电话是多少", "王书记的电话是多少", "楼上漏水怎么办",
        "空置房交物业费吗", "房东不交物业费怎么办", "我有多少积分",
        "对面开餐馆油烟大", "他欠我钱不还怎么办", "把我的电话告诉别人合法吗",
    ],
)  # fmt: skip
async def test_what_the_law_says_and_who_works_here_is_still_answered(
    house: House, words: str
) -> None:
    replies = await house.say("居民甲", words)

    assert texts.NOT_ABOUT_OTHERS not in [reply.text for reply in replies]


async def test_of_themselves_people_are_told_where_to_look(house: House) -> None:
    [own] = await house.say("居民甲", "居民甲有多少积分")
    [fees] = await house.say("居民甲", "我家物业费交了没有")

    assert own.text == texts.ABOUT_YOURSELF
    assert fees.text == texts.FEES_UNKNOWN


@pytest.mark.parametrize(
    ("words", "how"),
    [
        ("改名字", texts.HOW_CHANGE),
        ("我想改一下登记的名字", texts.HOW_CHANGE),
        ("我的名字写错了", texts.HOW_CHANGE),
        ("注销", texts.HOW_DELETE),
        ("我要注销账号", texts.HOW_DELETE),
        ("删除我的个人信息", texts.HOW_DELETE),
        ("把我的聊天记录都删了", texts.HOW_DELETE),
        ("导出我的数据", texts.HOW_EXPORT),
    ],
)
async def test_personal_data_are_changed_by_a_person_who_is_called(
    house: House, words: str, how: str
) -> None:
    [said] = await house.say("居民甲", words)

    assert said.text.startswith(f"{how}\n{handover.PASSED_ON}")
    [(to, card)] = await house.delivered()
    assert to == STAFF_GROUP
    assert words in card


@pytest.mark.parametrize("words", ["你们存了我什么", "你们都收集了哪些信息", "小二知道我什么"])
async def test_it_is_said_what_is_kept(house: House, words: str) -> None:
    [said] = await house.say("居民甲", words)

    assert said.text == texts.WHAT_IS_KEPT
