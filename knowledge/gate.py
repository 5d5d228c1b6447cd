"""Says how far a text reads like ours, like other law, like chatter, like talk around a matter."""

import math

import numpy as np
from numpy.typing import NDArray

from knowledge.index import Floats
from knowledge.model import KINDS


def gate_scores(rows: NDArray[np.int8], steps: Floats, bias: Floats, said: Floats | None) -> Floats:
    """Return the score of each of KINDS.

    `rows` are those of the text's distinct n-grams in the hashed table, `said` the weight of each
    if they differ. The sum is divided by the root of the count, so that long texts are not surer
    by their length alone.
    """
    if not len(rows):
        return bias
    if said is None:
        total = np.add.reduce(rows, axis=0, dtype=np.int32)[:KINDS]
        count = float(len(rows))
    else:
        total = said @ rows[:, :KINDS].astype(np.float32)
        count = max(1.0, float(said.sum()))
    scores: Floats = total * (steps[:KINDS] / np.float32(math.sqrt(count))) + bias
    return scores.astype(np.float32)
