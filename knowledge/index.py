"""An inverted index: which entries hold which n-grams, and how much each one says."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.ngrams import Ints, Keys

Floats = NDArray[np.float32]
Sums = NDArray[np.float64]

SATURATION = 0.6
"""BM25's k1: how soon a repeated n-gram says nothing new."""

LENGTH = 0.3
"""BM25's b: how much a long entry must pay for its length."""

POSTINGS_READ = 2_000
"""At most so many postings are read for one question, the rarest n-grams first."""


@dataclass(frozen=True, slots=True)
class Hits:
    """The postings of several questions: their places, what their n-grams weigh, and whose."""

    places: Ints
    weights: Floats
    owner: Ints
    size: int
    """The number of questions."""


@dataclass(frozen=True, slots=True)
class Postings:
    """For each n-gram the documents that hold it, with BM25's weight of it in each field."""

    vocabulary: Keys
    starts: Ints
    counts: Ints
    documents: Ints
    weights: Floats
    size: int

    @classmethod
    def build(cls, fields: Sequence[tuple[Keys, Ints]], size: int) -> "Postings":
        """Return the index of `size` documents with several fields.

        In a field (keys, documents) the n-gram `keys[i]` stands once in `documents[i]`.
        """
        vocabulary = np.unique(np.concatenate([keys for keys, _ in fields]))
        cells, weights = [], []
        for keys, documents in fields:
            cell = np.searchsorted(vocabulary, keys) * size + documents
            cell, count = np.unique(cell, return_counts=True)
            cells.append(cell)
            weights.append(_bm25(cell, count, documents, size))
        every = np.unique(np.concatenate(cells))
        table = np.zeros((len(every), len(fields)), np.float32)
        for field, (cell, weight) in enumerate(zip(cells, weights, strict=True)):
            table[np.searchsorted(every, cell), field] = weight
        starts = np.searchsorted(every // size, np.arange(len(vocabulary) + 1))
        return cls(vocabulary, starts[:-1], np.diff(starts), every % size, table, size)

    def hits(self, keys: Keys, weight: Floats, owner: Ints, size: int) -> Hits:
        """Return the postings of the n-grams `keys` of `size` questions; `owner` says whose."""
        place = self.vocabulary.searchsorted(keys)
        known = (self.vocabulary.take(place, mode="clip") == keys).nonzero()[0]
        place, weight, owner = place.take(known), weight.take(known), owner.take(known)
        start, count = self.starts.take(place), self.counts.take(place)
        total = np.bincount(owner, count, size).astype(np.int64)
        if total.max() > POSTINGS_READ:
            read = _rarest(count, owner, total)
            start, count = start.take(read), count.take(read)
            weight, owner = weight.take(read), owner.take(read)
        places = (start - count.cumsum() + count).repeat(count)
        places += np.arange(len(places))
        return Hits(places, weight.repeat(count), owner.repeat(count), size)

    def mixed(self, factors: Floats) -> Floats:
        """Return for each posting the sum over its fields, each times its factor."""
        mixed: Floats = self.weights @ factors
        return mixed

    def sums(self, hits: Hits, mixed: Floats) -> Sums:
        """Return for each question (rows) and document the sum of its hits' `mixed` weights."""
        weights = mixed.take(hits.places)
        weights *= hits.weights
        cells = hits.owner * self.size
        cells += self.documents.take(hits.places)
        sums = np.bincount(cells, weights, hits.size * self.size)
        return sums.astype(np.float64, copy=False).reshape(hits.size, self.size)

    def fields(self, hits: Hits, chosen: Ints) -> Floats:
        """Return the sums of every field (columns) for the `chosen` documents of one question."""
        slot = np.full(self.size, -1, np.int64)
        slot[chosen] = np.arange(len(chosen))
        slots = slot.take(self.documents.take(hits.places))
        kept = np.flatnonzero(slots >= 0)
        fields = self.weights.shape[1]
        cells = (slots.take(kept) * fields)[:, None] + np.arange(fields)
        weights = self.weights.take(hits.places.take(kept), axis=0)
        weights *= hits.weights.take(kept)[:, None]
        sums = np.bincount(cells.ravel(), weights.ravel(), len(chosen) * fields)
        return sums.reshape(len(chosen), fields).astype(np.float32)


def _rarest(count: Ints, owner: Ints, total: Ints) -> Ints:
    """Return the n-grams of each owner, the rarest first, up to POSTINGS_READ postings.

    `total` is each owner's sum of `count`.
    """
    order = np.lexsort((count, owner))
    read = count.take(order).cumsum()
    read -= (total.cumsum() - total).take(owner.take(order))
    return order[read <= POSTINGS_READ]


def _bm25(cell: Ints, count: Ints, documents: Ints, size: int) -> Floats:
    """Return BM25's weight for each cell: n-gram times `size` plus document, seen `count` times."""
    gram, document = cell // size, cell % size
    _, gram, holding = np.unique(gram, return_inverse=True, return_counts=True)
    length = np.bincount(documents, minlength=size)
    relative = length / max(1.0, float(length.mean()))
    bend = SATURATION * (1 - LENGTH + LENGTH * relative[document])
    rarity = np.log1p((size - holding + 0.5) / (holding + 0.5))[gram]
    return (rarity * count * (SATURATION + 1) / (count + bend)).astype(np.float32)
