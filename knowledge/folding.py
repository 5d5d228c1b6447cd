"""Folds how a character is written, one for one: a place in the folded text stays its place."""

from functools import cache

from knowledge.words import read_words

FULL_WIDTH = range(0xFF01, 0xFF5F)
"""The full-width forms of the printable ASCII characters."""
FULL_WIDTH_STEP = 0xFEE0
"""How far a full-width form stands from its ASCII character."""

SPOKEN_AS_ZHE = 0x8457
"""Stands in Taiwan and Hong Kong for the particle that is written with U+7740 here."""


@cache
def _simple() -> dict[int, int]:
    """Return the character table of `simplified`."""
    pair = read_words("simplify", dict[str, str])
    both = zip(pair["traditional"], pair["simplified"], strict=True)
    table = {ord(traditional): ord(simplified) for traditional, simplified in both}
    table[SPOKEN_AS_ZHE] = ord("\N{CJK UNIFIED IDEOGRAPH-7740}")
    return table


@cache
def _table() -> dict[int, int]:
    """Return the character table of `fold`."""
    table = dict(_simple())
    table |= {wide: ord(chr(wide - FULL_WIDTH_STEP).lower()) for wide in FULL_WIDTH}
    table |= {ord(letter): ord(letter.lower()) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    table |= dict.fromkeys((0x3000, 0x00A0, 0x200B, 0x200C, 0x200D, 0xFEFF), ord(" "))
    return table


def simplified(text: str) -> str:
    """Return `text` in simplified characters, otherwise as it was, of the same length."""
    return text.translate(_simple())


def fold(text: str) -> str:
    """Return `text` in simplified characters, half width and lower case, of the same length."""
    return text.translate(_table())
