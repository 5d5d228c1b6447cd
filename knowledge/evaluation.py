"""Measures the matcher on labelled questions: hits, coverage, wrong answers, calibration."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from knowledge.matcher import Decision, Match, Matcher
from knowledge.training_texts import fold_of

CITATIONS = 6
"""A candidate with more citations is a miss (contracts.md)."""

BINS = 10
"""Steps of confidence over which calibration is read."""

CONFIDENT = 1.96
"""Standard errors in a 95 % interval."""


class Question(msgspec.Struct, frozen=True):
    """One labelled line; `key` lists articles that a right answer cites. Other keys are ignored."""

    id: str
    text: str
    key: tuple[str, ...] = ()
    split: str = ""
    topic: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, what the matcher did, and which of its candidates share a key article."""

    question: Question
    match: Match
    hits: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A share of cases with its 95 % interval after Wilson."""

    count: int
    of: int

    @property
    def value(self) -> float:
        """The share itself; 0 of 0 is 0."""
        return self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end."""
        if not self.of:
            return 0.0, 1.0
        z = CONFIDENT**2 / self.of
        middle = (self.value + z / 2) / (1 + z)
        half = math.sqrt(self.value * (1 - self.value) * z + z * z / 4) / (1 + z)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is reported of one set of questions; hits only where a key is known."""

    questions: int
    hit_first: Share
    hit_three: Share
    answered: Share
    answers_right: Share
    answered_or_offered: Share
    handed_over: Share
    calibration_error: float


def read_questions(file: Path, fold: str = "") -> list[Question]:
    """Return the questions in `file`; only those of `fold` ("tune" or "report") if it is given."""
    decoder = msgspec.json.Decoder(Question)
    lines = file.read_bytes().splitlines()
    questions = [decoder.decode(line) for line in lines if line.strip()]
    return [one for one in questions if not fold or fold_of(one.id) == fold]


def judge(matcher: Matcher, questions: Sequence[Question]) -> list[Judged]:
    """Return each question with its match."""
    return [_judge(matcher, question) for question in questions]


def _judge(matcher: Matcher, question: Question) -> Judged:
    match = matcher.match(question.text)
    wanted = frozenset(question.key)
    hits = tuple(
        len(one.citations) <= CITATIONS and not wanted.isdisjoint(one.citations)
        for one in match.candidates
    )
    return Judged(question, match, hits)


def figures(judged: Sequence[Judged]) -> Figures:
    """Return the figures of `judged` questions."""
    known = [one for one in judged if one.question.key]
    answered = [one for one in known if one.match.decision == Decision.ANSWER]
    return Figures(
        len(judged),
        Share(sum(any(one.hits[:1]) for one in known), len(known)),
        Share(sum(any(one.hits) for one in known), len(known)),
        _decided(judged, Decision.ANSWER),
        Share(sum(any(one.hits[:1]) for one in answered), len(answered)),
        _decided(judged, Decision.ANSWER, Decision.OFFER),
        _decided(judged, Decision.HANDOVER),
        calibration_error([(one.match.confidence, any(one.hits[:1])) for one in known]),
    )


def _decided(judged: Sequence[Judged], *decisions: Decision) -> Share:
    return Share(sum(one.match.decision in decisions for one in judged), len(judged))


def calibration_error(pairs: Sequence[tuple[float, bool]]) -> float:
    """Return by how much confidence is off its truth on average (expected calibration error)."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in pairs:
        bins[min(BINS - 1, int(confidence * BINS))].append((confidence, right))
    off = (
        abs(sum(confidence for confidence, _ in one) - sum(right for _, right in one))
        for one in bins
    )
    return sum(off) / len(pairs) if pairs else 0.0


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """Return the chance that a question of ours is surer than one that is not; a tie is half."""
    if not inside or not outside:
        return math.nan
    below = sorted(outside)
    wins = sum(bisect_left(below, one) + bisect_right(below, one) for one in inside) / 2
    return wins / (len(inside) * len(outside))
