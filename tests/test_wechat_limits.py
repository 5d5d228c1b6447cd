"""Where WeChat sets a limit, and where it posts more than one thing at once."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.tencent.errors import ApiError, ApiTrouble
from bot.channels.tencent.line import Line
from bot.channels.wechat import texts
from bot.channels.wechat.menu import as_json
from bot.channels.wechat.opening import open_client
from bot.config import ConfigMistakes, load
from handlers.delivery import Kept
from handlers.message import Reply
from storage.residents import address_key
from tests.houses import House
from tests.peers.wechat.phone import Answer, xml
from tests.peers.wechat.server import WeChatPeer
from tests.wechat_house import (
    APP_SECRET,
    PATIENT,
    WeChatHouse,
    a_house,
    a_photo,
    settings,
    too_large,
)
from tests.wechat_street import LI, SEND, TOKEN, account, trouble


async def test_of_a_post_in_both_forms_the_encrypted_one_counts(tmp_path: Path) -> None:
    async with a_house(tmp_path, mode="compatible") as house:
        sealed = await house.phone.say(LI, "我的报修")
        house.house.clock.forward(timedelta(seconds=5))
        reworded = await posted_with(house, LI, "我的报修", plain="我的积分")

    assert reworded.text
    assert reworded.text.splitlines()[-1] == sealed.text.splitlines()[-1]
    assert "积分" not in reworded.text


async def test_words_that_look_like_an_envelope_are_words(tmp_path: Path) -> None:
    async with a_house(tmp_path, mode="compatible") as house:
        answer = await posted_with(house, LI, "我的积分", plain="<Encrypt>QUJD</Encrypt>")

    assert answer.status == 200
    assert "积分" in answer.text


async def test_a_pressed_link_opens_what_a_menu_click_opens(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.phone.say(LI, "我要报修", bizmsgmenuid="1")
        left = await house.run(lambda tx: tx.quotas.remaining(address_key("wechat", LI)))
        house.house.clock.forward(timedelta(seconds=61))
        refused = await trouble(house)

    assert left == 3
    assert isinstance(refused, Kept)


async def test_how_much_may_follow_is_configured(tmp_path: Path) -> None:
    config = {"messages_per_message": 20, "message_window_hours": 24}
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer, **config)) as house:
        await house.say(LI, "你好")
        left = await house.run(lambda tx: tx.quotas.remaining(address_key("wechat", LI)))
        house.house.clock.forward(timedelta(hours=24, seconds=1))
        closed = await house.run(lambda tx: tx.quotas.remaining(address_key("wechat", LI)))

    assert (left, closed) == (20, 0)


def test_the_menu_keeps_to_what_the_platform_shows() -> None:
    shown = json.loads(json.dumps(as_json()))["button"]
    under = [entry for one in shown for entry in one["sub_button"]]

    assert len(shown) <= 3
    assert all(len(one["name"]) <= 4 and 1 <= len(one["sub_button"]) <= 5 for one in shown)
    assert all(len(entry["name"]) <= 7 for entry in under)
    assert all(len(entry["key"].encode()) <= 128 for entry in under)
    assert {entry["key"] for entry in under} == texts.MENU_WORDS.keys()


@pytest.mark.parametrize("code", [40013, 40164, 45009, 48001])
async def test_what_no_waiting_mends_is_kept_for_whoever_looks_after_the_account(
    code: int, tmp_path: Path
) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        peer.fail(SEND, code)
        await trouble(house)
        [(noted,)] = house.rows("SELECT last_error FROM access_tokens")

    assert str(code) in str(noted)


async def test_a_photograph_whose_id_is_over_is_uploaded_again(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        name = await house.media.keep(a_photo())
        peer.fail(SEND, 40007)
        with pytest.raises(Exception, match="40007"):
            await house.channel.sender.send(LI, Reply("", media=(name,)))
        await house.channel.sender.send(LI, Reply("", media=(name,)))

    assert len(peer.files) == 2
    assert [one["msgtype"] for one in peer.messages] == ["image"]


@pytest.mark.parametrize("with_secret", [True, False], ids=["by its id", "by its address"])
@pytest.mark.parametrize("kind", ["bytes", "pixels"])
async def test_a_photograph_that_is_too_large_is_not_asked_for_again(
    kind: str, with_secret: bool, tmp_path: Path
) -> None:
    async with WeChatPeer() as peer:
        config = settings(api_url=peer.url, secret=APP_SECRET if with_secret else "")
        peer.files["m1"] = peer.photos["p1"] = too_large(kind)
        async with a_house(tmp_path, config, pace=PATIENT) as house:
            answer = await house.phone.send(
                LI, "image", PicUrl=f"{peer.url}/photo/p1", MediaId="m1"
            )

    assert "照片太大" in answer.text
    assert "用文字说" in answer.text
    assert "再发一次" not in answer.text
    assert "收到了" not in answer.text


async def test_another_token_is_insisted_on_twenty_times_a_day_and_not_twice_in_30_seconds(
    tmp_path: Path,
) -> None:
    async with WeChatPeer() as peer:
        house = House(tmp_path)
        client = open_client(account(peer), house.store, house.clock)
        peer.fail(SEND, 40001, times=1000)
        counts = []
        for seconds, times in ((0, 2), (30, 25), (24 * 3600, 1)):
            for _ in range(times):
                house.clock.forward(timedelta(seconds=seconds))
                with pytest.raises(ApiError, match="40001"):
                    await client.say(LI, "您好")
            counts.append(insisted(peer))
        await client.close()
        house.store.close()

    assert counts == [1, 20, 21]


async def test_a_platform_that_does_not_answer_is_not_waited_for() -> None:
    go_on = asyncio.Event()

    async def hold(_path: str) -> None:
        await go_on.wait()

    async with WeChatPeer(pause=hold) as peer:
        line = Line(peer.url, patience=timedelta(milliseconds=100))
        try:
            async with asyncio.timeout(5):
                for asking in (
                    line.post("/cgi-bin/stable_token", {}, {}),
                    line.get("/cgi-bin/menu/get", {}),
                    line.download("/cgi-bin/media/get", {}, 1000),
                ):
                    with pytest.raises(ApiTrouble, match="Timeout"):
                        await asking
        finally:
            go_on.set()
            await line.close()


async def test_a_call_of_which_nobody_knows_whether_it_was_carried_out_is_not_repeated(
    tmp_path: Path,
) -> None:
    asked: list[str] = []

    async def break_down(path: str) -> None:
        asked.append(path)
        if path == SEND:
            raise ConnectionError

    async with WeChatPeer(pause=break_down) as peer, a_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        error = await trouble(house)
        left = await house.run(lambda tx: tx.quotas.remaining(address_key("wechat", LI)))

    assert not error.permanent
    assert asked.count(SEND) == 1
    assert left == 4  # it may have arrived


def test_a_key_of_another_length_is_named_at_the_start() -> None:
    with pytest.raises(ConfigMistakes, match="encoding_aes_key"):
        load(None, {"XIAOER_WECHAT__APP_ID": "wx5823bf96d3bd56c7",
                    "XIAOER_WECHAT__TOKEN": "abc",
                    "XIAOER_WECHAT__ENCODING_AES_KEY": "a" * 42})  # fmt: skip


def insisted(peer: WeChatPeer) -> int:
    """Return how often another token was insisted on."""
    return sum(call.body == {"force_refresh": True} for call in peer.calls if call.path == TOKEN)


async def posted_with(house: WeChatHouse, user: str, sealed: str, plain: str) -> Answer:
    """Post in both forms, with other words in the plain one."""
    moment = int(house.house.clock().timestamp())
    who: dict[str, str | int] = {
        "ToUserName": "gh",
        "FromUserName": user,
        "CreateTime": moment,
        "MsgType": "text",
    }
    document = xml(**who, Content=sealed, MsgId=house.phone.number())
    other = xml(**who, Content=plain, MsgId=house.phone.number())
    return await house.phone.post(document, beside=other)
