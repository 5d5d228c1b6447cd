"""Finds the two wishes of one message: something is broken, and what does the law say about it."""

import re
from dataclasses import dataclass
from functools import cache

import msgspec

from knowledge.folding import fold
from knowledge.slots import report_slots, tells_trouble
from knowledge.words import read_words

READ_AT_MOST = 100
"""Characters; a long story is one question, and what it complains of stands all over it."""

PLAIN_AT_MOST = 20
"""Characters; who writes more tells a story, and may want to know where he stands."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """A message that reports and asks: what it reports, and whether it asks about rules."""

    report: str
    asks_law: bool


class _Words(msgspec.Struct, frozen=True):
    """The file `wishes.json`."""

    border: str
    asks: str
    asks_law: str
    supposed: str
    sentence: str


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The compiled file."""

    border: re.Pattern[str]
    end: re.Pattern[str]
    asks: re.Pattern[str]
    asks_law: re.Pattern[str]
    supposed: re.Pattern[str]
    sentence: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    words = read_words("wishes", _Words)
    return _Patterns(
        border=re.compile(words.border),
        end=re.compile(f"(?:{words.border})$"),
        asks=re.compile(words.asks),
        asks_law=re.compile(words.asks_law),
        supposed=re.compile(words.supposed),
        sentence=re.compile(words.sentence),
    )


def two_wishes(text: str) -> Wishes | None:
    """Return the report and the question in `text`, or None when it does not hold both.

    A clause of its own names what is wrong now, another one asks. The report is, verbatim, all
    that does not ask.
    """
    if len(text) > READ_AT_MOST:
        return None
    patterns = _patterns()
    folded = fold(text)
    if patterns.asks.search(folded) is None:
        return None
    clauses = _clauses(folded)
    asking = [span for span in clauses if patterns.asks.search(folded, *span)]
    telling = [span for span in clauses if span not in asking]
    if not asking or not any(_reports(folded[slice(*span)]) for span in telling):
        return None
    asks_law = any(patterns.asks_law.search(folded, *span) for span in asking)
    report = "".join(text[slice(*span)] for span in telling)
    return Wishes(patterns.end.sub("", report), asks_law)


def asks(text: str) -> bool:
    """Return whether `text` asks something anywhere."""
    return _patterns().asks.search(fold(text)) is not None


def matters(text: str) -> int:
    """Return in how many sentences of `text` something is said to be wrong."""
    return sum(tells_trouble(sentence) for sentence in _patterns().sentence.split(fold(text)))


def only_reports(text: str) -> bool:
    """Return whether a short `text` names a trouble and its place, and asks nothing."""
    return report_slots(text).where is not None and plainly_complains(text)


def plainly_complains(text: str) -> bool:
    """Return whether a short `text` says what is wrong with something, and asks nothing."""
    if len(text) > PLAIN_AT_MOST or _patterns().asks.search(fold(text)):
        return False
    return _reports(fold(text))


def _clauses(folded: str) -> list[tuple[int, int]]:
    """Return where each clause begins and ends; a question mark belongs to what it ends."""
    spans = []
    start = 0
    for border in _patterns().border.finditer(folded):
        spans.append((start, border.end()))
        start = border.end()
    spans.append((start, len(folded)))
    return [span for span in spans if folded[slice(*span)].strip()]


def _reports(clause: str) -> bool:
    if _patterns().supposed.search(clause):
        return False
    return tells_trouble(clause) and report_slots(clause).what is not None
