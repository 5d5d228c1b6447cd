"""Measures answers to labelled questions: hits, coverage, wrong answers, calibration, intents."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from knowledge.training_texts import fold_of

CITATIONS = 6
"""A candidate with more citations is a miss (contracts.md)."""

BINS = 10
"""Steps of confidence over which calibration is read."""

CONFIDENT = 1.96
"""Standard errors in a 95 % interval."""

OUTSIDE = "ood"
"""How the split of a question begins that must not be answered."""

GIVEN, OFFERED, HANDED_OVER = "answer", "offer", "handover"


class Question(msgspec.Struct, frozen=True):
    """One labelled line. Other keys are ignored.

    A right answer cites an article of `key`, or is one of `entries`; with neither, hits are not
    scored. `intent` is what the text wants, where that is labelled.
    """

    id: str
    text: str
    key: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    intent: str = ""
    split: str = ""
    topic: str = ""
    area: str = ""
    kind: str = ""

    @property
    def ours(self) -> bool:
        """Whether it may be answered."""
        return not self.split.startswith(OUTSIDE)

    @property
    def fold(self) -> str:
        """Whether the model may have been tuned on it: see training_texts.fold_of."""
        return fold_of(self.id)


class Shown(msgspec.Struct, frozen=True):
    """One candidate of an answer."""

    entry: str
    confidence: float
    citations: tuple[str, ...]


class Answer(msgspec.Struct, frozen=True):
    """What `xiaoer ask --jsonl` says to a question, as far as it is measured."""

    intent: str
    decision: str | None
    confidence: float
    candidates: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, what was answered, and which of the candidates are right."""

    question: Question
    answer: Answer
    hits: tuple[bool, ...]

    @property
    def scored(self) -> bool:
        """Whether it is known which answers are right."""
        return bool(self.question.key or self.question.entries)

    @property
    def first(self) -> bool:
        """Whether the first candidate is right."""
        return any(self.hits[:1])

    @property
    def answered(self) -> bool:
        """Whether one answer was given."""
        return self.answer.decision == GIVEN


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
    """What is reported of one set of questions; hits and wrong answers only where scored."""

    questions: int
    hit_first: Share
    hit_three: Share
    answered: Share
    answers_right: Share
    wrong: Share
    answered_or_offered: Share
    handed_over: Share
    calibration_error: float


def read_questions(file: Path, fold: str = "") -> list[Question]:
    """Return the questions in `file`; only those of `fold` ("tune" or "report") if it is given.

    Raises msgspec.DecodeError when a line is no question.
    """
    decoder = msgspec.json.Decoder(Question)
    lines = file.read_bytes().splitlines()
    questions = [decoder.decode(line) for line in lines if line.strip()]
    return [one for one in questions if not fold or one.fold == fold]


def judge(ask: Callable[[bytes], bytes], questions: Sequence[Question]) -> list[Judged]:
    """Return each question judged by what `ask` says to it, line for line."""
    decode = msgspec.json.Decoder(Answer).decode
    encode = msgspec.json.encode
    return [judged(one, decode(ask(encode({"id": one.id, "text": one.text})))) for one in questions]


def judged(question: Question, answer: Answer) -> Judged:
    """Return the question with its answer and which candidates are right."""
    wanted = frozenset(question.key)
    hits = tuple(
        len(one.citations) <= CITATIONS
        and (one.entry in question.entries or not wanted.isdisjoint(one.citations))
        for one in answer.candidates
    )
    return Judged(question, answer, hits)


def figures(every: Sequence[Judged]) -> Figures:
    """Return the figures of judged questions."""
    scored = [one for one in every if one.scored]
    answered = [one for one in scored if one.answered]
    right = sum(one.first for one in answered)
    return Figures(
        len(every),
        Share(sum(one.first for one in scored), len(scored)),
        Share(sum(any(one.hits) for one in scored), len(scored)),
        _decided(every, GIVEN),
        Share(right, len(answered)),
        Share(len(answered) - right, len(scored)),
        _decided(every, GIVEN, OFFERED),
        _decided(every, HANDED_OVER),
        calibration_error([(one.answer.confidence, one.first) for one in scored]),
    )


def _decided(every: Sequence[Judged], *decisions: str) -> Share:
    return Share(sum(one.answer.decision in decisions for one in every), len(every))


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


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Return the mean over the wanted labels of F1, for pairs of (wanted, given)."""
    labels = sorted({wanted for wanted, _ in pairs})
    return sum(_f1(pairs, label) for label in labels) / len(labels) if labels else 0.0


def _f1(pairs: Sequence[tuple[str, str]], label: str) -> float:
    right = sum(wanted == given == label for wanted, given in pairs)
    named = sum((wanted == label) + (given == label) for wanted, given in pairs)
    return 2 * right / named if named else 0.0
