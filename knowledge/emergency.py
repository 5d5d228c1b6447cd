"""Hears a present danger to life in a resident's message, before anything else reads it.

Each kind of danger has two lists of patterns in `data/words/emergency.json`. A `sure` pattern shows
a danger somebody perceives now; an `event` pattern only names one, and is also what people ask
legal and school questions about. A match counts unless the words around it say otherwise: a
negation, a condition, a drill, the past, a good end; for an event also a question about the rules,
or a habit. In doubt it counts: a false alarm costs a sentence, a missed one more.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import chain

import msgspec

from knowledge.folding import fold
from knowledge.words import read_words

HEAD = 4_000
"""Characters read from the beginning: platforms send no longer message."""
TAIL = 1_000
"""Characters read from the end of a longer text."""
BORDER = ",;!?"
"""What ends a clause once `_tidy` has made one sign out of many."""


class EmergencyKind(StrEnum):
    """What kind of danger it is, and so whom to call (tickets.md, the emergency path)."""

    FIRE = "fire"
    """119: fire, smoke, sparks, explosion."""
    GAS = "gas"
    """Leave first, then 119 and the gas company."""
    ELECTRIC_SHOCK = "electric_shock"
    """Cut the power first, then 120."""
    RESCUE = "rescue"
    """119: buried, stuck, fallen into water or a shaft, nobody answers the door."""
    VIOLENCE = "violence"
    """110: beaten, threatened, burglary, robbery."""
    SELF_HARM = "self_harm"
    """12356; in danger 110 or 120."""
    MEDICAL = "medical"
    """120: unconscious, injured, bleeding, cannot breathe."""
    TRAFFIC = "traffic"
    """122, with injured people 120."""
    LIFT_TRAPPED = "lift_trapped"
    """The alarm button, the lift rescue line, 119."""
    HELP = "help"
    """110: a cry for help or a lost person, no danger named."""
    BURST_PIPE = "burst_pipe"
    """Close the valve, then the water company."""


class _KindWords(msgspec.Struct, frozen=True):
    """The patterns of one kind."""

    sure: list[str]
    event: list[str]


class _Words(msgspec.Struct, frozen=True):
    """The file `emergency.json`."""

    trigger: str
    neutral: list[str]
    negation: str
    negated_after: str
    double: str
    hypothetical: str
    hypothetical_after: str
    weak: str
    near_miss: str
    drill: str
    past: str
    past_soft: str
    present: str
    urgent: str
    over: str
    still: str
    habit: str
    legal: str
    legal_case: str
    inner: str
    asked_about: frozenset[EmergencyKind]
    order: list[EmergencyKind]
    kinds: dict[EmergencyKind, _KindWords]


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The compiled file."""

    trigger: re.Pattern[str]
    neutral: re.Pattern[str]
    cue: dict[str, re.Pattern[str]]
    sure: dict[EmergencyKind, re.Pattern[str]]
    event: dict[EmergencyKind, re.Pattern[str]]
    asked_about: frozenset[EmergencyKind]


_CUES = (
    "negation", "negated_after", "double", "hypothetical", "hypothetical_after", "weak",
    "near_miss", "drill", "past", "past_soft", "present", "urgent", "over", "still", "habit",
    "legal", "legal_case", "inner",
)  # fmt: skip


def _one_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)")


@cache
def _patterns() -> _Patterns:
    words = read_words("emergency", _Words)
    return _Patterns(
        trigger=re.compile(words.trigger),
        neutral=_one_of(words.neutral),
        cue={name: re.compile(getattr(words, name)) for name in _CUES},
        sure={kind: _one_of(words.kinds[kind].sure) for kind in words.order},
        event={kind: _one_of(words.kinds[kind].event) for kind in words.order},
        asked_about=words.asked_about,
    )


_MARKS = re.compile(r"[,;、。:：…~\-—\n\r()\[\]【】「」『』“”\"《》|/]+|\.(?![0-9])")
_QUESTION = re.compile(r"[?？]+")
_SHOUT = re.compile(r"[!！]+")
_SPACE = re.compile(r"[\s\x00-\x1f\u200b-\u200f\u2028-\u202e]+")
_LATIN_SPACE = re.compile(r"(?<![a-z]) | (?![a-z])")


def _tidy(text: str) -> str:
    """Return `text` folded, with one sign for every border and spaces only between Latin words."""
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]}。{text[-TAIL:]}"
    folded = _SPACE.sub(" ", fold(text))
    return _SHOUT.sub("!", _QUESTION.sub("?", _MARKS.sub(",", folded)))


