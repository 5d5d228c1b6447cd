"""Says how much each place of a long message matters: the matter itself, or only talk around it.

Who writes to an office greets, complains of having been sent from door to door, and thanks. With
two hundred characters of that around a question every second one lost its entry.
"""

import numpy as np

from knowledge.index import Floats, Sums
from knowledge.model import AROUND, OURS, Arrays
from knowledge.ngrams import Flags, Ints, Keys

REACH = 12
"""Characters to each side that are read with a place: about one clause, with or without marks."""

BIAS = 1.2
"""Log odds against a place that speaks neither way."""

LEAST = np.float32(0.05)
"""Weight of what is plainly talk around."""


def salience(places: Ints, buckets: Ints, sizes: Ints, long: Flags, arrays: Arrays) -> Floats:
    """Return the weight, LEAST to 1, of each character of several texts, one behind the other.

    An n-gram of `buckets` begins at each of `places`. `sizes` are the texts' numbers of characters;
    what stands in a text that is not `long` weighs 1.
    """
    if not long.any():
        return np.ones(int(sizes.sum()), np.float32)
    rows = arrays.table.take(buckets, axis=0)
    pull = rows[:, OURS].astype(np.float32) - rows[:, AROUND]
    last = sizes.cumsum().repeat(sizes)
    first = last - sizes.repeat(sizes)
    summed = _around(np.bincount(places, pull * arrays.steps[OURS], len(last)), first, last)
    count = _around(np.bincount(places, minlength=len(last)), first, last)
    odds = summed / np.sqrt(np.maximum(count, 1)) - BIAS
    weights = np.maximum(LEAST, 1 / (1 + np.exp(-odds)))
    return np.where(long.repeat(sizes), weights, 1).astype(np.float32)


def _around(values: Sums | Ints, first: Ints, last: Ints) -> Sums:
    """Return for each place the sum of `values` up to REACH places away within its text.

    Each place's text begins at `first` and ends before `last`.
    """
    before = np.concatenate([[0.0], np.cumsum(values)])
    place = np.arange(len(values))
    end = np.minimum(place + REACH + 1, last)
    summed: Sums = before[end] - before[np.maximum(place - REACH, first)]
    return summed


def strongest(keys: Keys, owner: Ints, weights: Floats) -> tuple[Keys, Ints, Floats]:
    """Return the distinct `keys` of each owner, a place of each, and the greatest weight of each.

    They come owner by owner, each owner's sorted.
    """
    order = np.lexsort((keys, owner))
    keys, owner = keys.take(order), owner.take(order)
    new = np.empty(len(order), np.bool_)
    new[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    new[1:] |= owner[1:] != owner[:-1]
    first = new.nonzero()[0]
    if not len(first):
        return keys, order, weights
    return keys.take(first), order.take(first), np.maximum.reduceat(weights.take(order), first)
