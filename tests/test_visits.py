"""What nobody has read is carried to the door, by somebody who may go there."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers import notify
from handlers.delivery import Kept
from handlers.outreach import lying
from storage.words import NoticeState, StepOutcome
from tests.houses import CHANNEL, RESIDENTS_GROUP, STAFF_GROUP
from tests.ladder_street import BUSY, DAY, GONE, HOUR, MINUTE, Street, a_street


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with a_street(tmp_path) as street:
        yield street


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
