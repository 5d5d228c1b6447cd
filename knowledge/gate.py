"""Says how far a text reads like ours, like other law, or like chatter."""

import math

import numpy as np
from numpy.typing import NDArray

from knowledge.index import Floats
from knowledge.model import KINDS


def gate_scores(rows: NDArray[np.int8], steps: Floats, bias: Floats) -> Floats:
    """Return the scores of the three kinds (ours, other law, chatter).

    `rows` are those of the text's distinct n-grams in the hashed table. The sum is divided by the
    root of the count, so that long texts are not surer by their length alone.
    """
    if not len(rows):
        return bias
    total = rows.sum(axis=0, dtype=np.int32)[:KINDS]
    scores: Floats = total * (steps[:KINDS] / np.float32(math.sqrt(len(rows)))) + bias
    return scores.astype(np.float32)
