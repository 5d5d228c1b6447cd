"""The app for staff through its callback, posted to as WeCom does, and what it sends by itself."""

import asyncio
import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from storage.transaction import Transaction
from tests.peers.wecom.poster import CORP_ID
from tests.peers.wecom.server import WeComPeer
from tests.stores import Clock
from tests.telegram_house import a_photo
from tests.wecom_house import APP_KEY, QUICK, WeComHouse, a_house
from tests.wecom_street import LI, SECRETARY, staff


async def test_the_address_is_confirmed_with_the_decrypted_echo(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        answers = [
            await house.poster.enter("/wecom/app", "1616140317555161061", CORP_ID),
            await house.poster.enter("/wecom/kf", "42", CORP_ID),
            await house.poster.enter("/wecom/bot", "43", ""),
        ]
        strange = await house.poster.enter("/wecom/app", "44", "ww9999999999999999")

    assert [answer.text for answer in answers] == ["1616140317555161061", "42", "43"]
    assert strange.status_code == 403


async def test_a_member_is_answered_in_the_same_request(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        answer = await house.poster.say(LI, "物业服务差，我能不交物业费吗")

    assert answer.said["ToUserName"] == LI
    assert answer.said["FromUserName"] == CORP_ID
    assert "民法典" in answer.text
    assert "9 人工" in answer.text


async def test_a_number_means_what_the_last_menu_said(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.say(LI, "菜单")
        answer = await house.say(LI, "1")

    assert "报修" in answer or "什么" in answer


async def test_a_member_becomes_somebody_of_the_street_by_code_and_not_by_name(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        await house.bind("wecom", SECRETARY, "书记甲")
        namesake = await house.say("ShuJiJia", "待回")
        made = await house.say(SECRETARY, "口令 居民乙")
        code = re.findall(r"[A-Z2-9]{8}", made)[0]
        bound = await house.say("JuMinYi", f"绑定 {code}")
        who = await house.say("JuMinYi", "我是谁")

    assert "权限" in namesake
    assert "居民乙" in bound
    assert "居民乙" in who


async def test_a_resend_is_answered_the_same_and_has_one_effect(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        number = house.poster.number()
        first = await house.poster.say(LI, "三栋电梯坏了", number)
        again = await house.poster.say(LI, "三栋电梯坏了", number)

    assert again.text == first.text


async def test_events_without_a_number_are_told_apart(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        moment = int(house.house.clock().timestamp())
        first = await house.poster.event(LI, "click", "我的积分", moment)
        again = await house.poster.event(LI, "click", "我的积分", moment)
        other = await house.poster.event(LI, "click", "菜单", moment)
        entered = await house.poster.event(LI, "enter_agent")

        def seen(tx: Transaction) -> int:
            return len(tx.reading().exec_driver_sql("SELECT key FROM inbox").all())

        count = await house.run(seen)

    assert first.text == again.text != ""
    assert other.text != first.text
    assert entered.body == ""
    assert count == 2


async def test_a_slow_answer_comes_as_a_message_and_a_resend_starts_nothing_anew(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path, pace=QUICK) as house:
        await staff(house)
        number = await slow_photo(house)
        again = await house.poster.send(LI, "image", number=number, MediaId="media-in")
        house.peer.gate.set()
        await house.peer.wait_for(lambda: bool(house.peer.texts_to(LI)))

    assert (again.status, again.body) == (200, "")
    assert len(house.peer.texts_to(LI)) == 1
    assert "照片" in house.peer.texts_to(LI)[0]


async def test_a_busy_database_makes_wecom_send_again_and_that_is_answered(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path, pace=QUICK) as house:
        go_on = threading.Event()
        number = house.poster.number()
        blocked = asyncio.create_task(house.run(lambda _tx: go_on.wait(10)))
        await asyncio.sleep(0)
        posts = [asyncio.create_task(house.poster.say(LI, "三栋电梯坏了", number)) for _ in "ab"]
        await asyncio.wait(posts, timeout=1)
        unanswered = [post.done() for post in posts]
        go_on.set()
        await blocked
        first, again = [await post for post in posts]

    assert unanswered == [False, False]
    assert first.text == again.text
    assert "哪个小区" in first.text


async def test_a_late_answer_that_was_not_taken_is_said_by_the_next_process(
    tmp_path: Path,
) -> None:
    async with WeComPeer(Clock()) as peer:
        async with a_house(tmp_path, peer, pace=QUICK) as house:
            await staff(house)
            peer.fail("/cgi-bin/message/send", *[50001] * 100)
            await slow_photo(house)
            peer.gate.set()
            await peer.wait_for(lambda: "/cgi-bin/message/send" in peer.calls)
        peer.failures.clear()
        async with a_house(tmp_path, peer, pace=QUICK) as house:
            house.house.clock.forward(timedelta(seconds=30))
            await peer.wait_for(lambda: bool(peer.texts_to(LI)))

    assert len(peer.texts_to(LI)) == 1
    assert "照片" in peer.texts_to(LI)[0]


async def test_a_photo_is_fetched_and_kept_and_one_is_sent(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await staff(house)
        house.peer.files["media-in"] = a_photo()
        answer = await house.poster.send(LI, "image", MediaId="media-in", PicUrl="http://x/")
        kept = list((tmp_path / "media").rglob("*.jpg"))
        name = kept[0].name
        await house.remind("wecom", LI, "看这张照片")
        await send_photo(house, LI, name)

    assert answer.status == 200
    assert len(kept) == 1
    assert [one.kind for one in house.peer.sent] == ["text", "text", "image"]


async def test_a_place_and_a_recording_are_understood(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        place = await house.poster.send(
            LI, "location", Location_X="30.55", Location_Y="114.3", Scale=15, Label="红建路"
        )
        voice = await house.poster.send(LI, "voice", MediaId="m", Format="amr")
        nowhere = await house.poster.send(LI, "location", Location_X="nan", Location_Y="1")

    assert place.text
    assert voice.text
    assert nowhere.status == 400


async def test_what_waits_for_staff_reaches_the_member_and_is_answered_there(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        await staff(house)
        await house.house.say("居民甲", "9")
        waiting = await house.say(SECRETARY, "待回")
        sent = await house.say(SECRETARY, "回 1 您好，下午到您家看。")
        await house.deliver()

    assert "正在等回复" in waiting
    assert "这就发给居民" in sent
    assert any("下午到您家看" in reply.text for _, reply in house.house.recorder.sent)


async def test_more_than_thirty_a_minute_wait_and_none_is_dropped(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await staff(house)
        await house.say(LI, "你好")
        for number in range(35):
            await house.remind("wecom", LI, f"通知 {number}")
        at_once = len(house.peer.texts_to(LI))
        house.house.clock.forward(timedelta(seconds=61))
        await house.deliver()

    assert at_once == 30
    assert len(house.peer.texts_to(LI)) == 35
    assert house.peer.dropped == []


async def test_a_long_text_is_split_before_wecom_cuts_it(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await staff(house)
        await house.say(LI, "你好")
        words = "这是一句不短的话，说的是明天停水。" * 60
        await house.remind("wecom", LI, words)

    assert "".join(house.peer.texts_to(LI)) == words
    assert len(house.peer.texts_to(LI)) == 2


async def test_a_member_who_left_is_marked_and_the_next_way_is_taken(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.bind("wecom", "Gone", "居民乙")
        await house.remind("wecom", "Gone", "明天停水")
        marked = await house.run(
            lambda tx: [a.unreachable_since for a in tx.residents.addresses(resident(tx, "居民乙"))]
        )

    assert ("居民乙", "明天停水") in [
        (chat, reply.text) for chat, reply in house.house.recorder.sent
    ]
    assert marked[0] is not None


async def test_a_lost_token_is_fetched_once_and_the_message_arrives(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await staff(house)
        await house.say(LI, "你好")
        await house.remind("wecom", LI, "一")
        house.peer.expire_tokens()
        await house.remind("wecom", LI, "二")

    assert house.peer.texts_to(LI) == ["一", "二"]
    assert house.peer.calls.count("/cgi-bin/gettoken") == 2


async def test_what_is_not_from_wecom_is_refused(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        forged = await house.poster.post_xml("/wecom/app", "<xml/>", msg_signature="0" * 40)
        garbage = await house.poster.raw("/wecom/app", b"<!DOCTYPE x><xml/>", {})
        large = await house.poster.raw("/wecom/app", b"x" * 70_000, {})
        house.poster.now = lambda: house.house.clock().timestamp() - 301
        old = await house.poster.say(LI, "你好")
        other_app = await house.poster.post_xml("/wecom/app", "<xml><MsgType>text</MsgType></xml>")

    assert forged.status == 403
    assert garbage.status_code == 400
    assert large.status_code == 413
    assert old.status == 403
    assert other_app.status == 403


async def test_no_log_names_a_token_or_a_secret(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    async with a_house(tmp_path) as house:
        await staff(house)
        await house.say(LI, "你好")
        await house.remind("wecom", LI, "一")
        token = next(iter(house.peer.tokens))

    assert token not in caplog.text
    assert APP_KEY not in caplog.text


async def slow_photo(house: WeComHouse) -> int:
    """Send a photo that takes longer to fetch than WeCom waits; return the message's number."""
    house.peer.files["media-in"] = a_photo()
    house.peer.gate.clear()
    number = house.poster.number()
    answer = await house.poster.send(LI, "image", number=number, MediaId="media-in")
    assert (answer.status, answer.body) == (200, "")
    return number


async def send_photo(house: WeComHouse, user: str, name: str) -> None:
    def work(tx: Transaction) -> None:
        person = tx.residents.at(f"wecom:{user}")
        assert person is not None
        tx.notices.schedule(
            key="photo", resident_id=person.id, text="照片", topic="test", media=[name]
        )

    await house.run(work)
    await house.deliver()


def resident(tx: Transaction, name: str) -> int:
    [person] = tx.residents.named(name)
    return person.id
