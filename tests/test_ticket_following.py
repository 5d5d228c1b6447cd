"""What becomes of a report, as its reporter sees it: asked for, mended or not, taken back."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage.words import TicketEventKind, TicketLevel, TicketState
from tests.stores import NOON, Database
from tests.ticket_street import COMMUNITY_GROUP, House, a_street, kinds, resolved


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """A street at Monday noon."""
    house = await a_street(tmp_path, database)
    yield house
    house.store.close()


# Following


async def test_somebody_elses_number_tells_nothing(house: House) -> None:
    await house.reported()

    others = [
        await house.says("居民乙", said)
        for said in ("1001", "没解决 1001", "修好了 1001", "撤回 1001", "1001 5分")
    ]
    [unknown] = await house.says("居民乙", "1002")

    assert {replies[0].replace("1001", "1002") for replies in others} == {unknown}
    assert await kinds(house) == [TicketEventKind.OPENED]


async def test_the_reporter_sees_state_and_history(house: House) -> None:
    await house.reported()
    await house.says("物业甲", "接单 1001")

    [mine] = await house.says("居民甲", "我的报修")
    [one] = await house.says("居民甲", "1001到哪了")

    assert "1001 电梯坏了（芳草苑小区 三栋二单元）：处理中，芳草苑小区物业在办" in mine
    assert "芳草苑小区物业接单" in one
    assert "您报修，已收到" in one


async def test_nothing_reported_yet_offers_to_report(house: House) -> None:
    [reply] = await house.says("居民甲", "我的报修")

    assert "还没有报修" in reply
    assert "1 报修" in reply


async def test_pressing_reaches_the_staff_once_a_working_day(house: House) -> None:
    await house.reported()
    urge = "怎么还没人来修电梯，都等了一天了"

    first = await house.says("居民甲", urge)
    second = await house.says("居民甲", urge)
    same_day = house.post.to(COMMUNITY_GROUP)
    await house.wait(timedelta(days=1))
    house.post.arrived.clear()
    await house.says("居民甲", urge)

    assert "已替您催办" in first[0]
    assert "已经转告过了" in second[0]
    assert len(same_day) == 1
    assert len(house.post.to(COMMUNITY_GROUP)) == 1


# The result


async def test_not_solved_goes_back_to_the_same_unit_then_one_rung_up(house: House) -> None:
    await house.reported()
    await resolved(house)

    first = await house.says("居民甲", "没解决")
    await house.says("居民甲", "门还是关不上")
    cards = house.post.to(COMMUNITY_GROUP)
    level = (await house.ticket()).level
    await resolved(house)
    await house.says("居民甲", "没解决，还是关不上")

    assert "重新交给芳草苑小区物业" in first[0]
    assert "第 1 次重开" in cards[0]
    assert "门还是关不上" in cards[1]
    assert level is TicketLevel.ESTATE
    assert (await house.ticket()).level is TicketLevel.COMMUNITY
    [again] = house.post.to(COMMUNITY_GROUP)
    assert "第 2 次重开：还是关不上" in again


async def test_saying_not_solved_again_reopens_once(house: House) -> None:
    await house.reported()
    await resolved(house)

    await house.says("居民甲", "没解决")
    await house.says("居民甲", "没解决")

    assert (await kinds(house)).count(TicketEventKind.REOPENED) == 1


async def test_the_reason_may_be_left_out(house: House) -> None:
    await house.reported()
    await resolved(house)
    await house.says("居民甲", "没解决")

    [done] = await house.says("居民甲", "跳过")

    assert "照样重办" in done
    assert (await house.ticket()).state is TicketState.NEW


async def test_a_dispute_after_fourteen_days_is_a_new_matter(house: House) -> None:
    await house.reported()
    await resolved(house)
    await house.wait(timedelta(days=14, minutes=1))

    [refused] = await house.says("居民甲", "没解决 1001")

    assert "14" in refused
    assert (await house.ticket()).state is TicketState.CLOSED


async def test_a_confirmed_ticket_asks_for_stars_and_keeps_them_from_the_group(
    house: House,
) -> None:
    await house.reported()
    await house.says("物业甲", "办结 1001 已更换主板", group=COMMUNITY_GROUP)
    house.post.arrived.clear()

    [asked] = await house.says("居民甲", "1")
    [thanks] = await house.says("居民甲", "4")

    assert "4 4 分，满意" in asked
    assert "4 分" in thanks
    ticket = await house.ticket()
    assert (ticket.state, ticket.rating) == (TicketState.CLOSED, 4)
    assert house.post.arrived == []


@pytest.mark.parametrize(
    ("said", "stars", "state"),
    [
        ("5分", 5, TicketState.CLOSED),
        ("满意", 5, TicketState.CLOSED),
        ("1001 三分", 3, TicketState.RESOLVED),
        ("不满意", 2, TicketState.RESOLVED),
    ],
)
async def test_stars_in_words_are_kept_and_good_ones_confirm(
    house: House, said: str, stars: int, state: TicketState
) -> None:
    await house.reported()
    await resolved(house)

    await house.says("居民甲", said)

    ticket = await house.ticket()
    assert (ticket.rating, ticket.state) == (stars, state)


async def test_silence_is_filed_after_a_week_and_never_counted_as_satisfied(house: House) -> None:
    await house.reported()
    await resolved(house)

    await house.wait(timedelta(days=6, hours=23))
    before = (await house.ticket()).state
    await house.wait(timedelta(hours=2))
    await house.wait(timedelta(minutes=1))

    assert before is TicketState.RESOLVED
    ticket = await house.ticket()
    assert (ticket.state, ticket.rating) == (TicketState.CLOSED, None)
    [told] = house.post.to("居民甲")
    assert "不算您满意" in told


async def test_news_of_a_step_waits_for_the_morning(house: House) -> None:
    await house.reported()
    await house.wait(timedelta(hours=10))
    house.post.arrived.clear()

    await house.says("物业甲", "接单 1001")
    at_night = house.post.to("居民甲")
    await house.wait(timedelta(hours=10))

    assert at_night == []
    assert len(house.post.to("居民甲")) == 1


# Taking back


async def test_a_fresh_report_is_taken_back_and_the_staff_knows(house: House) -> None:
    await house.reported()

    [done] = await house.says("居民甲", "撤回")

    assert "1001" in done
    assert "已撤回" in done
    assert "居民已撤回" in house.post.to(COMMUNITY_GROUP)[0]
    assert (await house.ticket()).state is TicketState.WITHDRAWN


async def test_an_accepted_report_is_taken_back_within_ten_minutes_only(house: House) -> None:
    await house.reported()
    await house.says("物业甲", "接单 1001")
    house.clock.now = NOON + timedelta(minutes=11)

    [refused] = await house.says("居民甲", "撤回 1001")

    assert "已经有人接单" in refused
    assert (await house.ticket()).state is TicketState.ACTIVE


async def test_an_older_report_is_taken_back_only_by_its_number(house: House) -> None:
    await house.reported()
    await house.wait(timedelta(hours=1))

    [which] = await house.says("居民甲", "撤回")
    [done] = await house.says("居民甲", "撤回 1001")

    assert "撤回 1001" in which
    assert "已撤回" in done
