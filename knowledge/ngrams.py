"""Turns normalised text into numbers: n-grams of characters and of the sounds they make."""

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Codes = NDArray[np.uint32]
Sounds = NDArray[np.uint16]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_SHIFT = np.uint64(21)
"""A Unicode code point takes 21 bits, so three of them fit in one key."""

FIRST_OF_THREE = np.uint64(1 << 42)
"""Keys of three characters begin here, those of one or two lie below."""

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""Multiplicative hashing by the golden ratio in 64 bits (Knuth, volume 3, 6.4)."""

_SOUND_SHIFT = np.uint64(10)
"""Fewer than 1,024 syllables."""

_SOUND_FLAG = np.uint64(1 << 63)
"""Keeps keys of syllables apart from those of characters, and behind them."""

_PLANE = 0x10000
_FIRST_IDEOGRAPH = 0x3400
_FIRST_SOUND = 0x4E00
"""The sound table begins at the first common ideograph."""


def _letters() -> Flags:
    codes = np.arange(_PLANE + 1)
    is_letter: Flags = codes >= _FIRST_IDEOGRAPH
    for first, last in ("09", "az"):
        is_letter |= (codes >= ord(first)) & (codes <= ord(last))
    return is_letter


_IS_LETTER = _letters()
"""For each code point of the basic plane, and last for all beyond, whether it is one of ours."""


def codepoints(text: str) -> Codes:
    """Return the code points of `text`; whatever is no letter, digit or ideograph becomes 0."""
    codes = np.frombuffer(text.encode("utf-32-le", "ignore"), np.uint32)
    # By a table: one pass instead of six. What lies beyond the basic plane keeps its code point.
    return codes * _IS_LETTER.take(codes, mode="clip")


def grams(codes: Codes, longest: int) -> Keys:
    """Return the keys of all n-grams of 1 to `longest` (at most 3) characters, with repeats."""
    return np.concatenate([keys[whole] for keys, whole in _grams(codes, longest)])


def placed_grams(codes: Codes, longest: int) -> tuple[Keys, Ints]:
    """Return the same keys, and at which character each n-gram begins."""
    found = _grams(codes, longest)
    keys = np.concatenate([keys[whole] for keys, whole in found])
    return keys, np.concatenate([whole.nonzero()[0] for _, whole in found])


def owned_grams(codes: Codes, owner: Ints, longest: int) -> tuple[Keys, Ints]:
    """Return the same keys, and for each the owner of the character it begins with."""
    found = _grams(codes, longest)
    keys = np.concatenate([keys[whole] for keys, whole in found])
    return keys, np.concatenate([owner[: len(whole)][whole] for _, whole in found])


def _grams(codes: Codes, longest: int) -> list[tuple[Keys, Flags]]:
    """Return for each length the keys at every place, and where they hold letters only."""
    assert 1 <= longest <= 3  # noqa: PLR2004 - three code points fill a key
    wide = codes.astype(np.uint64)
    keys, whole = wide, wide != 0
    found = [(keys, whole)]
    for length in range(1, longest):
        keys = (keys[:-1] << _SHIFT) | wide[length:]
        whole = whole[:-1] & found[0][1][length:]
        found.append((keys, whole))
    return found


def sound_grams(codes: Codes, table: Sounds) -> tuple[Keys, Ints]:
    """Return the keys of all pairs of neighbouring syllables, with repeats, and their places."""
    keys, whole = _sound_grams(codes, table)
    return keys[whole], whole.nonzero()[0]


def owned_sound_grams(codes: Codes, owner: Ints, table: Sounds) -> tuple[Keys, Ints]:
    """Return the same keys, and for each the owner of the character it begins with."""
    keys, whole = _sound_grams(codes, table)
    return keys[whole], owner[: len(whole)][whole]


def _sound_grams(codes: Codes, table: Sounds) -> tuple[Keys, Flags]:
    # Below the first sound the difference wraps around, and so lies beyond the last one, which is
    # silent.
    sounds = table.take(codes - np.uint32(_FIRST_SOUND), mode="clip").astype(np.uint64)
    heard = sounds != 0
    return _SOUND_FLAG | (sounds[:-1] << _SOUND_SHIFT) | sounds[1:], heard[:-1] & heard[1:]


def runs(owner: Ints) -> Ints:
    """Return where each new owner begins in a sorted `owner`."""
    new = np.empty(len(owner), np.bool_)
    new[:1] = True
    np.not_equal(owner[1:], owner[:-1], out=new[1:])
    return new.nonzero()[0]


def buckets(keys: Keys, bits: int) -> Ints:
    """Return for each key its place in a table of 2**bits places."""
    return ((keys * _SPREAD) >> np.uint64(64 - bits)).astype(np.int64)
