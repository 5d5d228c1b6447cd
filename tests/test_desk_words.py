"""What staff say of tickets in their own words, and whom a resident sees at work."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.outreach import texts as outreach
from handlers.tickets.undoing import texts as undoing
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


@pytest.mark.parametrize(
    "said", ["接单 1001 1002", "接单1001、1002", "1001 1002我来", "1001和1002接了"]
)
async def test_several_tickets_are_accepted_at_once(house: House, said: str) -> None:
    await house.reported("居民乙", "五栋楼道灯坏了")

    [done] = await house.says("网格员甲", said, group=COMMUNITY_GROUP)
    [which] = await house.says("网格员甲", "接错了", group=COMMUNITY_GROUP)

    assert done == "1001 号已由社区网格员接单。\n1002 号已由社区网格员接单。"
    assert len(house.post.to("网格员甲")) == 2
    assert "写上编号" in which


async def test_one_that_cannot_be_accepted_does_not_hold_up_the_others(house: House) -> None:
    [done] = await house.says("网格员甲", "接单 1001 1009", group=COMMUNITY_GROUP)

    assert "1001 号已由社区网格员接单" in done
    assert "没有找到编号 1009" in done
    assert (await house.ticket()).state is TicketState.ACTIVE


@pytest.mark.parametrize("said", ["撤销", "撤销 1001", "撤销办结 1001", "办错了", "办错了，是1002"])
async def test_staff_take_back_a_ticket_finished_by_a_slip(house: House, said: str) -> None:
    await house.says("物业甲", "接单 1001", group=COMMUNITY_GROUP)
    await house.says("物业甲", "1001 修好了", group=COMMUNITY_GROUP)
    house.post.to("居民甲")

    [done] = await house.says("物业甲", said, group=COMMUNITY_GROUP)

    assert "1001 号「电梯坏了」的办结已撤销" in done
    assert (await house.ticket()).state is TicketState.ACTIVE
    [told] = house.post.to("居民甲")
    assert "弄错了，还在办" in told
    [mine] = await house.says("居民甲", "我的报修")
    assert "处理中，芳草苑小区物业在办" in mine


async def test_staff_take_back_an_acceptance(house: House) -> None:
    await house.says("物业甲", "接单 1001", group=COMMUNITY_GROUP)
    [done] = await house.says("物业甲", "接错了 1001", group=COMMUNITY_GROUP)
    house.post.to(COMMUNITY_GROUP)
    await house.wait(timedelta(hours=4))

    assert "接单已撤销" in done
    assert (await house.ticket()).state is TicketState.NEW
    assert (await house.ticket()).handler_id is None
    assert any("还没有人接单" in text for text in house.post.to(COMMUNITY_GROUP))


async def test_news_nobody_has_heard_yet_is_not_told_at_all(house: House) -> None:
    await house.wait(timedelta(hours=10, minutes=30))
    house.post.to("居民甲")
    await house.says("物业甲", "1001 修好了", group=COMMUNITY_GROUP)
    await house.says("物业甲", "撤销 1001", group=COMMUNITY_GROUP)

    await house.wait(timedelta(hours=12))

    assert house.post.to("居民甲") == []


async def test_only_the_own_last_step_is_taken_back_and_only_at_once(house: House) -> None:
    await house.says("物业甲", "1001 修好了", group=COMMUNITY_GROUP)

    [others] = await house.says("网格员甲", "撤销 1001", group=COMMUNITY_GROUP)
    await house.wait(timedelta(minutes=11))
    [late] = await house.says("物业甲", "撤销 1001", group=COMMUNITY_GROUP)
    strangers = await house.says("居民乙", "撤销 1001", group=COMMUNITY_GROUP)

    assert "撤销不了" in others
    assert "撤销不了" in late
    assert "已撤销" not in strangers[0]
    assert (await house.ticket()).state is TicketState.RESOLVED


async def test_a_number_too_short_for_a_ticket_is_asked_about(house: House) -> None:
    [staff] = await house.says("物业甲", "撤回 2")
    [resident] = await house.says("居民甲", "撤回 2")

    assert staff == undoing.WHICH_FOR_STAFF
    assert resident == undoing.WHICH_FOR_RESIDENTS


@pytest.mark.parametrize(
    "said", ["群发 明天停水", "怎么群发", "给所有居民发消息 明天开会", "通知全体业主明天开会"]
)
async def test_nothing_is_sent_to_everybody_and_staff_hear_what_can_be(
    house: House, said: str
) -> None:
    [staff] = await house.says("网格员甲", said)
    [resident] = await house.says("居民甲", said)

    assert staff == outreach.TO_ALL_BY_STAFF
    assert resident == outreach.TO_ALL_BY_RESIDENT
    assert house.post.arrived == []


async def test_what_the_law_says_of_notices_is_still_answered(house: House) -> None:
    said = await house.says("居民甲", "通知全体业主开会要提前几天")

    assert outreach.TO_ALL_BY_RESIDENT not in said
