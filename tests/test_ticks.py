"""What time brings about by itself: once, and only when people are awake."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers import texts, ticks
from storage.inbox import KEPT_FOR
from storage.transaction import Transaction
from storage.words import CodePurpose
from tests.houses import House

HOUR = timedelta(hours=1)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The street at Monday noon, with a report of 居民甲 begun."""
    house = House(tmp_path)
    await house.settle()
    await house.say("居民甲", "楼道灯不亮了")
    yield house
    house.store.close()


async def minute(house: House) -> list[tuple[str, str]]:
    await ticks.every_minute(house.store, house.spool, house.street, house.current, house.clock)
    return await house.delivered()


async def pass_time(house: House, hours: int) -> list[tuple[str, str]]:
    said = []
    for _ in range(hours * 2):
        house.clock.forward(HOUR / 2)
        said += await minute(house)
    return said


async def test_a_draft_is_reminded_of_once(house: House) -> None:
    assert await pass_time(house, 2) == []
    assert await pass_time(house, 2) == [("居民甲", texts.DRAFT_WAITS)]
    assert await pass_time(house, 60) == []


async def test_nobody_is_reminded_at_night(house: House) -> None:
    house.clock.forward(7 * HOUR)
    await house.say("居民乙", "楼道灯不亮了")
    await minute(house)

    assert await pass_time(house, 12) == []
    assert await pass_time(house, 2) == [("居民乙", texts.DRAFT_WAITS)]


async def test_a_reminder_survives_a_restart_without_doubling(house: House) -> None:
    house.clock.forward(4 * HOUR)
    await ticks.every_minute(house.store, house.spool, house.street, house.current, house.clock)
    house.restart()
    await ticks.every_minute(house.store, house.spool, house.street, house.current, house.clock)

    assert await house.delivered() == [("居民甲", texts.DRAFT_WAITS)]


async def test_a_draft_is_kept_a_day_and_dropped_after_three(house: House) -> None:
    await pass_time(house, 24)
    [summary] = await house.say("居民甲", "五栋一单元")
    assert "楼道灯不亮" in summary.text

    await pass_time(house, 73)
    [nothing] = await house.say("居民甲", "确认")
    assert nothing.text == texts.NOTHING_TO_CONFIRM


async def test_a_new_draft_is_reminded_of_too(house: House) -> None:
    await pass_time(house, 4)
    await house.say("居民甲", "取消")
    await house.say("居民甲", "楼道灯不亮了")

    assert await pass_time(house, 4) == [("居民甲", texts.DRAFT_WAITS)]


async def test_a_kept_alarm_is_raised_once_even_if_it_could_not_be_forgotten(house: House) -> None:
    alarm: dict[str, object] = {
        "kind": "fire",
        "text": "着火了",
        "address": "terminal:居民甲",
        "said_at": house.clock().isoformat(),
        "key": "terminal:77",
    }
    house.spool.keep(alarm)
    first = await minute(house)
    house.spool.keep(alarm)
    second = await minute(house)

    assert len([text for _to, text in first if "【紧急】" in text]) == 3
    assert second == []
    assert house.spool.waiting() == []


async def test_an_alarm_that_cannot_be_read_does_not_stop_the_clock(house: House) -> None:
    house.spool.keep({"kind": "no such kind", "text": "", "address": "", "key": "k"})
    house.clock.forward(4 * HOUR)

    assert ("居民甲", texts.DRAFT_WAITS) in await minute(house)


async def test_the_night_forgets_what_its_time_is_over_for(house: House) -> None:
    def make(tx: Transaction) -> None:
        tx.codes.make("OLD2345", CodePurpose.FIRST_ADMIN, tx.now + HOUR)

    await house.store.run(make)
    await ticks.every_night(house.store, house.current)
    assert await house.store.run(lambda tx: tx.codes.find("OLD2345"))
    assert await house.store.run(lambda tx: tx.inbox.seen("terminal:1")) is not None

    house.clock.forward(KEPT_FOR + HOUR)
    await ticks.every_night(house.store, house.current)

    assert await house.store.run(lambda tx: tx.codes.find("OLD2345")) is None
    assert await house.store.run(lambda tx: tx.inbox.seen("terminal:1")) is None


async def test_the_night_forgets_who_was_given_an_answer_when_nobody_is_told_of_it_any_more(
    house: House,
) -> None:
    [given, *_] = await house.say("居民乙", "物业服务不好能不交物业费吗")
    assert "民法典" in given.text
    resident = (await house.store.run(lambda tx: tx.residents.named("居民乙")))[0].id
    counts = []
    for days in (179, 2):
        house.clock.forward(timedelta(days=days))
        await ticks.every_night(house.store, house.current)
        counts.append(len(await house.store.run(lambda tx: tx.answers.given_to(resident))))

    assert counts == [1, 0]


async def test_the_night_forgets_silent_talks_but_no_draft_and_none_with_a_person(
    house: House,
) -> None:
    await house.say("居民乙", "菜单")
    await house.say("书记甲", "9")
    house.clock.forward(timedelta(days=29))
    await house.say("物业甲", "菜单")
    await ticks.every_night(house.store, house.current)
    early = known(house)
    house.clock.forward(timedelta(days=2))
    await ticks.every_night(house.store, house.current)
    late = known(house)
    [back] = await house.say("居民乙", "菜单")

    assert early == {"居民甲", "居民乙", "书记甲", "物业甲"}
    assert late == {"居民甲", "书记甲", "物业甲"}
    assert "报修" in back.text or back.choices


def known(house: House) -> set[str]:
    return {str(sender) for (sender,) in house.database.run("SELECT sender FROM talks")}
