"""All entries made ready for search: indexes, vectors and phrasings. Built once, then only read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.entries import Entry
from knowledge.index import Floats, Postings
from knowledge.model import Arrays
from knowledge.ngrams import Codes, Ints, codepoints, owned_grams, owned_sound_grams
from knowledge.text import normalise
from knowledge.vectors import Vectors

CHARACTERS = 2
"""Entries are indexed by one and two characters; three made every figure worse."""

UNIT_CHARACTERS = 3
"""The longest n-gram with a vector."""

FIELDS = ("asked", "named", "told")
"""Title and phrasings; keywords; short answer and facts."""

_BETWEEN = "\n"
"""Stands between texts; no n-gram reaches across it."""


@dataclass(frozen=True, slots=True)
class Library:
    """What is known of entry number i; its phrasings have the rows phrased[i] to phrased[i+1]."""

    ids: tuple[str, ...]
    citations: tuple[tuple[str, ...], ...]
    words: Postings
    sounds: Postings
    vectors: Floats
    phrases: tuple[str, ...]
    phrase_vectors: Floats
    phrased: Ints

    @classmethod
    def build(cls, entries: Mapping[str, Entry], arrays: Arrays) -> "Library":
        """Return the library of `entries`."""
        every = list(entries.values())
        asked = [[normalise(text) for text in (one.title, *one.phrasings)] for one in every]
        named = [[normalise(word) for word in one.keywords.split()] for one in every]
        told = [
            [normalise(text) for text in (one.short, *(fact.say for fact in one.facts))]
            for one in every
        ]
        spoken = [one + two for one, two in zip(asked, named, strict=True)]
        table = Vectors.of(arrays)
        phrases = tuple(text for texts in asked for text in texts)
        phrase_vectors = _embed([[text] for text in phrases], table)
        phrased = np.cumsum([0, *(len(texts) for texts in asked)]).astype(np.int64)
        together = np.add.reduceat(phrase_vectors, phrased[:-1], axis=0) if every else phrase_vectors
        together = together + _embed(named, table)
        length = np.maximum(np.linalg.norm(together, axis=1, keepdims=True), 1e-6)
        return cls(
            ids=tuple(entries),
            citations=tuple(one.citations for one in every),
            words=Postings.build([_words(field) for field in (asked, named, told)], len(every)),
            sounds=Postings.build(
                [owned_sound_grams(*_codes(spoken), arrays.sounds)], len(every)
            ),
            vectors=(together / length).astype(np.float32),
            phrases=phrases,
            phrase_vectors=phrase_vectors,
            phrased=phrased,
        )


def _codes(texts: Sequence[Sequence[str]]) -> tuple[Codes, Ints]:
    """Return the code points of all texts, and for each the number of its owner."""
    joined = [_BETWEEN.join(owned) + _BETWEEN for owned in texts]
    owner = np.repeat(np.arange(len(joined)), [len(text) for text in joined])
    return codepoints("".join(joined)), owner


def _words(texts: Sequence[Sequence[str]]) -> tuple[Codes, Ints]:
    return owned_grams(*_codes(texts), CHARACTERS)


def _embed(texts: Sequence[Sequence[str]], table: Vectors) -> Floats:
    return table.embed_owned(*owned_grams(*_codes(texts), UNIT_CHARACTERS), len(texts))