class _Message:
    """One tidied message and the questions asked about the places found in it."""

    def __init__(self, text: str) -> None:
        self._cue = _patterns().cue
        self._text = text
        self._whole: dict[str, bool] = {}

    def says(self, cue: str) -> bool:
        """Return whether the message says `cue` anywhere; asked once."""
        if cue not in self._whole:
            self._whole[cue] = self._cue[cue].search(self._text) is not None
        return self._whole[cue]

    def _clause(self, start: int, end: int) -> tuple[str, str]:
        """Return what stands before and after the match in its clause."""
        first = max(self._text.rfind(sign, 0, start) for sign in BORDER) + 1
        ends = [at for sign in BORDER if (at := self._text.find(sign, end)) >= 0]
        return self._text[first:start], self._text[end : min(ends, default=len(self._text))]

    def is_denied(self, start: int, end: int, kind: EmergencyKind) -> bool:
        """Return whether the words around the match say that it is not, or only might, be so."""
        before, after = self._clause(start, end)
        cue = self._cue
        if cue["near_miss"].search(before) or cue["negated_after"].search(after):
            return True
        if cue["inner"].search(self._text, start, end):
            return True
        if cue["negation"].search(before) and not cue["double"].search(before):
            return True
        if cue["hypothetical"].search(before) or cue["hypothetical_after"].search(after):
            return not self.says("urgent")
        if kind is EmergencyKind.SELF_HARM:
            return False  # to want it, or to be afraid of wanting it, is the danger
        happened = "了" in self._text[start:end] or after.startswith(("了", "啦", "哒", "咯"))
        return bool(cue["weak"].search(before)) and not happened and not self.says("urgent")

    def is_past(self, start: int, end: int) -> bool:
        """Return whether the clause of the match tells of an earlier day."""
        if self.says("present"):
            return False
        before, after = self._clause(start, end)
        return self._cue["past"].search(before + "," + after) is not None

    def is_over(self) -> bool:
        """Return whether the message says that it ended well, or was a drill."""
        if self.says("drill"):
            return True
        return self.says("over") and not self.says("still")

    def is_a_case(self, kind: EmergencyKind) -> bool:
        """Return whether the message tells of a danger only to ask what the law makes of it."""
        if kind not in _patterns().asked_about or self.says("urgent"):
            return False
        return self.says("legal_case")

    def is_talk(self) -> bool:
        """Return whether the message asks about rules, tells of a habit or of long ago."""
        if self.says("urgent"):
            return False
        if self.says("legal") or self.says("legal_case") or self.says("habit"):
            return True
        return (self.says("past") or self.says("past_soft")) and not self.says("present")


def _stands(message: _Message, kind: EmergencyKind, text: str) -> bool:
    """Return whether one match of `kind` in `text` survives the words around it."""
    patterns = _patterns()
    hits = [(found, True) for found in patterns.sure[kind].finditer(text)]
    hits += [(found, False) for found in patterns.event[kind].finditer(text)]
    for found, sure in hits:
        if message.is_denied(*found.span(), kind) or message.is_past(*found.span()):
            continue
        if message.is_over() and kind is not EmergencyKind.SELF_HARM:
            continue
        if not (message.is_a_case(kind) if sure else message.is_talk()):
            return True
    return False


def _read(text: str) -> tuple[EmergencyKind, ...]:
    """Return the kinds that stand in the tidied `text`, the most dangerous first."""
    patterns = _patterns()
    cleared = patterns.neutral.sub(lambda found: "~" * len(found[0]), text)
    if not patterns.trigger.search(cleared):
        return ()
    message = _Message(text)
    return tuple(kind for kind in patterns.sure if _stands(message, kind, cleared))


def find_emergencies(text: str) -> tuple[EmergencyKind, ...]:
    """Return every kind of present danger that `text` tells of, the most dangerous first."""
    tidy = _tidy(text)
    if not _patterns().trigger.search(tidy):
        return ()
    # Written with spaces between the words, or the characters: once as borders, once ignored.
    readings = dict.fromkeys((_LATIN_SPACE.sub("", tidy), _LATIN_SPACE.sub(",", tidy)))
    found = frozenset(chain.from_iterable(map(_read, readings)))
    return tuple(kind for kind in _patterns().sure if kind in found)


def find_emergency(text: str) -> EmergencyKind | None:
    """Return the most dangerous present danger that `text` tells of, or None."""
    return next(iter(find_emergencies(text)), None)
