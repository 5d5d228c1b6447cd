"""Turns ranked candidates into calibrated confidence."""

import numpy as np

from knowledge.index import Floats
from knowledge.model import Logistic
from knowledge.question import Question
from knowledge.ranker import FEATURES

SIGNS = ("first", "lead", "three", "score", "other_law", "chatter", "length", "likeness", *FEATURES)
"""What confidence is read from: the first candidate's share of trust, its lead over the second,
the share of the best three, the first score, the gate's log odds of ours against other law and
against chatter, the length of the text, its
likeness to the first candidate's nearest phrasing, and the first candidate's own features."""

_GENERAL = 8
_LONGEST = 200


def shares(scores: Floats) -> Floats:
    """Return the softmax of `scores`: which part of our trust each candidate has."""
    grown: Floats = np.exp(scores - scores.max())
    share: Floats = grown / grown.sum()
    return share


def signs(question: Question, like: float, features: Floats, scores: Floats) -> Floats:
    """Return SIGNS for candidates sorted best first, with their `features` and `scores`.

    `like` is the likeness of the question to a phrasing of the first.
    """
    ours, other_law, chatter = question.kinds.tolist()
    best = scores[:3].tolist()
    shares_of_three = shares(scores)[:3].tolist()
    known = np.empty(len(SIGNS), np.float32)
    known[:_GENERAL] = (
        shares_of_three[0],
        best[0] - best[1] if len(best) > 1 else best[0],
        sum(shares_of_three),
        best[0],
        ours - other_law,
        ours - chatter,
        min(len(question.text), _LONGEST) / _LONGEST,
        like,
    )
    known[_GENERAL:] = features[0]
    return known


class Rules:
    """Several logistic regressions over SIGNS, read at once."""

    def __init__(self, *rules: Logistic) -> None:
        self._weights = np.array(
            [[rule.weights[name] for name in SIGNS] for rule in rules], np.float32
        )
        self._bias = np.array([rule.bias for rule in rules], np.float32)

    def probabilities(self, known: Floats) -> Floats:
        """Return the probability by each rule for SIGNS `known`, or for rows of them."""
        probability: Floats = 1 / (1 + np.exp(-(known @ self._weights.T + self._bias)))
        return probability
