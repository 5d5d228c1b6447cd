"""Takes a complaint of several matters apart, however little it is punctuated."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import msgspec

from knowledge.folding import fold
from knowledge.words import read_words

READ_AT_MOST = 600
"""Characters; the matters of a longer letter are for a person to find."""
LEAST = 4
"""Characters of a piece that can be a matter."""


class _Words(msgspec.Struct, frozen=True):
    """The file `matters.json`."""

    begins: str
    border: str
    wrong: str
    topics: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The compiled file."""

    begins: re.Pattern[str]
    border: re.Pattern[str]
    edge: re.Pattern[str]
    wrong: re.Pattern[str]
    topics: tuple[re.Pattern[str], ...]


@cache
def _patterns() -> _Patterns:
    words = read_words("matters", _Words)
    return _Patterns(
        begins=re.compile(words.begins),
        border=re.compile(words.border),
        edge=re.compile(f"^(?:{words.border})|(?:{words.border})$"),
        wrong=re.compile(words.wrong),
        topics=tuple(re.compile(topic) for topic in words.topics.values()),
    )


def several_matters(text: str) -> list[str]:
    """Return the pieces of `text`, verbatim, that complain each of another matter.

    A piece that complains of nothing, or of what one before it does, belongs to the one before.
    """
    patterns = _patterns()
    folded = fold(text[:READ_AT_MOST])
    starts: list[int] = []
    known: set[int] = set()
    for start, end in _clauses(folded):
        topic = _topic(folded[start:end])
        if topic is not None and topic not in known:
            known.add(topic)
            starts.append(start)
    spans = pairwise([*starts, len(folded)])
    return [patterns.edge.sub("", text[start:end]) for start, end in spans]


def _clauses(folded: str) -> list[tuple[int, int]]:
    """Return where each clause begins and ends: at a border, or where a new matter is named.

    Only what complains already is over; what a clause begins with may be its own matter's.
    """
    patterns = _patterns()
    clauses = []
    start = 0
    borders = {found.end(): True for found in patterns.border.finditer(folded)}
    begins = {found.start(): False for found in patterns.begins.finditer(folded)}
    for at, is_border in sorted({**begins, **borders}.items()):
        if at - start >= LEAST and (is_border or _topic(folded[start:at]) is not None):
            clauses.append((start, at))
            start = at
    return [*clauses, (start, len(folded))]


def _topic(clause: str) -> int | None:
    """Return what the clause complains of, or None."""
    patterns = _patterns()
    if patterns.wrong.search(clause) is None:
        return None
    found = [(it.start(), n) for n, t in enumerate(patterns.topics) if (it := t.search(clause))]
    return min(found)[1] if found else None
