"""Programs nobody here wrote read what we write and write what we read."""

import asyncio
import contextlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.tencent import xml as documents
from bot.channels.tencent.envelope import Envelope, Forged, Garbled, check, signature
from bot.channels.wechat import reading, replying
from bot.channels.wechat.allowance import Pace
from storage.outage import Outage
from tests.peers import node
from tests.peers.node import Answering, Asked
from tests.peers.telegram.judge import NO_PYTHON, PYTHON, ROOT
from tests.peers.wechat.phone import AES_KEY, APP_ID, TOKEN, Answer, Phone, signed, xml
from tests.peers.wechat.server import SECRET, WeChatPeer
from tests.wechat_house import a_house, a_photo
from tests.wechat_street import LI, MODES, tickets

needs_node = pytest.mark.skipif(node.MISSING is not None, reason=str(node.MISSING))
needs_python = pytest.mark.skipif(not PYTHON.exists(), reason=NO_PYTHON)

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
TEXTS = [
    *("好" * (n // 3) + "a" * (n % 3) for n in (*range(1, 70), 480, 1023, 2047, 2048, 2100)),
    "😀👨‍👩‍👧 ]]> <xml>&amp;</xml>",
    "e\u0301\u200d\ufeff",
]
"""1 to 2100 bytes, with every edge of a block, and signs of several code points."""
LIBRARIES = ("wechat-crypto", "@wecom/crypto")


# Tencent's own example

ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
EXAMPLE = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911"
    "L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLx"
    "AUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9"
    "nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/u"
    "h9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)


def test_tencents_own_example_opens() -> None:
    envelope = Envelope(AES_KEY, APP_ID)
    check("5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", TOKEN, "1409659589", "263014780", ECHO)
    check("477715d11cdb4164915debcba66cb864d751f3e6", TOKEN, "1409659813", "1372623149", EXAMPLE)

    fields = documents.parse(envelope.open(EXAMPLE).encode())

    assert envelope.open(ECHO) == "1616140317555161061"
    assert fields["Content"] == "hello"
    assert (fields["FromUserName"], fields["MsgId"]) == ("mycreate", "4561255354251345929")


@pytest.mark.parametrize("at", range(0, len(EXAMPLE), 37))
def test_a_changed_envelope_is_refused_in_words_of_our_own(at: int) -> None:
    letter = "A" if EXAMPLE[at] != "A" else "B"
    changed = EXAMPLE[:at] + letter + EXAMPLE[at + 1 :]

    with pytest.raises(Forged):
        check("477715d11cdb4164915debcba66cb864d751f3e6", TOKEN, "1", "2", changed)
    with contextlib.suppress(Forged, Garbled):
        Envelope(AES_KEY, APP_ID).open(changed)


# Node's libraries


@pytest.fixture(scope="module")
def libraries() -> Iterator[Answering]:
    assert node.NODE is not None
    with node.answering(node.NODE, str(node.FOLDER / "crypto.mjs")) as program:
        yield program


@needs_node
@pytest.mark.parametrize("lib", LIBRARIES)
def test_envelopes_travel_both_ways(lib: str, libraries: Answering) -> None:
    ours = Envelope(AES_KEY, APP_ID)
    known = {"lib": lib, "key": AES_KEY, "id": APP_ID, "token": TOKEN, "moment": "1", "nonce": "2"}

    theirs = libraries.ask([{**known, "do": "encrypt", "text": text} for text in TEXTS])
    sealed = [ours.seal(text) for text in TEXTS]
    opened = libraries.ask([{**known, "do": "decrypt", "text": text} for text in sealed])
    signatures = libraries.ask([{**known, "do": "sign", "text": text} for text in sealed])

    assert [ours.open(one["text"]) for one in theirs] == TEXTS
    assert [one["text"] for one in opened] == TEXTS
    assert {one["id"] for one in opened} == {APP_ID}
    for text, one in zip(sealed, signatures, strict=True):
        check(one["text"], TOKEN, "1", "2", text)


@needs_node
async def test_the_peer_of_the_tests_serves_a_client_nobody_here_wrote(tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(a_photo())
    async with WeChatPeer() as peer:
        peer.unknown.add("o-nobody")
        seen = await node.run(
            "api_client.mjs",
            {
                "url": peer.url,
                "id": APP_ID,
                "secret": SECRET,
                "user": LI,
                "template": "TM1",
                "photo": str(photo),
            },
        )

    assert seen["token"] == "token-"
    assert seen["text"]["errcode"] == 0
    assert [seen[name]["code"] for name in ("tooLong", "stranger", "noMenu", "sceneTooLong")] == [
        45002, 40003, 46003, 40053,
    ]  # fmt: skip
    assert seen["template"]["msgid"]
    assert seen["image"]["errcode"] == 0
    assert seen["scene"]["ticket"] in peer.scenes
    assert seen["fetched"] == len(photo.read_bytes())
    assert seen["menu"]["menu"]["button"][0]["sub_button"][0]["key"] == "report"
    assert peer.said(LI) == ["您好"]


@needs_node
@pytest.mark.parametrize("mode", MODES)
async def test_a_webhook_nobody_here_wrote_is_asked_the_same(mode: str, tmp_path: Path) -> None:
    """What ours and co-wechat agree on, and where ours is stricter (and it breaks on `]]>`)."""
    async with a_house(tmp_path, mode=mode) as house:
        clock = house.house.clock
        clock.now = datetime.now(UTC)
        asked = {"token": TOKEN, "key": AES_KEY, "id": APP_ID, "mode": mode}
        async with node.serving("co_wechat.mjs", asked) as url:
            other = Phone(url, mode, lambda: clock().timestamp())
            ours, theirs = house.phone, other
            entered = [await phone.enter("12345") for phone in (ours, theirs)]
            answers = [await phone.say(LI, "你好 &<b>😀", 42) for phone in (ours, theirs)]
            forged = [
                await phone.post(xml(Content="a"), signature="0" * 40, msg_signature="0" * 40)
                for phone in (ours, theirs)
            ]
            stale = [
                (await replaced(phone, clock().timestamp() - 3600)).status
                for phone in (ours, theirs)
            ]
            await other.close()

    assert [answer.body for answer in entered] == ["12345"] * 2
    assert [answer.status for answer in forged] == [403, 401]
    assert stale == [403, 200]
    for name in ("ToUserName", "FromUserName", "MsgType"):
        assert answers[0].fields[name] == answers[1].fields[name]
    assert len(answers[0].fields["CreateTime"]) == 10
    assert json.loads(answers[1].text) == {"type": "text", "text": "你好 &<b>😀", "user": LI}


async def replaced(phone: Phone, at: float) -> Answer:
    """Post as this phone does at another time."""
    late = Phone(phone.url, phone.mode, lambda: at)
    try:
        return await late.say(LI, "你好")
    finally:
        await late.close()


@needs_node
async def test_a_handler_of_eight_seconds_makes_one_ticket_in_every_mode(tmp_path: Path) -> None:
    """WeChat cuts after five seconds and sends again; the database is held for eight."""
    slow = timedelta(seconds=20)
    pace = replace(Pace(), tend=timedelta(minutes=5))

    async def one(mode: str, lib: str, folder: Path) -> tuple[Asked, int, list[object]]:
        async with a_house(folder, mode=mode, pace=pace, busy_timeout=slow) as house:
            await house.bind(LI, "居民甲")
            await house.say(LI, "三栋二单元电梯坏了")
            outage = Outage(house.house.database.url)
            outage.begin()
            asyncio.get_running_loop().call_later(8, outage.end)
            fields = {
                "ToUserName": "gh", "FromUserName": LI, "MsgType": "text", "Content": "1",
                "CreateTime": int(house.house.clock().timestamp()), "MsgId": 99,
            }  # fmt: skip
            now = int(house.house.clock().timestamp())
            seen = await node.run(
                "platform.mjs",
                {
                    "url": house.phone.url, "mode": mode, "token": TOKEN, "key": AES_KEY,
                    "id": APP_ID, "fields": fields, "lib": lib, "now": now,
                },
            )  # fmt: skip
            unsaid = house.rows("SELECT 1 FROM late_answers WHERE said_with IS NULL")
            return seen, tickets(house), list(unsaid)

    for mode in MODES:
        (tmp_path / mode).mkdir()
    outcomes = await asyncio.gather(
        one("plain", "wechat-crypto", tmp_path / "plain"),
        one("compatible", "wecom", tmp_path / "compatible"),
        one("safe", "wechat-crypto", tmp_path / "safe"),
    )

    for seen, made, unsaid in outcomes:
        assert seen.get("fault") is None, seen
        assert "1001" in seen["text"]
        assert seen["tries"] == 2
        assert made == 1
        assert unsaid == []


# Python's


@pytest.fixture(scope="module")
def foreign() -> Iterator[Answering]:
    command = ("env", f"--chdir={ROOT}", str(PYTHON), "-m", "tests.peers.wechat.foreign")
    with node.answering(*command) as program:
        yield program


@needs_python
@pytest.mark.parametrize(("lib", "receiver"), [("werobot", APP_ID), ("wx-crypt", "")])
def test_envelopes_travel_both_ways_in_python(lib: str, receiver: str, foreign: Answering) -> None:
    ours = Envelope(AES_KEY, receiver)
    known = {"lib": lib, "key": AES_KEY, "id": receiver, "token": TOKEN}
    known |= {"moment": "1409659813", "nonce": "13726"}

    theirs = foreign.ask([{**known, "do": "encrypt", "text": text} for text in TEXTS])
    sealed = [ours.seal(text) for text in TEXTS]
    letters = [
        {**known, "do": "decrypt", "text": text,
         "signature": signature(TOKEN, known["moment"], known["nonce"], text)}
        for text in sealed
    ]  # fmt: skip
    opened = foreign.ask(letters)

    for one in theirs:
        check(one["signature"], TOKEN, known["moment"], known["nonce"], one["text"])
    assert [ours.open(one["text"]) for one in theirs] == TEXTS
    assert [one["text"] for one in opened] == TEXTS


@needs_python
def test_werobot_reads_messages_as_we_do(foreign: Answering) -> None:
    who: dict[str, str | int] = {"FromUserName": LI, "CreateTime": int(NOW.timestamp())}
    posts = [
        xml(**who, MsgType="text", Content="你好 ]]> 😀", MsgId=1),
        xml(**who, MsgType="voice", MediaId="m", Format="amr", Recognition="电梯坏了", MsgId=2),
        xml(**who, MsgType="event", Event="CLICK", EventKey="shifts"),
        xml(**who, MsgType="location", Location_X="30.5", Location_Y="114.3", Scale=1, Label="",
            MsgId=3),
    ]  # fmt: skip
    ours = [reading.read(documents.parse(post.encode()), NOW) for post in posts]
    theirs = foreign.ask([{"do": "parse", "text": post} for post in posts])
    heard = [one.message for one in ours if isinstance(one, reading.Heard)]

    assert [message.sender for message in heard] == [one["source"] for one in theirs]
    assert heard[0].text == theirs[0]["content"]
    assert str(heard[0].platform_id) == str(theirs[0]["message_id"])
    assert heard[1].text == theirs[1]["recognition"]
    assert heard[2].text == "有什么班"
    assert theirs[2]["key"] == "shifts"
    place = heard[3].attachments[0]
    assert [place.latitude, place.longitude] == [float(x) for x in theirs[3]["place"]]


@needs_python
def test_our_replies_say_what_werobots_say(foreign: Answering) -> None:
    post = xml(ToUserName="gh", FromUserName=LI, CreateTime=1, MsgType="text", Content="a", MsgId=1)
    [theirs] = foreign.ask([{"do": "reply", "to": post, "text": "您好 <b>&😀"}])
    ours = replying.as_xml("您好 <b>&😀", user=LI, account="gh", at=int(NOW.timestamp()))
    mine, other = (documents.parse(text.encode()) for text in (ours, theirs["text"]))

    for name in ("ToUserName", "FromUserName", "MsgType", "Content"):
        assert mine[name] == other[name]


def test_signatures_are_those_of_the_documentation() -> None:
    assert signature(TOKEN, "1", "2") == signed(TOKEN, "1", "2")


def test_the_lock_of_the_node_packages_names_no_address() -> None:
    lock = json.loads((node.FOLDER / "package-lock.json").read_text("utf-8"))
    packages = [package for name, package in lock["packages"].items() if name]

    assert all("integrity" in package and "resolved" not in package for package in packages)
