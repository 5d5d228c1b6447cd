"""After an outage nobody gets a stale answer: one apology; staff hear of cries for help."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers import ticks
from handlers.emergency import texts as emergency
from storage.outage import Outage
from tests.houses import RESIDENTS_GROUP, STAFF_GROUP, House

OLD = timedelta(minutes=31)
HOURS = timedelta(hours=2)
FIRE = "着火了，快来人"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The street, with a database that gives up soon when it is locked."""
    house = House(tmp_path, busy_timeout=timedelta(milliseconds=50))
    await house.settle()
    yield house
    house.store.close()


async def test_an_old_message_is_not_acted_on_and_its_time_is_named(house: House) -> None:
    [said] = await house.say("居民甲", "我的积分", age=HOURS)

    assert "今天上午 10 点" in said.text
    assert "再发一次" in said.text
    assert "个积分" not in said.text


async def test_a_message_of_half_an_hour_is_answered(house: House) -> None:
    [said] = await house.say("居民甲", "我的积分", age=timedelta(minutes=30))

    assert "积分" in said.text
    assert "对不起" not in said.text


async def test_who_wrote_often_gets_one_apology(house: House) -> None:
    first = await house.say("居民甲", "楼道灯坏了", age=HOURS)
    others = [await house.say("居民甲", f"喂 {n}", age=OLD) for n in range(40)]

    assert len(first) == 1
    assert others == [[]] * 40


async def test_the_next_outage_gets_its_own_apology(house: House) -> None:
    await house.say("居民甲", "楼道灯坏了", age=HOURS)
    house.clock.forward(timedelta(hours=8))

    [again] = await house.say("居民甲", "楼道灯坏了", age=HOURS)

    assert "对不起" in again.text


async def test_an_open_form_asks_again_and_keeps_its_draft(house: House) -> None:
    await house.say("居民甲", "楼道灯不亮了")

    apology, question = await house.say("居民甲", "五栋一单元", age=HOURS)
    [summary] = await house.say("居民甲", "五栋一单元")

    assert "对不起" in apology.text
    assert "哪" in question.text
    assert "楼道灯不亮" in summary.text


async def test_an_old_confirmation_submits_nothing(house: House) -> None:
    await house.say("居民甲", "楼道灯不亮了")
    await house.say("居民甲", "五栋一单元")

    await house.say("居民甲", "确认", age=HOURS)
    mine = await house.say("居民甲", "我的报修")

    assert "1001" not in mine[0].text


async def test_an_old_cry_for_help_raises_no_alarm_but_reaches_the_staff(house: House) -> None:
    first, second = await house.say("居民甲", FIRE, age=HOURS)
    said = await house.delivered()

    assert "119" in first.text.splitlines()[0]
    assert "才看到" in first.text
    assert second.text == emergency.LATE_PASSED_ON
    [(to, told)] = said
    assert to == STAFF_GROUP
    assert "【迟到的求助】" in told
    assert "今天上午 10 点" in told
    assert "居民甲" not in told
    house.clock.forward(timedelta(minutes=10))
    assert await house.delivered() == []


async def test_a_cry_for_help_is_no_alarm_when_the_database_was_away_too(house: House) -> None:
    outage = Outage(house.database.url)
    outage.begin()
    first, _ = await house.say("居民甲", FIRE, age=HOURS)
    outage.end()
    await ticks.every_minute(house.store, house.spool, house.street, house.current, house.clock)

    assert "才看到" in first.text
    [(to, told)] = await house.delivered()
    assert to == STAFF_GROUP
    assert "【迟到的求助】" in told


async def test_words_to_a_person_who_has_the_talk_reach_them_with_their_time(house: House) -> None:
    await house.say("居民甲", "9")
    await house.say("书记甲", "回 1 您好")
    await house.delivered()

    answers = await house.say("居民甲", "我下午在家", age=HOURS)

    assert answers == []
    [(to, told)] = await house.delivered()
    assert to == STAFF_GROUP
    assert "我下午在家" in told
    assert "今天上午 10 点" in told


async def test_words_while_nobody_has_answered_yet_are_passed_on(house: House) -> None:
    await house.say("居民甲", "9")
    await house.delivered()

    [said] = await house.say("居民甲", "我下午在家", age=HOURS)

    assert "转给工作人员" in said.text
    assert [to for to, _ in await house.delivered()] == [STAFF_GROUP]


async def test_in_groups_only_who_called_or_gave_an_order_hears_of_it(house: House) -> None:
    chatter = await house.say(
        "居民甲", "今天真热", group=RESIDENTS_GROUP, addressed=False, age=HOURS
    )
    [called] = await house.say("居民乙", "漏水谁修", group=RESIDENTS_GROUP, age=HOURS)
    [order] = await house.say("物业甲", "接单 1001", group=STAFF_GROUP, addressed=False, age=HOURS)

    assert chatter == []
    assert "才看到" in called.text
    assert "才看到" in order.text


async def test_a_message_sent_twice_gets_the_same_apology_twice(house: House) -> None:
    first = await house.say("居民甲", "楼道灯坏了", age=HOURS, number=7)
    again = await house.say("居民甲", "楼道灯坏了", age=HOURS, number=7)

    assert first == again
