"""Learns the readable numbers from ranked texts: coefficients, calibration, thresholds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.confidence import SIGNS, of_one_article, shares, signs
from knowledge.entries import Entry
from knowledge.index import Floats
from knowledge.library import Library
from knowledge.model import Arrays, Logistic, Numbers, Thresholds
from knowledge.ngrams import Flags
from knowledge.question import Questions, read_questions
from knowledge.ranker import FEATURES, Candidate, Ranker, likeness
from knowledge.training_cases import (
    INSIDE_KINDS,
    NEAR_ENOUGH,
    PERSON,
    Case,
    learning_cases,
)
from knowledge.training_numbers import Ranking, learn_logistic, learn_ranking, lowest_threshold
from knowledge.training_texts import Sources
from knowledge.vectors import Vectors

ANSWERED_WRONG = 0.08
"""Of the answers given singly to questions of ours, at most so many may be wrong."""

LAW_ANSWERED, LAW_OFFERED = 0.010, 0.09
CHATTER_ANSWERED, CHATTER_OFFERED = 0.004, 0.02
"""Of texts that are not ours, at most so many may be answered, or answered or offered."""

OURS = 0.8
"""From this probability on a text is ours, and what cannot be answered goes to a person."""

START = dict(zip(FEATURES, (0.5, 1.0, 0.2, 2.0, 0.5), strict=True))
"""Where learning the coefficients begins."""

OWN_RANKING = 0.1
"""Weight of a phrasing of an entry while ranking is learned: whoever wrote the entry's keywords had
read it, so that keywords look better by it than by what residents write."""

ROUNDS = 2
"""The coefficients choose the candidates from which they are learned."""


@dataclass(frozen=True, slots=True)
class _Ranked:
    case: Case
    question: Questions
    found: list[Candidate]
    right: Floats


@dataclass(frozen=True, slots=True)
class _Judged:
    """One text after ranking: its signs, and whether the first, or one of three, is right."""

    signs: tuple[float, ...]
    first: float
    three: float
    case: Case


@dataclass(frozen=True, slots=True)
class Learned:
    """All numbers but the gate's bias."""

    rank: dict[str, float]
    right: Logistic
    among: Logistic
    ours: Logistic
    thresholds: Thresholds
    measured: dict[str, float]

    def numbers(self, bias: Floats, learned_from: dict[str, str]) -> Numbers:
        """Return them with the gate's bias and the hashes of the sources."""
        return Numbers(
            self.rank, self.right, self.among, self.ours, self.thresholds,
            tuple(round(float(one), 5) for one in bias), learned_from, self.measured,
        )  # fmt: skip


def learn_numbers(
    entries: Mapping[str, Entry],
    visible: Mapping[str, Entry],
    arrays: Arrays,
    bias: Floats,
    sources: Sources,
) -> Learned:
    """Return the numbers learned on texts that `arrays` and the `visible` entries have not seen."""
    library, table = Library.build(visible, arrays), Vectors.of(arrays)
    read = [
        (case, read_questions([case.text], arrays, table, bias))
        for case in learning_cases(entries, sources, arrays.sounds)
    ]
    factors = np.array([START[name] for name in FEATURES], np.float32)
    for _ in range(ROUNDS):
        ranker = Ranker(library, factors)
        ranked = [_rank(case, question, ranker) for case, question in read]
        factors = learn_ranking(
            [
                Ranking(ranker.features(one.question, one.found), one.right, _ranking_weight(one))
                for one in ranked
                if one.right.any()
            ],
            factors,
        )
    ranker = Ranker(library, factors)
    judged = [_judge(_rank(case, question, ranker), ranker) for case, question in read]
    return _calibrate(judged, factors)


def _rank(case: Case, question: Questions, ranker: Ranker) -> _Ranked:
    [found] = ranker.candidates(question)
    names = [ranker.library.ids[one.entry] for one in found]
    right = [case.relevance(name) if case.relevance else 0.0 for name in names]
    return _Ranked(case, question, found, np.array(right, np.float32))


def _ranking_weight(one: _Ranked) -> float:
    return one.case.weight * (OWN_RANKING if one.case.kind == "own" else 1.0)


