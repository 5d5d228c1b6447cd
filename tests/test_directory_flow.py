"""Questions about the street are answered from what is registered, dated, and never guessed."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.guide import Office, Outage, Service
from storage.questions import questions
from storage.transaction import Transaction
from storage.words import OfficeDays, UtilityWord
from tests.houses import RESIDENTS_GROUP, STAFF_GROUP, House
from tests.stores import NOON

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
COMMITTEE = Office(
    id=101,
    name="建港社区居委会",
    also="居委会 社区",
    community_id=1,
    address="建港示例路 1 号",
    phone="027-00000001",
    days=OfficeDays.WORKDAYS,
    opens="08:30",
    closes="17:30",
    note="",
    updated_on=date(2026, 11, 20),
    demo=True,
)
STATION = replace(
    COMMITTEE, id=102, name="建港党群驿站", also="党群驿站", phone="027-00000002",
    days=OfficeDays.EVERY_DAY, opens="09:00", closes="21:00",
)  # fmt: skip
PAPER = Service(201, "居住证明", "", "社区居委会", "身份证、租房合同", "", date(2026, 11, 20), True)
WATER = Outage(
    id=301,
    utility=UtilityWord.WATER,
    estate_id=1,
    community_id=1,
    place="芳草苑小区",
    starts_at=NOON - HOUR,
    ends_at=NOON + 4 * HOUR,
    ended_at=None,
    reason="水管检修",
    source="示例供水公司",
    published_at=NOON - DAY,
    published_by=None,
    demo=True,
)
ANNOUNCEMENT = "停水 芳草苑小区 今天11点到18点 水管检修"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The street at Monday noon, with two offices and one paper registered."""
    house = House(tmp_path)
    await house.settle()
    await keep(house, COMMITTEE, STATION, PAPER)
    yield house
    house.store.close()


async def keep(house: House, *rows: Office | Service | Outage) -> None:
    def work(tx: Transaction) -> None:
        for row in rows:
            tx.guide.keep(row)

    await house.store.run(work)


async def left_open(house: House) -> int:
    return len(await house.store.run(lambda tx: tx.read(select(questions)).all()))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("居委会几点上班", ("08:30", "17:30", "工作日", "现在开着")),
        ("居委会电话多少", ("027-00000001",)),
        ("党群驿站电话是多少", ("027-00000002", "每天")),
        ("居委会周六开门吗", ("周六", "休息")),
        ("居委会明天上班吗", ("明天", "上班")),
        ("办居住证明带什么", ("身份证、租房合同", "社区居委会")),
    ],
)
async def test_what_is_registered_is_told_with_its_day_and_no_law(
    house: House, asked: str, told: tuple[str, ...]
) -> None:
    [reply] = await house.say("居民甲", asked)

    for words in told:
        assert words in reply.text
    assert "2026 年 11 月 20 日更新" in reply.text
    assert "民法典" not in reply.text
    assert len(reply.text) <= 300


async def test_hours_know_evenings_and_holidays(house: House) -> None:
    house.clock.forward(6 * HOUR)
    [evening] = await house.say("居民甲", "居委会今天上班吗")
    house.clock.forward(timedelta(days=5))
    [saturday] = await house.say("居民甲", "居委会今天上班吗")
    [open_anyway] = await house.say("居民甲", "党群驿站今天开门吗")

    assert "已经下班" in evening.text
    assert "休息" in saturday.text
    assert "上班" in open_anyway.text


async def test_several_offices_are_offered(house: House) -> None:
    offered = await house.say("居民甲", "今天上班吗")
    [chosen] = await house.say("居民甲", "2")

    assert [choice.label for choice in offered[0].choices[:2]] == ["建港社区居委会", "建港党群驿站"]
    assert "027-00000002" in chosen.text


@pytest.mark.parametrize("asked", ["派出所电话", "怎么办准生证"])
async def test_what_is_not_registered_is_said_and_kept_for_the_staff(
    house: House, asked: str
) -> None:
    [reply] = await house.say("居民甲", asked)
    await house.say("居民甲", "9")
    [(to, card)] = await house.delivered()

    assert "没有登记" in reply.text
    assert await left_open(house) == 1
    assert to == STAFF_GROUP
    assert asked in card


