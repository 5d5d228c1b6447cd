"""What staff say of tickets in their own words, and whom a resident sees at work."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

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


async def test_the_reporter_sees_who_accepted_it(house: House) -> None:
    await house.says("网格员甲", "接单 1001", group=COMMUNITY_GROUP)

    [mine] = await house.says("居民甲", "我的报修")
    [one] = await house.says("居民甲", "1001")

    assert "处理中，社区网格员在办" in mine
    assert "社区网格员接单" in one
    assert "物业" not in mine + one


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("1001 办好了", "物业说办好了。"),
        ("1001办好了", "物业说办好了。"),
        ("1001 修好了，换了电机", "物业说办好了：换了电机"),
        ("1001号电梯修好了。", "物业说办好了：电梯修好了"),
        ("修好了 1001", "物业说办好了。"),
    ],
)
@pytest.mark.parametrize("group", [COMMUNITY_GROUP, None])
async def test_number_and_result_finish_a_ticket(
    house: House, said: str, told: str, group: str | None
) -> None:
    [done] = await house.says("物业甲", said, group=group)

    assert done == "1001 号「电梯坏了」已由物业办结，已请居民确认。"
    [heard] = house.post.to("居民甲")
    assert told in heard
    assert (await house.ticket()).state is TicketState.RESOLVED


@pytest.mark.parametrize(
    "said",
    [
        "1001 没修好", "1001 还没办好", "1001 修好了吗", "1001 修好了没有",
        "1001 修好了？", "1001 修好了一半",
        "1001 等修好了再说", "1001 修好了，但是门还关不上",
        "1001 修好了，1002 还没", "1002 修好了", "1001 1002 都办好了",
    ],
)  # fmt: skip
async def test_nothing_else_finishes_it(house: House, said: str) -> None:
    await house.says("物业甲", said, group=COMMUNITY_GROUP)
    await house.says("物业甲", said)

    assert (await house.ticket()).state is TicketState.NEW
    assert house.post.to("居民甲") == []


async def test_only_who_may_act_finishes_it(house: House) -> None:
    await house.says("居民乙", "1001 修好了，换了电机", group=COMMUNITY_GROUP)
    await house.says("居民乙", "1001 修好了")
    await house.says("城管甲", "1001 修好了")

    assert (await house.ticket()).state is TicketState.NEW


async def test_the_same_words_of_the_reporter_confirm(house: House) -> None:
    await house.says("物业甲", "1001 修好了，换了电机", group=COMMUNITY_GROUP)

    [asked] = await house.says("居民甲", "1001 修好了？")
    state = (await house.ticket()).state
    await house.says("居民甲", "1001 修好了")

    assert "已办结" in asked
    assert state is TicketState.RESOLVED
    assert (await house.ticket()).state is TicketState.CLOSED
