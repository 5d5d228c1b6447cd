"""Turns an update into what it means to us: something said, a press, or a change of the chats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from bot.channels.telegram import addressing, keyboards
from bot.channels.telegram.addressing import Me, Said
from bot.channels.telegram.decode import Callback, MembershipChange, Message, Update, User
from bot.channels.telegram.places import CHANNEL, Place
from handlers import message as house
from handlers import texts
from handlers.message import Attachment, AttachmentKind

DOWNLOAD_BYTES = 20 * 1024 * 1024
"""Telegram gives bots no larger file."""
ANONYMOUS_ADMIN = 1087968824
"""Telegram's account behind everybody who writes as a group; it counts as a bot."""

_GONE = {"left", "kicked"}
_OTHER_KINDS = ("video", "video_note", "animation", "sticker", "poll", "dice", "story", "contact")


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph still to be fetched; `file_id` is None when it is too large."""

    file_id: str | None


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody said something."""

    message: house.Message
    """Without the photographs."""
    message_id: int
    """What an answer in a group quotes."""
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Pressed:
    """Somebody pressed a button: its spinner must be stopped, whatever else comes of it."""

    callback_id: str
    refusal: str = ""
    """What the person is told at once when the press means nothing."""
    heard: Heard | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """The bot may, or may no longer, write in this chat."""

    chat_id: int
    present: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A group became a supergroup, which has another id."""

    old_id: int
    new_id: int


Event = Heard | Pressed | Membership | Moved


def read(update: Update, me: Me, now: datetime) -> Event | None:
    """Return what the update means, or None when it is nothing to us."""
    if update.message is not None:
        return _moved(update.message) or _message(update.message, me, now, str(update.update_id))
    if update.edited_message is not None:
        return _edit(update.edited_message, me, now, str(update.update_id))
    if update.callback_query is not None:
        return _pressed(update.callback_query, str(update.update_id))
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    return None


def read_album(parts: Sequence[Update], me: Me, now: datetime) -> Heard | None:
    """Return the parts of an album as the one message it is to the person who sent it.

    Only one part carries the words, so what they say of being addressed holds for all.
    """
    messages = [(part.message, str(part.update_id)) for part in parts if part.message]
    called = any(_calls(message, me) for message, _ in messages)
    read = [_message(message, me, now, number, called=called) for message, number in messages]
    album = [heard for heard in read if heard is not None]
    if not album:
        return None
    said = next((heard for heard in album if heard.message.text), album[0])
    message = replace(
        said.message,
        platform_id=album[0].message.platform_id,
        attachments=tuple(a for heard in album for a in heard.message.attachments),
    )
    pictures = tuple(picture for heard in album for picture in heard.pictures)
    return Heard(message, said.message_id, pictures)


def _message(
    message: Message, me: Me, now: datetime, number: str, *, called: bool = False
) -> Heard | None:
    who, anonymous = _author(message)
    said = _said(message, me)
    attachments, pictures = _attachments(message)
    if who is None or not (said.text or said.addressed or attachments or pictures):
        return None
    place = Place.where(message)
    addressed = called or _calls(message, me)
    if not addressed:
        # Nobody asked us: other people's pictures are none of our business.
        attachments, pictures = (), ()
        if not said.text:
            return None
    heard = house.Message(
        channel=CHANNEL,
        chat=str(place),
        # One account stands for whoever writes as a group, in all groups: each is told apart.
        sender=f"{who.id}/{message.chat.id}" if anonymous else str(who.id),
        text=said.text,
        platform_id=number,
        is_group=not place.is_private,
        addressed=addressed,
        is_answered_apart=True,
        start_key=said.start_key if place.is_private else None,
        attachments=attachments,
        age_seconds=_age(message.date, now),
        is_anonymous=anonymous,
    )
    return Heard(heard, message.message_id, pictures)


def _edit(message: Message, me: Me, now: datetime, number: str) -> Heard | None:
    """Only words are edited here: a place that moves arrives as an edit every few seconds."""
    if message.location is not None:
        return None
    heard = _message(message, me, now, number)
    if heard is None or not heard.message.text:
        return None
    age = _age(message.edit_date or message.date, now)
    edited = replace(heard.message, is_edit=True, attachments=(), age_seconds=age, start_key=None)
    return Heard(edited, heard.message_id)


def _pressed(callback: Callback, number: str) -> Pressed:
    press = keyboards.read_data(callback.data or "")
    under = callback.message
    if press is None or under is None:
        return Pressed(callback.id, texts.OLD_MENU)
    who = str(callback.sender.id)
    if press.owner is not None and press.owner != who:
        return Pressed(callback.id, texts.NOT_YOURS)
    place = Place.where(under)
    message = house.Message(
        channel=CHANNEL,
        chat=str(place),
        sender=who,
        text="",
        platform_id=number,
        is_group=not place.is_private,
        is_answered_apart=True,
        pressed=press.pressed,
        menu=press.menu,
    )
    return Pressed(callback.id, heard=Heard(message, under.message_id))


def _membership(change: MembershipChange) -> Membership:
    member = change.new_chat_member
    return Membership(change.chat.id, member.status not in _GONE and member.is_member)


def _moved(message: Message) -> Moved | None:
    if message.migrate_to_chat_id is not None:
        return Moved(message.chat.id, message.migrate_to_chat_id)
    if message.migrate_from_chat_id is not None:
        return Moved(message.migrate_from_chat_id, message.chat.id)
    return None


def _author(message: Message) -> tuple[User | None, bool]:
    """Return who wrote, and whether in the name of a group or channel; no other bots."""
    who = message.sender
    if who is None or message.chat.type == "channel":
        return None, False
    if message.sender_chat is not None or who.id == ANONYMOUS_ADMIN:
        return who, True
    return (None, False) if who.is_bot else (who, False)


def _calls(message: Message, me: Me) -> bool:
    """Whether the bot is spoken to."""
    if Place.where(message).is_private or addressing.answers_us(message, me):
        return True
    return addressing.read(message, me).addressed


def _said(message: Message, me: Me) -> Said:
    contact = message.contact
    if contact is not None and message.sender and contact.user_id == message.sender.id:
        # People hand over their own number with one tap where a form asks for it.
        return Said(contact.phone_number, addressed=False)
    return addressing.read(message, me)


def _attachments(message: Message) -> tuple[tuple[Attachment, ...], tuple[Picture, ...]]:
    if message.photo:
        fitting = [p for p in message.photo if (p.file_size or 0) <= DOWNLOAD_BYTES]
        return (), (Picture(fitting[-1].file_id if fitting else None),)
    document = message.document
    if document is not None and (document.mime_type or "").startswith("image/"):
        fits = (document.file_size or 0) <= DOWNLOAD_BYTES
        return (), (Picture(document.file_id if fits else None),)
    if message.location is not None:
        place = message.location
        where = Attachment(
            AttachmentKind.LOCATION, latitude=place.latitude, longitude=place.longitude
        )
        return (where,), ()
    if message.voice or message.audio:
        return (Attachment(AttachmentKind.VOICE),), ()
    if document or any(getattr(message, kind) for kind in _OTHER_KINDS):
        return (Attachment(AttachmentKind.OTHER),), ()
    return (), ()


def _age(sent_at: int, now: datetime) -> int:
    return max(0, int(now.timestamp()) - sent_at)
