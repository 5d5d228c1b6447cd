"""Says how far a text reads like ours, like other law, or like chatter."""

import math

import numpy as np

from knowledge.index import Floats
from knowledge.ngrams import Ints


def gate_scores(places: Ints, weights: Floats, bias: Floats) -> Floats:
    """Return the scores of the three kinds (ours, other law, chatter).

    `places` are those of the text's distinct n-grams in the hashed table `weights`. The sum is
    divided by the root of the count, so that long texts are not surer by their length alone.
    """
    if not len(places):
        return bias
    mean: Floats = weights.take(places, axis=0).sum(axis=0) / np.float32(math.sqrt(len(places)))
    return mean + bias
