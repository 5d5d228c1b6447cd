"""Says how far a text reads like ours, like other law, or like chatter."""

import numpy as np

from knowledge.index import Floats
from knowledge.model import TABLE_BITS
from knowledge.ngrams import Keys, buckets


def gate_scores(keys: Keys, weights: Floats, bias: Floats) -> Floats:
    """Return the scores of the three kinds (ours, other law, chatter) for n-grams `keys`.

    The sum is divided by the root of the count, so that long texts are not surer than short ones
    by their length alone.
    """
    if not len(keys):
        return bias
    rows = weights[buckets(keys, TABLE_BITS)]
    mean: Floats = rows.sum(axis=0) / np.sqrt(np.float32(len(keys)))
    return mean + bias
