"""Whether a message in a group is meant for the bot, and what it says without the bot's name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.telegram import texts
from bot.channels.telegram.decode import Entity, Message

_COMMAND = re.compile(
    r"/(?P<word>[^\s@/]+)(?:@(?P<bot>[A-Za-z0-9_]+))?(?P<rest>(?:\s.*)?)", re.DOTALL
)
_AFTER_NAME = " \t\n,:;.!?~\u3000\uff0c\uff1a\uff1b\u3002\uff01\uff1f\u3001\u2026"
_SPACES = re.compile(r"[ \t\u3000]{2,}")
_OURS = {name for name, _ in texts.COMMANDS}


@dataclass(frozen=True, slots=True)
class Me:
    """The bot as Telegram knows it, and the words that call it in a group."""

    id: int
    username: str
    wake_words: tuple[str, ...] = ()
    reads_all: bool = False
    """Whether Telegram shows the bot everything that is said in groups."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text without mentions of the bot and without the slash of a command."""

    text: str
    addressed: bool
    """Whether the words themselves call the bot."""
    start_key: str | None = None


def read(message: Message, me: Me) -> Said:
    """Return what the text or caption says, and whether it calls the bot."""
    text = message.text or message.caption or ""
    entities = message.entities if message.text else message.caption_entities
    text, mentioned = _without_mentions(text, entities, me)
    command = _COMMAND.fullmatch(text)
    if command:
        return _command(command, text, me, mentioned=mentioned)
    text, called = _without_wake_word(text, me)
    return Said(text, mentioned or called)


def answers_us(message: Message, me: Me) -> bool:
    """Return whether the message is a reply to one of ours.

    In a topic every message quotes the one that opened it; that is no reply.
    """
    quoted = message.reply_to_message
    if quoted is None or quoted.sender is None or quoted.forum_topic_created:
        return False
    return quoted.sender.id == me.id


def _command(command: re.Match[str], text: str, me: Me, *, mentioned: bool) -> Said:
    word, bot, rest = command["word"], command["bot"], command["rest"].strip()
    if bot and bot.casefold() != me.username.casefold():
        return Said(text, mentioned)
    if word.casefold() == "start":
        return Said("/start", addressed=True, start_key=rest or None)
    if word.casefold() in _OURS:
        # The slash stays: "help" alone is a cry for help.
        return Said(rest or f"/{word.casefold()}", addressed=True)
    return Said(f"{word} {rest}".strip(), mentioned or bool(bot) or not word.isascii())


def _without_mentions(text: str, entities: Sequence[Entity], me: Me) -> tuple[str, bool]:
    units = text.encode("utf-16-le", "surrogatepass")
    cuts = [entity for entity in entities if _names_us(units, entity, me)]
    if not cuts:
        return text.strip(), False
    kept, at = b"", 0
    for entity in sorted(cuts, key=lambda entity: entity.offset):
        start = entity.offset * 2
        if start >= at:
            kept += units[at:start] + " ".encode("utf-16-le")
            at = start + entity.length * 2
    words = (kept + units[at:]).decode("utf-16-le", "surrogatepass")
    return _SPACES.sub(" ", words).strip(_AFTER_NAME), True


def _names_us(units: bytes, entity: Entity, me: Me) -> bool:
    if entity.offset < 0 or entity.length <= 0:
        return False
    if entity.type == "text_mention":
        return entity.user is not None and entity.user.id == me.id
    if entity.type != "mention":
        return False
    covered = units[entity.offset * 2 : (entity.offset + entity.length) * 2]
    name = covered.decode("utf-16-le", "surrogatepass")
    return name.casefold() == f"@{me.username}".casefold()


def _without_wake_word(text: str, me: Me) -> tuple[str, bool]:
    """A wake word calls at the beginning only: elsewhere people talk about the bot."""
    bare = text.lstrip("@")
    for word in sorted(me.wake_words, key=len, reverse=True):
        if word and bare.casefold().startswith(word.casefold()):
            return bare[len(word) :].strip(_AFTER_NAME), True
    return text, False
