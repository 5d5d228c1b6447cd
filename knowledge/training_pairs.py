"""Bends static vectors so that texts which ask for the same lie near each other.

Pairs are two phrasings of one entry, or a question and its answer from the extra texts; in a batch
every other text is a wrong partner.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.entries import Entry
from knowledge.index import Floats
from knowledge.ngrams import Flags, Ints, Keys, codepoints, grams
from knowledge.text import normalise

BATCH = 192
STEPS = 700
"""More steps learn our own phrasings by heart and help residents' texts no further."""

STEPS_PER_ENTRY = 3
"""With few entries fewer steps are enough."""

PACE = 2.0
SHARPNESS = 12.0
AROUND_SHARE, MOST_AROUND = 0.4, 7
"""Part of the texts that get talk around them, as in a complaint, and at most so many pieces."""

DROPPED = 0.3
"""Part of the n-grams hidden from a text each time, so that no single one decides."""

OWN_SHARE = 0.6
PARTNERS = 4
"""Texts of the entry that together stand for it."""


@dataclass(frozen=True, slots=True)
class _Pair:
    first: str
    second: str
    label: int


class _Pairs:
    """Draws pairs."""

    def __init__(
        self,
        entries: Mapping[str, Entry],
        others: Sequence[tuple[str, str]],
        around: Sequence[str],
        seed: int,
    ) -> None:
        self._random = random.Random(seed)  # noqa: S311 - draws texts, guards nothing
        self._others = others
        self._around = [normalise(text) for text in around]
        self._own = [
            (
                [normalise(text) for text in (one.title, *one.phrasings)],
                [
                    normalise(text)
                    for text in (one.keywords, one.short, *(f.say for f in one.facts))
                ],
            )
            for one in entries.values()
        ]

    def draw(self, number: int) -> _Pair:
        """Return the pair for place `number` of a batch."""
        if self._others and self._random.random() > OWN_SHARE:
            first, second = self._random.choice(self._others)
            return _Pair(self._told(first), second, -1 - number)
        label = self._random.randrange(len(self._own))
        asked, told = self._own[label]
        first = self._random.choice(asked)
        rest = [text for text in asked if text is not first] + [self._random.choice(told)]
        partners = self._random.sample(rest, min(PARTNERS, len(rest)))
        return _Pair(self._told(first), "\n".join(partners), label)

    def _told(self, text: str) -> str:
        """Return `text`, now and then with talk around it."""
        if self._random.random() > AROUND_SHARE:
            return text
        count = self._random.randint(1, MOST_AROUND)
        return "\n".join([text, *self._random.sample(self._around, count)])


class _Units:
    """Finds the units of a text, each text once."""

    def __init__(self, units: Keys, longest: int) -> None:
        self._units, self._longest = units, longest
        self._known: dict[str, Ints] = {}

    def of(self, text: str) -> Ints:
        """Return the places of the units in `text`."""
        if text not in self._known:
            keys = grams(codepoints(text), self._longest)
            place = np.minimum(np.searchsorted(self._units, keys), len(self._units) - 1)
            found = np.unique(place[self._units[place] == keys])
            self._known[text] = found if len(found) else np.zeros(1, np.int64)
        return self._known[text]


def bend(
    vectors: Floats,
    weights: Floats,
    units: Keys,
    longest: int,
    entries: Mapping[str, Entry],
    others: Sequence[tuple[str, str]],
    around: Sequence[str],
) -> Floats:
    """Return `vectors` of `units` bent; a text is the sum of its units times their `weights`."""
    pairs, finder = _Pairs(entries, others, around, 1), _Units(units, longest)
    chance = np.random.default_rng(1)
    vectors = vectors.copy()
    worn = np.full(len(units), 1e-2, np.float32)
    for _ in range(min(STEPS, STEPS_PER_ENTRY * len(entries))):
        batch = [pairs.draw(number) for number in range(BATCH)]
        texts = [finder.of(pair.first) for pair in batch] + [
            finder.of(pair.second) for pair in batch
        ]
        texts = [_hide(text, chance) for text in texts]
        labels = np.array([pair.label for pair in batch])
        same = labels[:, None] == labels[None, :]
        _step(vectors, weights, texts, same, worn)
    return vectors


def _hide(units: Ints, chance: np.random.Generator) -> Ints:
    kept = units[chance.random(len(units)) > DROPPED]
    return kept if len(kept) else units[:1]


def _step(
    vectors: Floats, weights: Floats, texts: Sequence[Ints], same: Flags, worn: Floats
) -> None:
    """Move `vectors` one step along the slope of the batch."""
    places = np.concatenate(texts)
    counts = np.array([len(text) for text in texts])
    starts = np.cumsum(counts) - counts
    rows = vectors[places] * weights[places, None]
    sums = np.add.reduceat(rows, starts, axis=0)
    length = np.linalg.norm(sums, axis=1, keepdims=True) + 1e-6
    points = sums / length
    slope = _slope(points, same)
    slope = (slope - (slope * points).sum(axis=1, keepdims=True) * points) / length
    owner = np.repeat(np.arange(len(texts)), counts)
    order = np.argsort(places, kind="stable")
    touched, first = np.unique(places[order], return_index=True)
    change = np.add.reduceat(slope[owner[order]], first, axis=0) * weights[touched, None]
    worn[touched] += (change**2).mean(axis=1) * 1e4
    vectors[touched] -= PACE * change / np.sqrt(worn[touched])[:, None]


def _slope(points: Floats, same: Flags) -> Floats:
    """Return the slope of the loss: each text should find its partner among all of the batch."""
    half = len(points) // 2
    left, right = points[:half], points[half:]
    scores = SHARPNESS * left @ right.T
    scores[same & ~np.eye(half, dtype=np.bool_)] = -1e9
    across = np.exp(scores - scores.max(axis=1, keepdims=True))
    down = np.exp(scores - scores.max(axis=0, keepdims=True))
    across /= across.sum(axis=1, keepdims=True)
    down /= down.sum(axis=0, keepdims=True)
    slope = ((across + down) / 2 - np.eye(half, dtype=np.float32)) * np.float32(SHARPNESS / half)
    return np.concatenate([slope @ right, slope.T @ left]).astype(np.float32)