def _judge(one: _Ranked, ranker: Ranker) -> _Judged:
    [text], [kinds] = one.question.texts, one.question.kinds.tolist()
    like = likeness(text, ranker.library.phrases[one.found[0].entry])
    trust = shares(one.found)
    article = of_one_article(one.found, trust, ranker.library.citations)
    known = signs(text, kinds, like, one.found, trust, article)
    given = one.right >= 0.5  # noqa: PLR2004 - right enough to be given
    offered = one.right >= NEAR_ENOUGH
    return _Judged(known, float(given[0]), float(offered[:3].any()), one.case)


def _calibrate(judged: Sequence[_Judged], factors: Floats) -> Learned:
    known = np.array([one.signs for one in judged], np.float32)
    weight = np.array([one.case.weight for one in judged])
    first = np.array([one.first for one in judged])
    three = np.array([one.three for one in judged])
    ours_in_truth = np.array([one.case.kind in {*INSIDE_KINDS, PERSON} for one in judged])
    inside = np.array([one.case.relevance is not None for one in judged])
    labelled = inside | np.array([one.case.kind not in INSIDE_KINDS for one in judged])
    right = learn_logistic(known[labelled], first[labelled], weight[labelled])
    among = learn_logistic(known[labelled], three[labelled], weight[labelled])
    ours = learn_logistic(known, ours_in_truth.astype(np.float64), _balanced(weight, ours_in_truth))
    sure, near = _probabilities(right, known), _probabilities(among, known)
    law = np.array([one.case.kind == "law" for one in judged])
    chatter = np.array([one.case.kind == "chatter" for one in judged])
    answer = max(
        _precise(sure[inside], first[inside], weight[inside]),
        lowest_threshold(sure[law], np.ones(law.sum()), weight[law], LAW_ANSWERED),
        lowest_threshold(sure[chatter], np.ones(chatter.sum()), weight[chatter], CHATTER_ANSWERED),
    )
    offer = max(
        lowest_threshold(near[law], np.ones(law.sum()), weight[law], LAW_OFFERED),
        lowest_threshold(near[chatter], np.ones(chatter.sum()), weight[chatter], CHATTER_OFFERED),
    )
    return Learned(
        {name: round(float(one), 5) for name, one in zip(FEATURES, factors, strict=True)},
        right, among, ours,
        Thresholds(round(answer, 4), round(offer, 4), OURS),
        _measure(judged, sure, near, answer, offer),
    )  # fmt: skip


def _balanced(weight: Floats, truth: Flags) -> Floats:
    """Return the weights with both sides made as heavy, however many texts each brought."""
    balanced: Floats = np.where(truth, weight / weight[truth].sum(), weight / weight[~truth].sum())
    return balanced


def _probabilities(rule: Logistic, known: Floats) -> Floats:
    """Return the probability by `rule` for each row of SIGNS."""
    weights = np.array([rule.weights[name] for name in SIGNS], np.float32)
    probability: Floats = 1 / (1 + np.exp(-(known @ weights + np.float32(rule.bias))))
    return probability


def _precise(confidence: Floats, right: Floats, weight: Floats) -> float:
    """Return the lowest confidence from which at most ANSWERED_WRONG of the answers are wrong."""
    order = np.argsort(-confidence)
    wrong = np.cumsum(((1 - right) * weight)[order]) / np.cumsum(weight[order])
    allowed = np.flatnonzero(wrong <= ANSWERED_WRONG)
    return float(confidence[order][allowed[-1]]) if len(allowed) else 1.0


def _measure(
    judged: Sequence[_Judged], sure: Floats, near: Floats, answer: float, offer: float
) -> dict[str, float]:
    """Return what the thresholds do to each kind of text they were chosen on."""
    measured: dict[str, float] = {}
    for kind in ("own", "inside", PERSON, "law", "chatter"):
        those = np.array([one.case.kind == kind for one in judged])
        if not those.any():
            continue
        those &= np.array(
            [one.case.relevance is not None or kind not in INSIDE_KINDS for one in judged]
        )
        given = sure[those] >= answer
        right = np.array([one.first for one in judged])[those]
        measured[f"{kind}_texts"] = int(those.sum())
        measured[f"{kind}_first_right"] = round(float(right.mean()), 3)
        measured[f"{kind}_three_right"] = round(
            float(np.array([one.three for one in judged])[those].mean()), 3
        )
        measured[f"{kind}_answered"] = round(float(given.mean()), 4)
        measured[f"{kind}_answers_right"] = (
            round(float(right[given].mean()), 3) if given.any() else 0
        )
        measured[f"{kind}_answered_or_offered"] = round(
            float((given | (near[those] >= offer)).mean()), 4
        )
    return measured
