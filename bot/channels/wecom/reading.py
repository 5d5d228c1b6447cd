"""Turns what WeCom posted to the app into what was said, or None when it is nothing to us."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from math import isfinite

from bot.channels.tencent import xml
from bot.channels.tencent.envelope import Flaw, Garbled
from bot.channels.tencent.xml import Fields
from bot.channels.wecom.cards import Press, read_key
from handlers.message import Attachment, AttachmentKind, Message

CHANNEL = "wecom"
START = "/start"

_USER = re.compile(r"[A-Za-z0-9@._-]{1,64}")
"""A UserID: letters, digits and these four, as WeCom lets the administrator choose."""
_NUMBER = re.compile(r"[0-9]{1,19}")
_MOMENT = re.compile(r"[0-9]{1,12}")
_KEY_DIGITS = 40
_CODE_LENGTH = 1024


@dataclass(frozen=True, slots=True)
class Chosen:
    """A card whose button was pressed: it can be changed once."""

    code: str
    """Good for three days; a secret."""
    label: str


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody of the corporation said something to the app."""

    message: Message
    """Without the photograph."""
    corp: str
    """The receiver, as an answer names its sender."""
    media_id: str | None = None
    """Of a photograph still to be fetched."""
    chosen: Chosen | None = None

    @property
    def is_press(self) -> bool:
        """Whether a button was pressed; only cards can be the answer to that, texts are sent."""
        return self.message.pressed is not None


def read(fields: Fields, agent: str, now: datetime) -> Heard | None:
    """Return what was said; raises Garbled."""
    kind = xml.text(fields, "MsgType").lower()
    moment = xml.text(fields, "CreateTime")
    if not kind or not _MOMENT.fullmatch(moment):
        raise Garbled(Flaw.NO_MOMENT)
    if xml.text(fields, "AgentID") != agent:
        # Events of the whole corporation, or another app whose address is ours by mistake.
        return None
    user = xml.text(fields, "FromUserName")
    if not _USER.fullmatch(user):
        raise Garbled(Flaw.NO_SENDER)
    press = _press(fields) if kind == "event" else None
    text = _action(fields) if kind == "event" and press is None else _words(kind, fields)
    if text is None:
        return None
    number = xml.text(fields, "MsgId")
    message = Message(
        channel=CHANNEL,
        chat=user,
        sender=user,
        text=text,
        platform_id=number if _NUMBER.fullmatch(number) else _key(fields),
        pressed=press.pressed if press else None,
        menu=press.menu if press else None,
        attachments=_attachments(kind, fields),
        age_seconds=max(0, int(now.timestamp()) - int(moment)),
    )
    media_id = xml.text(fields, "MediaId") if kind == "image" else None
    code = xml.text(fields, "ResponseCode")[:_CODE_LENGTH]
    chosen = Chosen(code, press.label) if press and code else None
    return Heard(message, xml.text(fields, "ToUserName"), media_id, chosen)


def _words(kind: str, fields: Fields) -> str:
    return xml.text(fields, "Content") if kind == "text" else ""


def _action(fields: Fields) -> str | None:
    """Return what an event says in words: the menu's keys are words that can be typed as well."""
    match xml.text(fields, "Event").lower():
        case "subscribe":
            return START
        case "click":
            return xml.text(fields, "EventKey")
        case _:
            return None


def _press(fields: Fields) -> Press | None:
    """Return which button of a card was pressed."""
    is_card = xml.text(fields, "Event").lower() == "template_card_event"
    return read_key(xml.text(fields, "EventKey")) if is_card else None


def _attachments(kind: str, fields: Fields) -> tuple[Attachment, ...]:
    match kind:
        case "text" | "image" | "event":
            return ()
        case "voice":
            return (Attachment(AttachmentKind.VOICE),)
        case "location":
            return (_place(fields),)
        case _:
            return (Attachment(AttachmentKind.OTHER),)


def _place(fields: Fields) -> Attachment:
    try:
        # X is the latitude.
        latitude = float(xml.text(fields, "Location_X"))
        longitude = float(xml.text(fields, "Location_Y"))
    except ValueError:
        raise Garbled(Flaw.NO_PLACE) from None
    if not (isfinite(latitude) and isfinite(longitude)):
        raise Garbled(Flaw.NO_PLACE)
    return Attachment(AttachmentKind.LOCATION, latitude=latitude, longitude=longitude)


def _key(fields: Fields) -> str:
    """Return what tells this event from every other: events bear no number (channels.md 2.1)."""
    names = ("FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "AgentID")
    parts = "\0".join(xml.text(fields, name) for name in names)
    return hashlib.sha256(parts.encode("utf-8", "replace")).hexdigest()[:_KEY_DIGITS]
