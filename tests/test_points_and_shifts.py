"""Volunteers and points through the real dispatcher: what is said, and what then holds."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from handlers.localtime import local
from handlers.message import Message, Reply
from handlers.points import clock
from storage.shifts import Shift
from storage.transaction import Transaction
from storage.words import RoleWord, ScopeKind
from tests.houses import CHANNEL, RESIDENTS_GROUP, STAFF_GROUP, House
from tests.stores import NOON

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
    for name, price, stock in (("家用锅", 200, 5), ("香囊", 20, 1)):
        tx.points.add_gift(name, price, stock)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = House(tmp_path)
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


# Shifts


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

    assert title in answer
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
        assert all("11 月 26 日（周四）下午 2:00" in text for _, text in told)


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
    forged = Message(CHANNEL, group or "居民甲", "居民甲", "", "forged", group is not None)

    replies = await house.dispatcher.handle(
        Message(
            forged.channel,
            forged.chat,
            forged.sender,
            "",
            "forged",
            is_group=forged.is_group,
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


# Points


async def balance(house: House, who: str) -> int:
    def read(tx: Transaction) -> int:
        [person] = tx.residents.named(who)
        return tx.points.balance(person.id)

    return await house.store.run(read)


@pytest.mark.parametrize(
    "text",
    [
        "给居民乙加5分 门前整洁",
        "给居民乙加五分 门前整洁",
        "居民乙 +5 门前整洁",
        "给 居民乙 加 ５ 分，门前整洁",
        "请给居民乙奖励5个积分 门前整洁",
        "居民乙+5分 门前整洁",
    ],
)
async def test_staff_give_points_and_the_resident_is_told(house: House, text: str) -> None:
    answer = await said(house, "书记甲", text)

    assert answer == "已给居民乙加 5 分，现在一共 5 分。"
    assert await balance(house, "居民乙") == 5
    [(who, told)] = await house.delivered()
    assert who == "居民乙"
    assert "门前整洁" in told
    assert "一共 5 分" in told
    own = await said(house, "居民乙", "我的积分")
    assert "您现在有 5 个积分" in own
    assert "+5 门前整洁" in own
    assert await house.store.run(clock.reconcile) == []


@pytest.mark.parametrize(
    ("who", "text", "why"),
    [
        ("居民甲", "给居民乙加5分 门前整洁", "权限"),
        ("物业甲", "给居民乙加5分 门前整洁", "权限"),
        ("管理员甲", "给居民乙加5分 门前整洁", "权限"),
        ("居民甲", "给不存在的人加5分 门前整洁", "权限"),
        ("书记甲", "给不存在的人加5分 门前整洁", "没有找到"),
        ("书记甲", "给书记甲加5分 门前整洁", "自己"),
        ("书记甲", "给居民乙加5分", "原因"),
        ("书记甲", "给居民乙加0分 门前整洁", "最少"),
        ("书记甲", "给居民乙加21分 门前整洁", "最多"),
        ("书记甲", "给外区居民加5分 门前整洁", "权限"),
    ],
)
async def test_points_are_given_only_with_authority_a_reason_and_in_measure(
    house: House, who: str, text: str, why: str
) -> None:
    await house.store.run(lambda tx: tx.residents.add(name="外区居民", community_id=2).id)

    assert why in await said(house, who, text)

    assert await balance(house, "居民乙") == 0
    assert await house.delivered() == []


async def test_the_scope_of_a_role_decides_whose_points_it_gives(house: House) -> None:
    def people(tx: Transaction) -> None:
        near = tx.residents.add(name="王芳", community_id=1, estate_id=1)
        far = tx.residents.add(name="王芳", community_id=2, estate_id=2)
        tx.residents.join_team(9, far.id)
        for name, role, kind, scope in (
            ("楼栋长甲", RoleWord.CAPTAIN, ScopeKind.ESTATE, 1),
            ("队长甲", RoleWord.COORDINATOR, ScopeKind.TEAM, 9),
            ("队长乙", RoleWord.COORDINATOR, ScopeKind.TEAM, 8),
        ):
            person = tx.residents.add(name=name)
            tx.residents.bind(person, CHANNEL, name, name)
            tx.residents.grant(person.id, role, kind, scope)
        assert near.id != far.id

    await house.store.run(people)

    assert "已给王芳加 1 分" in await said(house, "楼栋长甲", "给王芳加1分 门前整洁")
    assert "已给王芳加 2 分" in await said(house, "队长甲", "给王芳加2分 清洁家园")
    assert "权限" in await said(house, "队长乙", "给王芳加2分 清洁家园")
    assert "2 位" in await said(house, "街道甲", "给王芳加2分 清洁家园")
    balances = await house.store.run(
        lambda tx: [tx.points.balance(person.id) for person in tx.residents.named("王芳")]
    )
    assert balances == [1, 2]


async def test_a_resent_award_counts_once(house: House) -> None:
    for _ in range(3):
        await house.say("书记甲", "给居民乙加5分 门前整洁", number=88)

    assert await balance(house, "居民乙") == 5
    assert len(await house.delivered()) == 1


async def test_the_same_award_in_two_messages_counts_twice(house: House) -> None:
    await house.say("书记甲", "给居民乙加5分 门前整洁")
    await house.say("书记甲", "给居民乙加5分 门前整洁")

    assert await balance(house, "居民乙") == 10


async def test_an_award_in_a_group_names_no_balance(house: House) -> None:
    answer = await said(house, "书记甲", "给居民乙加5分 门前整洁", STAFF_GROUP)

    assert answer == "已给居民乙加 5 分。"
    assert await balance(house, "居民乙") == 5


async def test_a_balance_is_never_told_in_a_group(house: House) -> None:
    await house.say("书记甲", "给居民乙加17分 门前整洁")

    own = await said(house, "居民乙", "我的积分", RESIDENTS_GROUP)
    gifts = await said(house, "居民乙", "积分能换什么", RESIDENTS_GROUP)

    assert "17" not in own
    assert "私聊" in own
    assert "17" not in gifts
    assert "香囊：20 分" in gifts


async def test_gifts_show_price_stock_and_that_exchange_is_not_open_yet(house: House) -> None:
    answer = await said(house, "居民甲", "积分能换什么")

    assert "家用锅：200 分（还有 5 件）" in answer
    assert "您现在有 0 个积分" in answer
    assert "还不能" in answer
    assert "9" in answer


async def test_a_reason_is_kept_as_it_was_written_and_apart_from_the_ledger(house: House) -> None:
    await house.say("书记甲", "给居民乙加5分 帮邻居修 Wi-Fi，很热心")

    assert "+5 帮邻居修 Wi-Fi，很热心" in await said(house, "居民乙", "我的积分")
    house.store.close()
    ledger = [
        str(row)
        for table in ("transfers", "entries", "lots", "accounts")
        for row in rows_of(house.path, table)
    ]
    house.open()
    assert ledger
    assert not [row for row in ledger if "热心" in row or "居民乙" in row]


def rows_of(path: Path, table: str) -> list[tuple[object, ...]]:
    import sqlite3

    connection = sqlite3.connect(path)
    try:
        return list(connection.execute(f"SELECT * FROM {table}"))
    finally:
        connection.close()
