"""QR pictures of paper codes: made when the code is stored, scanned by whom the code is for."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from urllib.parse import parse_qs, urlsplit

import pytest
import zxingcpp
from PIL import Image

from bot.config_wechat import WeChat
from bot.media import MediaStore
from handlers.message import Message, Reply
from handlers.residents.rules import CODE_WORKS_FOR, OWN_CODE_WORKS_FOR, new_code
from tests.houses import RESIDENTS_GROUP, STAFF_GROUP
from tests.peers.wechat.server import WeChatPeer
from tests.wechat_house import APP_SECRET, PATIENT, QUICK, WeChatHouse, a_house, settings, until

SECRETARY = "oShuJi0000000000000000000001"
NEW = "oNewcomer00000000000000000002"
CREATE = "/cgi-bin/qrcode/create"
ONLY_DIGITS = 15837
"""A seed whose first eight signs are digits."""


async def test_a_paper_code_comes_with_a_picture_and_scanning_it_binds(tmp_path: Path) -> None:
    async with (
        WeChatPeer() as peer,
        a_house(tmp_path, able(peer, customer_messages=True), pace=PATIENT) as house,
    ):
        await house.bind(SECRETARY, "书记甲")
        made = await house.say(SECRETARY, "给居民甲开口令")
        await until(lambda: any(one["msgtype"] == "image" for one in peer.messages))
        [shown] = [one["image"] for one in peer.messages if one["msgtype"] == "image"]
        assert isinstance(shown, dict)
        asked = scanned(peer, peer.files[shown["media_id"]])
        by_phone = await house.phone.event(NEW, "SCAN", EventKey=key_of(asked), Ticket="t")
        again = await house.phone.event("oOther", "SCAN", EventKey=key_of(asked), Ticket="t")

    assert code_in(made) == key_of(asked)
    assert "http" not in made
    assert asked["expire_seconds"] == CODE_WORKS_FOR.total_seconds()
    assert "居民甲您好" in by_phone.text
    assert "已经用过" in again.text


async def test_who_follows_by_the_picture_is_bound_too(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, able(peer)) as house:
        [made] = await ask(house)
        key = key_of(scanned(peer, picture(tmp_path, made)))
        followed = await house.phone.event(NEW, "subscribe", EventKey=f"qrscene_{key}", Ticket="t")

    assert "居民甲您好" in followed.text


async def test_a_code_of_ones_own_comes_with_a_picture_that_makes_the_other_account_theirs(
    tmp_path: Path,
) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, able(peer)) as house:
        [own] = await house.house.say("居民甲", "我的码")
        asked = scanned(peer, picture(tmp_path, own))
        bound = await house.phone.event(NEW, "SCAN", EventKey=key_of(asked), Ticket="t")
        who = await house.say(NEW, "我是谁")

    assert key_of(asked) in own.text
    assert "别给别人扫" in own.text
    assert asked["expire_seconds"] == OWN_CODE_WORKS_FOR.total_seconds()
    assert "居民甲" in bound.text
    assert "居民甲" in who


async def test_on_the_account_itself_a_code_of_ones_own_has_no_picture(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, able(peer)) as house:
        own = await house.say(NEW, "我的码")

    assert "绑定" in own
    assert "扫" not in own
    assert peer.scenes == {}


async def test_a_code_of_ones_own_stands_alone_when_no_picture_can_be_made(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, able(peer)) as house:
        peer.fail(CREATE, 48001, times=10)
        [own] = await house.house.say("居民甲", "我的码")

    assert "绑定" in own.text
    assert "二维码" not in own.text
    assert own.media == ()


async def test_the_page_shows_the_code_again_beside_its_picture(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, able(peer)) as wechat:
        house = wechat.house
        message = Message("web", "v1", "v1", "我的码", "1", keeps_transcript=True)
        said = await house.dispatcher.handle(message)
        await house.dispatcher.handle(message)
        lines = await house.store.run(lambda tx: tx.transcripts.last("v1"))
        asked = scanned(peer, picture(tmp_path, said[-1]))

    bodies = [line.body for line in lines if not line.body["from"]]
    assert [body["text"] for body in bodies] == [reply.text for reply in said]
    code = key_of(asked)
    assert bodies[-1]["media"] == list(said[-1].media)
    assert code in str(bodies[-1]["text"])
    assert code in str(bodies[-1]["alt"])


@pytest.mark.parametrize("full_disk", [True, False], ids=["it cannot be kept", "nobody says what"])
async def test_a_picture_that_cannot_be_drawn_can_be_looked_at_on_the_platform(
    full_disk: bool, tmp_path: Path
) -> None:
    async with (
        WeChatPeer(tells_content=full_disk) as peer,
        a_house(tmp_path, able(peer)) as house,
    ):
        if full_disk:
            (tmp_path / "media").write_text("a file where the folder should be")
        [made] = await ask(house)

    assert code_in(made.text)
    assert ticket_in(made.text) in peer.scenes
    assert made.media == ()


async def test_a_code_sent_again_has_a_picture_for_what_is_left_of_its_life(
    tmp_path: Path,
) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, able(peer)) as house:
        [first] = await ask(house, number=7)
        house.house.clock.forward(timedelta(hours=1))
        [again] = await ask(house, number=7)
        house.house.clock.forward(CODE_WORKS_FOR)
        [over] = await ask(house, number=7)
        lives = [scene["expire_seconds"] for scene in peer.scenes.values()]

    assert code_in(first.text) == code_in(again.text) == code_in(over.text)
    assert lives == [72 * 3600, 71 * 3600]
    assert "微信" not in over.text


async def test_a_group_sees_no_picture_and_its_own_code_has_none(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, able(peer)) as house:
        seen = await house.house.say("书记甲", "给居民甲开口令", group=STAFF_GROUP)
        own = await house.house.say("书记甲", f"口令 {RESIDENTS_GROUP}")

    assert "微信" not in "".join(reply.text for reply in [*seen, *own])
    assert "口令：" in own[0].text
    assert peer.scenes == {}


@pytest.mark.parametrize(
    ("code", "words", "calls"),
    [
        (48001, "没有这项功能", 1),
        (45009, "明天再做", 1),
        (40164, "xiaoer check", 2),
        (40097, "没有及时答复", 2),
    ],
)
async def test_without_a_picture_the_code_still_stands_there(
    code: int, words: str, calls: int, tmp_path: Path
) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, able(peer)) as house:
        peer.fail(CREATE, code, times=10)
        said = [*await ask(house), *await ask(house)]
        asked = peer.count(CREATE)
        peer.fail(CREATE, 0, times=0)
        house.house.clock.forward(timedelta(hours=6))
        [later] = await ask(house)

    for reply in said:
        assert code_in(reply.text)
        assert words in reply.text
        assert "http" not in reply.text
    assert asked == calls
    assert len(later.media) == 1


async def test_a_code_does_not_wait_long_for_its_picture(tmp_path: Path) -> None:
    go_on = asyncio.Event()

    async def hold(_path: str) -> None:
        await go_on.wait()

    pace = replace(QUICK, scene=timedelta(milliseconds=20))
    async with WeChatPeer(pause=hold) as peer, a_house(tmp_path, able(peer), pace=pace) as house:
        try:
            async with asyncio.timeout(2):
                [made] = await ask(house)
        finally:
            go_on.set()

    assert code_in(made.text)
    assert "没有及时答复" in made.text


@pytest.mark.parametrize("off", [{"qr_codes": False}, {"secret": ""}], ids=["off", "no secret"])
async def test_no_picture_is_made_where_none_can_be(off: dict[str, object], tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, able(peer, **off)) as house:
        [made] = await ask(house)

    assert code_in(made.text)
    assert "微信" not in made.text
    assert peer.calls == []


def test_every_code_bears_a_letter_so_that_no_scene_is_taken_for_a_poster() -> None:
    assert not new_code(Random(ONLY_DIGITS)).isdecimal()


def able(peer: WeChatPeer, **values: object) -> WeChat:
    """Return an account that may call the platform."""
    return settings(**{"api_url": peer.url, "secret": APP_SECRET, **values})


async def ask(house: WeChatHouse, number: int | None = None) -> list[Reply]:
    """Have a secretary on another channel make a code."""
    return await house.house.say("书记甲", "给居民甲开口令", number=number)


def code_in(said: str) -> str:
    found = re.search(r"口令：([A-Z0-9]{8})\n", said)
    assert found is not None, said
    return found[1]


def picture(folder: Path, reply: Reply) -> bytes:
    """Return the picture of a reply, as it is kept."""
    [name] = reply.media
    return MediaStore(folder / "media").path(name).read_bytes()


def scanned(peer: WeChatPeer, data: bytes) -> dict[str, object]:
    """Scan a picture as a telephone does; return what the platform was asked for with."""
    [found] = zxingcpp.read_barcodes(Image.open(BytesIO(data)))
    return peer.scenes[peer.pictures[found.text]]


def ticket_in(said: str) -> str:
    parts = urlsplit(said.splitlines()[-1])
    assert (parts.scheme, parts.hostname) == ("https", "mp.weixin.qq.com")
    assert parts.path == "/cgi-bin/showqrcode"
    assert "+" not in parts.query, "a ticket is escaped"
    [ticket] = parse_qs(parts.query, strict_parsing=True)["ticket"]
    return ticket


def key_of(asked: dict[str, object]) -> str:
    info = asked["action_info"]
    assert isinstance(info, dict)
    return str(info["scene"]["scene_str"])
