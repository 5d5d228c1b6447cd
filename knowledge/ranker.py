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


class Ranker:
    """Finds candidates among the entries of a library, by one weight for each of FEATURES."""

    def __init__(self, library: Library, rank: Floats) -> None:
        self.library = library
        self.rank = rank
        self._mixed = library.postings.mixed(rank[:_FIELDS])

    def find_pool(self, question: Question) -> Pool:
        """Return the candidates for `question`, nearest or not."""
        postings = self.library.postings
        place, known = postings.find(question.keys)
        hits = postings.hits(place[known], question.weights[known])
        chosen, near = self._nearest(question, postings.sums(hits, self._mixed))
        features = np.empty((len(chosen), len(FEATURES)), np.float32)
        features[:, :_FIELDS] = postings.fields(hits, chosen)
        features[:, _MEAN] = near
        words = self.library.keywords
        features[:, -1] = [_worded(question, words[one]) for one in chosen.tolist()]
        return Pool(chosen, features)

    def _nearest(self, question: Question, first: Floats) -> tuple[Ints, Floats]:
        """Return the POOL best by shared n-grams (`first`) and direction, and how near each is."""
        vectors, size = self.library.vectors, len(first)
        if size <= SCANNED:
            near = vectors @ question.vector
            best = _best(first + self.rank[_MEAN] * near, POOL)
            return best, near.take(best)
        touched = np.flatnonzero(first)
        if len(touched) < POOL:
            touched = np.arange(SCANNED)
        chosen = touched[_best(first.take(touched), SCANNED)]
        near = vectors.take(chosen, axis=0) @ question.vector
        best = _best(first.take(chosen) + self.rank[_MEAN] * near, POOL)
        return chosen[best], near[best]


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
