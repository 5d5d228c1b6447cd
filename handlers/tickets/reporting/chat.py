"""What belongs to a report and comes before it: half a sentence, a question about photographs."""

from datetime import datetime, timedelta

from handlers import fold
from handlers.context import Context
from handlers.message import Message, Reply
from handlers.tickets.reporting import texts

HALVES_BELONG = timedelta(minutes=5)
"""Whoever writes half sentences sends the next one soon."""
HALF_AT_MOST = 60
REST_AT_MOST = 16
"""Characters of a message that may be the rest of a sentence; a longer one is whole."""


def how_to_send_photos(message: Message, _context: Context) -> list[Reply]:
    """Say which keys to press on the sender's channel."""
    return [Reply(texts.how_photo(message.channel))]


def is_half(message: Message, context: Context) -> bool:
    """Return whether the message names a thing or a room and nothing else.

    A bare word is one only as the next piece of a sentence that was begun.
    """
    said = fold.command(message.text)
    goes_on = texts.THING.fullmatch(said) is not None and begun(context) != ""
    return goes_on or texts.HALF.fullmatch(said) is not None


def listen(message: Message, context: Context) -> list[Reply]:
    """Keep the half sentence, and ask for the rest."""
    half = (begun(context) + message.text.strip(texts.TAIL))[-HALF_AT_MOST:]
    context.remember(half=[context.now.isoformat(), half])
    return [Reply(texts.say_on(half))]


def begun(context: Context) -> str:
    """Return the half sentence that was said just now, or nothing."""
    kept = context.recall("half")
    if not isinstance(kept, list):
        return ""
    said_at, half = kept
    return str(half) if context.now - datetime.fromisoformat(str(said_at)) <= HALVES_BELONG else ""


def whole(text: str, context: Context) -> str:
    """Return the text with the half sentence before it, which is used up."""
    half = begun(context) if len(text) <= REST_AT_MOST else ""
    context.remember(half=None)
    return f"{half}{text}"
