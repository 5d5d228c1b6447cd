"""Hears questions about the street itself: its offices, what to bring there, and outages.

They are answered from what the street has registered, never from the law entries.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import msgspec
from rapidfuzz import fuzz

from knowledge.folding import fold
from knowledge.words import read_words

LONGEST = 40
"""Characters; who writes more tells a story, and its question is about the law or a report."""

ALIKE = 75
"""Likeness of 100 from which a registered name counts as meant."""

SHORTEST = 2
"""Characters of a name that may be found inside a sentence."""


class GuideKind(StrEnum):
    """What a question about the street is about."""

    OFFICE = "office"
    SERVICE = "service"
    OUTAGE = "outage"


class Utility(StrEnum):
    """What comes through a pipe or a wire, and may be cut off."""

    WATER = "water"
    POWER = "power"
    GAS = "gas"


@dataclass(frozen=True, slots=True)
class GuideQuestion:
    """A question about the street."""

    kind: GuideKind
    stopped: frozenset[Utility] = frozenset()
    """What an outage is about."""
    names_office: bool = False
    """Whether an office is named at all."""


class _Words(msgspec.Struct, frozen=True):
    """The file `guide.json`."""

    office_word: str
    office: list[str]
    service: list[str]
    stopped: dict[Utility, str]
    coming_back: str
    outage_asks: str
    legal: str
    not_office: str
    not_service: str


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The compiled file."""

    office_word: re.Pattern[str]
    office: re.Pattern[str]
    service: re.Pattern[str]
    stopped: dict[Utility, re.Pattern[str]]
    coming_back: re.Pattern[str]
    outage_asks: re.Pattern[str]
    legal: re.Pattern[str]
    not_office: re.Pattern[str]
    not_service: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    words = read_words("guide", _Words)
    return _Patterns(
        office_word=re.compile(words.office_word),
        office=re.compile("|".join(words.office)),
        service=re.compile("|".join(words.service)),
        stopped={utility: re.compile(pattern) for utility, pattern in words.stopped.items()},
        coming_back=re.compile(words.coming_back),
        outage_asks=re.compile(words.outage_asks),
        legal=re.compile(words.legal),
        not_office=re.compile(words.not_office),
        not_service=re.compile(words.not_service),
    )


_MARKS = re.compile(r"[\s,.!;:~\u3001\u3002\u2026]+")


def _bare(text: str) -> str:
    return _MARKS.sub("", fold(text))


def read_guide(text: str) -> GuideQuestion | None:
    """Return the question about the street in `text`, or None when it asks no such thing."""
    if len(text) > LONGEST:
        return None
    said = _bare(text)
    patterns = _patterns()
    stopped = _stopped(said)
    if stopped and _asks_of_outage(said) and not patterns.legal.search(said):
        return GuideQuestion(GuideKind.OUTAGE, stopped)
    if patterns.office.search(said) and not patterns.not_office.search(said):
        named = patterns.office_word.search(said) is not None
        return GuideQuestion(GuideKind.OFFICE, names_office=named)
    if patterns.service.search(said) and not patterns.not_service.search(said):
        return GuideQuestion(GuideKind.SERVICE)
    return None


def _asks_of_outage(said: str) -> bool:
    patterns = _patterns()
    return bool(patterns.outage_asks.search(said) or patterns.coming_back.search(said))


def stopped_in(text: str) -> frozenset[Utility]:
    """Return what `text` says is cut off; empty for a longer story or a legal question."""
    said = _bare(text[: LONGEST + 1])
    if len(text) > LONGEST or _patterns().legal.search(said):
        return frozenset()
    return _stopped(said)


def _stopped(said: str) -> frozenset[Utility]:
    return frozenset(u for u, pattern in _patterns().stopped.items() if pattern.search(said))


def best_named(text: str, names: Sequence[Sequence[str]]) -> list[int]:
    """Return the places of whatever `text` names best; several when it does not tell them apart.

    Each thing has one name or several. A name said whole beats one that is only alike, a longer
    name a shorter one.
    """
    said = _bare(text)
    scores = [max((_likeness(said, _bare(name)) for name in known), default=0.0) for known in names]
    best = max(scores, default=0.0)
    return [place for place, score in enumerate(scores) if score == best] if best else []


def _likeness(said: str, name: str) -> float:
    if len(name) < SHORTEST:
        return 0.0
    if name in said:
        return 100.0 + len(name)
    # The sentence is the longer one, or the name would be sought inside the question's words.
    alike = fuzz.partial_ratio(name, said) if len(name) <= len(said) else fuzz.ratio(name, said)
    return alike if alike >= ALIKE else 0.0
