"""Whatever is posted to the webhook: no crash, no file, no network, one of three outcomes."""

import asyncio
import base64
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.tencent.envelope import Envelope, Forged, Garbled
from bot.channels.wechat import reading
from bot.channels.wechat.door import Door, Mode
from tests.peers.wechat.phone import AES_KEY, APP_ID, TOKEN, signed
from tests.wechat_house import a_house

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
MOMENT = str(int(NOW.timestamp()))
WATCHED = ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system")

_watching: list[list[str]] = []


def _hook(event: str, _arguments: object) -> None:
    if _watching and event in WATCHED:
        _watching[-1].append(event)


sys.addaudithook(_hook)


@contextmanager
def nothing_touched() -> Iterator[None]:
    """Fail when a file is opened or a connection made."""
    touched: list[str] = []
    _watching.append(touched)
    try:
        yield
    finally:
        _watching.pop()
    assert touched == []


NAMES = st.sampled_from(
    [
        "ToUserName", "FromUserName", "CreateTime", "MsgType", "Content", "MsgId", "Event",
        "EventKey", "Encrypt", "PicUrl", "MediaId", "Location_X", "Location_Y", "Recognition",
        "Status", "MsgID", "Ticket", "SubscribeMsgPopupEvent", "List", "TemplateId", "x",
    ]
)  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "text", "image", "voice", "location", "event", "CLICK", "subscribe", "SCAN", "0",
            "1700000000", "99999999999999999999", "-1", "1e400", "nan", "qrscene_", "accept",
            "oLiAyi", "<!ENTITY a SYSTEM 'file:///etc/passwd'>", "]]>", "&a;", "\x00",
        ]
    ),
)  # fmt: skip


@st.composite
def documents(draw: st.DrawFn, depth: int = 3) -> str:
    """Something like a message, often well formed, nested and repeated at random."""
    parts = []
    for _ in range(draw(st.integers(0, 8))):
        name, value = draw(NAMES), draw(VALUES)
        if depth and draw(st.booleans()) and draw(st.booleans()):
            value = draw(documents(depth - 1))
        elif draw(st.booleans()):
            value = f"<![CDATA[{value}]]>"
        parts.append(f"<{name}>{value}</{name}>")
    return f"<xml>{''.join(parts)}</xml>"


BODIES = st.one_of(
    st.binary(max_size=600),
    documents().map(lambda text: text.encode("utf-8", "surrogatepass")),
    documents().map(lambda text: text.encode("utf-16", "surrogatepass")),
)


def received(mode: Mode, body: bytes, query: dict[str, str]) -> str:
    """Take a post as the route does; say how it ended."""
    door = Door(mode, APP_ID, TOKEN, AES_KEY)
    try:
        letter = door.admit(query, body, NOW)
        reading.read(letter.fields, NOW)
    except Forged:
        return "forged"
    except Garbled:
        return "garbled"
    return "taken"


@given(BODIES)
@settings(max_examples=150, deadline=None)
def test_any_body_under_an_honest_signature(body: bytes) -> None:
    query = {"timestamp": MOMENT, "nonce": "1", "signature": signed(TOKEN, MOMENT, "1")}
    with nothing_touched():
        received(Mode.PLAIN, body, query)
        received(Mode.SAFE, body, {**query, "encrypt_type": "aes"})


@given(documents())
@settings(max_examples=150, deadline=None)
def test_any_message_inside_an_honest_envelope(document: str) -> None:
    sealed = Envelope(AES_KEY, APP_ID).seal(document)
    query = {
        "timestamp": MOMENT, "nonce": "1", "signature": signed(TOKEN, MOMENT, "1"),
        "encrypt_type": "aes", "msg_signature": signed(TOKEN, MOMENT, "1", sealed),
    }  # fmt: skip
    with nothing_touched():
        outcome = received(Mode.SAFE, f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode(), query)

    assert outcome in {"taken", "garbled"}


@given(
    st.dictionaries(
        st.sampled_from(
            ["timestamp", "nonce", "signature", "msg_signature", "encrypt_type", "echostr"]
        ),
        st.text(max_size=50),
    )
)
@settings(max_examples=150, deadline=None)
def test_any_query_is_refused(query: dict[str, str]) -> None:
    with nothing_touched():
        assert received(Mode.COMPATIBLE, b"<xml></xml>", query) == "forged"
        with pytest.raises(Forged):
            Door(Mode.SAFE, APP_ID, TOKEN, AES_KEY).echo(query, NOW)


@given(st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_cipher_text(data: bytes) -> None:

    with nothing_touched(), pytest.raises((Forged, Garbled)):
        Envelope(AES_KEY, APP_ID).open(base64.b64encode(data).decode())


async def test_the_whole_house_survives_what_is_posted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_house(tmp_path, mode="plain") as house:
        posted = []

        @given(BODIES)
        @settings(
            max_examples=60,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )
        def collect(body: bytes) -> None:
            posted.append(body)

        await asyncio.to_thread(collect)
        moment = str(int(house.house.clock().timestamp()))
        statuses = set()
        for number, body in enumerate(posted):
            nonce = str(number)
            query = {
                "timestamp": moment, "nonce": nonce, "signature": signed(TOKEN, moment, nonce)
            }  # fmt: skip
            answer = await house.phone.raw(body, query)
            statuses.add(answer.status)
        alive = await house.phone.say("oLiAyi", "你好")

    assert statuses <= {200, 400}
    assert alive.text
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
