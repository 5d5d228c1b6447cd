"""WeCom's customer service: residents on their own WeChat, fetched, answered, handed to people."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage.residents import address_key
from storage.transaction import Transaction
from tests.peers.wecom.server import WeComPeer
from tests.peers.wecom.service import BOT, ENDED, HUMAN, NEW, QUEUE, REJECTED, UNKNOWN
from tests.stores import Clock
from tests.telegram_house import a_photo
from tests.wechat_house import too_large
from tests.wecom_house import a_house

WANG = "wmAJ2GCAAAme1XQRC"
LIU = "wmAJ2GCAAAliu00000"


async def test_a_customer_is_answered_with_a_menu_to_press_or_type(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        asked = await house.customer(WANG, "三栋电梯坏了")
        typed = await house.customer(WANG, "1")
        menu = house.peer.kf.sent[-1]

    assert "1 芳草苑小区" in asked[-1]
    assert "回复数字" in asked[-1]
    assert "芳草苑" not in typed[-1].splitlines()[0]
    assert menu["touser"] == WANG
    assert menu["open_kfid"] == house.peer.kf.account


async def test_a_pressed_entry_means_what_its_menu_said_and_an_old_one_nothing(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        await house.customer(WANG, "三栋电梯坏了")
        click = house.peer.kf.sent[-1]["msgmenu"]["list"][0]["click"]
        house.peer.kf.write(WANG, click["content"], click["id"])
        await house.ring()
        pressed = house.peer.kf.texts_to(WANG)[-1]
        house.peer.kf.write(WANG, click["content"], click["id"])
        await house.ring()
        again = house.peer.kf.texts_to(WANG)[-1]

    assert click["content"] == "1 芳草苑小区"
    assert "核对" in pressed
    assert again == pressed, "1 is now a confirmation, and an old press must not confirm"


async def test_everything_that_waits_is_fetched_page_by_page_and_once(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        for _ in range(4):
            house.peer.kf.write(WANG, "你好")
            house.peer.kf.write(LIU, "我的积分")
        await house.ring()
        cursors = [asked["cursor"] for asked in house.peer.kf.fetches]
        before = len(house.peer.kf.sent)
        await house.ring()

    assert cursors[:3] == ["", "3", "6"]
    assert set(cursors[3:]) <= {"8"}  # looked again meanwhile, and nothing was there
    assert len(house.peer.kf.texts_to(WANG)) == len(house.peer.kf.texts_to(LIU)) == 4
    assert len(house.peer.kf.sent) == before


async def test_a_page_fetched_again_after_a_crash_says_and_does_nothing_twice(
    tmp_path: Path,
) -> None:
    async with WeComPeer(Clock()) as peer:
        async with a_house(tmp_path, peer) as house:
            await house.customer(WANG, "三栋电梯坏了")
            # Killed before it could note how far it had read.
            await house.run(lambda tx: tx.customers.move_cursor(peer.kf.account, "0"))
        sent = list(peer.kf.sent)
        async with a_house(tmp_path, peer) as house:
            await house.ring()

    assert peer.kf.sent == sent
    assert peer.violations == []


async def test_what_came_while_nobody_ran_is_fetched_at_the_start(tmp_path: Path) -> None:
    async with WeComPeer(Clock()) as peer:
        async with a_house(tmp_path, peer) as house:
            await house.customer(WANG, "你好")
        peer.kf.write(WANG, "我的积分")
        async with a_house(tmp_path, peer) as house:
            await peer.wait_for(lambda: len(peer.kf.texts_to(WANG)) == 2)

    assert len(peer.kf.texts_to(WANG)) == 2


async def test_one_unreadable_item_does_not_keep_the_others_from_being_read(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        house.peer.kf.log += [{"msgid": 7}, {"no": "message"}]
        said = await house.customer(WANG, "你好")

    assert said


async def test_a_newcomer_is_greeted_once_and_only_while_the_code_works(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        house.peer.kf.enter(WANG, "code-1")
        await house.ring()
        house.peer.kf.enter(LIU, "code-2")
        house.house.clock.forward(timedelta(seconds=20))
        await house.ring()
        house.peer.kf.enter(WANG)
        await house.ring()

    [greeting] = house.peer.kf.welcomes["code-1"]
    assert greeting["msgtype"] == "msgmenu"
    assert house.peer.kf.welcomes["code-2"] == []
    assert house.peer.calls.count("/cgi-bin/kf/send_msg_on_event") == 1


async def test_five_are_said_after_a_message_and_the_rest_takes_another_way(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        await house.bind("wecom_kf", WANG, "居民乙", f"{house.peer.kf.account}/{WANG}")
        await house.customer(WANG, "你好")
        for number in range(6):
            await house.remind("wecom_kf", WANG, f"通知 {number}")
        said = house.peer.kf.texts_to(WANG)
        elsewhere = [reply.text for _, reply in house.house.recorder.sent]

    assert said[1:] == [f"通知 {number}" for number in range(4)]
    assert elsewhere == ["通知 4", "通知 5"]


async def test_after_two_days_nothing_is_said_until_the_customer_writes(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.customer(WANG, "你好")
        house.house.clock.forward(timedelta(hours=48))
        await house.remind("wecom_kf", WANG, "通知")
        before = house.peer.kf.texts_to(WANG)
        house.house.clock.forward(timedelta(days=2))
        await house.deliver()
        await house.customer(WANG, "在吗")
        await house.deliver()

    assert "通知" not in before
    assert "通知" in house.peer.kf.texts_to(WANG)


async def test_a_notice_that_bounced_goes_another_way(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.bind("wecom_kf", WANG, "居民乙", f"{house.peer.kf.account}/{WANG}")
        await house.customer(WANG, "你好")
        house.peer.kf.rejecting.add(WANG)
        await house.remind("wecom_kf", WANG, "通知")
        before = [reply.text for _, reply in house.house.recorder.sent]
        await house.ring()
        await house.deliver()
        after = [reply.text for _, reply in house.house.recorder.sent]

    assert (before, after) == ([], ["通知"])


@pytest.mark.parametrize("why", [REJECTED, UNKNOWN])
async def test_a_notice_that_bounced_counts_as_one_that_reached_nobody(
    why: int, tmp_path: Path
) -> None:
    async with a_house(tmp_path) as house:
        await house.customer(WANG, "你好")
        await house.remind("wecom_kf", WANG, "通知")
        number = house.peer.kf.sent[-1]["msgid"]
        house.peer.kf.happens(WANG, event_type="msg_send_fail", fail_msgid=number, fail_type=why)
        house.peer.kf.happens(WANG, event_type="msg_send_fail", fail_msgid="nobody", fail_type=4)
        await house.ring()
        house.house.clock.forward(timedelta(seconds=6))
        await house.deliver()
        failed = await house.run(lambda tx: tx.reaching.failed())
        ways = await house.run(lambda tx: tx.residents.addresses(whose(tx, WANG)))

    assert failed == 1
    assert ways[0].unreachable_since is not None
    assert house.peer.kf.texts_to(WANG)[-1] == "通知", "it is not said there again"


async def test_who_wants_a_person_is_queued_and_comes_back_when_staff_say_so(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        house.peer.kf.lenient = True
        await house.customer(WANG, "楼道灯坏了三天，找人工")
        await house.customer(WANG, "9")
        waiting = house.peer.kf.states[WANG]
        await house.remind("wecom_kf", WANG, "通知")
        while_waiting = house.peer.kf.texts_to(WANG)
        await house.house.say("书记甲", "回 1 明天来修。")
        await house.deliver()
        answered = house.peer.kf.states[WANG]
        await house.house.say("书记甲", "交还 1")
        await house.deliver()

    assert waiting == QUEUE
    assert "通知" not in while_waiting
    assert answered == BOT
    assert "明天来修" in house.peer.kf.texts_to(WANG)[-2]
    assert "交还" in house.peer.kf.texts_to(WANG)[-1]


async def test_a_talk_that_can_only_be_ended_is_ended_with_these_words(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.customer(WANG, "9")
        await house.house.say("书记甲", "交还 1")
        await house.deliver()
        ended = house.peer.kf.states[WANG]
        again = await house.customer(WANG, "我的积分")

    *_, [last_words] = house.peer.kf.welcomes.values()
    assert ended == ENDED
    assert "交还" in last_words["text"]["content"]
    assert again
    assert house.peer.kf.states[WANG] == NEW


async def test_while_a_member_serves_in_wecom_the_bot_is_silent(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.customer(WANG, "9")
        house.peer.kf.pick_up(WANG, "ShuJi")
        await house.ring()
        served = house.peer.kf.states[WANG]
        silent = await house.customer(WANG, "我的积分")
        house.peer.kf.end(WANG, "ShuJi")
        await house.ring()
        back = await house.customer(WANG, "我的积分")

    assert served == HUMAN
    assert silent == []
    assert "积分" in back[-1]


async def test_without_members_nobody_is_queued(tmp_path: Path) -> None:
    async with a_house(tmp_path, kf_members=False) as house:
        await house.customer(WANG, "9")

    assert house.peer.kf.states[WANG] == NEW
    assert "/cgi-bin/kf/service_state/trans" not in house.peer.calls


@pytest.mark.parametrize("kind", ["bytes", "pixels"])
async def test_a_photo_that_is_too_large_is_not_asked_for_again(kind: str, tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        house.peer.files["media-in"] = too_large(kind)
        house.peer.kf.say(WANG, msgtype="image", image={"media_id": "media-in"})
        await house.ring()
        by_member = await house.poster.send("LiSi", "image", MediaId="media-in")

    for said in ("\n".join(house.peer.kf.texts_to(WANG)), by_member.text):
        assert "照片太大" in said
        assert "用文字说" in said
        assert "再发一次" not in said
        assert "收到了" not in said


async def test_photos_places_and_recordings_are_understood(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        house.peer.files["media-in"] = a_photo()
        house.peer.kf.say(WANG, msgtype="image", image={"media_id": "media-in"})
        house.peer.kf.say(
            WANG, msgtype="location", location={"latitude": 30.5, "longitude": 114.3, "name": "x"}
        )
        house.peer.kf.say(WANG, msgtype="voice", voice={"media_id": "m"})
        await house.ring()

    assert len(list((tmp_path / "media").rglob("*.jpg"))) == 1
    assert len(house.peer.kf.texts_to(WANG)) == 3


async def test_an_emergency_gets_its_number_while_the_database_is_locked(tmp_path: Path) -> None:
    async with a_house(tmp_path, busy_timeout=timedelta(milliseconds=50)) as house:
        await house.customer(WANG, "你好")
        with house.house.database.taken():
            said = await house.customer(WANG, "厨房着火了")

    assert "119" in said[0]


async def test_what_was_answered_without_the_database_is_not_done_when_it_is_back(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path, busy_timeout=timedelta(milliseconds=50)) as house:
        await house.customer(WANG, "你好")
        with house.house.database.taken():
            refused = await house.customer(WANG, "三栋电梯坏了")
        back = await house.customer(WANG, "我的积分")
        cursor = await house.run(lambda tx: tx.customers.cursor(house.peer.kf.account))

    assert "没有办成" in refused[0]
    assert len(back) == 1, back
    assert "积分" in back[0]
    assert cursor == str(len(house.peer.kf.log))


def whose(tx: Transaction, user: str) -> int:
    person = tx.residents.at(address_key("wecom_kf", user))
    assert person is not None
    return person.id
