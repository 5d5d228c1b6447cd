"""Finds the entries nearest to a question and says in named numbers how near each one is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from knowledge.index import Floats, Hits
from knowledge.library import Library
from knowledge.ngrams import Ints
from knowledge.question import Question

POOL = 10
"""Entries looked at closely; the right one is among them whenever it is among thirty."""

SCANNED = 300
"""Entries whose direction is compared: those that share most n-grams and sounds."""

LIKE = 40
"""Likeness, of 100, below which a phrasing counts as unlike."""

LONGEST_LIKE_A_PHRASING = 60
"""Characters up to which a text is compared with whole phrasings."""

_TINY = np.float32(1e-6)

FEATURES = ("asked", "named", "told", "sound", "mean", "ratio", "worded")
"""What is known of a candidate: shared n-grams with its phrasings, its keywords and its answer;
shared pairs of syllables; direction; likeness to its nearest phrasing; whole keywords found."""

_FIELDS = 3
_SOUND, _MEAN = FEATURES.index("sound"), FEATURES.index("mean")


@dataclass(frozen=True, slots=True)
class Pool:
    """Candidates by number, with one row of FEATURES each."""

    entries: Ints
    features: Floats


def find_pool(question: Question, library: Library, rank: Floats) -> Pool:
    """Return the candidates for `question`, nearest or not; `rank` holds a weight per feature."""
    size = len(library.ids)
    words, sounds = _hits(question, library)
    first = words.sums(rank[:_FIELDS], size)
    first += sounds.sums(rank[_SOUND : _SOUND + 1], size)
    touched = np.flatnonzero(first) if size > SCANNED else np.arange(size)
    if len(touched) < POOL:
        touched = np.arange(min(size, SCANNED))
    chosen = touched[_best(first.take(touched), SCANNED)]
    first = first.take(chosen) + rank[_MEAN] * (
        library.vectors.take(chosen, axis=0) @ question.vector
    )
    chosen = chosen[_best(first, POOL)]
    numbers = chosen.tolist()
    features = np.empty((len(numbers), len(FEATURES)), np.float32)
    features[:, :_FIELDS] = words.of(chosen, size)
    features[:, _SOUND] = sounds.of(chosen, size)[:, 0]
    features[:, _MEAN] = library.vectors[chosen] @ question.vector
    features[:, _MEAN + 1] = _ratios(question, library, numbers)
    features[:, _MEAN + 2] = [_worded(question, library.keywords[number]) for number in numbers]
    return Pool(chosen, features)


def _best(scores: Floats, count: int) -> Ints:
    """Return the places of the `count` highest scores, in no order."""
    if len(scores) <= count:
        return np.arange(len(scores))
    return np.argpartition(scores, -count)[-count:]


def _hits(question: Question, library: Library) -> tuple[Hits, Hits]:
    """Return the postings of the question's n-grams, softened by their sum, and of its sounds.

    Shares of the whole would drown the decisive words of a long story: hence the power of 0.6.
    """
    place, known = library.words.find(question.keys)
    total = 4 * (question.weights.sum() + _TINY) ** np.float32(0.6)
    words = library.words.hits(place[known], question.weights[known] / total)
    place, known = library.sounds.find(question.sounds)
    heard = place[known]
    share = np.full(len(heard), 1 / (len(question.sounds) + _TINY), np.float32)
    return words, library.sounds.hits(heard, share)


def _ratios(question: Question, library: Library, numbers: Sequence[int]) -> list[float]:
    """Return for each entry how like its nearest phrasing is, 0 to 1; 0 for a long story."""
    text = question.text
    if len(text) > LONGEST_LIKE_A_PHRASING:
        return [0.0] * len(numbers)
    nearest = (
        process.extractOne(text, library.phrases[one], scorer=fuzz.ratio, score_cutoff=LIKE)
        for one in numbers
    )
    return [one[1] / 100 if one else 0.0 for one in nearest]


def _worded(question: Question, keywords: Sequence[tuple[str, float]]) -> float:
    """Return the summed rarity of the keywords that stand whole in the question."""
    text = question.text
    return sum(rarity for word, rarity in keywords if word in text)
