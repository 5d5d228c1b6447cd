"""Turns what WeChat posted into what it means to us: something said, or a change to note."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any

from wechatpy.events import EVENT_TYPES
from wechatpy.messages import MESSAGE_TYPES, UnknownMessage

from bot.channels.tencent import xml
from bot.channels.tencent.envelope import Flaw, Garbled
from bot.channels.tencent.xml import Fields
from bot.channels.wechat import texts
from handlers.message import Attachment, AttachmentKind, Message

CHANNEL = "wechat"
START = "/start"
SCENE = "qrscene_"
"""Stands before the scene of a code whose scanning made somebody follow."""
ACCEPTED = "accept"

_USER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,19}")
_KEY_DIGITS = 40


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph still to be fetched: by its id where the account may, else by its address."""

    media_id: str
    url: str


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody said something, or did what is answered like it."""

    message: Message
    """Without the photograph."""
    account: str
    """The account it was said to, as answers name their sender."""
    sent_at: datetime
    picture: Picture | None = None
    by_action: bool = False
    """Whether it was a menu, a scan or a follow: WeChat allows less to be said after it."""


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody no longer follows: nothing reaches them."""

    key: str
    user: str


@dataclass(frozen=True, slots=True)
class Rang:
    """A template message ended: it arrived or it did not."""

    key: str
    user: str
    number: str
    arrived: bool
    blocked: bool = False
    """Whether the person wants nothing from the account."""


@dataclass(frozen=True, slots=True)
class Consented:
    """Somebody allowed so many messages of each of these templates, or took that back (None)."""

    key: str
    user: str
    templates: tuple[tuple[str, int | None], ...]


Event = Heard | Left | Rang | Consented


def read(fields: Fields, now: datetime) -> Event | None:
    """Return what was posted, or None when it is nothing to us; raises Garbled."""
    try:
        return _read(fields, now)
    except (ValueError, OverflowError, OSError, TypeError):
        # wechatpy converts numbers only when they are asked for.
        raise Garbled(Flaw.SHAPELESS) from None


def _read(fields: Fields, now: datetime) -> Event | None:
    kind = xml.text(fields, "MsgType").lower()
    user = xml.text(fields, "FromUserName")
    if not kind or not _USER.fullmatch(user):
        raise Garbled(Flaw.NO_SENDER)
    if not _NUMBER.fullmatch(xml.text(fields, "CreateTime")):
        raise Garbled(Flaw.NO_MOMENT)
    sent_at = datetime.fromtimestamp(int(xml.text(fields, "CreateTime")), now.tzinfo)
    if kind == "event":
        return _event(fields, user, sent_at, now)
    return _message(kind, fields, user, sent_at, now)


def _message(kind: str, fields: Fields, user: str, sent_at: datetime, now: datetime) -> Heard:
    said = MESSAGE_TYPES.get(kind, UnknownMessage)(dict(fields))
    attachments, picture = _attachments(said)
    words = _words(said)
    number = xml.text(fields, "MsgId")
    message = Message(
        channel=CHANNEL,
        chat=user,
        sender=user,
        text=words,
        platform_id=number if _NUMBER.fullmatch(number) else _key(fields),
        attachments=attachments,
        age_seconds=_age(sent_at, now),
    )
    return Heard(
        message,
        account=said.target or "",
        sent_at=sent_at,
        picture=picture,
        by_action="bizmsgmenuid" in fields,
    )


def _words(said: Any) -> str:
    """Return what was typed, or what the platform understood of a recording."""
    if _is_typed(said):
        return said.content or ""
    return (said.recognition or "") if said.type == "voice" else ""


def _is_typed(said: Any) -> bool:
    return bool(said.type == "text" and said.content != texts.NOT_SHOWN)


def _attachments(said: Any) -> tuple[tuple[Attachment, ...], Picture | None]:
    if _is_typed(said):
        return (), None
    match said.type:
        case "image":
            return (), Picture(said.media_id or "", said.image or "")
        case "voice":
            words = said.recognition or None
            return (Attachment(AttachmentKind.VOICE, transcript=words),), None
        case "location":
            return (_place(said),), None
        case _:
            return (Attachment(AttachmentKind.OTHER),), None


def _place(said: Any) -> Attachment:
    # X is the latitude.
    latitude, longitude = float(said.location_x), float(said.location_y)
    if not (isfinite(latitude) and isfinite(longitude)):
        raise Garbled(Flaw.NO_PLACE)
    return Attachment(AttachmentKind.LOCATION, latitude=latitude, longitude=longitude)


def _event(fields: Fields, user: str, sent_at: datetime, now: datetime) -> Event | None:
    name = xml.text(fields, "Event").lower()
    event = EVENT_TYPES.get(name, UnknownMessage)(dict(fields))
    key = _key(fields)
    pressed = xml.text(fields, "EventKey")
    match name:
        case "subscribe" | "scan":
            scene = pressed.removeprefix(SCENE)
            # A number is a poster of the operator's; codes of ours bear letters.
            code = None if not scene or scene.isdecimal() else scene
            return _done(event, user, key, sent_at, now, text=START, scene=code)
        case "click":
            words = texts.MENU_WORDS.get(pressed, pressed)
            # A key that is no words is of a menu that was made before.
            old = pressed if words.isascii() else None
            return _done(event, user, key, sent_at, now, text="" if old else words, old=old)
        case "unsubscribe":
            return Left(key, user)
        case "templatesendjobfinish":
            status = xml.text(fields, "Status").lower()
            number = xml.text(fields, "MsgID")
            return Rang(key, user, number, status == "success", "block" in status)
        case "subscribe_msg_popup_event" | "subscribe_msg_change_event":
            return _consented(fields, user, key)
        case _:
            return None


def _done(
    event: Any,
    user: str,
    key: str,
    sent_at: datetime,
    now: datetime,
    *,
    text: str,
    scene: str | None = None,
    old: str | None = None,
) -> Heard:
    message = Message(
        channel=CHANNEL,
        chat=user,
        sender=user,
        text=text,
        platform_id=key,
        start_key=scene,
        pressed=old,
        age_seconds=_age(sent_at, now),
    )
    return Heard(message, event.target or "", sent_at, by_action=True)


def _consented(fields: Fields, user: str, key: str) -> Consented:
    found: list[tuple[str, int | None]] = []
    for name in ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent"):
        inside = fields.get(name)
        entries = inside.get("List", []) if isinstance(inside, dict) else []
        for entry in entries if isinstance(entries, list) else [entries]:
            if isinstance(entry, dict):
                accepted = xml.text(entry, "SubscribeStatusString") == ACCEPTED
                found.append((xml.text(entry, "TemplateId"), 1 if accepted else None))
    return Consented(key, user, tuple(found))


def _key(fields: Fields) -> str:
    """Return what tells this event from every other: events bear no number.

    Who, when, what, and about what (channels.md 2.1); two in one second differ in the latter.
    """
    names = ("FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "MsgID", "Ticket")
    parts = "\0".join(xml.text(fields, name) for name in names)
    return hashlib.sha256(parts.encode("utf-8", "replace")).hexdigest()[:_KEY_DIGITS]


def _age(sent_at: datetime, now: datetime) -> int:
    return max(0, int((now - sent_at).total_seconds()))
