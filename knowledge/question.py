"""A resident's text as the rankers see it: n-grams, sounds, direction and kind."""

from dataclasses import dataclass

import numpy as np

from knowledge.gate import gate_scores
from knowledge.index import Floats
from knowledge.library import UNIT_CHARACTERS
from knowledge.model import TABLE_BITS, Arrays
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
    every = distinct(grams(codes, UNIT_CHARACTERS))
    places = buckets(every, TABLE_BITS)
    short = int(every.searchsorted(FIRST_OF_THREE))
    return Question(
        text=plain,
        keys=every[:short],
        weights=np.sqrt(arrays.rarity.take(places[:short])),
        sounds=sound_grams(codes, arrays.sounds),
        vector=table.embed(every),
        kinds=gate_scores(places, arrays.gate, gate_bias),
    )
