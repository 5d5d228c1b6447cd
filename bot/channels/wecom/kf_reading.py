"""Turns what the customer service hands out into what was said or happened."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite

import msgspec

from handlers.message import Attachment, AttachmentKind, Message

CHANNEL = "wecom_kf"
START = "/start"
NO_PAGE = "no page of messages"
NO_MESSAGE = "no message"
NO_CUSTOMER = "no account or customer"
NO_PLACE = "no place"

_CUSTOMER = 3
"""Written by the customer; 4 is the platform, 5 a member in their own WeCom."""
_PICKED_UP = {1, 2, 4}
_ENDED = 3

ACCOUNT = re.compile(r"[A-Za-z0-9_-]{1,50}")
_USER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CHOICE = re.compile(r"(?P<menu>[0-9a-z]{1,30}):(?P<number>[0-9]{1,2})")


class _Words(msgspec.Struct, frozen=True):
    content: str = ""
    menu_id: str = ""


class _Place(msgspec.Struct, frozen=True):
    latitude: float
    longitude: float


class _File(msgspec.Struct, frozen=True):
    media_id: str


class _Event(msgspec.Struct, frozen=True):
    event_type: str
    open_kfid: str = ""
    external_userid: str = ""
    welcome_code: str = ""
    fail_msgid: str = ""
    fail_type: int = 0
    change_type: int = 0
    new_servicer_userid: str = ""


class _Item(msgspec.Struct, frozen=True):
    """One message as it is handed out; what we do not use is skipped."""

    msgid: str
    send_time: int
    origin: int
    msgtype: str
    open_kfid: str = ""
    external_userid: str = ""
    text: _Words | None = None
    location: _Place | None = None
    image: _File | None = None
    event: _Event | None = None


class _Page(msgspec.Struct, frozen=True):
    next_cursor: str = ""
    has_more: int = 0
    msg_list: list[object] = []


@dataclass(frozen=True, slots=True)
class Heard:
    """A customer wrote."""

    message: Message
    """Without the photograph."""
    sent_at: datetime
    media_id: str | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """A customer opened the talk; with the code one greeting may be said, once and soon."""

    message: Message
    sent_at: datetime
    code: str


@dataclass(frozen=True, slots=True)
class Bounced:
    """A message of ours did not arrive."""

    number: str
    why: int


@dataclass(frozen=True, slots=True)
class Served:
    """A member took the talk in their own WeCom, or (`by` is None) ended it."""

    chat: str
    user: str
    by: str | None


Event = Heard | Entered | Bounced | Served


@dataclass(frozen=True, slots=True)
class Page:
    """What one fetch brought."""

    items: tuple[object, ...]
    cursor: str
    more: bool


class Unreadable(Exception):
    """What was handed out has not its shape; the message names no content."""


def page(answer: Mapping[str, object]) -> Page:
    """Return what a fetch brought; raises Unreadable."""
    try:
        found = msgspec.convert(answer, _Page)
    except msgspec.ValidationError:
        raise Unreadable(NO_PAGE) from None
    return Page(tuple(found.msg_list), found.next_cursor, bool(found.has_more))


def read(item: object, now: datetime) -> Event | None:
    """Return what an item means, or None when it is nothing to us; raises Unreadable."""
    try:
        found = msgspec.convert(item, _Item)
        sent_at = datetime.fromtimestamp(found.send_time, now.tzinfo)
    except (msgspec.ValidationError, ValueError, OverflowError, OSError):
        raise Unreadable(NO_MESSAGE) from None
    if found.event is not None:
        return _event(found, found.event, sent_at, now)
    if found.origin != _CUSTOMER:
        return None
    message = _message(found, found.open_kfid, found.external_userid, sent_at, now)
    choice = _CHOICE.fullmatch(found.text.menu_id) if found.text else None
    media_id = found.image.media_id if found.image else None
    return Heard(
        Message(
            channel=CHANNEL,
            chat=message.chat,
            sender=message.sender,
            text="" if choice or found.text is None else found.text.content,
            platform_id=message.platform_id,
            pressed=choice["number"] if choice else None,
            menu=choice["menu"] if choice else None,
            attachments=_attachments(found),
            age_seconds=message.age_seconds,
        ),
        sent_at,
        media_id,
    )


def chat_of(account: str, user: str) -> str:
    """Return the chat of a customer with one account of the customer service."""
    return f"{account}/{user}"


def parts_of(chat: str) -> tuple[str, str]:
    """Return the account and the customer of a chat."""
    account, _, user = chat.partition("/")
    return account, user


def _message(
    found: _Item, account: str, user: str, sent_at: datetime, now: datetime, text: str = ""
) -> Message:
    if not (ACCOUNT.fullmatch(account) and _USER.fullmatch(user)):
        raise Unreadable(NO_CUSTOMER)
    return Message(
        channel=CHANNEL,
        chat=chat_of(account, user),
        sender=user,
        text=text,
        platform_id=found.msgid[:120],
        age_seconds=max(0, int((now - sent_at) / timedelta(seconds=1))),
    )


def _attachments(found: _Item) -> tuple[Attachment, ...]:
    match found.msgtype:
        case "text" | "image":
            return ()
        case "voice":
            return (Attachment(AttachmentKind.VOICE),)
        case "location" if found.location is not None:
            place = found.location
            if not (isfinite(place.latitude) and isfinite(place.longitude)):
                raise Unreadable(NO_PLACE)
            return (
                Attachment(
                    AttachmentKind.LOCATION, latitude=place.latitude, longitude=place.longitude
                ),
            )
        case _:
            return (Attachment(AttachmentKind.OTHER),)


def _event(found: _Item, event: _Event, sent_at: datetime, now: datetime) -> Event | None:
    account, user = event.open_kfid or found.open_kfid, event.external_userid
    match event.event_type:
        case "enter_session" if event.welcome_code:
            message = _message(found, account, user, sent_at, now, START)
            return Entered(message, sent_at, event.welcome_code)
        case "msg_send_fail":
            return Bounced(event.fail_msgid, event.fail_type)
        case "session_status_change" if event.change_type in _PICKED_UP:
            message = _message(found, account, user, sent_at, now)
            return Served(message.chat, user, event.new_servicer_userid)
        case "session_status_change" if event.change_type == _ENDED:
            return Served(_message(found, account, user, sent_at, now).chat, user, None)
        case _:
            return None
