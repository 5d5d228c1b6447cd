"""Finds the entries nearest to a question and says in named numbers how near each one is."""

from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from knowledge.index import Floats
from knowledge.library import Library
from knowledge.ngrams import Ints
from knowledge.question import Question

POOL = 10
"""Entries looked at closely; the right one is among them whenever it is among thirty."""

SCAN_LIMIT = 4_000
"""Up to so many entries every vector is compared; beyond, only those that share n-grams."""

LONG = 40
"""Characters from which a text is a story rather than a question."""

FEATURES = (
    "asked", "named", "told", "sound", "mean", "nearest", "ratio", "covered",
    "asked_long", "named_long", "told_long", "mean_long", "nearest_long",
)  # fmt: skip
"""What is known of a candidate; those with `long` are the same again, in long texts only."""

_START = np.array([1.0, 0.5, 0.3], np.float32)
"""How much a shared n-gram in each field says when the pool is chosen."""


_SOUND = np.array([0.2], np.float32)
_VECTOR = np.float32(2.0)
"""The same for a shared pair of syllables, and for the whole direction."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Candidates by number, with one row of FEATURES each."""

    entries: Ints
    features: Floats


def find_pool(question: Question, library: Library) -> Pool:
    """Return the candidates for `question`, nearest or not."""
    size = len(library.ids)
    place, known = library.words.find(question.keys)
    place, weights = place[known], question.weights[known]
    total = float(question.weights.sum()) + 1e-6
    words = library.words.hits(place, weights / total)
    heard, known = library.sounds.find(question.sounds)
    heard = heard[known]
    share = np.full(len(heard), 1.0 / (len(question.sounds) + 1e-6), np.float32)
    sounds = library.sounds.hits(heard, share)
    first = words.sums(_START, size) + sounds.sums(_SOUND, size)
    if size <= SCAN_LIMIT:
        first += _VECTOR * (library.vectors @ question.vector)
    chosen = np.argpartition(-first, POOL - 1)[:POOL] if size > POOL else np.arange(size)
    fields = words.of(chosen, size)
    near = library.vectors[chosen] @ question.vector
    nearest, ratio, covered = _phrases(question, library, chosen)
    is_long = np.float32(len(question.text) > LONG)
    features = np.column_stack(
        [fields, sounds.of(chosen, size), near, nearest, ratio, covered,
         fields * is_long, near * is_long, nearest * is_long]
    )  # fmt: skip
    return Pool(chosen, features.astype(np.float32))


def _phrases(question: Question, library: Library, chosen: Ints) -> tuple[Floats, Floats, Floats]:
    """Return for each candidate how near its nearest phrasing is: by vector, by letters, in part."""
    starts, ends = library.phrased[chosen], library.phrased[chosen + 1]
    count = ends - starts
    begins = np.cumsum(count) - count
    rows = np.arange(int(count.sum())) + np.repeat(starts - begins, count)
    nearest = library.phrase_vectors[rows] @ question.vector
    phrases = [library.phrases[row] for row in rows.tolist()]
    ratio = process.cdist([question.last], phrases, scorer=fuzz.ratio, dtype=np.float32)[0] / 100
    whole = process.cdist([question.text], phrases, scorer=fuzz.ratio, dtype=np.float32)[0] / 100
    return (
        np.maximum.reduceat(nearest, begins),
        np.maximum.reduceat(whole, begins),
        np.maximum.reduceat(ratio, begins),
    )
