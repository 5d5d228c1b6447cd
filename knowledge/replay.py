"""Asks everything that is known to be right once more before a new phrasing is published."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from zlib import crc32

import msgspec

from knowledge.entries import Entry
from knowledge.matcher import Decision, Match, Matcher
from knowledge.words import read_words

FOLDS = 4
"""Every phrasing is asked once while a quarter of all, it among them, is left out of the index:
otherwise each would find itself."""

WEAKER_ALLOWED = 0.001
"""Part of all questions that may be offered where they were answered: each new text moves a few
that stand at the limit, of its own entry mostly, and as many the other way."""


class Level(IntEnum):
    """How well a question is served; lower is worse."""

    WRONG = 0
    """Answered with another entry, or answered where nothing of ours is right."""
    SILENT = 1
    """Not answered, and its entry is not offered."""
    OFFERED = 2
    """Its entry is offered; or something is, where nothing of ours is right."""
    RIGHT = 3
    """Answered with its entry; or declined, where nothing of ours is right."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question and the entry that is right for it; None where nothing of ours is."""

    text: str
    entry: str | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A question that would be served otherwise: how well, and the entry it would be shown."""

    case: Case
    before: Level
    after: Level
    instead: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a replay found: how much was asked, and what would be served worse.

    `suffered` would be answered wrong, or not at all; `weaker` would be offered among others
    instead of answered (or offered where nothing is right); `stronger` counts the contrary.
    """

    asked: int
    suffered: tuple[Moved, ...] = ()
    weaker: tuple[Moved, ...] = ()
    stronger: int = 0

    @property
    def is_good(self) -> bool:
        """Whether nothing suffers, and hardly anything is answered less surely."""
        allowed = math.ceil(self.asked * WEAKER_ALLOWED)
        return not self.suffered and len(self.weaker) - self.stronger <= allowed


class _Outside(msgspec.Struct, frozen=True):
    """The file `outside.json`."""

    law: list[str]
    chatter: list[str]


def replay(before: Matcher, after: Matcher, remembered: Sequence[Case]) -> Outcome:
    """Return what would be served worse if `after` answered instead of `before`; takes seconds.

    Asked are the `remembered` questions, whose entry residents or lawyers confirmed, every
    phrasing that `before` knows, each left out once, and the repository's own sentences that
    nothing of ours answers.
    """
    outside = read_words("outside", _Outside)
    cases = [*remembered, *(Case(text, None) for text in (*outside.law, *outside.chatter))]
    moved = list(_compare(before, after, cases))
    asked = len(cases)
    for fold in range(FOLDS):
        held = list(_held(before.entries, fold))
        asked += len(held)
        left_out = frozenset((case.entry, case.text) for case in held)
        without = (
            before.over(_without(before.entries, left_out)),
            after.over(_without(after.entries, left_out)),
        )
        moved += _compare(*without, held)
    fell = [one for one in moved if one.after < one.before]
    return Outcome(
        asked,
        tuple(one for one in fell if one.after < Level.OFFERED),
        tuple(one for one in fell if one.after is Level.OFFERED),
        sum(one.after > one.before for one in moved),
    )


def level(match: Match, entry: str | None) -> Level:
    """Return how well `match` serves a question whose right entry is `entry`, or none of ours."""
    named = [candidate.entry for candidate in match.candidates]
    match match.decision:
        case Decision.ANSWER:
            return Level.RIGHT if named[0] == entry else Level.WRONG
        case Decision.OFFER:
            return Level.OFFERED if entry is None or entry in named else Level.SILENT
        case Decision.DECLINE | Decision.HANDOVER:
            return Level.RIGHT if entry is None else Level.SILENT


def _compare(before: Matcher, after: Matcher, cases: Iterable[Case]) -> Iterable[Moved]:
    for case in cases:
        now = after.match(case.text)
        was, will = level(before.match(case.text), case.entry), level(now, case.entry)
        if will != was:
            shown = now.decision in {Decision.ANSWER, Decision.OFFER}
            yield Moved(case, was, will, now.candidates[0].entry if shown else None)


def _held(entries: Mapping[str, Entry], fold: int) -> Iterable[Case]:
    """Return the phrasings of one fold; which one a phrasing is in depends on its words alone."""
    for entry in entries.values():
        for text in entry.phrasings:
            if crc32(text.encode()) % FOLDS == fold:
                yield Case(text, entry.id)


def _without(
    entries: Mapping[str, Entry], left_out: frozenset[tuple[str | None, str]]
) -> Mapping[str, Entry]:
    return {
        name: replace(
            entry, phrasings=tuple(t for t in entry.phrasings if (name, t) not in left_out)
        )
        for name, entry in entries.items()
    }
