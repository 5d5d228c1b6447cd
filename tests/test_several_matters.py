"""A complaint of several matters is taken apart, named, and answered one by one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.tickets.reporting import texts
from knowledge.matters import several_matters
from tests.stores import Database
from tests.ticket_street import COMMUNITY_GROUP, House, a_street

COMPLAINT = "物业不打扫楼道电梯天天坏停车位还乱收费我要投诉他们"


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """A street at Monday noon."""
    house = await a_street(tmp_path, database)
    yield house
    house.store.close()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (COMPLAINT, ["物业不打扫楼道", "电梯天天坏", "停车位还乱收费我要投诉他们"]),
        (
            "楼上天天半夜吵闹 空调水滴到我家 门口还堆东西 物业也不管",
            ["楼上天天半夜吵闹", "空调水滴到我家", "门口还堆东西 物业也不管"],
        ),
        ("电梯坏了，楼道灯也不亮，垃圾没人收", ["电梯坏了", "楼道灯也不亮", "垃圾没人收"]),
        ("小区绿化没人管健身器材坏了路灯也不亮", ["小区绿化没人管", "健身器材坏了", "路灯也不亮"]),
        ("三栋电梯坏了", ["三栋电梯坏了"]),
        ("楼上漏水把我家天花板泡了他不认", ["楼上漏水把我家天花板泡了他不认"]),
        ("你好", []),
    ],
)
def test_each_matter_is_a_piece_of_its_own(text: str, found: list[str]) -> None:
    assert several_matters(text) == found


@given(st.text(alphabet="电梯坏停车乱垃圾没人收楼上吵，。 a", max_size=80))
def test_pieces_stand_in_the_text_in_their_order(text: str) -> None:
    """Law: every piece is verbatim, and none overlaps another."""
    at = 0
    for piece in several_matters(text):
        at = text.index(piece, at) + len(piece)


async def test_they_are_named_and_answered_one_by_one(house: House) -> None:
    [named] = await house.says("居民甲", COMPLAINT)
    first = await house.says("居民甲", "1")
    second = await house.says("居民甲", "下一件")
    third = await house.says("居民甲", "下一件")
    done, where = await house.says("居民甲", "下一件")

    assert "您说了 3 件事" in named
    assert "2 电梯天天坏" in named
    assert "这件：「物业不打扫楼道」" in first[0]
    assert "打扫公共部分" in first[0]
    assert "电梯天天坏" in second[0]
    assert "最后一件：「停车位还乱收费" in third[0]
    assert "都说到了" in done
    # What is broken was begun as a report, which waits for its place.
    assert texts.ASK_WHERE in where


@pytest.mark.parametrize(
    "said",
    [
        "我们小区电梯老是坏物业不修还收电梯费垃圾也不清理门口乱停车",
        "垃圾没人收，路灯不亮，电梯坏了怎么办",
    ],
)
async def test_what_to_do_about_all_of_it_is_no_one_question(house: House, said: str) -> None:
    [named] = await house.says("居民甲", said)

    assert "您说了 3 件事" in named


async def test_all_of_them_go_to_a_person_together(house: House) -> None:
    await house.says("居民甲", COMPLAINT)
    await house.says("居民甲", "9")

    [card] = house.post.to(COMMUNITY_GROUP)
    assert COMPLAINT in card


async def test_a_question_that_has_its_answer_is_answered(house: House) -> None:
    [answer, *_] = await house.says("居民甲", "楼上漏水，物业不管，我能不交物业费吗")

    assert "件事" not in answer
