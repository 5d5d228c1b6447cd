"""Finds the entries nearest to a question and says in named numbers how near each one is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from knowledge.index import Floats, Sums
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

FEATURES = ("asked", "named", "sound", "mean", "worded")
"""What is known of a candidate: shared n-grams with its phrasings and its keywords; shared pairs of
syllables; direction; whole keywords found. Words shared with its answer made nothing better."""

FIELDS = 3
"""The first features are sums over postings; a question needs only their mixture."""

_MEAN, _WORDED = FEATURES.index("mean"), FEATURES.index("worded")


@dataclass(slots=True)
class Candidate:
    """An entry by number, with what speaks for it; `score` is the whole of it."""

    entry: int
    shared: float
    near: float
    worded: float
    score: float


class Ranker:
    """Finds candidates among the entries of a library, by one weight for each of FEATURES."""

    def __init__(self, library: Library, rank: Floats) -> None:
        self.library = library
        self.rank = rank
        self._mixed = library.postings.mixed(rank[:FIELDS])
        self._by_nearness, self._by_words = float(rank[_MEAN]), float(rank[_WORDED])

    def candidates(self, question: Question) -> list[Candidate]:
        """Return the POOL likeliest entries, best first."""
        if not self.library.ids:
            return []
        postings = self.library.postings
        hits = postings.hits(question.keys, question.weights)
        chosen, shared, near = self._nearest(question, postings.sums(hits, self._mixed))
        found = []
        for entry, one, other in zip(chosen, shared, near, strict=True):
            worded = self._worded(question, entry)
            score = one + self._by_nearness * other + self._by_words * worded
            found.append(Candidate(entry, one, other, worded, score))
        found.sort(key=lambda one: -one.score)
        return found

    def features(self, question: Question, found: Sequence[Candidate]) -> Floats:
        """Return one row of FEATURES for each candidate: what the weights are learned from."""
        postings = self.library.postings
        hits = postings.hits(question.keys, question.weights)
        features = np.empty((len(found), len(FEATURES)), np.float32)
        features[:, :FIELDS] = postings.fields(hits, np.array([one.entry for one in found]))
        features[:, _MEAN] = [one.near for one in found]
        features[:, _WORDED] = [one.worded for one in found]
        return features

    def _worded(self, question: Question, entry: int) -> float:
        """Return the summed rarity of the entry's keywords that stand whole in the question."""
        text = question.text
        return sum(rarity for word, rarity in self.library.keywords[entry] if word in text)

    def _nearest(
        self, question: Question, shared: Sums
    ) -> tuple[list[int], list[float], list[float]]:
        """Return the POOL best by shared n-grams and direction, with both."""
        vectors, size = self.library.vectors, len(shared)
        if size <= SCANNED:
            near = vectors @ question.vector
            best = _best(shared + self._by_nearness * near, POOL)
            return best.tolist(), shared.take(best).tolist(), near.take(best).tolist()
        touched = shared.nonzero()[0]
        if len(touched) < POOL:
            touched = np.arange(SCANNED)
        chosen = touched.take(_best(shared.take(touched), SCANNED))
        shared = shared.take(chosen)
        near = vectors.take(chosen, axis=0) @ question.vector
        best = _best(shared + self._by_nearness * near, POOL)
        return chosen.take(best).tolist(), shared.take(best).tolist(), near.take(best).tolist()


def _best(scores: Sums, count: int) -> Ints:
    """Return the places of the `count` highest scores, in no order."""
    if len(scores) <= count:
        return np.arange(len(scores))
    return scores.argpartition(-count)[-count:]


def likeness(question: Question, phrases: Sequence[str]) -> float:
    """Return how like the nearest of `phrases` is, 0 to 1; 0 for a long story."""
    if len(question.text) > LONGEST_LIKE_A_PHRASING:
        return 0.0
    nearest = process.extractOne(question.text, phrases, scorer=fuzz.ratio, score_cutoff=LIKE)
    return nearest[1] / 100 if nearest else 0.0
