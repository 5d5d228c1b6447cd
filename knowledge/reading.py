"""Everything the product understands of a text, read once before anything is stored."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.emergency import EmergencyKind, find_emergency
from knowledge.entries import Entry
from knowledge.intent import Intent, classify
from knowledge.law import LawIndex
from knowledge.matcher import Match, Matcher

_COMMAND = re.compile(r"\s*(?:/.*|help)\s*", re.IGNORECASE | re.DOTALL)
"""Asking for help with a bot is no cry for help."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text says, as far as it can be told without knowing who wrote it."""

    text: str
    emergency: EmergencyKind | None
    intent: Intent
    intent_confidence: float
    match: Match


class Knowledge:
    """The reviewed entries and all that reads texts; loaded once, then only read."""

    def __init__(self, matcher: Matcher, law: LawIndex) -> None:
        self._matcher = matcher
        self.law = law

    @classmethod
    def load(cls) -> "Knowledge":
        """Load what is shipped; takes a fraction of a second."""
        return cls(Matcher.load(), LawIndex.load())

    @property
    def entries(self) -> Mapping[str, Entry]:
        """The reviewed entries by id."""
        return self._matcher.entries

    def read(self, text: str) -> Reading:
        """Return what the text says; pure, and safe to call from several threads."""
        guess = classify(text)
        return Reading(
            text=text,
            emergency=None if _COMMAND.fullmatch(text) else find_emergency(text),
            intent=guess.intent,
            intent_confidence=guess.confidence,
            match=self._matcher.match(text),
        )
