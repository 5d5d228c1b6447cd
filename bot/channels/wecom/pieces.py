"""What replies look like in WeCom: texts of so many bytes with their numbers, and photographs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.rendering import Limits, as_text, render, utf8_bytes
from handlers.message import Reply

TEXT_BYTES = 2048
"""WeCom cuts a longer text without a word; so we split it before."""
BETWEEN = "\n\n"
"""Between replies that were joined into one message."""
LIMIT = Limits(longest=TEXT_BYTES, measure=utf8_bytes, buttons=False)

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Piece:
    """One message: a text, or a photograph."""

    text: str = ""
    media: str | None = None


def pieces(replies: Sequence[Reply]) -> list[Piece]:
    """Return the messages these replies become; choices are printed with their numbers."""
    found: list[Piece] = []
    for reply in replies:
        for shown in render(reply, LIMIT):
            text = printable(as_text(shown))
            if text.strip():
                found.append(Piece(text))
            found += [Piece(media=name) for name in shown.media]
    return found


def as_one(said: Sequence[Piece]) -> str | None:
    """Return these as one text; None when they are too long, or not texts alone."""
    if any(piece.media is not None for piece in said):
        return None
    whole = BETWEEN.join(piece.text for piece in said)
    return whole if utf8_bytes(whole) <= TEXT_BYTES else None


def printable(text: str) -> str:
    """Return the text without what neither XML nor a telephone can show."""
    return _NOT_XML.sub("", text)
