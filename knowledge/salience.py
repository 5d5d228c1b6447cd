"""Says how much each place of a long message matters: the matter itself, or only talk around it.

Who writes to an office greets, complains of having been sent from door to door, and thanks. With
two hundred characters of that around a question every second one lost its entry.
"""

import numpy as np

from knowledge.index import Floats, Sums
from knowledge.model import AROUND, OURS, Arrays
from knowledge.ngrams import Ints, Keys

REACH = 8
"""Characters to each side that are read with a place: about one clause, with or without marks."""

BIAS = 1.0
"""Log odds against a place that speaks neither way."""

LEAST = np.float32(0.05)
"""Weight of what is plainly talk around."""


def salience(places: Ints, buckets: Ints, size: int, arrays: Arrays) -> Floats:
    """Return the weight, LEAST to 1, of each of `size` characters.

    An n-gram of `buckets` begins at each of `places`.
    """
    rows = arrays.table.take(buckets, axis=0)
    pull = rows[:, OURS].astype(np.float32) - rows[:, AROUND]
    summed = _around(np.bincount(places, pull * arrays.steps[OURS], size).astype(np.float64))
    count = _around(np.bincount(places, minlength=size).astype(np.float64))
    odds = summed / np.sqrt(np.maximum(count, 1)) - BIAS
    return np.maximum(LEAST, 1 / (1 + np.exp(-odds))).astype(np.float32)


def _around(values: Sums) -> Sums:
    """Return for each place the sum of `values` up to REACH places away."""
    before = np.concatenate([[0.0], np.cumsum(values)])
    place = np.arange(len(values))
    last = np.minimum(place + REACH + 1, len(values))
    summed: Sums = before[last] - before[np.maximum(place - REACH, 0)]
    return summed


def strongest(keys: Keys, weights: Floats) -> tuple[Keys, Ints, Floats]:
    """Return the sorted distinct `keys`, a place of each, and the greatest weight of each."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    return ordered[first], order[first], np.maximum.reduceat(weights[order], first)
