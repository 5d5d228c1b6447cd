"""The frames of the smart robot's own line, as they come and go.

They are those of the platform's document 101463 and of its own `@wecom/aibot-node-sdk`.
"""

import re

import msgspec

SUBSCRIBE, PING = "aibot_subscribe", "ping"
MESSAGE, EVENT = "aibot_msg_callback", "aibot_event_callback"
RESPOND, WELCOME, SEND = "aibot_respond_msg", "aibot_respond_welcome_msg", "aibot_send_msg"

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f]")
"""The platform's own client takes these out before it reads a frame."""


class _Headers(msgspec.Struct, frozen=True):
    req_id: str = ""


class Frame(msgspec.Struct, frozen=True):
    """What comes over the line: a callback, or the answer to something of ours."""

    cmd: str = ""
    headers: _Headers = _Headers()
    errcode: int = 0
    body: msgspec.Raw = msgspec.Raw(b"null")


class _Event(msgspec.Struct, frozen=True):
    eventtype: str = ""


class _Happened(msgspec.Struct, frozen=True):
    event: _Event = _Event()


class _From(msgspec.Struct, frozen=True):
    userid: str


class Asker(msgspec.Struct, frozen=True):
    """Who has to get the rest of an answer, and where."""

    sender: _From = msgspec.field(name="from")
    chatid: str = ""


class Stream(msgspec.Struct, frozen=True):
    """An answer of which more may come under the same name."""

    id: str
    finish: bool
    content: str = ""


class _Said(msgspec.Struct, frozen=True):
    """An answer, as far as it has to be looked at."""

    stream: Stream | None = None


def read(text: str) -> Frame:
    """Return a frame that came over the line; raises msgspec.DecodeError."""
    return msgspec.json.decode(_CONTROLS.sub("", text), type=Frame)


def write(cmd: str, number: str, body: object) -> str:
    """Return a frame of ours; without a body where it has none."""
    frame: dict[str, object] = {"cmd": cmd, "headers": {"req_id": number}}
    if body is not None:
        frame["body"] = body
    return msgspec.json.encode(frame).decode()


def stream_of(said: str) -> Stream | None:
    """Return the stream that an answer is, or None for any other answer."""
    return msgspec.json.decode(said, type=_Said).stream


def asker_of(frame: Frame) -> Asker:
    """Return who asked; what was asked has been read before."""
    return msgspec.json.decode(frame.body, type=Asker)


def is_replaced(frame: Frame) -> bool:
    """Return whether the platform says that another line was opened instead."""
    try:
        happened = msgspec.json.decode(frame.body, type=_Happened)
    except msgspec.DecodeError:
        return False
    return happened.event.eventtype == "disconnected_event"
