"""Whatever WeCom's callbacks and fetches bring: no crash, no file, no network."""

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.tencent.envelope import Envelope, Forged, Garbled
from bot.channels.wecom import kf_reading, reading, smart_frames, smart_reading
from bot.channels.wecom.door import Door
from tests.peers.wechat.phone import signed
from tests.peers.wecom.poster import AES_KEY, AGENT_ID, CORP_ID, TOKEN
from tests.test_wechat_fuzz import BODIES, MOMENT, NOW, documents, nothing_touched

WORDS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["text", "event", "group", "single", "stream", "enter_session", "msg_send_fail", "LiSi"]
    ),
)
NAMES = st.sampled_from(
    [
        "msgid", "from", "userid", "chatid", "chattype", "msgtype", "text", "content", "stream",
        "id", "event", "eventtype", "event_type", "open_kfid", "external_userid", "send_time",
        "origin", "location", "latitude", "longitude", "image", "media_id", "menu_id", "msg_list",
        "mixed", "msg_item", "next_cursor", "has_more", "welcome_code", "change_type",
    ]
)  # fmt: skip
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=5)),
    max_leaves=12,
)
ITEMS = st.fixed_dictionaries(
    {"msgid": st.just("m"), "send_time": st.integers(), "origin": st.sampled_from([3, 4, 5])},
    optional={
        "msgtype": WORDS,
        "open_kfid": st.sampled_from(["wk1", "", "a b"]),
        "external_userid": st.sampled_from(["wm1", "", "\n"]),
        "text": VALUES,
        "location": VALUES,
        "image": VALUES,
        "event": st.dictionaries(NAMES, LEAVES, max_size=6),
    },
)


def asked(sealed: str) -> dict[str, str]:
    """Return an honest query for this envelope."""
    signature = signed(TOKEN, MOMENT, "1", sealed)
    return {"timestamp": MOMENT, "nonce": "1", "msg_signature": signature}


@given(BODIES)
@settings(max_examples=100, deadline=None)
def test_any_body_is_refused_unless_it_is_signed(body: bytes) -> None:
    door = Door(TOKEN, AES_KEY, CORP_ID)
    query = {"timestamp": MOMENT, "nonce": "1", "msg_signature": signed(TOKEN, MOMENT, "1")}
    with nothing_touched():
        for admit in (door.admit_xml, door.admit_json):
            with pytest.raises((Forged, Garbled)):
                admit(query, body, NOW)


@given(documents())
@settings(max_examples=100, deadline=None)
def test_any_message_to_the_app_inside_an_honest_envelope(document: str) -> None:
    sealed = Envelope(AES_KEY, CORP_ID).seal(document)
    door = Door(TOKEN, AES_KEY, CORP_ID)
    body = f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode()
    with nothing_touched():
        try:
            fields = door.admit_xml(asked(sealed), body, NOW)
            reading.read({**fields, "AgentID": str(AGENT_ID)}, str(AGENT_ID), NOW)
        except Garbled:
            return


@given(st.dictionaries(NAMES, VALUES, max_size=8))
@settings(max_examples=100, deadline=None)
def test_any_json_to_the_smart_robot_inside_an_honest_envelope(posted: dict[str, object]) -> None:
    whole = {"msgid": "m1", "from": {"userid": "LiSi"}, "msgtype": "text", **posted}
    sealed = Envelope(AES_KEY, "").seal(json.dumps(whole))
    door = Door(TOKEN, AES_KEY, "")
    with nothing_touched():
        opened = door.admit_json(asked(sealed), json.dumps({"encrypt": sealed}).encode(), NOW)
        try:
            smart_reading.read(opened, "小二", NOW)
        except Garbled:
            return


@given(st.one_of(ITEMS, VALUES))
@settings(max_examples=150, deadline=None)
def test_any_item_of_the_customer_service(item: object) -> None:
    with nothing_touched():
        try:
            kf_reading.read(item, NOW)
        except kf_reading.Unreadable:
            return


@given(st.dictionaries(NAMES, VALUES, max_size=5))
@settings(max_examples=100, deadline=None)
def test_any_page_of_the_customer_service(answer: dict[str, object]) -> None:
    with nothing_touched():
        try:
            kf_reading.page(answer)
        except kf_reading.Unreadable:
            return


@given(st.text(max_size=60), st.sampled_from(["小二", "小.二*"]))
@settings(max_examples=100, deadline=None)
def test_a_name_left_out_twice_changes_nothing_more(text: str, name: str) -> None:
    """Twice equals once, wherever the name stands and whatever signs it has."""
    once = smart_reading.without_mention(f"{text}@{name} {text}", name)

    assert smart_reading.without_mention(once, name) == once


FRAMES = st.fixed_dictionaries(
    {},
    optional={
        "cmd": st.one_of(WORDS, st.sampled_from(["aibot_msg_callback", "aibot_event_callback"])),
        "headers": VALUES,
        "errcode": LEAVES,
        "body": VALUES,
    },
)


@given(st.one_of(st.text(max_size=80), FRAMES.map(json.dumps)))
@settings(max_examples=200, deadline=None)
def test_any_frame_of_the_robots_own_line(text: str) -> None:
    with nothing_touched():
        try:
            frame = smart_frames.read(text)
        except msgspec.DecodeError:
            return
        smart_frames.is_replaced(frame)
