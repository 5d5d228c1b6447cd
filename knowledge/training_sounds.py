"""Makes the table of syllables: what each common ideograph sounds like, as Wuhan ears hear it."""

import re

import numpy as np
from pypinyin import Style, pinyin

from knowledge.ngrams import Sounds

FIRST, LAST = 0x4E00, 0x9FA5
"""The common ideographs; the table begins where knowledge.ngrams expects it."""

_SAME = (
    (r"^zh", "z"),
    (r"^ch", "c"),
    (r"^sh", "s"),
    (r"^n", "l"),
    (r"eng$", "en"),
    (r"ing$", "in"),
)
"""Sounds that people of Wuhan, and their telephones, take for one another."""


def make_sounds() -> Sounds:
    """Return a number for the syllable of each ideograph from FIRST to LAST, and a 0 behind."""
    numbers: dict[str, int] = {}
    table = np.zeros(LAST - FIRST + 2, np.uint16)
    for place in range(len(table) - 1):
        [[syllable, *_]] = pinyin(chr(FIRST + place), style=Style.NORMAL, errors="ignore") or [[""]]
        if syllable:
            for pattern, heard in _SAME:
                syllable = re.sub(pattern, heard, syllable)
            table[place] = numbers.setdefault(syllable, len(numbers) + 1)
    return table
