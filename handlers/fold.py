"""Brings what people type to one form before commands are looked for."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from knowledge.numbers import with_figures

LONGEST = 4000
"""Characters read of one message; Telegram sends no longer one."""

NUMBERED = 100
"""Characters of the longest command in which Chinese numerals are read as figures."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202f\ufeff\ud800-\udfff]")
_NAMED = re.compile(r"\(\?P<\w+>")
_EDGE = " \t\n.,!?~;:\u3002\uff0c\uff01\uff1f\uff1b\u3001\u2026"


def clean(text: str) -> str:
    """Return the text without control characters and lone surrogates, at most LONGEST long."""
    return _CONTROL.sub(" ", text[: LONGEST + 1000]).strip()[:LONGEST]


@lru_cache(maxsize=1024)
def command(text: str) -> str:
    """Return the text as commands are compared: half width, lower case, no punctuation around.

    Kept for a while: one message is compared with every command, one menu with every message.
    """
    return unicodedata.normalize("NFKC", text).strip(_EDGE).casefold()


def found(pattern: re.Pattern[str], text: str) -> dict[str, str] | None:
    """Return what the pattern names in the text, verbatim where it can be; None for no match."""
    for form in _forms(text):
        match = pattern.fullmatch(form)
        if match is not None:
            return {name: value for name, value in match.groupdict().items() if value is not None}
    return None


def any_of(patterns: Iterable[re.Pattern[str]]) -> re.Pattern[str]:
    """Return a pattern that matches whatever one of `patterns` matches, and names nothing."""
    sources = (
        f"(?s:{pattern.pattern})" if pattern.flags & re.DOTALL else f"(?:{pattern.pattern})"
        for pattern in patterns
    )
    return re.compile(_NAMED.sub("(?:", "|".join(sources)))


def says_any(pattern: re.Pattern[str], text: str) -> bool:
    """Return whether the text, in one of its forms, matches."""
    return any(pattern.fullmatch(form) for form in _forms(text))


@lru_cache(maxsize=16)
def _forms(text: str) -> tuple[str, ...]:
    """Return the text as it was typed, as commands are compared, and with Chinese numerals read.

    Each once, where they are alike; what is long is no command with a number in it.
    """
    bare, folded = text.strip(_EDGE), command(text)
    read = with_figures(folded) if len(folded) <= NUMBERED else folded
    return tuple(dict.fromkeys((bare, folded, read)))
