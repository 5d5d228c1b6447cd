"""Turns what the smart robot's callback posts into what was said, asked for again, or opened."""

import re
from dataclasses import dataclass
from datetime import datetime

import msgspec

from bot.channels.tencent.envelope import Flaw, Garbled
from handlers.message import Attachment, AttachmentKind, Message

CHANNEL = "wecom_bot"
START = "/start"
PICTURES = 9
"""Of one message; a report keeps as many."""

ID = re.compile(r"[A-Za-z0-9_.@=-]{1,100}")
_FIRST_MENTION = re.compile(r"\s*@[^\s\u2005\u2006]+")
_AROUND = " \t\n\u2005\u2006\u3000,:;.!?~\uff0c\uff1a\uff1b\u3002\uff01\uff1f\u3001"
_BEHIND_NAME = r"(?=[\s\u2005\u2006\u3000,:;.!?~\uff0c\uff1a\uff1b\u3002\uff01\uff1f\u3001]|$)"


class _From(msgspec.Struct, frozen=True):
    userid: str


class _Content(msgspec.Struct, frozen=True):
    content: str = ""


class _Stream(msgspec.Struct, frozen=True):
    id: str


class _File(msgspec.Struct, frozen=True):
    url: str = ""
    aeskey: str = ""


class _Part(msgspec.Struct, frozen=True):
    msgtype: str
    text: _Content | None = None
    image: _File | None = None


class _Mixed(msgspec.Struct, frozen=True):
    msg_item: list[_Part] = []


class _Event(msgspec.Struct, frozen=True):
    eventtype: str = ""


class _Posted(msgspec.Struct, frozen=True):
    """One post; what we do not use is skipped."""

    msgtype: str
    msgid: str
    sender: _From = msgspec.field(name="from")
    chatid: str = ""
    chattype: str = "single"
    create_time: int | None = None
    response_url: str = ""
    text: _Content | None = None
    voice: _Content | None = None
    image: _File | None = None
    mixed: _Mixed | None = None
    stream: _Stream | None = None
    event: _Event | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """A picture somebody sent, encrypted."""

    url: str
    """Where it lies, for five minutes; a secret."""
    key: str = ""
    """Its own key, where it came over the robot's own line; else it is that of the callbacks."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody spoke to the robot."""

    message: Message
    """Without the pictures."""
    response_url: str
    """Where one answer may still be posted, for an hour; a secret."""
    pictures: tuple[Sealed, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """WeCom fetches the rest of an answer."""

    stream: str
    person: str


@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody opened the talk with the robot for the first time today."""

    message: Message


Event = Heard | Asked | Opened


def read(posted: bytes, name: str, now: datetime) -> Event | None:
    """Return what was posted, or None when it is nothing to us; raises Garbled.

    `name` is what the robot is called in WeCom; its mentions are left out of what was said.
    """
    try:
        found = msgspec.json.decode(posted, type=_Posted)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Garbled(Flaw.NO_JSON) from None
    if not (ID.fullmatch(found.msgid) and ID.fullmatch(found.sender.userid)):
        raise Garbled(Flaw.NO_ID)
    if found.stream is not None:
        return Asked(found.stream.id, found.sender.userid)
    is_group = found.chattype == "group"
    if is_group and not ID.fullmatch(found.chatid):
        raise Garbled(Flaw.NO_ID)
    if found.event is not None:
        is_opened = found.event.eventtype == "enter_chat" and not is_group
        return Opened(_message(found, START, now)) if is_opened else None
    said = _words(found)
    if is_group:
        said = without_mention(said, name)
    attachments, pictures = _attachments(found), _pictures(found)
    if not (said.strip() or attachments or pictures or is_group):
        # Called and nothing said: people want to see what can be done.
        said = START
    return Heard(_message(found, said, now, attachments), found.response_url, pictures)


def without_mention(text: str, name: str) -> str:
    """Return what is said besides calling the robot."""
    if name:
        text = re.sub(f"@{re.escape(name)}{_BEHIND_NAME}", " ", text)
    else:
        text = _FIRST_MENTION.sub(" ", text, count=1)
    return re.sub(r"[ \u2005\u2006]+", " ", text).strip(_AROUND)


def _message(
    found: _Posted, text: str, now: datetime, attachments: tuple[Attachment, ...] = ()
) -> Message:
    is_group = found.chattype == "group"
    age = 0 if found.create_time is None else max(0, int(now.timestamp()) - found.create_time)
    return Message(
        channel=CHANNEL,
        chat=found.chatid if is_group else found.sender.userid,
        sender=found.sender.userid,
        text=text,
        platform_id=found.msgid,
        is_group=is_group,
        attachments=attachments,
        age_seconds=age,
    )


def _words(found: _Posted) -> str:
    parts = [found.text, found.voice]
    if found.mixed is not None:
        parts += [part.text for part in found.mixed.msg_item]
    return "\n".join(part.content for part in parts if part is not None)


def _attachments(found: _Posted) -> tuple[Attachment, ...]:
    match found.msgtype:
        case "text" | "image" | "event" | "stream":
            return ()
        case "voice":
            heard = found.voice.content if found.voice else ""
            return (Attachment(AttachmentKind.VOICE, transcript=heard or None),)
        case "mixed" if found.mixed is not None:
            other = any(part.msgtype not in {"text", "image"} for part in found.mixed.msg_item)
            return (Attachment(AttachmentKind.OTHER),) if other else ()
        case _:
            return (Attachment(AttachmentKind.OTHER),)


def _pictures(found: _Posted) -> tuple[Sealed, ...]:
    files = [found.image]
    if found.mixed is not None:
        files += [part.image for part in found.mixed.msg_item]
    return tuple(Sealed(file.url, file.aeskey) for file in files if file is not None)[:PICTURES]
