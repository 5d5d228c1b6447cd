"""The values the Telegram peer works with, and how they look as Bot API objects."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Object: TypeAlias = dict[str, Json]


class Misshapen(TypeError):
    """A JSON value of another kind than the API has in this place."""


def as_object(value: Json) -> Object:
    """Return `value` as a JSON object; Misshapen when it is something else."""
    if not isinstance(value, dict):
        raise Misshapen(value)
    return value


def as_list(value: Json) -> list[Json]:
    """Return `value` as a JSON array; Misshapen when it is something else."""
    if not isinstance(value, list):
        raise Misshapen(value)
    return value


def without_none(**fields: Json) -> Object:
    """Return the fields that have a value: Telegram leaves absent fields out."""
    return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True, slots=True)
class User:
    """A Telegram account; its id is also the id of its private chat with the bot."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = "zh-hans"
    is_bot: bool = False

    def render(self) -> Object:
        """Return the `User` object."""
        return without_none(
            id=self.id,
            is_bot=self.is_bot,
            first_name=self.first_name,
            last_name=self.last_name,
            username=self.username,
            language_code=None if self.is_bot else self.language_code,
        )

    def private_chat(self) -> "Chat":
        """Return the chat of this person with the bot."""
        return Chat(
            id=self.id,
            type="private",
            first_name=self.first_name,
            last_name=self.last_name,
            username=self.username,
        )


ANONYMOUS_ADMIN = User(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)
"""Who `from` names when an administrator writes as the group itself."""


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation."""

    id: int
    type: str
    title: str | None = None
    username: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    is_forum: bool | None = None

    @property
    def is_private(self) -> bool:
        """Whether this is a talk between one person and the bot."""
        return self.type == "private"

    def render(self) -> Object:
        """Return the `Chat` object."""
        return without_none(
            id=self.id,
            type=self.type,
            title=self.title,
            username=self.username,
            first_name=self.first_name,
            last_name=self.last_name,
            is_forum=self.is_forum,
        )


@dataclass(frozen=True, slots=True)
class Button:
    """One button under a message, or of a reply keyboard (then it only has a text)."""

    text: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """A photograph, voice message or document; `data` are the bytes themselves."""

    kind: str
    file_id: str
    file_unique_id: str
    path: str
    data: bytes
    mime_type: str | None = None
    duration_seconds: int | None = None

    def render(self) -> Json:
        """Return the value of the message's field named `kind`."""
        common = without_none(
            file_id=self.file_id, file_unique_id=self.file_unique_id, file_size=len(self.data)
        )
        if self.kind == "photo":  # Telegram sends several sizes, the largest last
            small = common | {"file_id": f"{self.file_id}s", "file_unique_id": "small"}
            return [
                small | {"width": 90, "height": 67},
                common | {"width": 800, "height": 600},
            ]
        return common | without_none(mime_type=self.mime_type, duration=self.duration_seconds)


@dataclass(frozen=True, slots=True)
class Message:
    """A message as its chat shows it at one moment; later edits make a new value.

    `text` is the text or the caption. `extra` are further Bot API fields, of service messages,
    locations and contacts.
    """

    chat: Chat
    message_id: int
    date: int
    sender: User
    text: str = ""
    entities: tuple[Object, ...] = ()
    media: Media | None = None
    extra: tuple[tuple[str, Json], ...] = ()
    reply_to: int | None = None
    thread_id: int | None = None
    album: str | None = None
    sender_chat: Chat | None = None
    markup: tuple[tuple[str, Json], ...] = ()
    edit_date: int | None = None

    @property
    def buttons(self) -> list[list[Button]]:
        """The inline keyboard, row by row; empty when there is none."""
        return _rows(dict(self.markup).get("inline_keyboard"))

    @property
    def reply_keyboard(self) -> list[list[str]]:
        """The large buttons under the input field that came with this message."""
        rows = _rows(dict(self.markup).get("keyboard"))
        return [[button.text for button in row] for row in rows]

    @property
    def labels(self) -> list[str]:
        """The texts of all inline buttons in reading order."""
        return [button.text for row in self.buttons for button in row]

    @property
    def edited(self) -> bool:
        """Whether this message was edited since it was sent."""
        return self.edit_date is not None

    def find_button(self, wanted: str) -> Button | None:
        """Return the inline button with this callback data, else with this text."""
        every = [button for row in self.buttons for button in row]
        by_data = [button for button in every if button.data == wanted]
        return next(iter(by_data + [button for button in every if button.text == wanted]), None)

    def render(self, replied: "Message | None" = None) -> Object:
        """Return the `Message` object, quoting `replied` when it answers one."""
        words, marks = ("caption", "caption_entities") if self.media else ("text", "entities")
        fields = without_none(
            message_id=self.message_id,
            date=self.date,
            chat=self.chat.render(),
            sender_chat=self.sender_chat.render() if self.sender_chat else None,
            message_thread_id=self.thread_id,
            is_topic_message=True if self.thread_id and self.chat.is_forum else None,
            edit_date=self.edit_date,
            media_group_id=self.album,
            reply_to_message=replied.render() if replied else None,
        )
        fields["from"] = self.sender.render()
        if self.text:
            fields[words] = self.text
        if self.entities:
            fields[marks] = list(self.entities)
        if self.media:
            fields[self.media.kind] = self.media.render()
        if self.buttons:  # a reply keyboard is not part of the message
            fields["reply_markup"] = dict(self.markup)
        return fields | dict(self.extra)


def _rows(value: Json) -> list[list[Button]]:
    """Read keyboard rows that passed the rules already."""
    rows = value if isinstance(value, list) else []
    return [[_button(item) for item in as_list(row)] for row in rows]


def _button(value: Json) -> Button:
    if isinstance(value, str):
        return Button(value)
    fields = as_object(value)
    data, url = fields.get("callback_data"), fields.get("url")
    return Button(
        str(fields.get("text", "")),
        data if isinstance(data, str) else None,
        url if isinstance(url, str) else None,
    )


def last(messages: Sequence[Message]) -> Message:
    """Return the newest of `messages`; AssertionError when nothing was sent."""
    assert messages, "nothing was sent"
    return messages[-1]
