"""Learns the few readable numbers: ranking coefficients, calibration, thresholds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.confidence import SIGNS
from knowledge.index import Floats
from knowledge.model import Logistic

SHRINK = 3e-3
"""Ridge on standardised features: fifteen weights from some thousand rows need little."""

PULL = 1e-3
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Ranking:
    """One text: features of its candidates, how right each one is (0 to 1), how much it counts."""

    features: Floats
    right: Floats
    weight: float


def learn_ranking(rankings: Sequence[Ranking], start: Floats) -> Floats:
    """Return coefficients that put trust (softmax of the scores) on the right candidates.

    On any of them: many entries may be right for one text, and it is enough to find one. None of
    the coefficients is negative: what is shared never speaks against an entry.
    """
    rankings = [one for one in rankings if one.right.sum() > 0]
    counts = np.array([len(one.right) for one in rankings])
    starts = np.cumsum(counts) - counts
    rows = np.repeat(np.arange(len(rankings)), counts)
    features = np.concatenate([one.features for one in rankings])
    right = np.concatenate([one.right for one in rankings])
    weight = np.array([one.weight for one in rankings], np.float32)
    weight = (weight / weight.sum())[rows]
    scale = features.std(axis=0) + 1e-6
    features = features / scale
    factors = start * scale
    mean, square = np.zeros_like(factors), np.zeros_like(factors)
    for step in range(1, 1501):
        # Not by "@": on rows of five numbers BLAS saves nothing, and it once warned of an invalid
        # value here, on a busy machine, which no later run could show again.
        scores = np.einsum("ij,j->i", features, factors)
        grown = np.exp(scores - np.maximum.reduceat(scores, starts)[rows])
        trust = grown / np.add.reduceat(grown, starts)[rows]
        meant = trust * right + TINY
        meant /= np.add.reduceat(meant, starts)[rows]
        slope = np.einsum("ij,i->j", features, (trust - meant) * weight) + PULL * factors
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        factors = factors - 0.03 * (mean / (1 - 0.9**step)) / (
            np.sqrt(square / (1 - 0.99**step)) + 1e-8
        )
        factors = np.maximum(factors, 0)
    found: Floats = (factors / scale).astype(np.float32)
    return found


def learn_logistic(known: Floats, truth: Floats, weight: Floats) -> Logistic:
    """Return a logistic regression over SIGNS, by Newton's method on standardised columns."""
    middle, scale = known.mean(axis=0), known.std(axis=0) + 1e-6
    columns = np.column_stack([(known - middle) / scale, np.ones(len(known))]).astype(np.float64)
    weight = weight / weight.sum()
    ridge = np.diag([SHRINK] * known.shape[1] + [0.0])
    factors = np.zeros(columns.shape[1])
    for _ in range(30):
        guess = 1 / (1 + np.exp(-np.clip(columns @ factors, -30, 30)))
        slope = columns.T @ (weight * (guess - truth)) + ridge @ factors
        bent = (columns * (weight * guess * (1 - guess))[:, None]).T @ columns + ridge
        factors -= np.linalg.solve(bent + 1e-9 * np.eye(len(bent)), slope)
    weights = factors[:-1] / scale
    bias = factors[-1] - float(weights @ middle)
    return Logistic(
        {name: round(float(one), 5) for name, one in zip(SIGNS, weights, strict=True)},
        round(float(bias), 5),
    )


def lowest_threshold(confidence: Floats, wrong: Floats, weight: Floats, most_wrong: float) -> float:
    """Return the lowest confidence from which at most `most_wrong` of all `weight` is wrong."""
    order = np.argsort(-confidence)
    lost = np.cumsum((wrong * weight)[order]) / weight.sum()
    allowed = np.flatnonzero(lost <= most_wrong)
    if not len(allowed):
        return 1.0
    return float(confidence[order][allowed[-1]])
