"""Finds the short English answer to a question in English; only where it is certain.

Each answer in `data/english.json` belongs to a checked entry and rests on its citations. It is
found by words: every group of one of its ways must be said. Whatever fits two entries fits none.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec

ENGLISH = Path(__file__).parent / "data" / "english.json"

CERTAIN = 0.95
"""Confidence of what was found: no more is claimed than for the best answers in Chinese."""

READ_AT_MOST = 600
"""Characters; a longer letter says too many things to be certain of one."""

_BETWEEN = re.compile(r"[^a-z0-9'-]+")


class EnglishAnswer(msgspec.Struct, frozen=True):
    """A short answer in English; no word of `unless` may be said."""

    entry: str
    ways: list[list[list[str]]]
    unless: list[str]
    answer: str


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to ask: patterns of which every one must be found."""

    answer: EnglishAnswer
    groups: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None


class English:
    """All English answers, made ready for search."""

    def __init__(self, answers: list[EnglishAnswer]) -> None:
        self.answers = answers

    @classmethod
    def load(cls, path: Path = ENGLISH) -> "English":
        """Load what is shipped."""
        return cls(msgspec.json.decode(path.read_bytes(), type=list[EnglishAnswer]))

    def find(self, text: str) -> EnglishAnswer | None:
        """Return the one answer that fits; None when in doubt."""
        if len(text) > READ_AT_MOST:
            return None
        said = _BETWEEN.sub(" ", text.lower().replace("\u2019", "'"))
        fitting = [way for way in self._ways if _fits(way, said)]
        most = max((len(way.groups) for way in fitting), default=0)
        best = {way.answer.entry: way.answer for way in fitting if len(way.groups) == most}
        return next(iter(best.values())) if len(best) == 1 else None

    @cached_property
    def _ways(self) -> list[_Way]:
        """All ways to ask; compiled at the first question in English, not at the start."""
        return [
            _Way(
                one,
                tuple(_starting(group) for group in way),
                _starting(one.unless) if one.unless else None,
            )
            for one in self.answers
            for way in one.ways
        ]


def _starting(words: list[str]) -> re.Pattern[str]:
    """Return a pattern for any of the words, each with whatever ending."""
    return re.compile(r"(?<![a-z0-9'-])(?:" + "|".join(map(re.escape, words)) + ")")


def _fits(way: _Way, said: str) -> bool:
    if way.unless is not None and way.unless.search(said):
        return False
    return all(group.search(said) for group in way.groups)
