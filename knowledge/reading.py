"""Everything the product understands of a text: danger at once, the rest once asked for."""

import re
from collections.abc import Mapping
from functools import cached_property

from knowledge.emergency import EmergencyKind, find_emergency
from knowledge.entries import Entry
from knowledge.intent import SURE, Intent, IntentGuess, classify_calm
from knowledge.law import LawIndex
from knowledge.matcher import Match, Matcher

_COMMAND = re.compile(r"\s*(?:/.*|help)\s*", re.IGNORECASE | re.DOTALL)
"""Asking for help with a bot is no cry for help."""


class Reading:
    """What one text says, as far as it can be told without knowing who wrote it.

    Intent and match are worked out when first asked for: a pressed button, a number, a resend need
    neither, and together they cost most of what a message costs.
    """

    def __init__(self, text: str, emergency: EmergencyKind | None, matcher: Matcher) -> None:
        self.text = text
        self.emergency = emergency
        self._matcher = matcher

    @property
    def intent(self) -> Intent:
        """What the text wants."""
        return self._guess.intent

    @property
    def intent_confidence(self) -> float:
        """How likely that is, 0 to 1."""
        return self._guess.confidence

    @cached_property
    def match(self) -> Match:
        """What the entries have to say to it."""
        return self._matcher.match(self.text)

    def calmed(self) -> "Reading":
        """Return the same without an alarm: the text is not somebody's own words."""
        return Reading(self.text, None, self._matcher)

    @cached_property
    def _guess(self) -> IntentGuess:
        if self.emergency is not None:
            return IntentGuess(Intent.EMERGENCY, SURE)
        return classify_calm(self.text)


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
        emergency = None if _COMMAND.fullmatch(text) else find_emergency(text)
        return Reading(text, emergency, self._matcher)