async def test_old_entries_say_that_they_are_old(house: House) -> None:
    await keep(house, replace(COMMITTEE, updated_on=date(2026, 3, 1)))

    [reply] = await house.say("居民甲", "居委会几点上班")

    assert "2026 年 3 月" in reply.text
    assert "可能变了" in reply.text


async def test_an_outage_is_told_to_whom_it_concerns(house: House) -> None:
    await keep(house, WATER)

    [why] = await house.say("居民甲", "为什么停水")
    [power] = await house.say("居民甲", "今天停电吗")

    assert "正在停水" in why.text
    assert "水管检修" in why.text
    assert "示例供水公司" in why.text
    assert "没有登记的停电通知" in power.text


async def test_another_estates_outage_is_not_theirs(house: House) -> None:
    await keep(house, replace(WATER, estate_id=2, place="另一个小区"))

    [reply] = await house.say("居民甲", "为什么停水")

    assert "没有登记的停水通知" in reply.text
    assert await left_open(house) == 1
    assert "报修" in [choice.label for choice in reply.choices]


async def test_an_outage_without_an_end_is_doubted_after_days_and_one_that_ended_is_over(
    house: House,
) -> None:
    await keep(house, replace(WATER, starts_at=NOON - 4 * DAY, ends_at=None))
    [doubted] = await house.say("居民甲", "为什么停水")
    await keep(house, replace(WATER, ends_at=NOON - HOUR / 2))
    [over] = await house.say("居民甲", "为什么停水")

    assert "可能已经恢复" in doubted.text
    assert "应当已经恢复" in over.text


async def test_a_report_of_a_known_outage_hears_of_it_first(house: House) -> None:
    await keep(house, WATER)

    [known] = await house.say("居民甲", "我家停水了")
    [where] = await house.say("居民甲", "仍要报修")
    [summary] = await house.say("居民甲", "5栋")

    assert "正在停水" in known.text
    assert "在哪里" in where.text
    assert "停水了" in summary.text
    assert "芳草苑小区 5栋" in summary.text


async def test_who_needs_no_report_opens_none(house: House) -> None:
    await keep(house, WATER)
    await house.say("居民甲", "我家停水了")

    await house.say("居民甲", "不用了")

    assert (await house.say("居民甲", "取消"))[0].text.startswith("现在没有")
    assert await house.delivered() == []


async def test_another_trouble_in_the_same_place_is_an_ordinary_report(house: House) -> None:
    await keep(house, WATER)

    [summary] = await house.say("居民甲", "3栋楼道灯坏了")

    assert "请核对" in summary.text


async def test_staff_announce_in_one_line_confirm_and_end_it(house: House) -> None:
    [read_back] = await house.say("物业甲", ANNOUNCEMENT)
    before = await house.say("居民甲", "为什么停水")
    [published] = await house.say("物业甲", "确认")
    told = await house.say("居民甲", "为什么停水")
    [ended] = await house.say("物业甲", "恢复供水 芳草苑小区")
    after = await house.say("居民甲", "什么时候来水")

    assert "11 月 23 日（周一）11:00 到 18:00" in read_back.text
    assert "没有登记" in before[0].text
    assert "已发布" in published.text
    assert "正在停水" in told[0].text
    assert "记下恢复" in ended.text
    assert "已经恢复" in after[0].text


async def test_a_second_announcement_takes_the_place_of_the_first(house: House) -> None:
    for span in ("11点到18点", "11点到20点"):
        await house.say("物业甲", f"停水 芳草苑小区 今天{span} 水管检修")
        await house.say("物业甲", "确认")

    [told] = await house.say("居民甲", "为什么停水")

    assert "8 点" in told.text
    assert "6 点" not in told.text


async def test_what_is_missing_is_asked_for_and_corrected_by_line(house: House) -> None:
    [asked] = await house.say("书记甲", "停电 建港社区 明天9点到17点")
    await house.say("书记甲", "线路检修")
    await house.say("书记甲", "改3")
    [corrected] = await house.say("书记甲", "后天9点到17点")

    assert "原因" in asked.text
    assert "11 月 25 日" in corrected.text


