"""A resident's text as the rankers see it: n-grams, sounds, direction and kind."""

from dataclasses import dataclass

import numpy as np

from knowledge.gate import gate_scores
from knowledge.index import Floats
from knowledge.library import UNIT_CHARACTERS
from knowledge.model import KINDS, TABLE_BITS, Arrays
from knowledge.ngrams import (
    FIRST_OF_THREE,
    Keys,
    buckets,
    codepoints,
    distinct,
    grams,
    sound_grams,
)
from knowledge.text import normalise
from knowledge.vectors import Vectors

HEAD, TAIL = 600, 1_400
"""Characters read of a text that is too long: what it begins with and how it ends."""


@dataclass(frozen=True, slots=True)
class Question:
    """One text, read: its n-grams and pairs of syllables with what each weighs, its kinds."""

    text: str
    keys: Keys
    weights: Floats
    vector: Floats
    kinds: Floats


def read_question(text: str, arrays: Arrays, table: Vectors, gate_bias: Floats) -> Question:
    """Return `text` read; at most HEAD + TAIL characters of it."""
    if len(text) > HEAD + TAIL:
        text = text[:HEAD] + "\n" + text[-TAIL:]
    plain = normalise(text)
    codes = codepoints(plain)
    every = distinct(grams(codes, UNIT_CHARACTERS))
    rows = arrays.table.take(buckets(every, TABLE_BITS), axis=0)
    sounds = sound_grams(codes, arrays.sounds)
    short = int(every.searchsorted(FIRST_OF_THREE))
    return Question(
        text=plain,
        keys=np.concatenate([every[:short], sounds]),
        weights=_weights(rows[:short, KINDS] * arrays.steps[KINDS], len(sounds)),
        vector=table.embed(every),
        kinds=gate_scores(rows, arrays.steps, gate_bias),
    )


def _weights(rarity: Floats, sounds: int) -> Floats:
    """Return how much each n-gram and each of the `sounds` says in the question.

    Shares of the whole would drown the decisive words of a long story: hence the power of 0.6.
    """
    weights = np.sqrt(np.maximum(rarity, 0))
    weights /= 4 * max(float(weights.sum()), 1.0) ** 0.6
    return np.concatenate([weights, np.full(sounds, 1 / max(sounds, 1), np.float32)])
