"""Turns ranked candidates into calibrated confidence."""

import numpy as np

from knowledge.index import Floats
from knowledge.model import Logistic
from knowledge.question import Question
from knowledge.ranker import FEATURES

SIGNS = ("first", "lead", "three", "score", "other_law", "chatter", "length", *FEATURES)
"""What confidence is read from: the first candidate's share of trust, its lead over the second,
the share of the best three, the first score, the gate's log odds of ours against other law and
against chatter, the length of the text, and the first candidate's own features."""

_LONGEST = 200


def shares(scores: Floats) -> Floats:
    """Return the softmax of `scores`: which part of our trust each candidate has."""
    grown = np.exp(scores - scores.max())
    return grown / grown.sum()


def signs(question: Question, features: Floats, scores: Floats) -> Floats:
    """Return SIGNS for candidates sorted best first, with their `features` and `scores`."""
    trust = shares(scores)
    lead = scores[0] - scores[1] if len(scores) > 1 else scores[0]
    ours, other_law, chatter = question.kinds.tolist()
    length = min(len(question.text), _LONGEST) / _LONGEST
    general = [trust[0], lead, trust[:3].sum(), scores[0], ours - other_law, ours - chatter, length]
    return np.concatenate([general, features[0]]).astype(np.float32)


def probability(rule: Logistic, known: Floats) -> float:
    """Return the probability by `rule` for SIGNS `known`."""
    weights = np.array([rule.weights[name] for name in SIGNS], np.float32)
    return float(1 / (1 + np.exp(-(weights @ known + rule.bias))))
