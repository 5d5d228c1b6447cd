"""Gives the buckets of `knowledge/hashed.py` static vectors: what is said alike lies near."""

from collections.abc import Iterable

import numpy as np

from knowledge.hashed import BUCKETS, hashes, tidy, to_buckets
from knowledge.index import Floats
from knowledge.training_vectors import choose_units, learn, pieces

LONGEST = 2
"""Characters in the longest n-gram with a vector."""
MOST_UNITS, LEAST_SEEN = 60_000, 4
WIDTH = 64
"""Numbers in a vector; 96 and more text changed nothing."""
_BITS = np.uint64(21)
"""A key of `knowledge/ngrams.py` holds code points of so many bits."""


def bucket_vectors(texts: Iterable[str]) -> Floats:
    """Return one vector a bucket, learned from which n-grams `texts` use together."""
    read = [piece for text in texts for piece in pieces(tidy(text))]
    units = choose_units(read, LONGEST, MOST_UNITS, LEAST_SEEN)
    vectors, strength = learn(read, units, LONGEST, WIDTH)
    vectors = vectors * np.sqrt(strength)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    last = (units & ((np.uint64(1) << _BITS) - np.uint64(1))).astype(np.uint32)
    first = (units >> _BITS).astype(np.uint32)
    ones, pairs, _ = hashes(np.stack((np.where(first > 0, first, last), last, last)))
    places = to_buckets(np.where(first > 0, pairs[0], ones[0]))
    table = np.zeros((BUCKETS, WIDTH), np.float32)
    np.add.at(table, places, vectors)
    return table
