"""Volunteers and their shifts through the real dispatcher: what is said, and what then holds."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from handlers.localtime import local
from handlers.message import Message, Reply
from knowledge.folding import simplified
from storage.shifts import Shift
from storage.transaction import Transaction
from tests.houses import CHANNEL, RESIDENTS_GROUP, House
from tests.stores import NOON, Database

TITLES = ("红建路文明值守", "建港清洁家园", "夜间巡逻")


def on(days: int, clock_hour: int) -> datetime:
    """Return a local hour so many days after the start."""
    day = local(NOON) + timedelta(days=days)
    return day.replace(hour=clock_hour, minute=0)


def _shifts(tx: Transaction) -> None:
    for title, days, hour, places in (
        (TITLES[0], 1, 8, 2),
        (TITLES[1], 3, 14, 1),
        (TITLES[2], 7, 19, 4),
    ):
        begins = on(days, hour)
        tx.shifts.add(
            title=title,
            starts_at=begins,
            ends_at=begins + timedelta(hours=2),
            places=places,
            place="红建路路口" if title == TITLES[0] else None,
        )


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    house = House(tmp_path, database=database)
    await house.settle()
    await house.store.run(_shifts)
    yield house
    house.store.close()


async def said(house: House, who: str, text: str, group: str | None = None) -> str:
    return "\n".join(reply.text for reply in await house.say(who, text, group=group))


def offered(replies: list[Reply]) -> list[str]:
    return [c.label for r in replies for c in r.choices if c.number not in {0, 9, None}]


async def mine(house: House, who: str) -> list[str]:
    def titles(tx: Transaction) -> list[str]:
        [person] = tx.residents.named(who)
        return [shift.title for _, shift in tx.shifts.of_resident(person.id, NOON)]

    return await house.store.run(titles)


async def taken(house: House) -> list[int]:
    def counts(tx: Transaction) -> list[int]:
        return [shift.taken for shift in tx.shifts.upcoming(NOON)]

    return await house.store.run(counts)


async def test_open_shifts_are_listed_soonest_first_and_taken_by_their_number(house: House) -> None:
    replies = await house.say("居民甲", "有什么班")

    labels = offered(replies)
    assert [label.split("，")[0] for label in labels] == list(TITLES)
    assert "明天（周二）" in labels[0]
    assert "还差 2 人" in labels[0]
    assert TITLES[1] in await said(house, "居民甲", "2")
    assert await mine(house, "居民甲") == [TITLES[1]]


async def test_full_shifts_and_ones_own_are_said_but_not_offered(house: House) -> None:
    await house.say("居民乙", "报名建港清洁家园")
    await house.say("居民甲", "报名夜间巡逻")

    replies = await house.say("居民甲", "有什么班")

    assert [label.split("，")[0] for label in offered(replies)] == [TITLES[0]]
    assert "建港清洁家园" in replies[0].text
    assert "已满" in replies[0].text
    assert "您已报名" in replies[0].text


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("报名红建路文明值守", TITLES[0]),
        ("报名 3", TITLES[2]),
        ("报第二个", TITLES[1]),
        ("我要报明天的班", TITLES[0]),
        ("我要报大后天的班", TITLES[1]),
        ("我想报名夜間巡邏", TITLES[2]),
        ("报名巡逻", TITLES[2]),
        ("报名下周一的班", TITLES[2]),
    ],
)
async def test_a_shift_is_named_by_number_title_or_day(house: House, text: str, title: str) -> None:
    answer = await said(house, "居民甲", text)

    # Who writes the title in traditional characters is answered in them.
    assert title in simplified(answer)
    assert await mine(house, "居民甲") == [title]


async def test_a_number_counts_in_the_list_that_was_shown_even_when_time_went_on(
    house: House,
) -> None:
    await house.say("居民甲", "有什么班")
    house.clock.now = on(1, 9)

    answer = await said(house, "居民甲", "报名 2")

    assert TITLES[1] in answer
    assert "截止" in await said(house, "居民甲", "报名 1")


async def test_who_names_no_shift_chooses_and_who_only_asks_is_not_signed_up(house: House) -> None:
    assert len(offered(await house.say("居民甲", "我要报名"))) == 3

    replies = await house.say("居民甲", "红建路文明值守可以报名吗")

    assert await mine(house, "居民甲") == []
    assert replies


async def test_a_day_without_a_shift_signs_nobody_up(house: House) -> None:
    replies = await house.say("居民甲", "我要报后天的班")

    assert "没有找到" in replies[0].text
    assert len(offered(replies)) == 3
    assert await mine(house, "居民甲") == []


async def test_a_clash_with_ones_own_shift_is_refused_and_not_offered(house: House) -> None:
    def add(tx: Transaction) -> None:
        begins = on(1, 9)
        tx.shifts.add(title="垃圾分类", starts_at=begins, ends_at=on(1, 11), places=3)

    await house.store.run(add)
    await house.say("居民甲", "报名红建路文明值守")

    assert TITLES[0] in await said(house, "居民甲", "报名垃圾分类")
    replies = await house.say("居民甲", "有什么班")

    assert "时间冲突" in replies[0].text
    assert not [label for label in offered(replies) if "垃圾分类" in label]
    assert await mine(house, "居民甲") == [TITLES[0]]


async def test_the_last_place_goes_to_one_of_many_who_ask_at_the_same_time(house: House) -> None:
    names = ("居民甲", "居民乙", "物业甲", "书记甲", "街道甲")

    answers = await asyncio.gather(*(said(house, name, "报名建港清洁家园") for name in names))

    assert sum("报名成功" in answer for answer in answers) == 1
    assert sum("满" in answer for answer in answers) == len(names) - 1
    assert await taken(house) == [0, 1, 0]


async def test_cancelling_frees_the_place_and_withdraws_the_reminders(house: House) -> None:
    await house.say("居民甲", "报名建港清洁家园")

    answer = await said(house, "居民甲", "取消报名")

    assert TITLES[1] in answer
    assert await taken(house) == [0, 0, 0]
    house.clock.now = on(3, 13)
    assert await house.delivered() == []
    assert "报名成功" in await said(house, "居民甲", "报名夜间巡逻")


@pytest.mark.parametrize(
    "text", ["取消报名夜间巡逻", "后天的班我来不了", "取消报名 7", "下周一的班我去不了"]
)
async def test_naming_another_shift_never_costs_ones_own(house: House, text: str) -> None:
    await house.say("居民甲", "报名红建路文明值守")

    assert "没有报这个班" in await said(house, "居民甲", text)

    assert await mine(house, "居民甲") == [TITLES[0]]


@pytest.mark.parametrize("text", ["明天的班我来不了", "取消报名红建路文明值守", "取消报名 1"])
async def test_the_shift_that_was_named_is_the_one_cancelled(house: House, text: str) -> None:
    await house.say("居民甲", "报名夜间巡逻")
    await house.say("居民甲", "报名红建路文明值守")
    assert "（1）红建路文明值守" in await said(house, "居民甲", "我的班")

    await house.say("居民甲", text)

    assert await mine(house, "居民甲") == [TITLES[2]]


@pytest.mark.parametrize("text", ["明天几点集合啊", "在哪里集合"])
async def test_who_signed_up_hears_when_and_where_to_come(house: House, text: str) -> None:
    await house.say("居民甲", "报名红建路文明值守")

    answer = await said(house, "居民甲", text)

    assert "（1）红建路文明值守" in answer
    assert "没有可以报名" not in answer


async def test_of_several_shifts_one_is_chosen_to_cancel(house: House) -> None:
    await house.say("居民甲", "报名夜间巡逻")
    await house.say("居民甲", "报名红建路文明值守")

    replies = await house.say("居民甲", "取消报名")
    assert len(offered(replies)) == 2
    await house.say("居民甲", "2")

    assert await mine(house, "居民甲") == [TITLES[0]]


async def test_less_than_two_hours_before_nobody_joins_or_leaves(house: House) -> None:
    await house.say("居民甲", "报名红建路文明值守")
    house.clock.now = on(1, 6)

    refused = await said(house, "居民甲", "取消报名")

    assert "2 小时" in refused
    assert "9" in refused
    assert await mine(house, "居民甲") == [TITLES[0]]
    assert TITLES[0] not in await said(house, "居民乙", "有什么班")


async def test_reminders_come_once_at_their_minutes_also_after_a_restart(house: House) -> None:
    await house.say("居民甲", "报名建港清洁家园")

    for day, hour, arrives in ((2, 13, 0), (2, 14, 1), (2, 15, 0), (3, 12, 1), (3, 13, 0)):
        house.clock.now = on(day, hour)
        house.restart()
        told = await house.delivered()
        assert len(told) == arrives
        assert all(who == "居民甲" and TITLES[1] in text for who, text in told)
        assert all("11 月 26 日（周四）下午 2 点到 4 点" in text for _, text in told)


async def test_after_an_outage_only_the_later_reminder_is_said_and_none_after_the_start(
    house: House,
) -> None:
    await house.say("居民甲", "报名建港清洁家园")
    await house.say("居民乙", "报名红建路文明值守")

    house.clock.now = on(3, 13)
    await house.delivered()
    told = [text for who, text in house_told(house) if who == "居民甲"]

    assert len(told) == 1
    assert "快开始了" in told[0]
    assert not [who for who, _ in house_told(house) if who == "居民乙"]


def house_told(house: House) -> list[tuple[str, str]]:
    return [(chat, reply.text) for chat, reply in house.recorder.sent]


async def test_a_reminder_offers_the_way_out_while_there_is_one(house: House) -> None:
    await house.say("居民甲", "报名建港清洁家园")
    house.clock.now = on(2, 14)
    await house.delivered()
    [(_, first)] = house.recorder.sent
    assert [choice.label for choice in first.choices] == ["我来不了"]

    await house.say("居民甲", "1")

    assert await mine(house, "居民甲") == []
    await house.say("居民甲", "报名建港清洁家园")
    house.clock.now = on(3, 12)
    await house.delivered()
    assert house.recorder.sent[-1][1].choices == ()


async def test_a_resent_sign_up_takes_one_place(house: House) -> None:
    first = await house.say("居民甲", "报名夜间巡逻", number=77)

    again = await house.say("居民甲", "报名夜间巡逻", number=77)

    assert [r.text for r in again] == [r.text for r in first]
    assert await taken(house) == [0, 0, 1]


async def test_a_group_hears_of_shifts_but_of_nobodys(house: House) -> None:
    await house.say("居民甲", "报名夜间巡逻")

    replies = await house.say("居民甲", "有什么班", group=RESIDENTS_GROUP)

    assert offered(replies) == []
    assert "私聊我" in replies[0].text
    assert "您已报名" not in replies[0].text
    assert TITLES[2] in replies[0].text


@pytest.mark.parametrize("action", ["shifts.join:x", "shifts.join:9", f"shifts.leave:{10**30}"])
@pytest.mark.parametrize("group", [None, RESIDENTS_GROUP])
async def test_a_forged_button_is_refused_in_words(
    house: House, action: str, group: str | None
) -> None:
    replies = await house.dispatcher.handle(
        Message(
            CHANNEL,
            group or "居民甲",
            "居民甲",
            "",
            "forged",
            is_group=group is not None,
            pressed=action,
        )
    )

    assert "出了点问题" not in replies[0].text
    assert await taken(house) == [0, 0, 0]


async def test_a_list_longer_than_a_menu_says_so(house: House) -> None:
    def many(tx: Transaction) -> list[Shift]:
        for hour in range(8, 18):
            begins = on(9, hour)
            tx.shifts.add(
                title=f"植树{hour}", starts_at=begins, ends_at=begins + timedelta(hours=1), places=1
            )
        return tx.shifts.upcoming(NOON)

    assert len(await house.store.run(many)) == 13

    replies = await house.say("居民甲", "有什么班")

    assert len(offered(replies)) == 6
    assert "还有 7 个班" in replies[0].text


@pytest.mark.parametrize(
    "text", ["再提醒我一下", "明天提醒我", "提前一个小时提醒我", "会提醒我吗", "什么时候提醒我"]
)
async def test_who_asks_for_the_reminder_again_is_told_when_it_comes(
    house: House, text: str
) -> None:
    before = await said(house, "居民甲", text)
    await house.say("居民甲", "报名夜间巡逻")

    answer = await said(house, "居民甲", text)

    assert "没有报班" in before
    assert "夜间巡逻" in answer
    assert "下午 5 点提醒" in answer


async def test_who_wants_no_reminder_chooses_what_to_stop(house: House) -> None:
    await house.say("居民甲", "报名夜间巡逻")
    [asked] = await house.say("居民甲", "不要提醒我")
    await house.say("居民甲", "停 班次")

    answer = await said(house, "居民甲", "提醒我")

    assert any("班次" in label for label in offered([asked]))
    assert "停了班次消息" in answer


async def test_who_wants_another_shift_is_shown_how_and_which(house: House) -> None:
    await house.say("居民甲", "报名夜间巡逻")

    [shown] = await house.say("居民甲", "我要换班")

    assert "取消报名" in shown.text
    assert any("建港清洁家园" in label for label in offered([shown]))
    assert await mine(house, "居民甲") != []


@pytest.mark.parametrize("text", ["把我的积分转给居民乙", "转5分给居民乙", "积分能转给别人吗"])
async def test_points_stay_with_whoever_earned_them(house: House, text: str) -> None:
    answer = await said(house, "居民甲", text)

    assert "不能转给别人" in answer
    assert "回复 9" in answer
