"""What a reply looks like where it is read: how long a message may be, buttons or numbers."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from handlers import texts
from handlers.message import Choice, Reply

Measure = Callable[[str], int]


def utf16_units(text: str) -> int:
    """Return the length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8_bytes(text: str) -> int:
    """Return the length as WeChat counts it."""
    return len(text.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Limits:
    """What one channel can show."""

    longest: int | None
    """The longest message, as `measure` counts; None when there is no limit."""
    measure: Measure
    buttons: bool
    """Whether choices are buttons; else people type the number."""


LIMITS = {
    "web": Limits(longest=4000, measure=len, buttons=True),
    "telegram": Limits(longest=3500, measure=utf16_units, buttons=True),
    # 4096 less a reserve (channels.md 1.3).
    "wechat": Limits(longest=2048, measure=utf8_bytes, buttons=False),
    # Of a passive reply (channels.md 2.1); our own 300 characters are some 900 bytes.
    "terminal": Limits(longest=None, measure=len, buttons=False),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as it is shown."""

    text: str
    choices: tuple[str, ...] = ()
    """As they are shown: the number and the label."""
    typed: tuple[str, ...] = ()
    """What people without buttons type for choices that have no number."""
    media: tuple[str, ...] = ()


def render(reply: Reply, limits: Limits) -> list[Shown]:
    """Return the messages that this reply becomes; choices and photos stay with the last."""
    choices = tuple(choice_text(choice, n) for n, choice in enumerate(reply.choices, start=1))
    typed = tuple(choice.say for choice in reply.choices if choice.number is None and choice.say)
    if limits.longest is None:
        return [Shown(reply.text, choices, typed, reply.media)]
    tail = "" if limits.buttons else as_text(Shown("", choices, typed))
    room = limits.longest - limits.measure(tail)
    pieces = split(reply.text, limits.longest, limits.measure)
    if limits.measure(pieces[-1]) > room > 0:
        pieces = [*pieces[:-1], *split(pieces[-1], room, limits.measure)]
    return [
        *(Shown(piece) for piece in pieces[:-1]),
        Shown(pieces[-1], choices, typed, reply.media),
    ]


def choice_text(choice: Choice, position: int) -> str:
    """Return a choice as it is shown: its number and its label."""
    number = position if choice.number is None else choice.number
    return f"{number} {choice.label}"


def as_text(shown: Shown) -> str:
    """Return the message for a channel without buttons: choices as lines, and how to choose."""
    if not shown.choices:
        return shown.text
    if shown.typed:
        return "\n".join([shown.text, *shown.typed])
    return "\n".join([shown.text, *shown.choices, texts.ASK_NUMBER])


def split(text: str, longest: int, measure: Measure = len) -> list[str]:
    """Return the text in pieces of at most `longest`, cut between sentences where it can be."""
    assert longest > 0
    pieces: list[str] = []
    current = ""
    for sentence in _SENTENCE.findall(text):
        for part in _cut(sentence, longest, measure):
            if current and measure(current + part.rstrip("\n")) > longest:
                pieces.append(current.rstrip("\n"))
                current = ""
            current += part
    pieces.append(current.rstrip("\n"))
    # No platform takes a message of white space alone.
    return [piece for piece in pieces if piece.strip()] or pieces[:1]


_SENTENCE = re.compile(
    r"[^\u3002\uff01\uff1f\uff1b\n]*[\u3002\uff01\uff1f\uff1b\n]+|[^\u3002\uff01\uff1f\uff1b\n]+"
)
_JOINER = "\u200d"
_SELECTORS = range(0xFE00, 0xFE10)


def _cut(sentence: str, longest: int, measure: Measure) -> list[str]:
    """Cut a sentence that is too long for one message, never inside what is read as one sign."""
    if measure(sentence.rstrip("\n")) <= longest:
        return [sentence]
    parts: list[str] = []
    current = ""
    for sign in _signs(sentence):
        if current and measure(current + sign) > longest:
            parts.append(current)
            current = ""
        current += sign
    return [*parts, current] if current else parts


def _signs(text: str) -> list[str]:
    """Return the text sign by sign: an accent or a joined emoji stays with what it belongs to."""
    signs: list[str] = []
    for character in text:
        joined = bool(signs) and (
            bool(unicodedata.combining(character))
            or ord(character) in _SELECTORS
            or character == _JOINER
            or signs[-1].endswith(_JOINER)
        )
        if joined and len(signs[-1]) < _LONGEST_SIGN:
            signs[-1] += character
        else:
            signs.append(character)
    return signs


_LONGEST_SIGN = 16
"""Code points; a tower of accents is no sign that anybody reads."""
