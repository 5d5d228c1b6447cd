"""The WeChat channel through its webhook, posted to as WeChat does, in all three modes."""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.wechat import replying
from bot.channels.wechat.replying import Piece
from bot.script.command import play
from handlers.message import Choice, Reply
from tests.peers.wechat.phone import APP_ID, TOKEN, Phone, signed, xml
from tests.peers.wechat.server import WeChatPeer
from tests.wechat_house import APP_SECRET, a_house, a_photo, settings
from tests.wechat_street import LI, MODES, WANG, tickets

# The door


@pytest.mark.parametrize("mode", MODES)
async def test_a_question_is_answered_in_the_mode_it_was_asked_in(
    mode: str, tmp_path: Path
) -> None:
    async with a_house(tmp_path, mode=mode) as house:
        answer = await house.phone.say(LI, "物业服务差，我能不交物业费吗")

    assert answer.fields["ToUserName"] == LI
    assert answer.fields["FromUserName"] == "gh_made_up_account"
    assert answer.fields["MsgType"] == "text"
    assert "民法典" in answer.text
    assert "1 " in answer.text
    assert "9 人工" in answer.text


async def test_the_address_can_be_entered_on_the_platform(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        entered = await house.phone.enter("1616140317555161061")
        forged = await house.phone.enter("1616140317555161061", signature="0" * 40)

    assert (entered.status, entered.body) == (200, "1616140317555161061")
    assert forged.status == 403


async def test_what_wechat_did_not_sign_is_refused(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        forged = await house.phone.post(xml(Content="报修"), signature="0" * 40)
        reworded = await house.phone.post(xml(Content="报修"), msg_signature="0" * 40)
        nameless = await house.phone.post(xml(Content="报修"), nonce="")
        strange = await house.phone.post(
            xml(Content="报修"),
            signature="\u4e2d\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        )
        # An honest signature, but nothing encrypted: the mode is safe.
        bare = Phone(house.phone.url, "plain", lambda: house.house.clock().timestamp())
        plain = await bare.say(LI, "报修")
        await bare.close()

    answers = (forged, reworded, nameless, strange, plain)
    assert [answer.status for answer in answers] == [403] * 5
    assert house.house.database.run("SELECT key FROM inbox") == []


@pytest.mark.parametrize(("seconds", "status"), [(-299, 200), (-301, 403), (299, 200), (301, 403)])
async def test_a_post_is_good_for_five_minutes(seconds: int, status: int, tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        now = house.house.clock().timestamp()
        late = Phone(house.phone.url, "safe", lambda: now + seconds)
        answer = await late.say(LI, "你好")
        await late.close()

    assert answer.status == status


async def test_a_message_for_another_account_is_refused(tmp_path: Path) -> None:
    other = settings(app_id="wx0000000000000000")
    async with a_house(tmp_path, other) as house:
        answer = await house.phone.say(LI, "你好")

    assert APP_ID != "wx0000000000000000"
    assert answer.status == 403


async def test_who_overhears_a_signature_can_post_nothing_else_with_it(tmp_path: Path) -> None:
    async with a_house(tmp_path, mode="plain") as house:
        moment = str(int(house.house.clock().timestamp()))
        query = {
            "signature": signed(TOKEN, moment, "77"), "timestamp": moment, "nonce": "77"
        }  # fmt: skip
        who: dict[str, str | int] = {"FromUserName": LI, "CreateTime": int(moment)}
        first = xml(**who, MsgType="text", Content="你好", MsgId=1).encode()
        other = xml(**who, MsgType="text", Content="三栋二单元电梯坏了", MsgId=2).encode()

        heard = await house.phone.raw(first, query)
        again = await house.phone.raw(first, query)
        replayed = await house.phone.raw(other, query)

    assert heard.status == again.status == 200
    assert again.text == heard.text
    assert replayed.status == 403


BAD_BODIES = {
    "nothing": b"",
    "no XML": "您好".encode(),
    "an entity": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Encrypt>&a;</Encrypt></xml>',
    "a comment": b"<xml><!-- a --><Encrypt>x</Encrypt></xml>",
    "an open section": b"<xml><Encrypt><![CDATA[abc</Encrypt></xml>",
    "no envelope": b"<xml><Content>a</Content></xml>",
    "deep": b"<xml>" + b"<a>" * 40 + b"</a>" * 40 + b"</xml>",
    "many": b"<xml>" + b"<a>1</a>" * 4000 + b"</xml>",
    "another encoding": '<?xml version="1.0" encoding="utf-16"?><xml/>'.encode("utf-16"),
    "not UTF-8": b"<xml><Encrypt>\xff\xfe</Encrypt></xml>",
}


async def test_bad_bodies_are_refused_and_not_quoted_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_house(tmp_path, mode="compatible") as house:
        moment = str(int(house.house.clock().timestamp()))
        refused = {}
        for name, body in BAD_BODIES.items():
            query = {"signature": signed(TOKEN, moment, "8"), "timestamp": moment, "nonce": "8"}
            sealed = {**query, "encrypt_type": "aes", "msg_signature": "0" * 40}
            answers = [await house.phone.raw(body, asked) for asked in (query, sealed)]
            refused[name] = [answer.status for answer in answers]

    assert {statuses[0] for statuses in refused.values()} == {400}
    assert {statuses[1] for statuses in refused.values()} <= {400, 403}
    assert "passwd" not in caplog.text
    assert [r for r in caplog.records if r.levelno > logging.WARNING] == []


async def test_more_than_64_kb_are_not_read(tmp_path: Path) -> None:
    async with a_house(tmp_path, mode="plain") as house:
        answer = await house.phone.say(LI, "好" * 30_000)

    assert answer.status == 413


async def test_words_that_look_like_xml_are_words(tmp_path: Path) -> None:
    async with a_house(tmp_path, mode="plain") as house:
        answer = await house.phone.say(LI, "<!DOCTYPE x> 电梯 ]]> 坏了 <b>&amp;")

    assert answer.status == 200
    assert answer.text


# What people send


async def test_a_report_is_made_by_text_and_numbers(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.bind(LI, "居民甲")
        await house.say(LI, "三栋二单元电梯坏了")
        done = await house.say(LI, "１")

        assert "1001" in done
        assert tickets(house) == 1


async def test_a_spoken_message_counts_as_what_was_understood_of_it(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.bind(LI, "居民甲")
        heard = await house.phone.send(
            LI, "voice", MediaId="m", Format="amr", Recognition="三栋二单元电梯坏了"
        )
        unheard = await house.phone.send(WANG, "voice", MediaId="m", Format="amr", Recognition="")

    assert "电梯" in heard.text
    assert "语音" in unheard.text


async def test_a_place_has_its_latitude_first(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        answer = await house.phone.send(
            LI, "location", Location_X="30.59", Location_Y="114.30", Scale=16, Label="某路"
        )
        broken = await house.phone.send(LI, "location", Location_X="x", Location_Y="nan", Scale=1)

    assert "位置" in answer.text
    assert broken.status == 400


async def test_a_message_of_a_kind_we_do_not_know_is_answered(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        video = await house.phone.send(LI, "shortvideo", MediaId="a", ThumbMediaId="b")
        unknown = await house.phone.send(LI, "hologram", MediaId="a")

    assert video.text
    assert unknown.text


@pytest.mark.parametrize("with_secret", [True, False], ids=["by its id", "by its address"])
async def test_a_photograph_is_kept_without_the_place_it_was_taken_at(
    with_secret: bool, tmp_path: Path
) -> None:
    async with WeChatPeer() as peer:
        secret = APP_SECRET if with_secret else ""
        config = settings(api_url=peer.url, secret=secret)
        peer.files["m1"] = peer.photos["p1"] = a_photo(located=True)
        async with a_house(tmp_path, config) as house:
            await house.say(LI, "你好")
            answer = await house.phone.send(
                LI, "image", PicUrl=f"{peer.url}/photo/p1", MediaId="m1"
            )

    [kept] = (tmp_path / "media").rglob("*.jpg")
    assert "照片" in answer.text
    assert b"GPS" not in kept.read_bytes()
    assert b"Exif" not in kept.read_bytes()
    asked = {call.path for call in peer.calls}
    assert ("/cgi-bin/media/get" in asked) is with_secret


@pytest.mark.parametrize("path", ["redirect", "photo/missing"])
async def test_a_photograph_that_cannot_be_had_is_asked_for_again(
    path: str, tmp_path: Path
) -> None:
    async with WeChatPeer() as peer:
        peer.photos["other"] = a_photo()
        async with a_house(tmp_path, settings(api_url=peer.url)) as house:
            answer = await house.phone.send(LI, "image", PicUrl=f"{peer.url}/{path}", MediaId="m")

    assert "再发一次" in answer.text
    assert "看不懂" not in answer.text
    assert not list((tmp_path / "media").rglob("*.jpg"))
    assert [call.path for call in peer.calls if call.path == "/photo/other"] == []


async def test_no_photograph_is_fetched_from_another_host(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with WeChatPeer() as platform, WeChatPeer() as stranger:
        stranger.photos["p"] = a_photo()
        async with a_house(tmp_path, settings(api_url=platform.url)) as house:
            urls = (
                f"{stranger.url}/photo/p", "http://169.254.169.254/latest", "file:///etc/passwd",
                "http://mmbiz.qpic.cn:8080/x", "//[", "http://mmbiz.qpic.cn@127.0.0.1/x",
            )  # fmt: skip
            answers = [await house.phone.send(LI, "image", PicUrl=url, MediaId="m") for url in urls]

    assert all("再发一次" in answer.text for answer in answers)
    assert stranger.calls == []
    refused = [r for r in caplog.records if "not the platform's" in r.getMessage()]
    assert len(refused) == len(urls) - 1  # one of them is no address at all


# Events


async def test_who_follows_is_greeted_and_who_leaves_is_not_reachable(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        greeted = await house.phone.event(LI, "subscribe", EventKey="")
        left = await house.phone.event(LI, "unsubscribe", EventKey="")
        gone = house.rows("SELECT unreachable_since FROM addresses WHERE channel = 'wechat'")
        house.house.clock.forward(timedelta(seconds=5))
        back = await house.phone.event(LI, "subscribe", EventKey="")
        there = house.rows("SELECT unreachable_since FROM addresses WHERE channel = 'wechat'")

    assert "我要报修" in greeted.text
    assert left.body == "success"
    assert gone[0][0] is not None
    assert "我要报修" in back.text
    assert there == [(None,)]


async def test_scanning_a_code_goes_on_with_what_it_was_made_for(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        followed = await house.phone.event(LI, "subscribe", EventKey="qrscene_123", Ticket="t")
        scanned = await house.phone.event(LI, "SCAN", EventKey="ABCDEFGHJKLM", Ticket="t")

    assert "我要报修" in followed.text
    assert "过期" in scanned.text or "失效" in scanned.text


async def test_a_menu_click_says_what_can_also_be_typed(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        clicked = await house.phone.event(LI, "CLICK", EventKey="shifts")
        typed = await house.phone.say(WANG, "有什么班")
        linked = await house.phone.say(
            WANG, "有什么班", bizmsgmenuid="1"
        )  # a link in a message, clicked

    assert clicked.text == typed.text
    assert linked.text.splitlines()[-1] == typed.text.splitlines()[-1]


async def test_two_events_in_one_second_stay_two_and_one_sent_again_stays_one(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        at = int(house.house.clock().timestamp())
        first = await house.phone.event(LI, "CLICK", at=at, EventKey="shifts")
        second = await house.phone.event(LI, "CLICK", at=at, EventKey="my_points")
        again = await house.phone.event(LI, "CLICK", at=at, EventKey="shifts")
        handled = house.rows("SELECT key FROM inbox")

    assert first.text != second.text
    assert again.text == first.text
    assert len(handled) == 2


@pytest.mark.parametrize("event", ["VIEW", "LOCATION", "scancode_push", "kf_msg_or_event"])
async def test_events_that_nobody_waits_an_answer_to_get_none(event: str, tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        answer = await house.phone.event(LI, event, EventKey="x")

    assert answer.body == "success"


async def test_an_emergency_is_answered_first_of_all(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        answer = await house.phone.say(LI, "家里着火了")

    assert "119" in answer.text.splitlines()[0]


# What is shown


def test_a_turn_is_one_message_as_long_as_it_fits_and_never_cuts_a_character() -> None:
    sentence = "物业应当修好公共部位的设施设备😀。"
    replies = [Reply(sentence * 30), Reply(sentence * 60)]

    turn = replying.turn(replying.pieces(replies), "（后面还有）")
    said = [turn.first, *turn.rest]

    assert all(piece and len(piece.text.encode()) <= 2048 for piece in said)
    whole = "".join(piece.text for piece in said if piece)
    assert whole.replace("（后面还有）", "").replace("\n", "") == sentence * 90
    assert all(piece and piece.text.replace("（后面还有）", "")[-1] == "。" for piece in said)


@pytest.mark.parametrize("length", range(2040, 2056))
def test_the_border_of_2048_bytes_is_exact(length: int) -> None:
    text = "a" * length

    said = replying.pieces([Reply(text)])

    assert [len(piece.text) for piece in said] == (
        [length] if length <= 2048 else [2048, length - 2048]
    )


def test_choices_are_printed_with_their_numbers_and_photos_follow() -> None:
    reply = Reply("选哪个？", (Choice("报修", "a", 1), Choice("人工", "b", 9)), media=("p",))

    said = replying.pieces([reply])

    assert said[0].text.splitlines()[:3] == ["选哪个？", "1 报修", "9 人工"]
    assert said[1] == Piece(media="p")


async def test_an_answer_cannot_break_out_of_its_section(tmp_path: Path) -> None:
    async with a_house(tmp_path, mode="plain") as house:
        await house.bind(LI, "居民甲")
        answer = await house.phone.say(LI, "三栋二单元灯坏了]]><Content>灯\u0008坏了")

    assert answer.status == 200
    assert "]]>" in answer.text


async def test_the_script_player_shows_what_wechat_shows(tmp_path: Path) -> None:
    talk = ("物业服务差，我能不交物业费吗", "有什么班", "三栋二单元电梯坏了")
    script = tmp_path / "talk.txt"
    script.write_text("\n".join(f"路人: {line}" for line in talk), "utf-8")
    said: list[str] = []
    await asyncio.to_thread(play, script, None, "wechat", None, False, write=said.append)
    shown = "".join(said)

    async with a_house(tmp_path) as house:
        answer = await house.say(LI, talk[0])

    for line in answer.splitlines():
        assert line in shown
