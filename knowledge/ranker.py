"""Finds the entries nearest to a question and says in named numbers how near each one is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from knowledge.index import Floats
from knowledge.library import Library
from knowledge.ngrams import Ints
from knowledge.question import Question

POOL = 10
"""Entries looked at closely; the right one is among them whenever it is among thirty."""

SCANNED = 300
"""Entries whose direction is compared: those that share most n-grams and sounds."""

LIKE = 40
"""Likeness, of 100, below which a phrasing counts as unlike."""

LONGEST_LIKE_A_PHRASING = 60
"""Characters up to which a text is compared with whole phrasings."""

FEATURES = ("asked", "named", "told", "sound", "mean", "worded")
"""What is known of a candidate: shared n-grams with its phrasings, its keywords and its answer;
shared pairs of syllables; direction; whole keywords found."""

_FIELDS = 4
"""The first features are sums over postings."""

_MEAN = FEATURES.index("mean")


@dataclass(frozen=True, slots=True)
class Pool:
    """Candidates by number, with one row of FEATURES each."""

    entries: Ints
    features: Floats


def find_pool(question: Question, library: Library, rank: Floats) -> Pool:
    """Return the candidates for `question`, nearest or not; `rank` holds a weight per feature."""
    size = len(library.ids)
    place, known = library.postings.find(question.keys)
    hits = library.postings.hits(place[known], question.weights[known])
    first = hits.sums(rank[:_FIELDS], size)
    touched = np.flatnonzero(first) if size > SCANNED else np.arange(size)
    if len(touched) < POOL:
        touched = np.arange(min(size, SCANNED))
    chosen = touched[_best(first.take(touched), SCANNED)]
    near = library.vectors.take(chosen, axis=0) @ question.vector
    best = _best(first.take(chosen) + rank[_MEAN] * near, POOL)
    chosen, near = chosen[best], near[best]
    features = np.empty((len(chosen), len(FEATURES)), np.float32)
    features[:, :_FIELDS] = hits.of(chosen, size)
    features[:, _MEAN] = near
    features[:, -1] = [_worded(question, library.keywords[one]) for one in chosen.tolist()]
    return Pool(chosen, features)


def _best(scores: Floats, count: int) -> Ints:
    """Return the places of the `count` highest scores, in no order."""
    if len(scores) <= count:
        return np.arange(len(scores))
    return np.argpartition(scores, -count)[-count:]


def _worded(question: Question, keywords: Sequence[tuple[str, float]]) -> float:
    """Return the summed rarity of the keywords that stand whole in the question."""
    text = question.text
    return sum(rarity for word, rarity in keywords if word in text)


def likeness(question: Question, phrases: Sequence[str]) -> float:
    """Return how like the nearest of `phrases` is, 0 to 1; 0 for a long story."""
    if len(question.text) > LONGEST_LIKE_A_PHRASING:
        return 0.0
    nearest = process.extractOne(question.text, phrases, scorer=fuzz.ratio, score_cutoff=LIKE)
    return nearest[1] / 100 if nearest else 0.0
