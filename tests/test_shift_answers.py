"""What volunteers ask beside signing up: a closed shift, hours, expiry; and who cannot come."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.localtime import local
from handlers.points import texts as points
from handlers.shifts import texts
from storage.transaction import Transaction
from tests.houses import House
from tests.stores import NOON, Database

SOON, LATER = "红建路文明值守", "夜间巡逻"


def _shifts(tx: Transaction) -> None:
    for title, days, hours, place in ((SOON, 1, 2, "红建路路口"), (LATER, 7, 3, None)):
        begins = local(NOON) + timedelta(days=days)
        tx.shifts.add(
            title=title,
            starts_at=begins,
            ends_at=begins + timedelta(hours=hours),
            places=2,
            place=place,
        )


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """A shift tomorrow at noon, and one a week from now."""
    house = House(tmp_path, database=database)
    await house.settle()
    await house.store.run(_shifts)
    yield house
    house.store.close()


async def test_who_leaves_too_late_is_told_of_which_shift_and_so_is_the_staff(house: House) -> None:
    await house.say("居民甲", f"报名{SOON}")
    house.clock.forward(timedelta(hours=23))
    await house.delivered()

    [late] = await house.say("居民甲", "取消报名")
    await house.say("居民甲", "9")

    assert f"「{SOON}」（今天" in late.text
    [(_, card)] = await house.delivered()
    assert f"想取消「{SOON}」" in card
    assert "红建路路口" in card


@pytest.mark.parametrize("words", [f"报名{SOON}", f"{SOON}还能报吗", "今天有什么班"])
@pytest.mark.parametrize(("hours", "why"), [(23, "不到 2 小时"), (25, "已经开始了")])
async def test_a_closed_shift_is_said_to_be_closed(
    house: House, words: str, hours: int, why: str
) -> None:
    house.clock.forward(timedelta(hours=hours))

    [offer] = await house.say("居民甲", words)

    assert f"「{SOON}」（今天中午 12 点）" in offer.text
    assert why in offer.text
    assert LATER in offer.choices[0].label


@pytest.mark.parametrize("words", ["有什么班", "明天有什么班", f"报名{LATER}"])
async def test_nobody_who_asks_for_another_one_hears_of_a_closed_shift(
    house: House, words: str
) -> None:
    house.clock.forward(timedelta(hours=23))

    [reply] = await house.say("居民甲", words)

    assert SOON not in reply.text


async def test_hours_are_those_of_ones_own_shifts_that_are_over(house: House) -> None:
    await house.say("居民甲", f"报名{SOON}")
    await house.say("居民甲", f"报名{LATER}")
    [before] = await house.say("居民甲", "我服务了多少小时")
    house.clock.forward(timedelta(hours=27))

    [after] = await house.say("居民甲", "我的志愿时长")
    [other] = await house.say("居民乙", "我做了多少个小时志愿服务")

    assert before.text == other.text == texts.NONE_DONE
    assert "有 1 个，按排班算一共 2 小时" in after.text
    assert SOON in after.text


@pytest.mark.parametrize("words", ["我的积分什么时候过期", "积分会过期吗", "积分有效期是多久"])
async def test_points_do_not_expire_and_that_is_what_is_said(house: House, words: str) -> None:
    await house.say("书记甲", "给居民甲加5分 门前整洁")

    [said] = await house.say("居民甲", words)

    assert said.text == points.expiry(5)
