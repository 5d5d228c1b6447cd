"""Learns the gate: which n-grams speak for each kind of talk."""

from collections.abc import Sequence

import numpy as np

from knowledge.index import Floats
from knowledge.model import TABLE_BITS
from knowledge.ngrams import Ints, buckets, codepoints, grams

LONGEST = 3
STEPS = 60
PACE = 0.15
"""Adam's step; the loss is flat after 60 of them."""

DECAY = 2e-7
"""Keeps weights of n-grams seen once small."""


def _cells(texts: Sequence[str]) -> tuple[Ints, Ints]:
    found = [np.unique(grams(codepoints(text), LONGEST)) for text in texts]
    counts = np.array([len(keys) for keys in found])
    return buckets(np.concatenate(found), TABLE_BITS), counts


def learn_gate(kinds: Sequence[Sequence[str]]) -> tuple[Floats, Floats]:
    """Return weights by hashed n-gram and biases for `kinds` of normalised texts.

    Each kind weighs the same, however many texts it has.
    """
    texts = [text for kind in kinds for text in kind if text]
    cells, counts = _cells(texts)
    rows = np.repeat(np.arange(len(texts)), counts)
    starts = np.cumsum(counts) - counts
    scale = (1 / np.sqrt(np.maximum(counts, 1))).astype(np.float32)
    sizes = [sum(1 for text in kind if text) for kind in kinds]
    truth = np.repeat(np.eye(len(kinds), dtype=np.float32), sizes, axis=0)
    share = np.repeat(1 / np.array(sizes, np.float32), sizes)[:, None] / len(kinds)
    table = np.zeros((1 << TABLE_BITS, len(kinds)), np.float32)
    bias = np.zeros(len(kinds), np.float32)
    mean, square = np.zeros_like(table), np.zeros_like(table)
    for step in range(1, STEPS + 1):
        score = np.add.reduceat(table[cells], starts, axis=0) * scale[:, None] + bias
        grown = np.exp(score - score.max(axis=1, keepdims=True))
        slope = (grown / grown.sum(axis=1, keepdims=True) - truth) * share
        bias -= PACE * slope.sum(axis=0)
        spread = (slope * scale[:, None])[rows]
        change = np.stack(
            [np.bincount(cells, column, len(table)) for column in spread.T], axis=1
        ).astype(np.float32)
        change += DECAY * table
        mean = 0.9 * mean + 0.1 * change
        square = 0.99 * square + 0.01 * change**2
        table -= PACE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-6)
    return table, bias
