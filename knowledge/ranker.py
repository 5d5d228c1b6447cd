"""Finds the entries nearest to each question and says in named numbers how near each one is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from knowledge.index import Floats, Hits, Sums
from knowledge.library import Library
from knowledge.ngrams import Ints
from knowledge.question import Questions

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

    def candidates(self, questions: Questions) -> list[list[Candidate]]:
        """Return for each question the POOL likeliest entries, best first."""
        if not self.library.ids:
            return [[] for _ in questions.texts]
        nearest = self._nearest(questions, self._shared(questions))
        return [
            self._ranked(text, said, *near)
            for text, said, near in zip(questions.texts, questions.said, nearest, strict=True)
        ]

    def features(self, question: Questions, found: Sequence[Candidate]) -> Floats:
        """Return one row of FEATURES for each candidate of a single question.

        They are what the weights are learned from.
        """
        hits = self._hits(question)
        features = np.empty((len(found), len(FEATURES)), np.float32)
        chosen = np.array([one.entry for one in found])
        features[:, :FIELDS] = self.library.postings.fields(hits, chosen)
        features[:, _MEAN] = [one.near for one in found]
        features[:, _WORDED] = [one.worded for one in found]
        return features

    def _hits(self, questions: Questions) -> Hits:
        return self.library.postings.hits(
            questions.keys, questions.weights, questions.owner, len(questions.texts)
        )

    def _shared(self, questions: Questions) -> Sums:
        return self.library.postings.sums(self._hits(questions), self._mixed)

    def _ranked(
        self, text: str, said: Floats, entries: Ints, shared: Sums, near: Floats
    ) -> list[Candidate]:
        found = []
        for entry, one, other in zip(entries.tolist(), shared.tolist(), near.tolist(), strict=True):
            worded = self._worded(text, said, entry)
            score = one + self._by_nearness * other + self._by_words * worded
            found.append(Candidate(entry, one, other, worded, score))
        found.sort(key=lambda one: -one.score)
        return found

    def _worded(self, text: str, said: Floats, entry: int) -> float:
        """Return the summed rarity of the entry's keywords that stand whole in the text.

        Each counts as much as the place where it stands first.
        """
        return sum(
            rarity * float(said[text.index(word)])
            for word, rarity in self.library.keywords[entry]
            if word in text
        )

    def _nearest(self, questions: Questions, shared: Sums) -> Iterable[tuple[Ints, Sums, Floats]]:
        """Return for each question the POOL best by shared n-grams and direction, with both."""
        vectors, size = self.library.vectors, len(self.library.ids)
        if size > SCANNED:
            return map(self._nearest_of_many, questions.vectors, shared)
        # One by one: for a product of two matrices the library wakes threads, which cost more than
        # they save, and whose sums differ in the last digit from those of a text read alone.
        near = np.stack([vectors @ vector for vector in questions.vectors])
        best = _best(shared + self._by_nearness * near, POOL)
        cells = best + np.arange(0, size * len(near), size)[:, None]
        return zip(best, shared.take(cells), near.take(cells), strict=True)

    def _nearest_of_many(self, vector: Floats, shared: Sums) -> tuple[Ints, Sums, Floats]:
        """Return the same for one question where there are too many to compare every direction."""
        touched = shared.nonzero()[0]
        if len(touched) < POOL:
            touched = np.arange(SCANNED)
        chosen = touched.take(_best(shared.take(touched), SCANNED))
        shared = shared.take(chosen)
        near = self.library.vectors.take(chosen, axis=0) @ vector
        best = _best(shared + self._by_nearness * near, POOL)
        return chosen.take(best), shared.take(best), near.take(best)


def _best(scores: Sums, count: int) -> Ints:
    """Return the places of the `count` highest scores of each row, in no order."""
    size = scores.shape[-1]
    if size <= count:
        return np.broadcast_to(np.arange(size), scores.shape)
    return scores.argpartition(-count, axis=-1)[..., -count:]


def likeness(text: str, phrases: Sequence[str]) -> float:
    """Return how like the nearest of `phrases` a normalised text is, 0 to 1; 0 for a long story."""
    if len(text) > LONGEST_LIKE_A_PHRASING:
        return 0.0
    nearest = process.extractOne(text, phrases, scorer=fuzz.ratio, score_cutoff=LIKE)
    return nearest[1] / 100 if nearest else 0.0
