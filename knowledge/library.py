"""All entries made ready for search: indexes, vectors and phrasings. Built once, then only read."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.entries import Entry
from knowledge.index import Floats, Postings
from knowledge.model import TABLE_BITS, Arrays
from knowledge.ngrams import (
    Codes,
    Ints,
    Keys,
    buckets,
    codepoints,
    owned_grams,
    owned_sound_grams,
)
from knowledge.text import BREAK, PAUSE, normalise
from knowledge.vectors import Vectors, unit_rows

CHARACTERS = 2
"""Entries are indexed by one and two characters; three made every figure worse."""

UNIT_CHARACTERS = 3
"""The longest n-gram with a vector."""

WORDED_SCALE = 80.0
"""Brings the weight of a found keyword near one."""

_BETWEEN = "\n"
"""Stands between texts; no n-gram reaches across it."""


@dataclass(frozen=True, slots=True)
class Library:
    """What is known of entry number i, at place i of each list. Keywords come with their rarity."""

    ids: tuple[str, ...]
    citations: tuple[tuple[str, ...], ...]
    postings: Postings
    vectors: Floats
    phrases: tuple[tuple[str, ...], ...]
    keywords: tuple[tuple[tuple[str, float], ...], ...]

    @classmethod
    def build(cls, entries: Mapping[str, Entry], arrays: Arrays) -> "Library":
        """Return the library of `entries`."""
        every = list(entries.values())
        asked = [tuple(normalise(text) for text in (one.title, *one.phrasings)) for one in every]
        named = [_keywords(one.keywords) for one in every]
        spoken = _codes([one + two for one, two in zip(asked, named, strict=True)])
        fields = [_words(field) for field in (asked, named)]
        fields.append(owned_sound_grams(*spoken, arrays.sounds))
        return cls(
            ids=tuple(entries),
            citations=tuple(one.citations for one in every),
            postings=Postings.build(fields, len(every)),
            vectors=_directions(asked, named, Vectors.of(arrays)),
            phrases=tuple(asked),
            keywords=_with_rarity(named, arrays),
        )


def _keywords(keywords: str) -> tuple[str, ...]:
    """Return the normalised words of a keyword line, all brought into form at once."""
    plain = normalise(keywords.replace(" ", "\n")).split(BREAK)
    return tuple(word for word in (one.strip(PAUSE) for one in plain) if word)


def _directions(
    asked: Sequence[Sequence[str]], named: Sequence[Sequence[str]], table: Vectors
) -> Floats:
    """Return the direction of each entry: of the sum of its phrasings' and keywords' directions."""
    owner = np.repeat(np.arange(len(asked)), [len(texts) for texts in asked])
    total = _embed(named, table)
    np.add.at(total, owner, _embed([[text] for texts in asked for text in texts], table))
    return unit_rows(total)


def _with_rarity(
    named: Sequence[Sequence[str]], arrays: Arrays
) -> tuple[tuple[tuple[str, float], ...], ...]:
    """Return the keywords, each with how rare it is among entries times among questions."""
    holding = Counter(word for words in named for word in set(words))
    keys, owner = owned_grams(*_codes([[word] for word in holding]), CHARACTERS)
    rarest = np.zeros(len(holding), np.float32)
    np.maximum.at(rarest, owner, arrays.rarity(buckets(keys, TABLE_BITS)))
    said = {
        word: math.log(len(named) / count) * rare / WORDED_SCALE
        for (word, count), rare in zip(holding.items(), rarest.tolist(), strict=True)
    }
    return tuple(tuple((word, said[word]) for word in dict.fromkeys(words)) for words in named)


def _codes(texts: Sequence[Sequence[str]]) -> tuple[Codes, Ints]:
    """Return the code points of all texts, and for each the number of its owner."""
    joined = [_BETWEEN.join(owned) + _BETWEEN for owned in texts]
    owner = np.repeat(np.arange(len(joined)), [len(text) for text in joined])
    return codepoints("".join(joined)), owner


def _words(texts: Sequence[Sequence[str]]) -> tuple[Keys, Ints]:
    return owned_grams(*_codes(texts), CHARACTERS)


def _embed(texts: Sequence[Sequence[str]], table: Vectors) -> Floats:
    keys, owner = owned_grams(*_codes(texts), UNIT_CHARACTERS)
    order = np.argsort(owner, kind="stable")
    return table.embed_owned(keys[order], owner[order], len(texts))
