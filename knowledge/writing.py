"""Tells how a text is written: simplified or traditional Chinese, or Latin letters; and converts.

The only place that knows OpenCC. It turns what we say into traditional characters; what residents
wrote is brought into simplified ones character by character, which keeps every place in the text.
"""

import re
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from knowledge.folding import simplified
from knowledge.words import read_words

if TYPE_CHECKING:
    from opencc import OpenCC

__all__ = ["Writing", "simplified", "to_traditional", "writing_of"]

STANDARD = "s2tw"
"""OpenCC's rules: the forms of Taiwan, which readers elsewhere find least odd."""

READ_AT_MOST = 400
"""Characters; how somebody writes shows long before."""

SEEN_EVERYWHERE = frozenset("\u59b3\u56c9")
"""Outside GB 2312, and yet typed by many who write simplified."""

HAN = "\u3400"
"""The first Chinese character; nothing before it is one."""

SENTENCE = 3
"""Latin words from which a text is a sentence rather than a name, a greeting or a command."""

_WORD = re.compile(r"(?<![a-z0-9'])[a-z\u00c0-\u024f]{2,}(?:'[a-z]+)?|\bi\b|\ba\b", re.IGNORECASE)


class Writing(StrEnum):
    """How a text is written, as far as its characters tell."""

    SIMPLIFIED = "simplified"
    TRADITIONAL = "traditional"
    LATIN = "latin"


def _unknown_in(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return True
    return False


@cache
def _telling() -> tuple[frozenset[str], frozenset[str]]:
    """Return the characters that only simplified, and that only traditional texts have.

    The old national encodings tell: what GB 2312 holds is written here, what Big5 holds there.
    """
    pair = read_words("simplify", dict[str, str])
    only_here = {one for one in pair["simplified"] if _unknown_in(one, "big5")}
    only_there = {one for one in pair["traditional"] if _unknown_in(one, "gb2312")}
    return frozenset(only_here), frozenset(only_there - SEEN_EVERYWHERE)


def writing_of(text: str) -> Writing | None:
    """Return how `text` is written, or None when its characters do not tell."""
    read = text[:READ_AT_MOST]
    if max(read, default="") < HAN:
        return Writing.LATIN if len(_WORD.findall(read)) >= SENTENCE else None
    only_here, only_there = _telling()
    here, there = len(only_here.intersection(read)), len(only_there.intersection(read))
    if there == here == 0:
        return None
    return Writing.TRADITIONAL if there > here else Writing.SIMPLIFIED


def to_traditional(text: str) -> str:
    """Return `text` in traditional characters."""
    converted: str = _converter().convert(text)
    return converted


@cache
def _converter() -> "OpenCC":
    # Its dictionaries take a tenth of a second, which nobody waits for who writes simplified.
    from opencc import OpenCC  # noqa: PLC0415

    return OpenCC(STANDARD)
