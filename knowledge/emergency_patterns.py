"""The patterns of dangers, and which of them a message could match at all."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import msgspec

from knowledge.words import read_words

NEEDS = "emergency_needs"
"""The word list with the characters each pattern needs; made by `knowledge/pattern_needs.py`."""


class EmergencyKind(StrEnum):
    """What kind of danger it is, and so whom to call (tickets.md, the emergency path)."""

    FIRE = "fire"
    """119: fire, smoke, sparks, explosion."""
    GAS = "gas"
    """Leave first, then 119 and the gas company."""
    ELECTRIC_SHOCK = "electric_shock"
    """Cut the power first, then 120."""
    RESCUE = "rescue"
    """119: buried, stuck, fallen into water or a shaft, nobody answers the door."""
    VIOLENCE = "violence"
    """110: beaten, threatened, burglary, robbery."""
    SELF_HARM = "self_harm"
    """12356; in danger 110 or 120."""
    MEDICAL = "medical"
    """120: unconscious, injured, bleeding, cannot breathe."""
    TRAFFIC = "traffic"
    """122, with injured people 120."""
    LIFT_TRAPPED = "lift_trapped"
    """The alarm button, the lift rescue line, 119."""
    HELP = "help"
    """110: a cry for help or a lost person, no danger named."""
    BURST_PIPE = "burst_pipe"
    """Close the valve, then the water company."""


class _KindWords(msgspec.Struct, frozen=True):
    """The patterns of one kind."""

    sure: list[str]
    event: list[str]


class Cues(msgspec.Struct, frozen=True):
    """Patterns of the words around a danger that say it is not, was, or might be."""

    negation: str
    negated_after: str
    double: str
    inner: str
    hypothetical: str
    hypothetical_after: str
    supposed: str
    weak: str
    near_miss: str
    drill: str
    past: str
    past_soft: str
    now: str
    present: str
    urgent: str
    over: str
    still: str
    habit: str
    legal: str
    legal_case: str


class _Words(msgspec.Struct, frozen=True):
    """The file `emergency.json`."""

    trigger: str
    parts: dict[str, str]
    neutral: list[str]
    figures: list[str]
    cues: Cues
    asked_about: frozenset[EmergencyKind]
    order: list[EmergencyKind]
    kinds: dict[EmergencyKind, _KindWords]


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """One pattern: of a danger, or `kind` None for a harmless phrase."""

    place: int
    kind: EmergencyKind | None
    sure: bool
    source: str

    @property
    def compiled(self) -> re.Pattern[str]:
        """The pattern, compiled when a message first could match it."""
        return _compiled(self.source)


_PART = re.compile(r"<([a-z]+)>")


def whole(pattern: str, parts: Mapping[str, str]) -> str:
    """Return `pattern` with the part in place of each `<name>`; a part may name others."""
    return _PART.sub(lambda found: whole(parts[found[1]], parts), pattern)


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)


class PatternIndex:
    """Finds the patterns that a text has a needed character for."""

    def __init__(self, patterns: list[Pattern], needs: dict[str, str]) -> None:
        self.every = tuple(patterns)
        self._always = tuple(pattern for pattern in patterns if pattern.source not in needs)
        by_sign: dict[str, list[Pattern]] = defaultdict(list)
        for pattern in patterns:
            for sign in needs.get(pattern.source, ""):
                by_sign[sign].append(pattern)
        self._by_sign = {sign: tuple(found) for sign, found in by_sign.items()}
        self._signs = frozenset(self._by_sign)

    def candidates(self, text: str) -> list[Pattern]:
        """Return the patterns that `text` could match, in their order."""
        found = set(self._always)
        for sign in self._signs.intersection(text):
            found.update(self._by_sign[sign])
        return sorted(found, key=lambda pattern: pattern.place)


@dataclass(frozen=True, slots=True)
class Danger:
    """Everything read from the files."""

    trigger: re.Pattern[str]
    cue: dict[str, re.Pattern[str]]
    needs: dict[str, str]
    neutral: PatternIndex
    figures: PatternIndex
    dangers: PatternIndex
    order: tuple[EmergencyKind, ...]
    asked_about: frozenset[EmergencyKind]


def _harmless(sources: list[str], needs: dict[str, str]) -> PatternIndex:
    return PatternIndex([Pattern(n, None, False, it) for n, it in enumerate(sources)], needs)


@cache
def danger() -> Danger:
    """Return the patterns; read once, compiled as they are needed."""
    words = read_words("emergency", _Words)
    needs = read_words(NEEDS, dict[str, str])
    named = [
        (kind, sure, whole(source, words.parts))
        for kind in words.order
        for sure, sources in ((True, words.kinds[kind].sure), (False, words.kinds[kind].event))
        for source in sources
    ]
    return Danger(
        trigger=re.compile(words.trigger),
        cue={name: re.compile(getattr(words.cues, name)) for name in Cues.__struct_fields__},
        needs=needs,
        neutral=_harmless([whole(it, words.parts) for it in words.neutral], needs),
        figures=_harmless([whole(it, words.parts) for it in words.figures], needs),
        dangers=PatternIndex([Pattern(place, *it) for place, it in enumerate(named)], needs),
        order=tuple(words.order),
        asked_about=words.asked_about,
    )
