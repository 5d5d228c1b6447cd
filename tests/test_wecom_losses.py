"""What WeCom does not take at once, or not at all: said later, and neither lost nor said twice."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.notify import tell_resident
from storage.residents import address_key
from storage.transaction import Transaction
from tests.peers.wecom.server import WeComPeer
from tests.stores import Clock
from tests.wechat_house import a_photo
from tests.wecom_house import PATIENT, QUICK, WeComHouse, a_house
from tests.wecom_street import LI, by_robot_only, tell

APP_SEND = "/cgi-bin/message/send"
KF_SEND = "/cgi-bin/kf/send_msg"
PUSH = "/cgi-bin/webhook/send"
WANG = "wmAJ2GCAAAme1XQRC"
COLOURS = ["red", "green", "blue", "black", "white", "yellow"]


async def test_an_answer_the_customer_service_is_too_busy_for_is_said_at_the_next_look(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        await house.customer(WANG, "你好")
        house.peer.fail(KF_SEND, *[-1] * 6)
        not_said = [await house.customer(WANG, "我的积分"), await again(house)]
        said = await again(house)
        nothing_more = await again(house)

    assert not_said == [[], []]
    assert len(said) == 1
    assert "积分" in said[0]
    assert nothing_more == []


async def test_the_first_answer_of_all_is_said_at_the_next_look_too(tmp_path: Path) -> None:
    pace = replace(PATIENT, look_again=timedelta(milliseconds=200))
    async with a_house(tmp_path, pace=pace) as house:
        house.peer.fail(KF_SEND, *[-1] * 3)
        await house.customer(WANG, "你好")
        await house.peer.wait_for(lambda: bool(house.peer.kf.sent))

    assert len(house.peer.kf.texts_to(WANG)) == 1


async def test_an_answer_that_is_never_taken_does_not_keep_others_from_being_read(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        await house.customer(WANG, "你好")
        house.peer.fail(KF_SEND, *[-1] * 6)
        await house.customer(WANG, "我的积分")
        house.house.clock.forward(timedelta(minutes=10))
        await again(house)
        said = await house.customer(WANG, "我的积分")

    assert len(said) == 1


@pytest.mark.parametrize("code", [95018, 99999])
async def test_an_answer_that_is_refused_holds_nobody_up(code: int, tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.customer(WANG, "你好")
        house.peer.fail(KF_SEND, code)
        await house.customer(WANG, "我的积分")
        fetched = len(house.peer.kf.fetches)
        house.peer.kf.write("wmAnotherCustomer", "你好")
        said = await again(house)

    assert said == []
    assert int(house.peer.kf.fetches[fetched]["cursor"]) == 2


async def test_more_than_five_messages_are_said_as_far_as_they_may_and_then_the_rest(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        await house.customer(WANG, "你好")
        await house.customer(WANG, "你好")
        before = len(house.peer.kf.sent)
        photos = [await house.media.keep(a_photo(colour)) for colour in COLOURS]
        await show(house, photos)
        at_once = kinds(house, before)
        states = await house.run(lambda tx: tx.reaching.waiting() + tx.reaching.overdue())
        house.house.clock.forward(timedelta(seconds=5))
        house.peer.kf.write(WANG, "我的积分")
        await house.ring()
        later = kinds(house, before)[len(at_once) :]
        await house.customer(WANG, "我的积分")

    assert at_once == ["text", "image", "image", "image"]
    assert states == 0
    assert later[0] in {"text", "msgmenu"}
    assert later[1:] == ["image"] * 3
    assert kinds(house, before).count("image") == len(COLOURS)


async def test_what_never_left_takes_nothing_from_the_five(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.customer(WANG, "你好")
        house.peer.fail(KF_SEND, *[-1] * 12)
        await house.remind("wecom_kf", WANG, "明天停水")
        for _ in range(4):
            house.house.clock.forward(timedelta(minutes=11))
            await house.deliver()
        left = await house.run(lambda tx: tx.quotas.remaining(address_key("wecom_kf", WANG)))

    assert "明天停水" in house.peer.kf.texts_to(WANG)
    assert left == 3


async def test_a_notice_whose_answer_got_lost_is_not_read_again_and_again_by_a_member(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        house.peer.members.add(LI)
        await house.bind("wecom", LI, "物业甲")
        house.peer.lose_answers(APP_SEND, 20)
        await house.remind("wecom", LI, "明天停水")
        await an_hour(house)

    assert house.peer.texts_to(LI) == ["明天停水"] * 2


async def test_a_notice_whose_answer_got_lost_is_read_once_by_a_customer(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        await house.customer(WANG, "你好")
        house.peer.lose_answers(KF_SEND, 20)
        await house.remind("wecom_kf", WANG, "明天停水")
        await an_hour(house)

    assert house.peer.kf.texts_to(WANG)[1:] == ["明天停水"]


async def test_a_notice_whose_answer_got_lost_is_not_read_again_and_again_in_a_group(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        await by_robot_only(house)
        house.peer.lose_answers(PUSH, 20)
        await tell(house, "新报修 12：电梯坏了")
        await an_hour(house)

    assert len(house.peer.pushed) == 2


async def test_a_late_answer_of_which_a_part_was_taken_goes_on_where_it_stopped(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path, pace=QUICK) as house:
        await two_photos_asked_for(house)
        house.peer.fail(APP_SEND, 0, 50001, 0, 50001)
        await house.poster.say(LI, "接单 1001")
        house.house.clock.forward(timedelta(seconds=1))
        sent = house.peer.sent
        await house.peer.wait_for(lambda: [one.kind for one in sent].count("image") == 2)

    assert [one.kind for one in sent] == ["text", "image", "image"]


async def test_a_late_answer_that_is_never_taken_is_given_up_after_a_day(tmp_path: Path) -> None:
    async with WeComPeer(Clock()) as peer:
        async with a_house(tmp_path, peer, pace=QUICK) as house:
            await two_photos_asked_for(house)
            peer.fail(APP_SEND, *[50001] * 100)
            await house.poster.say(LI, "接单 1001")
            house.house.clock.forward(timedelta(seconds=1))
            await peer.wait_for(lambda: tried(house) > 1)
            house.house.clock.forward(timedelta(days=1))
            before = tried(house)
            await peer.wait_for(lambda: tried(house) > before)
        async with a_house(tmp_path, peer, pace=QUICK) as house:
            left = await house.run(
                lambda tx: tx.late_answers.unfinished("wecom", tx.now + timedelta(days=9))
            )

    assert left == []
    assert peer.sent == []


def tried(house: WeComHouse) -> int:
    """Return how often the app tried to say something."""
    return house.peer.calls.count(APP_SEND)


async def two_photos_asked_for(house: WeComHouse) -> None:
    """Have a report with two photographs wait for a member of the staff."""
    house.peer.members.add(LI)
    await house.bind("wecom", LI, "物业甲")
    photos = [await house.media.keep(a_photo(colour)) for colour in COLOURS[:2]]
    await house.house.say("居民甲", "三栋二单元电梯坏了", photos=photos)
    await house.house.say("居民甲", "确认")


async def an_hour(house: WeComHouse) -> None:
    """Let an hour pass, and have said in it what is due."""
    for _ in range(60):
        house.house.clock.forward(timedelta(minutes=1))
        await house.deliver()


def kinds(house: WeComHouse, start: int) -> list[str]:
    return [one["msgtype"] for one in house.peer.kf.sent[start:]]


async def again(house: WeComHouse) -> list[str]:
    """Have the customer service ring once more; return what is newly read."""
    before = len(house.peer.kf.texts_to(WANG))
    await house.ring()
    return house.peer.kf.texts_to(WANG)[before:]


async def show(house: WeComHouse, photos: list[str]) -> None:
    """Tell the customer something with photographs, and deliver what is due."""

    def work(tx: Transaction) -> None:
        resident = tx.residents.at(address_key("wecom_kf", WANG))
        assert resident is not None
        tell_resident(
            tx, resident.id, key="photos", text="修好了", topic="test", media=photos, asked_for=True
        )

    await house.run(work)
    await house.deliver()