@pytest.mark.parametrize(
    ("who", "words", "answer"),
    [
        ("物业甲", "停水 建港社区 明天8点到12点 检修", "权限"),
        ("物业甲", "停水 全街道 明天8点到12点 检修", "权限"),
        ("物业甲", "停水 芳草苑小区 今天8点到9点 检修", "已经过去"),
        ("物业甲", "停水 芳草苑小区 12月1日8点到12月30日8点 检修", "天了"),
        ("物业甲", "停水 公告怎么写", "写成一句"),
        ("物业甲", "恢复供水", "请写上小区"),
        ("物业甲", "恢复供水 芳草苑小区", "没有您可以结束的"),
    ],
)
async def test_what_cannot_be_announced_is_said(
    house: House, who: str, words: str, answer: str
) -> None:
    [reply] = await house.say(who, words)

    assert answer in reply.text


async def test_only_who_has_authority_there_ends_an_outage(house: House) -> None:
    await keep(house, replace(WATER, estate_id=None, place="建港社区"))

    [refused] = await house.say("物业甲", "恢复供水 建港社区")
    [ended] = await house.say("街道甲", "恢复供水 建港社区")

    assert "没有您可以结束的" in refused.text
    assert "记下恢复" in ended.text


async def test_what_never_began_is_called_off_and_not_over(house: House) -> None:
    await keep(house, replace(WATER, starts_at=NOON + DAY, ends_at=NOON + DAY + HOUR))

    [off] = await house.say("物业甲", "恢复供水 芳草苑小区")
    [told] = await house.say("居民甲", "为什么停水")

    assert "已经取消" in off.text
    assert "没有登记" in told.text


@pytest.mark.parametrize(
    "words", ["明天8点到12点芳草苑小区停水，水管检修", "芳草苑小区明天上午8点至12点停水，水管检修"]
)
async def test_staff_may_say_what_stops_last(house: House, words: str) -> None:
    [summary] = await house.say("书记甲", words)

    assert "停什么：停水" in summary.text
    assert "哪里：芳草苑小区" in summary.text
    assert "11 月 24 日（周二）08:00 到 12:00" in summary.text
    assert "原因：水管检修" in summary.text


async def test_the_reason_of_an_outage_is_no_question(house: House) -> None:
    await house.say("书记甲", "明天8点到12点芳草苑小区停水")

    [summary] = await house.say("书记甲", "水管检修")

    assert "原因：水管检修" in summary.text


async def test_staff_who_ask_or_report_an_outage_do_not_announce_it(house: House) -> None:
    [asked] = await house.say("书记甲", "芳草苑小区明天8点到12点停水吗")
    [reported] = await house.say("书记甲", "我家从今天8点到现在停水")

    assert "停水停电通知" not in asked.text
    assert "停水停电通知" not in reported.text


async def test_the_same_words_from_a_resident_are_a_report(house: House) -> None:
    [summary] = await house.say("居民甲", "停水 芳草苑小区 今天8点就停了")

    assert "请核对报修内容" in summary.text


async def test_in_groups_offices_are_told_and_announcements_are_not_made(house: House) -> None:
    [hours] = await house.say("居民甲", "居委会几点上班", group=RESIDENTS_GROUP)
    [unknown] = await house.say("居民甲", "派出所电话", group=RESIDENTS_GROUP)
    [private] = await house.say("物业甲", ANNOUNCEMENT, group=STAFF_GROUP, addressed=False)
    talk = await house.say("物业甲", "停水 大家注意", group=STAFF_GROUP, addressed=False)

    assert "08:30" in hours.text
    assert "私聊" in unknown.text
    assert "私聊" in private.text
    assert talk == []


async def test_a_question_inside_a_report_leaves_the_draft_alone(house: House) -> None:
    await house.say("居民甲", "楼道灯不亮了")

    replies = await house.say("居民甲", "居委会几点上班")

    assert "08:30" in replies[0].text
    assert "哪里" in replies[-1].text
