"""A resident's text as the rankers see it: n-grams, sounds, direction and kind."""

from dataclasses import dataclass

import numpy as np

from knowledge.gate import gate_scores
from knowledge.index import Floats
from knowledge.library import UNIT_CHARACTERS
from knowledge.model import KINDS, TABLE_BITS, Arrays
from knowledge.ngrams import (
    FIRST_OF_THREE,
    Codes,
    Ints,
    Keys,
    buckets,
    codepoints,
    distinct,
    grams,
    placed_grams,
    sound_grams,
)
from knowledge.salience import salience, strongest
from knowledge.text import normalise
from knowledge.vectors import Vectors

HEAD, TAIL = 600, 1_400
"""Characters read of a text that is too long: what it begins with and how it ends."""

ALL_OF_IT = 40
"""Characters up to which every one counts: a short text has no room for talk around the matter."""


@dataclass(frozen=True, slots=True)
class Question:
    """One text, read: its n-grams and pairs of syllables with what each weighs, its kinds."""

    text: str
    keys: Keys
    weights: Floats
    vector: Floats
    kinds: Floats


@dataclass(frozen=True, slots=True)
class _Words:
    """The distinct n-grams of a text in order, with their places in the hashed table.

    In a long text `said` is the weight of each of them, and `salient` of each character.
    """

    keys: Keys
    buckets: Ints
    said: Floats | None = None
    salient: Floats | None = None


def read_question(text: str, arrays: Arrays, table: Vectors, gate_bias: Floats) -> Question:
    """Return `text` read; at most HEAD + TAIL characters of it."""
    if len(text) > HEAD + TAIL:
        text = text[:HEAD] + "\n" + text[-TAIL:]
    plain = normalise(text)
    codes = codepoints(plain)
    words = _words(codes, arrays)
    rows = arrays.table.take(words.buckets, axis=0)
    sounds, heard_at = sound_grams(codes, arrays.sounds)
    short = int(words.keys.searchsorted(FIRST_OF_THREE))
    weights = _weights(rows[:short, KINDS] * arrays.steps[KINDS], words.said)
    if words.salient is None:
        heard = np.full(len(sounds), 1 / max(len(sounds), 1), np.float32)
    else:
        heard = words.salient.take(heard_at)
        heard /= max(float(heard.sum()), 1.0)
    return Question(
        text=plain,
        keys=np.concatenate([words.keys[:short], sounds]),
        weights=np.concatenate([weights, heard]),
        vector=table.embed(words.keys, words.said),
        kinds=gate_scores(rows, arrays.steps, gate_bias, words.said),
    )


def _words(codes: Codes, arrays: Arrays) -> _Words:
    if len(codes) <= ALL_OF_IT:
        keys = distinct(grams(codes, UNIT_CHARACTERS))
        return _Words(keys, buckets(keys, TABLE_BITS))
    keys, places = placed_grams(codes, UNIT_CHARACTERS)
    if not len(keys):
        return _Words(keys, places)
    found = buckets(keys, TABLE_BITS)
    salient = salience(places, found, len(codes), arrays)
    keys, kept, said = strongest(keys, salient.take(places))
    return _Words(keys, found.take(kept), said, salient)


def _weights(rarity: Floats, said: Floats | None) -> Floats:
    """Return how much each n-gram says in the question.

    Shares of the whole would drown the decisive words of a long story: hence the power of 0.6.
    """
    weights = np.sqrt(np.maximum(rarity, 0))
    if said is not None:
        weights *= said[: len(weights)]
    weights /= 4 * max(float(weights.sum()), 1.0) ** 0.6
    return weights
