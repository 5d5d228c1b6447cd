"""The words all channels share: what came in, and what is said back.

Structs of msgspec rather than dataclasses: each message makes and changes some thirty of them.
"""

from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from knowledge.writing import Writing
from storage import inbox, residents, talks
from storage.transaction import Needs


class AttachmentKind(StrEnum):
    """What came with a message besides its text."""

    PHOTO = "photo"
    VOICE = "voice"
    LOCATION = "location"
    OTHER = "other"


class Attachment(msgspec.Struct, frozen=True):
    """A photo (kept as `media`), a recording, a place, or something we cannot read."""

    kind: AttachmentKind
    media: str | None = None
    """Name in the media store; photos only."""
    transcript: str | None = None
    """What the platform heard; None when it recognised nothing."""
    latitude: float | None = None
    longitude: float | None = None


class Message(msgspec.Struct, frozen=True):
    """One message as every channel hands it over; already checked at the door."""

    channel: str
    chat: str
    """The chat it came from; in private the chat with the sender."""
    sender: str
    """The sender's id on the channel."""
    text: str
    platform_id: str
    """Unique on the channel; a resend carries the same."""
    is_group: bool = False
    addressed: bool = True
    """Whether the bot is spoken to; always so in private."""
    is_edit: bool = False
    pressed: str | None = None
    """The action of the button that was pressed instead of writing."""
    menu: str | None = None
    """The menu that button belongs to; None for buttons that anybody may press."""
    start_key: str | None = None
    """The one-time key of a deep link that opened this chat."""
    attachments: tuple[Attachment, ...] = ()
    keeps_transcript: bool = False
    """Whether the channel forgets, so that the talk must be kept for it (web chat)."""
    is_answered_apart: bool = False
    """Whether the answer is sent by itself, not given to whoever brought the message: of several
    workers that get it only one may send it."""
    age_seconds: int = 0
    """How long the platform held the message back before we got it."""
    is_anonymous: bool = False
    """Sent in the name of a group or a channel: there is no person behind it."""
    writing: Writing | None = None
    """How it was written, where its characters tell."""
    original: str | None = None
    """What was written, where `text` was brought into simplified characters."""

    @property
    def needs(self) -> Needs:
        """What the unit of work reads first."""
        return Needs(
            inbox.key_of(self.channel, self.platform_id),
            residents.address_key(self.channel, self.sender),
            talks.key_of(self.channel, self.chat, self.sender),
        )

    @property
    def photos(self) -> list[str]:
        """Names of the photos in the media store."""
        return [a.media for a in self.attachments if a.kind is AttachmentKind.PHOTO and a.media]

    @property
    def is_unheard(self) -> bool:
        """Whether it is a recording that nobody turned into words."""
        voice = any(a.kind is AttachmentKind.VOICE for a in self.attachments)
        return voice and not self.text


class Choice(msgspec.Struct, frozen=True):
    """One thing to choose: its label and what choosing it means to the router."""

    label: str
    action: str
    """An action of the router with its argument: `faq.show:fee-vacant`."""
    number: int | None = None
    """Given by the dispatcher when the menu is shown; 0 and 9 are fixed."""
    anybody: bool = False
    """Whether any member of a group may press it (ticket cards)."""
    say: str | None = None
    """What a person without buttons types instead, where a number would not do."""


class Scene(msgspec.Struct, frozen=True):
    """What a QR picture shall carry: whoever scans it sends us this key."""

    key: str
    expires_at: datetime
    own: bool = False
    """Whether it is for another account of the person who asked, not for somebody else."""


class Reply(msgspec.Struct, frozen=True):
    """One message of ours."""

    text: str
    choices: tuple[Choice, ...] = ()
    media: tuple[str, ...] = ()
    menu: str | None = None
    """The id of the menu these choices make; given by the dispatcher."""
    private_key: str | None = None
    """A one-time key: the channel offers to go on in private, where it can."""
    verbatim: bool = False
    """Whether the text is a statute's own, and stays in the characters it was passed in."""
    large: bool = False
    """For somebody who reads with trouble: choices are written out, letters are larger."""
    scene: Scene | None = None
    """The code in this reply, to be shown as a QR picture too where an account can make one."""
    in_danger: bool = False
    """Whether it tells of somebody in danger: what room is left in a group is for this."""
    alt: str = ""
    """What its picture shows, for who cannot see it; empty for a photograph."""

    def with_choices(self, *choices: Choice) -> "Reply":
        """Return the same reply with these choices."""
        return replace(self, choices=choices)


def choice_of(value: dict[str, object]) -> Choice:
    """Return the choice that was kept as JSON."""
    return Choice(**value)  # type: ignore[arg-type]


def reply_of(value: dict[str, object]) -> Reply:
    """Return the reply that was kept as JSON."""
    choices = value["choices"]
    media = value["media"]
    assert isinstance(choices, list)
    assert isinstance(media, list)
    return Reply(
        text=str(value["text"]),
        choices=tuple(choice_of(choice) for choice in choices),
        media=tuple(media),
        menu=_text(value["menu"]),
        private_key=_text(value["private_key"]),
        large=bool(value.get("large")),
        scene=_scene(value.get("scene")),
        alt=str(value.get("alt", "")),
    )


def _scene(value: object) -> Scene | None:
    return None if value is None else msgspec.convert(value, Scene)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def as_json(reply: Reply) -> dict[str, object]:
    """Return the reply as it is kept in the inbox."""
    return {
        "text": reply.text,
        "choices": [choice_as_json(choice) for choice in reply.choices],
        "media": list(reply.media),
        "menu": reply.menu,
        "private_key": reply.private_key,
        **({"large": True} if reply.large else {}),
        **({"scene": msgspec.to_builtins(reply.scene)} if reply.scene else {}),
        **({"alt": reply.alt} if reply.alt else {}),
    }


def choice_as_json(choice: Choice) -> dict[str, object]:
    """Return the choice as it is kept in menus, notices and the inbox."""
    return {
        "label": choice.label,
        "action": choice.action,
        "number": choice.number,
        "anybody": choice.anybody,
        "say": choice.say,
    }
