"""Reads the shortest answers people type: the number of a choice, and yes or no."""

import re
from functools import cache, lru_cache

import msgspec

from knowledge.folding import fold
from knowledge.words import read_words

MAX_LENGTH = 24
"""Characters; whoever writes more than this is telling something, not choosing."""

_NOISE = re.compile(
    r"[\s.,:;!?~()\[\]\"'\-_*#>"
    r"\u3001\u3002\u2026\u2014\u00b7\u300c\u300d\u300e\u300f\u201c\u201d\u2018\u2019\u300a\u300b\u3010\u3011"
    r"\u200b-\u200f\ufe0f\u20e3]+"
)
"""What stands around a number or a yes: spaces, punctuation, the keycap of an emoji."""


class _Words(msgspec.Struct, frozen=True):
    """The word lists of this module."""

    digits: dict[str, str]
    before: list[str]
    after: list[str]
    yes: list[str]
    no: list[str]
    fillers: list[str]


class _Patterns(msgspec.Struct, frozen=True):
    """What the word lists become."""

    choice: re.Pattern[str]
    value_of: dict[str, int]
    answers: re.Pattern[str]
    yes: frozenset[str]
    no: frozenset[str]
    fillers: frozenset[str]


def _any_of(words: list[str]) -> str:
    """Return an alternation that takes the longest word first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _bare(text: str) -> str:
    """Return `text` folded and without what stands around the words."""
    return _NOISE.sub("", fold(text))


@cache
def _patterns() -> _Patterns:
    words = read_words("choices", _Words)
    value_of = {sign: int(value) for value, signs in words.digits.items() for sign in signs}
    number = "|".join(map(re.escape, value_of))
    before, after = _any_of(words.before), _any_of(words.after)
    yes, no, fillers = (
        frozenset(_bare(word) or word for word in group)
        for group in (words.yes, words.no, words.fillers)
    )
    return _Patterns(
        choice=re.compile(f"(?:{before}){{0,3}}({number})(?:{after}){{0,3}}"),
        value_of=value_of,
        answers=re.compile(_any_of(sorted(yes | no | fillers))),
        yes=yes,
        no=no,
        fillers=fillers,
    )


@lru_cache(maxsize=256)
def parse_choice(text: str) -> int | None:
    """Return the number 0 to 9 that `text` chooses, or None; kept, since it is asked repeatedly.

    Zero and nine are numbers here; that they mean back and a person is for the caller to know.
    """
    if len(text) > MAX_LENGTH:
        return None
    patterns = _patterns()
    found = patterns.choice.fullmatch(_bare(text))
    return patterns.value_of[found[1]] if found else None


@lru_cache(maxsize=256)
def parse_yes_no(text: str) -> bool | None:
    """Return True for a yes, False for a no, None when `text` is neither or both."""
    if len(text) > MAX_LENGTH:
        return None
    patterns = _patterns()
    rest = _bare(text)
    said = set()
    while rest:
        # A whole word list is tried at each step, longest first: a no that begins like a yes wins.
        found = patterns.answers.match(rest)
        if found is None:
            return None
        if found[0] not in patterns.fillers:
            said.add(found[0] in patterns.yes)
        rest = rest[found.end() :]
    return said.pop() if len(said) == 1 else None
