"""Residents' texts as the rankers see them: n-grams, sounds, direction and kind.

Several texts are read in one go: most of what a short one costs is calling a library, not what the
library does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.gate import gate_scores
from knowledge.index import Floats
from knowledge.library import UNIT_CHARACTERS
from knowledge.model import KINDS, TABLE_BITS, Arrays
from knowledge.ngrams import (
    FIRST_OF_THREE,
    Ints,
    Keys,
    buckets,
    codepoints,
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

_BETWEEN = "\n"
"""Stands behind each text; no n-gram reaches across it."""


@dataclass(frozen=True, slots=True)
class Questions:
    """Several texts, read: the n-grams and pairs of syllables of all, what each weighs and whose.

    Each text has its direction in `vectors` and its scores in `kinds`, one row each.
    """

    texts: tuple[str, ...]
    said: tuple[Floats, ...]
    keys: Keys
    weights: Floats
    owner: Ints
    vectors: Floats
    kinds: Floats


def read_questions(
    texts: Sequence[str], arrays: Arrays, table: Vectors, gate_bias: Floats
) -> Questions:
    """Return `texts` read; of each at most HEAD + TAIL characters."""
    plain = tuple(normalise(_shortened(text)) for text in texts)
    count = len(plain)
    codes = codepoints(_BETWEEN.join(plain) + _BETWEEN)
    sizes = np.array([len(text) + 1 for text in plain])
    owner = np.arange(count).repeat(sizes)
    keys, places = placed_grams(codes, UNIT_CHARACTERS)
    found, whose = buckets(keys, TABLE_BITS), owner.take(places)
    salient = salience(places, found, sizes, sizes > ALL_OF_IT + 1, arrays)
    keys, kept, said = strongest(keys, whose, salient.take(places))
    whose, rows = whose.take(kept), arrays.table.take(found.take(kept), axis=0)
    short = (keys < FIRST_OF_THREE).nonzero()[0]
    rarity = np.maximum(rows[:, KINDS].take(short), 0) * arrays.steps[KINDS]
    sounds, heard_at = sound_grams(codes, arrays.sounds)
    heard_by = owner.take(heard_at)
    return Questions(
        texts=plain,
        said=_said(salient, sizes),
        keys=np.concatenate([keys.take(short), sounds]),
        weights=np.concatenate(
            [
                _shares(np.sqrt(rarity) * said.take(short), whose.take(short), count),
                _shares(salient.take(heard_at), heard_by, count),
            ]
        ),
        owner=np.concatenate([whose.take(short), heard_by]),
        vectors=table.embed_owned(keys, whose, count, said),
        kinds=gate_scores(rows, said, whose, arrays.steps, gate_bias, count),
    )


def _shortened(text: str) -> str:
    return text if len(text) <= HEAD + TAIL else text[:HEAD] + "\n" + text[-TAIL:]


def _said(salient: Floats, sizes: Ints) -> tuple[Floats, ...]:
    """Return how much each character of each text says."""
    ends = sizes.cumsum().tolist()
    return tuple(
        salient[end - size : end - 1] for end, size in zip(ends, sizes.tolist(), strict=True)
    )


def _shares(weights: Floats, owner: Ints, count: int) -> Floats:
    """Return what each n-gram says in its text.

    Shares of the whole would drown the decisive words of a long story: hence the power of 0.6.
    """
    whole = 4 * np.maximum(np.bincount(owner, weights, count), 1.0) ** 0.6
    return (weights / whole.take(owner)).astype(np.float32)
