"""Every notice ends with the person: by one of their ways, or on the list of people to visit."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers import ticks
from handlers.delivery import DeliveryError, Unsure, WayClosed
from handlers.outreach import rules
from storage.transaction import Transaction
from storage.words import NoticeState, StepOutcome
from tests.houses import CHANNEL, STAFF_GROUP
from tests.ladder_street import BUSY, DAY, FULL, GONE, HOUR, MINUTE, Street, a_street


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with a_street(tmp_path) as street:
        yield street


# The order of ways


async def test_the_way_used_last_comes_first_and_is_noted(street: Street) -> None:
    await street.tell()
    await street.deliver()

    assert street.said(CHANNEL) == ["您的 1001 修好了 0"]
    assert street.said("telegram") == []
    _notice, state, via, steps = await street.last()
    assert (state, via, steps) == (NoticeState.DELIVERED, f"{CHANNEL}:居民甲", [])


async def test_a_way_that_is_gone_gives_way_to_the_next_at_once(street: Street) -> None:
    street.platforms[CHANNEL].trouble = GONE
    await street.tell()
    await street.deliver()

    assert street.said("telegram") == ["您的 1001 修好了 0"]
    _notice, state, via, steps = await street.last()
    assert (state, via) == (NoticeState.DELIVERED, "telegram:t")
    assert steps == [(CHANNEL, StepOutcome.REFUSED)]


async def test_a_way_that_is_gone_is_not_tried_again_before_the_person_writes(
    street: Street,
) -> None:
    street.platforms[CHANNEL].trouble = GONE
    await street.tell(n=2)
    await street.deliver()
    await street.tell()
    await street.deliver()
    street.platforms[CHANNEL].trouble = None
    asked = street.platforms[CHANNEL].asked
    await street.say("居民甲", "菜单")
    await street.tell()
    await street.deliver()

    assert asked <= 2
    assert street.said(CHANNEL) == ["您的 1001 修好了 0"]


async def test_a_quota_that_is_used_up_sends_the_notice_on(street: Street) -> None:
    street.platforms[CHANNEL].trouble = WayClosed("5 of 5", permanent=False)
    await street.tell()
    await street.deliver()

    assert street.said("telegram") == ["您的 1001 修好了 0"]
    assert (await street.last())[3] == [(CHANNEL, StepOutcome.USED_UP)]


async def test_a_way_in_trouble_is_waited_for_a_little_and_then_passed_by(street: Street) -> None:
    street.platforms[CHANNEL].trouble = BUSY
    await street.tell()
    await street.deliver()
    assert street.said("telegram") == []

    street.clock.forward(timedelta(seconds=6))
    await street.deliver()
    assert street.said("telegram") == []
    street.clock.forward(timedelta(seconds=31))
    await street.deliver()

    assert street.said("telegram") == ["您的 1001 修好了 0"]


async def test_what_may_have_arrived_is_said_again_seldom_and_then_another_way(
    street: Street,
) -> None:
    street.platforms[CHANNEL].trouble = Unsure("the answer got lost")

    await street.tell()
    await street.deliver()
    await street.pass_by(9 * MINUTE, MINUTE)
    at_first = street.platforms[CHANNEL].asked
    await street.pass_by(HOUR)
    within_the_hour = street.platforms[CHANNEL].asked
    await street.pass_by(HOUR)

    assert (at_first, within_the_hour, street.platforms[CHANNEL].asked) == (1, 2, 3)
    assert street.said("wechat") == []
    assert street.said("telegram") == ["您的 1001 修好了 0"]


async def test_a_busy_way_does_not_bring_back_soon_what_may_have_arrived(street: Street) -> None:
    for name, platform in street.platforms.items():
        platform.trouble = Unsure("the answer got lost") if name == CHANNEL else BUSY

    await street.tell()
    await street.deliver()
    await street.pass_by(DAY + 6 * HOUR, HOUR)

    _notice, state, _via, steps = await street.last()
    assert steps.count((CHANNEL, StepOutcome.UNSURE)) == 6
    assert state is NoticeState.VISIT


async def test_a_long_pause_that_the_platform_asks_for_is_not_waited_for(street: Street) -> None:
    street.platforms[CHANNEL].trouble = DeliveryError(
        "tomorrow", permanent=False, retry_after=timedelta(hours=6)
    )
    await street.tell()
    await street.deliver()

    assert street.said("telegram") == ["您的 1001 修好了 0"]


async def test_a_telephone_comes_last_and_only_for_what_is_important(street: Street) -> None:
    for name in (CHANNEL, "telegram", "web"):
        street.platforms[name].trouble = GONE
    await street.tell(topic="points")
    await street.tell(topic="tickets")
    await street.deliver()

    assert street.said("sms") == ["您的 1001 修好了 0"]
    assert street.platforms["sms"].said[0][0] == "00000000001"
    assert (await street.last())[2] == f"sms:{await street.id_of('居民甲')}"


# How much, and when


async def test_more_than_so_many_unasked_messages_wait_for_the_morning(street: Street) -> None:
    await street.tell(topic="points", n=rules.DAILY_CAP + 2)
    await street.deliver()
    today = len(street.said(CHANNEL))
    await street.tell(topic="tickets")
    await street.tell(topic="handover", urgent=True)
    await street.deliver()
    asked_for = len(street.said(CHANNEL)) - today
    street.clock.forward(20 * HOUR)
    await street.deliver()

    assert today == rules.DAILY_CAP
    assert asked_for == 2
    assert len(street.said(CHANNEL)) == rules.DAILY_CAP + 4


async def test_what_was_put_off_has_all_its_tries_before_it(street: Street) -> None:
    await street.tell(topic="points", n=3 * rules.DAILY_CAP + 1)
    await street.deliver()
    street.clock.forward(20 * HOUR)
    await street.deliver()
    for _ in range(2):
        street.clock.forward(DAY)
        if len(street.said(CHANNEL)) == 3 * rules.DAILY_CAP:
            street.platforms[CHANNEL].trouble = BUSY
        await street.deliver()
    elsewhere = street.said("telegram")
    street.platforms[CHANNEL].trouble = None
    street.clock.forward(timedelta(seconds=6))
    await street.deliver()

    assert elsewhere == []
    assert len(street.said(CHANNEL)) == 3 * rules.DAILY_CAP + 1


async def test_a_full_minute_of_a_group_uses_up_no_try(street: Street) -> None:
    def work(tx: Transaction) -> None:
        tx.directory.bind_group("telegram", "-5", 1)
        tx.directory.leave_group(f"{CHANNEL}:{STAFF_GROUP}")
        for n in range(41):
            tx.notices.schedule(key=f"n:{n}", text=f"{n}", topic="tickets", group_id=1)

    await street.store.run(work)
    for _ in range(2):
        await street.deliver()
        street.clock.forward(MINUTE)
    street.platforms["telegram"].trouble = BUSY
    await street.deliver()
    [(attempts,)] = street.database.run("SELECT attempts FROM notices WHERE state = 'pending'")

    assert attempts == 1


async def test_a_way_that_is_full_for_a_moment_uses_up_no_try(street: Street) -> None:
    street.platforms[CHANNEL].trouble = FULL
    await street.tell()
    for _ in range(5):
        await street.deliver()
        street.clock.forward(MINUTE)
    street.platforms[CHANNEL].trouble = BUSY
    await street.deliver()
    elsewhere = street.said("telegram")
    street.platforms[CHANNEL].trouble = None
    street.clock.forward(timedelta(seconds=6))
    await street.deliver()

    assert elsewhere == []
    assert len(street.said(CHANNEL)) == 1


async def test_a_way_that_stays_full_for_more_than_ten_minutes_is_passed_by(
    street: Street,
) -> None:
    street.platforms[CHANNEL].trouble = FULL
    await street.tell()
    await street.pass_by(10 * MINUTE, MINUTE)
    within = street.said("telegram")
    street.clock.forward(MINUTE)
    await street.deliver()

    assert within == []
    assert len(street.said("telegram")) == 1


@pytest.mark.parametrize("trouble", [FULL, WayClosed("5 of 5", permanent=False)])
async def test_who_has_one_way_that_is_full_or_closed_has_all_tries_left(
    street: Street, trouble: DeliveryError
) -> None:
    street.platforms[CHANNEL].trouble = trouble
    await street.tell("楼栋长甲")
    await street.pass_by(HOUR)
    [(attempts,)] = street.database.run("SELECT attempts FROM notices WHERE state = 'pending'")

    assert street.platforms[CHANNEL].asked <= 7
    assert attempts == 0


async def test_who_was_not_met_yet_has_all_tries_left(street: Street) -> None:
    def add(tx: Transaction) -> None:
        tx.residents.add(name="居民丁", community_id=1, estate_id=1)

    def come(tx: Transaction) -> None:
        [person] = tx.residents.named("居民丁")
        tx.residents.bind(person, "telegram", "d", "d")
        tx.residents.bind(person, CHANNEL, "居民丁", "居民丁")
        tx.residents.use(person, f"{CHANNEL}:居民丁")

    await street.store.run(add)
    await street.tell("居民丁")
    await street.pass_by(3 * HOUR)
    await street.store.run(come)
    street.platforms[CHANNEL].trouble = BUSY
    await street.pass_by(10 * MINUTE)
    elsewhere = street.said("telegram")
    street.platforms[CHANNEL].trouble = None
    street.clock.forward(timedelta(seconds=6))
    await street.deliver()

    assert elsewhere == []
    assert len(street.said(CHANNEL)) == 1


async def test_a_delay_does_not_bring_a_message_in_the_night(street: Street) -> None:
    street.platforms[CHANNEL].trouble = DeliveryError(
        "later", permanent=False, retry_after=timedelta(minutes=9)
    )
    street.clock.forward(timedelta(hours=8, minutes=55))
    await street.tell()
    await street.tell(topic="handover", urgent=True)
    await street.deliver()
    street.platforms[CHANNEL].trouble = None

    street.clock.forward(10 * MINUTE)
    await street.deliver()
    at_night = len(street.said(CHANNEL))
    street.clock.forward(11 * HOUR)
    await street.deliver()

    assert at_night == 1
    assert len(street.said(CHANNEL)) == 2


async def test_a_group_is_told_no_more_a_minute_than_its_platform_takes(street: Street) -> None:
    def work(tx: Transaction) -> None:
        tx.directory.bind_group("telegram", "-5", 1)
        tx.directory.leave_group(f"{CHANNEL}:{STAFF_GROUP}")
        for n in range(25):
            tx.notices.schedule(key=f"n:{n}", text=f"{n}", topic="tickets", group_id=1)
        tx.notices.schedule(key="alarm", text="紧急", topic="emergency", group_id=1, urgent=True)

    await street.store.run(work)
    await street.deliver()
    first = len(street.said("telegram"))
    street.clock.forward(MINUTE)
    await street.deliver()

    assert first == 21
    assert "紧急" in street.said("telegram")[:21]
    assert len(street.said("telegram")) == 26


async def test_counts_of_past_days_are_forgotten(street: Street) -> None:
    await street.tell(topic="points")
    await street.deliver()
    street.clock.forward(3 * DAY)

    await ticks.every_night(street.store, street.current)

    left = await street.store.run(
        lambda tx: tx.reading().exec_driver_sql("SELECT count(*) FROM tallies").scalar()
    )
    assert left == 0
