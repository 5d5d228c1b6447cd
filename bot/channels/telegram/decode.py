"""The fields of Telegram's updates that we use, decoded with their types; the rest is skipped."""

import json
from collections.abc import Mapping

import msgspec


class User(msgspec.Struct, frozen=True):
    """An account."""

    id: int
    is_bot: bool = False
    username: str | None = None


class Chat(msgspec.Struct, frozen=True):
    """A private talk or a group."""

    id: int
    type: str


class Entity(msgspec.Struct, frozen=True):
    """A marked part of a text; Telegram counts in UTF-16 code units."""

    type: str
    offset: int
    length: int
    user: User | None = None


class Photo(msgspec.Struct, frozen=True):
    """One size of a photograph."""

    file_id: str
    file_size: int | None = None


class Document(msgspec.Struct, frozen=True):
    """A file; photographs come so when they are sent uncompressed."""

    file_id: str
    mime_type: str | None = None
    file_size: int | None = None


class Location(msgspec.Struct, frozen=True):
    """A place."""

    latitude: float
    longitude: float


class Contact(msgspec.Struct, frozen=True):
    """A shared telephone number."""

    phone_number: str
    user_id: int | None = None


class Something(msgspec.Struct, frozen=True):
    """What we only need to know to be there."""


class Quoted(msgspec.Struct, frozen=True):
    """The message that another one answers."""

    message_id: int
    sender: User | None = msgspec.field(name="from", default=None)
    forum_topic_created: Something | None = None
    """Set when the quoted message only opened the topic: nobody was answered."""


class Message(msgspec.Struct, frozen=True):
    """A message; only one of the kinds of content is set."""

    message_id: int
    date: int
    chat: Chat
    sender: User | None = msgspec.field(name="from", default=None)
    sender_chat: Chat | None = None
    edit_date: int | None = None
    message_thread_id: int | None = None
    is_topic_message: bool = False
    media_group_id: str | None = None
    reply_to_message: Quoted | None = None
    text: str | None = None
    entities: tuple[Entity, ...] = ()
    caption: str | None = None
    caption_entities: tuple[Entity, ...] = ()
    photo: tuple[Photo, ...] = ()
    document: Document | None = None
    location: Location | None = None
    contact: Contact | None = None
    voice: Something | None = None
    audio: Something | None = None
    video: Something | None = None
    video_note: Something | None = None
    animation: Something | None = None
    sticker: Something | None = None
    poll: Something | None = None
    dice: Something | None = None
    story: Something | None = None
    migrate_to_chat_id: int | None = None
    migrate_from_chat_id: int | None = None


class Callback(msgspec.Struct, frozen=True):
    """A pressed button."""

    id: str
    sender: User = msgspec.field(name="from")
    message: Message | None = None
    data: str | None = None


class Membership(msgspec.Struct, frozen=True):
    """What somebody is in a chat."""

    status: str
    is_member: bool = True


class MembershipChange(msgspec.Struct, frozen=True):
    """The bot was let in, thrown out, blocked or unblocked."""

    chat: Chat
    sender: User = msgspec.field(name="from")
    new_chat_member: Membership


class Myself(msgspec.Struct, frozen=True):
    """What getMe says."""

    id: int
    username: str
    can_read_all_group_messages: bool = False


class Update(msgspec.Struct, frozen=True):
    """One thing that happened; exactly one of the fields is set, or none that we know."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Callback | None = None
    my_chat_member: MembershipChange | None = None


_DECODER = msgspec.json.Decoder(Update)

NO_JSON = "no JSON"
WANTED = ["message", "edited_message", "callback_query", "my_chat_member"]
"""What Telegram shall send, as `allowed_updates`."""


class Unreadable(Exception):
    """An update without the shape that Telegram promises; `update_id` when at least that is there.

    The message names the field, never what people wrote.
    """

    def __init__(self, why: str, update_id: int | None = None) -> None:
        super().__init__(why)
        self.update_id = update_id


def read(raw: object) -> Update:
    """Return the update that was parsed from JSON; raises Unreadable."""
    try:
        return msgspec.convert(raw, Update)
    except msgspec.ValidationError as error:
        number = raw.get("update_id") if isinstance(raw, Mapping) else None
        raise Unreadable(str(error), number if type(number) is int else None) from None


def parse(body: bytes) -> Update:
    """Return the update in these bytes; raises Unreadable."""
    try:
        return _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return read(_leniently(body))


def _leniently(body: bytes) -> object:
    """Return what the standard library reads: lone surrogates too, as when we poll."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable(NO_JSON) from None
