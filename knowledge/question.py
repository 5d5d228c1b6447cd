"""A resident's text as the rankers see it: n-grams, sounds, direction and kind."""

from dataclasses import dataclass

import numpy as np

from knowledge.gate import gate_scores
from knowledge.index import Floats
from knowledge.library import CHARACTERS, UNIT_CHARACTERS
from knowledge.model import TABLE_BITS, Arrays
from knowledge.ngrams import Keys, buckets, codepoints, grams, sound_grams
from knowledge.text import normalise
from knowledge.vectors import Vectors

HEAD, TAIL = 600, 1_400
"""Characters read of a text that is too long: what it begins with and how it ends."""


@dataclass(frozen=True, slots=True)
class Question:
    """One text, read. `weights` holds the rarity of each of `keys`; `kinds` the gate's scores."""

    text: str
    keys: Keys
    weights: Floats
    sounds: Keys
    vector: Floats
    kinds: Floats


def read_question(text: str, arrays: Arrays, table: Vectors, gate_bias: Floats) -> Question:
    """Return `text` read; at most HEAD + TAIL characters of it."""
    if len(text) > HEAD + TAIL:
        text = text[:HEAD] + "\n" + text[-TAIL:]
    plain = normalise(text)
    codes = codepoints(plain)
    every = grams(codes, UNIT_CHARACTERS)
    keys = np.unique(grams(codes, CHARACTERS))
    return Question(
        text=plain,
        keys=keys,
        weights=np.sqrt(arrays.rarity[buckets(keys, TABLE_BITS)]),
        sounds=np.unique(sound_grams(codes, arrays.sounds)),
        vector=table.embed(every),
        kinds=gate_scores(np.unique(every), arrays.gate, gate_bias),
    )
