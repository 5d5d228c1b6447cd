"""Brings what people type to one form before commands are looked for."""

import re
import unicodedata

LONGEST = 4000
"""Characters read of one message; Telegram sends no longer one."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202f\ufeff\ud800-\udfff]")
_EDGE = " \t\n.,!?~;:\u3002\uff0c\uff01\uff1f\uff1b\u3001\u2026"


def clean(text: str) -> str:
    """Return the text without control characters and lone surrogates, at most LONGEST long."""
    return _CONTROL.sub(" ", text[: LONGEST + 1000]).strip()[:LONGEST]


def command(text: str) -> str:
    """Return the text as commands are compared: half width, lower case, no punctuation around."""
    return unicodedata.normalize("NFKC", text).strip(_EDGE).casefold()


def found(pattern: re.Pattern[str], text: str) -> dict[str, str] | None:
    """Return what the pattern names in the text, verbatim where it can be; None for no match."""
    match = pattern.fullmatch(text.strip(_EDGE)) or pattern.fullmatch(command(text))
    if match is None:
        return None
    return {name: value for name, value in match.groupdict().items() if value is not None}
