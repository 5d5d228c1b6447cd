"""Knows what people mostly mean who say nothing but one word."""

from functools import cache

import msgspec

from knowledge.folding import fold
from knowledge.words import read_words


class _Topic(msgspec.Struct, frozen=True):
    """Words for one topic and its entries, the most needed first."""

    words: list[str]
    entries: list[str]


class _Words(msgspec.Struct, frozen=True):
    """The file `usual.json`."""

    topics: list[_Topic]


_EDGE = " \t\n.,!?~;:\u3002\uff0c\uff01\uff1f\uff1b\u3001\u2026"


@cache
def _by_word() -> dict[str, tuple[str, ...]]:
    topics = read_words("usual", _Words).topics
    return {word: tuple(topic.entries) for topic in topics for word in topic.words}


def usual_entries(text: str) -> tuple[str, ...]:
    """Return the entries mostly meant by a bare word, in their order; none for anything else."""
    return _by_word().get(fold(text).strip(_EDGE), ())
