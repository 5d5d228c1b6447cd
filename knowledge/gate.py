"""Says how far a text reads like ours, like other law, like chatter, like talk around a matter."""

import numpy as np
from numpy.typing import NDArray

from knowledge.index import Floats
from knowledge.model import KINDS
from knowledge.ngrams import Ints, runs


def gate_scores(
    rows: NDArray[np.int8], said: Floats, owner: Ints, steps: Floats, bias: Floats, size: int
) -> Floats:
    """Return the score of each of KINDS (columns) for `size` texts (rows).

    `rows` are those of the texts' distinct n-grams in the hashed table, `said` the weight of each,
    `owner` whose it is, in order. The sum is divided by the root of the count, so that long texts
    are not surer by their length alone.
    """
    total = np.zeros((size, KINDS), np.float32)
    if len(owner):
        starts = runs(owner)
        total[owner.take(starts)] = np.add.reduceat(rows[:, :KINDS] * said[:, None], starts, axis=0)
    root = np.sqrt(np.maximum(np.bincount(owner, said, size), 1.0)).astype(np.float32)
    total *= steps[:KINDS]
    total /= root[:, None]
    total += bias
    return total
