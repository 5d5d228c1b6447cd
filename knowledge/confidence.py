"""Turns ranked candidates into calibrated confidence."""

import math
from collections.abc import Sequence

from knowledge.model import Logistic
from knowledge.ranker import Candidate

SIGNS = (
    "first", "article", "lead", "three", "score", "other_law", "chatter", "around", "office",
    "length", "likeness", "shared", "near", "worded", "brief",
)  # fmt: skip
"""What confidence is read from: the first candidate's share of trust, the share of all that cite
its decisive article, its lead over the second, the share of the best three, the first score, the
gate's log odds of ours against other law, against chatter and against talk around a matter and
against what only the office knows, the length of the text, its likeness to the first candidate's
nearest phrasing, what speaks for the first candidate, and how far the text is too brief to say what
is asked about its matter."""

_LONGEST = 200
_BRIEF = 10
"""Characters from which a text is no longer brief."""


def shares(found: Sequence[Candidate]) -> list[float]:
    """Return the softmax of the scores, best first: which part of our trust each candidate has."""
    best = found[0].score
    grown = [math.exp(one.score - best) for one in found]
    whole = sum(grown)
    return [one / whole for one in grown]


def of_one_article(
    found: Sequence[Candidate], trust: Sequence[float], citations: Sequence[Sequence[str]]
) -> float:
    """Return the share of the candidates that cite the first one's decisive article.

    Between entries on one article the law itself is not in doubt. `citations` are every entry's.
    """
    decisive = set(citations[found[0].entry][:1])
    others = (
        share
        for one, share in zip(found[1:], trust[1:], strict=True)
        if not decisive.isdisjoint(citations[one.entry])
    )
    return trust[0] + sum(others)


def signs(
    text: str,
    kinds: Sequence[float],
    like: float,
    found: Sequence[Candidate],
    trust: Sequence[float],
    article: float,
) -> tuple[float, ...]:
    """Return SIGNS of a normalised text for candidates sorted best first, with their shares.

    `like` is the likeness of the text to a phrasing of the first; `article` is the share of all
    that cite its decisive article.
    """
    ours, other_law, chatter, around, office = kinds
    first = found[0]
    return (
        trust[0],
        article,
        first.score - found[1].score if len(found) > 1 else first.score,
        sum(trust[:3]),
        first.score,
        ours - other_law,
        ours - chatter,
        ours - around,
        ours - office,
        min(len(text), _LONGEST) / _LONGEST,
        like,
        first.shared,
        first.near,
        first.worded,
        max(0, _BRIEF - len(text)) / _BRIEF,
    )


class Rule:
    """A logistic regression over SIGNS. Plain numbers: a dozen are too few for arrays."""

    def __init__(self, learned: Logistic) -> None:
        self._weights = tuple(learned.weights[name] for name in SIGNS)
        self._bias = learned.bias

    def probability(self, known: Sequence[float]) -> float:
        """Return the probability for SIGNS `known`."""
        odds = self._bias + sum(map(float.__mul__, self._weights, known))
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, odds))))
