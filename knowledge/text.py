"""Brings what a resident wrote into one form: the same words give the same characters."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from knowledge.words import read_words

BREAK = "\N{IDEOGRAPHIC FULL STOP}"
"""What a new line becomes."""

PAUSE = ","
"""What stands where something was taken out, so that its neighbours never grow together."""

NUMBER = "0"
"""What stands for any number but the well-known telephone numbers."""

_WITHOUT_LETTER = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"})
"""Unicode categories that are dropped; lone surrogates are among them."""

_LOOSE_SPACE = re.compile(r"(?<![a-z0-9]) +| +(?![a-z0-9])")
_WIDE_SPACE = re.compile(r" {2,}")
_NUMBER = re.compile(r"[0-9]+(?:[.:][0-9]+)*")
_LOOK = re.compile(r"\(\?<![^)]*\)")
_REPEATED = re.compile(rf"([{PAUSE}{BREAK}!?~])\1+")


class _Fold(dict[int, str]):
    """Maps one character to its plain form, worked out when it is first met.

    Character by character: NFKC over a whole string takes quadratic time on a run of combining
    marks, and these are dropped here anyway.
    """

    def __init__(self, simplified: dict[str, str], hesitation: str) -> None:
        super().__init__()
        self._simplified = simplified
        self._hesitation = frozenset(hesitation)

    def __missing__(self, codepoint: int) -> str:
        self[codepoint] = folded = self._fold(chr(codepoint))
        return folded

    def _fold(self, character: str) -> str:
        """Return the plain form, of which every character is its own plain form."""
        if character in "\r\n\u2028\u2029\v\f":
            return BREAK
        if character.isspace():
            return " "
        if unicodedata.category(character) in _WITHOUT_LETTER or character in self._hesitation:
            return ""
        plain = unicodedata.normalize("NFKC", character).lower()
        plain = "".join(self._simplified.get(one, one) for one in plain)
        if plain == character:
            return character
        return "".join(self._fold(one) for one in plain)


@dataclass(frozen=True, slots=True)
class _Lists:
    """The word list `normalise` as it stands in its file; dialect words and places are patterns.

    Each of them begins with a certain character: so the search skips to where one can stand.
    """

    hesitation: str
    fillers: list[str]
    wuhan: list[tuple[str, str]]
    keep_numbers: list[str]
    house_number: str
    house_signs: str
    places: list[str]


class _Rules:
    """Tables and patterns made from the word lists."""

    def __init__(self) -> None:
        lists: _Lists = read_words("normalise", _Lists)
        pair = read_words("simplify", dict[str, str])
        simplified = dict(zip(pair["traditional"], pair["simplified"], strict=True))
        self.fold = _Fold(simplified, lists.hesitation)
        self.kept_numbers = frozenset(lists.keep_numbers)
        longest_first = sorted(lists.fillers, key=len, reverse=True)
        self.taken_out = re.compile("|".join([*lists.places, *longest_first]))
        self.house_number, self.house_signs = re.compile(lists.house_number), lists.house_signs
        self._dialect_words = {_LOOK.sub("", pattern): plain for pattern, plain in lists.wuhan}
        self.dialect = re.compile("|".join(pattern for pattern, _ in lists.wuhan))

    def without_houses(self, text: str) -> str:
        """Return `text` with a pause for each building, unit and room."""
        if any(sign in text for sign in self.house_signs):
            return self.house_number.sub(PAUSE, text)
        return text

    def plain_word(self, match: re.Match[str]) -> str:
        """Return the plain word for a dialect word."""
        return self._dialect_words[match[0]]

    def plain_number(self, match: re.Match[str]) -> str:
        """Return a known telephone number as it is, anything else as `NUMBER`."""
        number: str = match[0]
        return number if number in self.kept_numbers else NUMBER


@cache
def _rules() -> _Rules:
    return _Rules()


def normalise(text: str) -> str:
    """Return `text` in simplified plain characters, without fillers, places and house numbers.

    Twice gives the same as once. Never raises; time grows with the length of `text`.
    """
    rules = _rules()
    plain = text.translate(rules.fold)
    if " " in plain:
        plain = _WIDE_SPACE.sub(" ", _LOOSE_SPACE.sub("", plain))
    plain = rules.dialect.sub(rules.plain_word, plain)
    plain = rules.taken_out.sub(PAUSE, rules.without_houses(plain))
    plain = _NUMBER.sub(rules.plain_number, plain)
    plain = _REPEATED.sub(r"\1", plain)
    return plain.strip(f"{PAUSE}{BREAK} ")
