"""Answers which entry a resident's text asks for, how sure that is, and what to do about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import numpy as np

from knowledge.confidence import Rule, of_one_article, shares, signs
from knowledge.entries import ENTRIES, Entry, load_entries
from knowledge.library import Library
from knowledge.model import MODEL, Model
from knowledge.question import Questions, read_questions
from knowledge.ranker import FEATURES, Ranker, likeness
from knowledge.ranker import Candidate as Found
from knowledge.text import BREAK, PAUSE, normalise
from knowledge.vectors import Vectors

SHOWN = 3
"""Candidates named for each text."""

SAID = 0.99
"""Confidence where a lawyer gave exactly this question to an entry."""

AROUND = f"?!~ {PAUSE}{BREAK}"
"""What may stand around a question without changing it."""

TOGETHER = 16
"""Texts read in one go: of more, what is worked on no longer lies in the processor's cache."""

CHATTER_LEADS = 1.0
BEYOND_DOUBT = 4.0
"""By so much chatter must be likelier than law, in the gate's log odds, for staff not to read it,
and for no entry to be offered: three quarters of all chatter, and 2 of 730 questions of ours."""


class Decision(StrEnum):
    """What to do with a text: answer, offer up to three, say it is not ours, or call a person."""

    ANSWER = "answer"
    OFFER = "offer"
    DECLINE = "decline"
    HANDOVER = "handover"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may be meant. `confidence` is the probability that it is the right one."""

    entry: str
    confidence: float
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """The decision, the confidence in the first candidate, and the best three candidates."""

    decision: Decision
    confidence: float
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Entries by number, best first, with their share of trust, and the signs of confidence."""

    entries: list[int]
    trust: list[float]
    signs: tuple[float, ...]
    is_chatter: bool
    """Whether it reads like idle talk beyond doubt, whatever entry shares a word with it."""


def _chatter_leads(kinds: Sequence[float]) -> float:
    """Return by how much chatter is likelier than any law."""
    ours, other_law, chatter, *_ = kinds
    return chatter - max(ours, other_law)


def said_key(text: str) -> str:
    """Return what a question that a lawyer gave to an entry is known by, in any writing."""
    return normalise(text).strip(AROUND)


class Matcher:
    """Finds entries. Pure; after loading it is only read, so threads may share it."""

    def __init__(
        self, entries: Mapping[str, Entry], model: Model, said: Mapping[str, str] | None = None
    ) -> None:
        """Know `entries`; `said` are questions, by `said_key`, that a lawyer gave to an entry."""
        self.entries = entries
        self.said = said or {}
        self._model = model
        self._table = Vectors.of(model.arrays)
        self._gate_bias = np.array(model.numbers.gate_bias, np.float32)
        rank = np.array([model.numbers.rank[name] for name in FEATURES], np.float32)
        self._ranker = Ranker(Library.build(entries, model.arrays), rank)
        self._right, self._among = Rule(model.numbers.right), Rule(model.numbers.among)
        self._ours = Rule(model.numbers.ours)

    @classmethod
    def load(cls, entries: Path = ENTRIES, model: Path = MODEL) -> "Matcher":
        """Load what is shipped."""
        return cls(load_entries(entries), Model.load(model))

    def over(
        self, entries: Mapping[str, Entry], said: Mapping[str, str] | None = None
    ) -> "Matcher":
        """Return a matcher with the same model over other entries."""
        return Matcher(entries, self._model, self.said if said is None else said)

    def is_said(self, text: str) -> bool:
        """Return whether a lawyer gave exactly this question to an entry."""
        return bool(self.said) and said_key(text) in self.said

    def is_chatter(self, text: str) -> bool:
        """Return whether `text` reads like idle talk rather than like any question of law."""
        return _chatter_leads(self.read([text]).kinds[0].tolist()) >= CHATTER_LEADS

    def match(self, text: str) -> Match:
        """Return what to do with `text`. Never raises."""
        [match] = self.match_all([text])
        return match

    def match_all(self, texts: Sequence[str]) -> list[Match]:
        """Return what to do with each of `texts`: together they cost half of what they cost alone.

        Never raises.
        """
        matches: list[Match] = []
        for first in range(0, len(texts), TOGETHER):
            questions = self.read(texts[first : first + TOGETHER])
            for text, ranked in zip(questions.texts, self.rank(questions), strict=True):
                matches.append(self._matched(text, ranked))
        return matches

    def _matched(self, text: str, ranked: Ranked | None) -> Match:
        if ranked is None:
            return Match(Decision.DECLINE, 0.0, ())
        right = self._right.probability(ranked.signs)
        among = max(right, self._among.probability(ranked.signs))
        ours = self._ours.probability(ranked.signs)
        candidates = self._candidates(ranked, right, among)
        decision = self._decide(right, 0.0 if ranked.is_chatter else among, ours)
        match = Match(decision, candidates[0].confidence, candidates)
        said = self.said.get(text.strip(AROUND)) if self.said else None
        return match if said is None else self._led_by(said, match)

    def read(self, texts: Sequence[str]) -> Questions:
        """Return `texts` as the rankers see them."""
        return read_questions(texts, self._model.arrays, self._table, self._gate_bias)

    def rank(self, questions: Questions) -> list[Ranked | None]:
        """Return for each question its candidates, or None if there is no entry at all."""
        return [
            self._signed(text, kinds, found) if found else None
            for text, kinds, found in zip(
                questions.texts,
                questions.kinds.tolist(),
                self._ranker.candidates(questions),
                strict=True,
            )
        ]

    def _signed(self, text: str, kinds: Sequence[float], found: Sequence[Found]) -> Ranked:
        trust = shares(found)
        like = likeness(text, self._ranker.library.phrases[found[0].entry])
        article = of_one_article(found, trust, self._ranker.library.citations)
        known = signs(text, kinds, like, found, trust, article)
        is_chatter = _chatter_leads(kinds) >= BEYOND_DOUBT
        return Ranked([one.entry for one in found[:SHOWN]], trust[:SHOWN], known, is_chatter)

    def _candidates(self, ranked: Ranked, right: float, among: float) -> tuple[Candidate, ...]:
        """Return the best three; what `among` leaves is shared by the second and the third."""
        rest = sum(ranked.trust[1:]) or 1.0
        confidence = [right, *(share / rest * (among - right) for share in ranked.trust[1:])]
        return tuple(
            Candidate(
                self._ranker.library.ids[number],
                round(min(sure, right), 4),
                self._ranker.library.citations[number],
            )
            for number, sure in zip(ranked.entries, confidence, strict=True)
        )

    def _led_by(self, entry: str, match: Match) -> Match:
        """Return the match with this entry as its answer, the others behind it."""
        first = Candidate(entry, SAID, self.entries[entry].citations)
        others = [one for one in match.candidates if one.entry != entry]
        behind = [replace(one, confidence=min(one.confidence, 1 - SAID)) for one in others]
        return Match(Decision.ANSWER, SAID, (first, *behind)[:SHOWN])

    def _decide(self, right: float, among: float, ours: float) -> Decision:
        limits = self._model.numbers.thresholds
        if right >= limits.answer:
            return Decision.ANSWER
        if among >= limits.offer:
            return Decision.OFFER
        if ours >= limits.ours:
            return Decision.HANDOVER
        return Decision.DECLINE
