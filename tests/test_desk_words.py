"""What staff say of tickets in their own words, and whom a resident sees at work."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage.transaction import Transaction
from storage.words import RoleWord, ScopeKind, TicketState
from tests.stores import Database
from tests.ticket_street import CHANNEL, COMMUNITY_GROUP, House, a_street


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


async def test_staff_are_told_how_their_part_stands(house: House) -> None:
    await house.reported("居民乙", "五栋楼道灯坏了")
    await house.reported("居民乙", "五栋门禁坏了")
    await house.says("物业甲", "接单 1002")
    await house.says("物业甲", "办结 1003 换了门禁", group=COMMUNITY_GROUP)

    [before] = await house.says("网格员甲", "统计", group=COMMUNITY_GROUP)
    await house.wait(timedelta(hours=4))
    [late] = await house.says("物业甲", "统计一下")
    await house.wait(timedelta(days=7))
    [next_week] = await house.says("街道甲", "本周统计")

    assert "还没办完 2 件：等接单 1 件，处理中 1 件" in before
    assert "没有过了答复时间还没人接的" in before
    assert "办结 1 件" in before
    assert "过了答复时间还没人接 1 件：1001" in late
    assert "办结 0 件" in next_week


async def test_figures_are_of_the_own_part_and_for_staff_only(house: House) -> None:
    def elsewhere(tx: Transaction) -> None:
        person = tx.residents.add(name="外区网格员")
        tx.residents.bind(person, CHANNEL, "外区网格员", "外区网格员")
        tx.residents.grant(person.id, RoleWord.GRID, ScopeKind.COMMUNITY, 2)

    await house.store.run(elsewhere)

    [other] = await house.says("外区网格员", "统计")
    [resident] = await house.says("居民甲", "统计")
    [admin] = await house.says("管理员甲", "统计")

    assert "还没办完 0 件" in other
    assert "件" not in resident
    assert "权限" in admin
