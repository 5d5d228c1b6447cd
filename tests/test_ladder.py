"""Every notice ends with the person: by one of their ways, or on the list of people to visit."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers import notify, ticks
from handlers.delivery import Delivery, DeliveryError, Kept, Sender, Unsure, WayClosed
from handlers.message import Reply
from handlers.outreach import lying, rules
from storage.notices import Notice
from storage.transaction import Transaction
from storage.words import NoticeState, RoleWord, ScopeKind, StepOutcome
from tests.houses import CHANNEL, RESIDENTS_GROUP, STAFF_GROUP, House

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
GONE = DeliveryError("blocked by the user", permanent=True)
BUSY = DeliveryError("the line is busy", permanent=False)
FULL = DeliveryError("30 of 30 this minute", permanent=False, retry_after=MINUTE)


class Platform(Sender):
    """The last hop of one channel, with the trouble it makes."""

    def __init__(self) -> None:
        self.trouble: DeliveryError | None = None
        self.said: list[tuple[str, str]] = []
        self.asked = 0

    async def send(self, chat: str, reply: Reply) -> None:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        self.said.append((chat, reply.text))


class Street(House):
    """The street, with a captain, and 居民甲 on three channels."""

    async def furnish(self) -> None:
        await self.settle()
        await self.store.run(_ways)
        self.platforms = {
            name: Platform() for name in (CHANNEL, "telegram", "web", "wechat", "sms")
        }
        self.delivery = Delivery(self.store, self.platforms, self.clock)

    async def tell(
        self, who: str = "居民甲", *, topic: str = "tickets", urgent: bool = False, n: int = 1
    ) -> None:
        person = await self.id_of(who)

        def work(tx: Transaction) -> None:
            for each in range(n):
                notify.tell_resident(
                    tx,
                    person,
                    key=f"{topic}:{tx.new_id(0)}:{each}",
                    text=f"您的 1001 修好了 {each}",
                    topic=topic,
                    asked_for=urgent,
                )

        await self.store.run(work)

    async def id_of(self, who: str) -> int:
        return (await self.store.run(lambda tx: tx.residents.named(who)))[0].id

    async def deliver(self) -> None:
        while await self.delivery.deliver_due():
            pass

    async def pass_by(self, span: timedelta, step: timedelta = 10 * MINUTE) -> None:
        for _ in range(span // step):
            self.clock.forward(step)
            await self.deliver()

    async def last(self) -> tuple[Notice, NoticeState, str | None, list[tuple[str, StepOutcome]]]:
        def work(
            tx: Transaction,
        ) -> tuple[Notice, NoticeState, str | None, list[tuple[str, StepOutcome]]]:
            row = (
                tx.reading()
                .exec_driver_sql(
                    "SELECT id, state, delivered_via FROM notices WHERE resident_id IS NOT NULL "
                    "ORDER BY created_at DESC, id DESC LIMIT 1"
                )
                .one()
            )
            [notice] = tx.reaching.by_ids([row.id])
            steps = [(step.channel, step.outcome) for step in tx.reaching.steps(row.id)]
            return notice, NoticeState(row.state), row.delivered_via, steps

        return await self.store.run(work)

    def said(self, channel: str) -> list[str]:
        return [text.split("\n")[0] for _chat, text in self.platforms[channel].said]


def _ways(tx: Transaction) -> None:
    [one] = tx.residents.named("居民甲")
    tx.residents.change(one, building="3栋", unit="2单元", phone="00000000001")
    tx.residents.bind(one, "web", "w", "w")
    tx.residents.bind(one, "telegram", "t", "t")
    tx.residents.bind(one, CHANNEL, "居民甲", "居民甲")
    captain = tx.residents.add(name="楼栋长甲", community_id=1, estate_id=1)
    tx.residents.bind(captain, CHANNEL, "楼栋长甲", "楼栋长甲")
    tx.residents.grant(captain.id, RoleWord.CAPTAIN, ScopeKind.ESTATE, 1)


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    street = Street(tmp_path)
    await street.furnish()
    yield street
    street.store.close()


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


# What nobody has read


async def test_a_page_nobody_has_open_does_not_count_and_the_next_way_is_taken(
    street: Street,
) -> None:
    await street.store.run(lambda tx: tx.residents.use(tx.residents.named("居民甲")[0], "web:w"))
    street.platforms["web"].trouble = Kept("no page is open")
    await street.tell()
    await street.deliver()

    assert street.said("telegram") == ["您的 1001 修好了 0"]
    assert (await street.last())[3] == [("web", StepOutcome.KEPT)]


async def only_the_web(street: Street, topic: str = "tickets") -> None:
    for name in (CHANNEL, "telegram", "sms"):
        street.platforms[name].trouble = GONE
    street.platforms["web"].trouble = Kept("no page is open")
    await street.tell(topic=topic)
    await street.deliver()


async def test_what_lies_on_the_page_has_arrived_once_it_is_read(street: Street) -> None:
    await only_the_web(street, "points")
    before = await street.last()

    await street.store.run(lambda tx: tx.reaching.read_at("web:w"))

    assert before[1] is NoticeState.PENDING
    assert (await street.last())[1:3] == (NoticeState.DELIVERED, "web:w")


async def test_what_lies_on_the_page_is_written_there_once(street: Street) -> None:
    await only_the_web(street)
    await street.pass_by(26 * HOUR)

    assert street.platforms["web"].asked == 1


async def test_what_is_important_and_unread_is_carried_by_somebody_the_next_day(
    street: Street,
) -> None:
    await only_the_web(street)
    await street.pass_by(23 * HOUR)
    [nobody] = await street.say("楼栋长甲", "待访")
    await street.pass_by(HOUR + 20 * MINUTE)
    [listed] = await street.say("楼栋长甲", "待访")

    assert "没有要上门" in nobody.text
    assert "居民甲（芳草苑小区3栋2单元）" in listed.text
    assert "您的 1001 修好了" in listed.text


async def test_nobody_carries_what_was_read_on_the_page_in_the_meantime(street: Street) -> None:
    await only_the_web(street)
    await street.pass_by(24 * HOUR + 20 * MINUTE)

    await street.store.run(lambda tx: lying.read(tx, "web:w"))
    [nobody] = await street.say("楼栋长甲", "待访")

    assert "没有要上门" in nobody.text
    assert (await street.last())[1:3] == (NoticeState.DELIVERED, "web:w")
    assert street.platforms["web"].asked == 1


# People to visit


async def nobody_reaches(street: Street) -> None:
    for platform in street.platforms.values():
        platform.trouble = GONE
    await street.tell()
    await street.delivery.deliver_due()
    street.platforms[CHANNEL].trouble = None


async def test_the_group_hears_of_a_visit_by_the_house_alone(street: Street) -> None:
    await nobody_reaches(street)
    await street.deliver()
    [in_group] = await street.say("楼栋长甲", "待访", group=STAFF_GROUP, addressed=False)

    [(to, told)] = street.platforms[CHANNEL].said
    assert to == STAFF_GROUP
    for text in (told, in_group.text):
        assert "芳草苑小区3栋" in text
        for personal in ("居民甲", "2单元", "1001", "00000000001"):
            assert personal not in text


async def test_a_visit_is_settled_by_its_number_once(street: Street) -> None:
    await nobody_reaches(street)

    [done] = await street.say("楼栋长甲", "已访 1")
    [again] = await street.say("楼栋长甲", "已访1")
    [which] = await street.say("楼栋长甲", "已访")
    [nobody] = await street.say("楼栋长甲", "待访")

    assert "已经去过" in done.text
    assert "没有等人上门的待访 1" in again.text
    assert "编号" in which.text
    assert "没有要上门" in nobody.text
    assert (await street.last())[1:3] == (NoticeState.DELIVERED, "visit:1")


async def test_several_messages_are_one_visit(street: Street) -> None:
    await nobody_reaches(street)
    street.clock.forward(MINUTE)
    await street.tell(topic="handover")
    await street.deliver()

    listed = await street.say("楼栋长甲", "待访")

    assert len(listed) == 1
    assert listed[0].text.count("修好了") == 2


@pytest.mark.parametrize("who", ["居民乙", "物业甲"])
@pytest.mark.parametrize("words", ["待访", "已访 1"])
async def test_only_those_who_go_there_see_the_list(street: Street, who: str, words: str) -> None:
    await nobody_reaches(street)

    [refused] = await street.say(who, words)

    assert "权限" in refused.text


async def test_residents_group_never_sees_the_list(street: Street) -> None:
    await nobody_reaches(street)

    said = await street.say("楼栋长甲", "待访", group=RESIDENTS_GROUP)

    assert all("3栋" not in reply.text for reply in said)


async def test_whoever_writes_again_gets_the_message_and_is_not_visited(street: Street) -> None:
    await nobody_reaches(street)
    await street.say("居民甲", "菜单")
    await street.deliver()

    assert "您的 1001 修好了 0" in street.said(CHANNEL)
    [nobody] = await street.say("楼栋长甲", "待访")
    assert "没有要上门" in nobody.text


async def test_small_things_send_nobody_to_the_door(street: Street) -> None:
    for platform in street.platforms.values():
        platform.trouble = GONE
    await street.tell(topic="points")
    await street.deliver()

    assert (await street.last())[1] is NoticeState.FAILED


async def test_nobody_is_sent_to_somebody_without_name_and_house(street: Street) -> None:
    await street.say("路人", "菜单")
    person = await street.store.run(lambda tx: tx.residents.at(f"{CHANNEL}:路人"))
    assert person is not None
    street.platforms[CHANNEL].trouble = GONE
    await street.store.run(
        lambda tx: notify.tell_resident(
            tx, person.id, key="k", text="您好", topic="tickets", asked_for=True
        )
    )
    await street.deliver()

    assert (await street.last())[1] is NoticeState.FAILED


async def test_what_stays_busy_for_a_day_ends_on_the_list_too(street: Street) -> None:
    for platform in street.platforms.values():
        platform.trouble = BUSY
    await street.tell()
    await street.pass_by(DAY + HOUR)

    assert (await street.last())[1] is NoticeState.VISIT


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


# What somebody does not want to hear of


async def test_stop_asks_which_and_ends_one_kind_alone(street: Street) -> None:
    [which] = await street.say("居民甲", "停")
    [stopped] = await street.say("居民甲", "3")
    await street.tell(topic="points")
    await street.tell(topic="tickets")
    await street.deliver()

    assert "积分" in which.choices[2].label
    assert "不再给您发「积分」" in stopped.text
    assert len(street.said(CHANNEL)) == 1
    [shown] = await street.say("居民甲", "我的通知")
    assert "积分：停了" in shown.text
    assert "报修：照发" in shown.text
    assert "Telegram" in shown.text


@pytest.mark.parametrize("words", ["停 班次", "停班次", "停：班次的通知", "ＴＤ 班次", "退订班"])
async def test_shift_reminders_stop_and_come_again(street: Street, words: str) -> None:
    [stopped] = await street.say("居民甲", words)
    await street.tell(topic="shifts")
    await street.deliver()
    silent = street.said(CHANNEL)
    [resumed] = await street.say("居民甲", "恢复")
    await street.tell(topic="shifts")
    await street.deliver()

    assert "「班次」" in stopped.text
    assert "「班次」" in resumed.text
    assert silent == []
    assert len(street.said(CHANNEL)) == 1


async def test_what_cannot_wait_is_said_whatever_was_stopped(street: Street) -> None:
    await street.say("居民甲", "停 全部")
    await street.tell(topic="handover", urgent=True)
    await street.tell(topic="emergency", urgent=True)
    await street.tell(topic="shifts", urgent=True)
    await street.tell(topic="tickets")
    await street.deliver()

    assert len(street.said(CHANNEL)) == 3


async def test_several_kinds_are_resumed_one_by_one_or_all(street: Street) -> None:
    await street.say("居民甲", "停 积分")
    await street.say("居民甲", "停 报修")
    [which] = await street.say("居民甲", "恢复")
    [one] = await street.say("居民甲", "1")
    [rest] = await street.say("居民甲", "恢复 全部")
    [nothing] = await street.say("居民甲", "恢复")

    assert len([c for c in which.choices if c.number not in {0, 9}]) == 3
    assert "「报修」" in one.text
    assert "「积分」" in rest.text
    assert "没有停过" in nothing.text


@pytest.mark.parametrize("words", ["停水了", "停电了怎么办", "恢复供水要多久", "停车费太贵", "停"])
async def test_a_sentence_that_begins_like_it_stops_nothing(street: Street, words: str) -> None:
    await street.say("居民甲", words)
    await street.tell()
    await street.deliver()

    assert len(street.said(CHANNEL)) == 1


async def test_each_message_says_why_it_comes_where_there_is_room(street: Street) -> None:
    await street.tell()
    await street.tell(topic="handover", urgent=True)
    person = await street.id_of("居民甲")
    await street.store.run(
        lambda tx: notify.tell_resident(tx, person, key="long", text="长" * 290, topic="tickets")
    )
    await street.deliver()

    said = [text for _chat, text in street.platforms[CHANNEL].said]
    assert [text for text in said if "回复「停 报修」" in text] == [
        "您的 1001 修好了 0\n（您报过修。不想再收：回复「停 报修」）"
    ]


async def test_counts_of_past_days_are_forgotten(street: Street) -> None:
    await street.tell(topic="points")
    await street.deliver()
    street.clock.forward(3 * DAY)

    await ticks.every_night(street.store, street.current)

    left = await street.store.run(
        lambda tx: tx.reading().exec_driver_sql("SELECT count(*) FROM tallies").scalar()
    )
    assert left == 0
