"""Everything the product understands of a text: danger at once, the rest once asked for."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from types import MappingProxyType

from knowledge.clusters import Sketch
from knowledge.emergency import EmergencyKind, find_emergency
from knowledge.english import CERTAIN, English, EnglishAnswer
from knowledge.entries import Entry
from knowledge.guide import GuideKind, GuideQuestion, read_guide
from knowledge.intent import SURE, Intent, IntentGuess, classify_calm
from knowledge.law import LawIndex
from knowledge.matcher import SHOWN, Candidate, Decision, Match, Matcher, said_key
from knowledge.overlay import (
    Overlay,
    Withheld,
    signed_entries,
    with_phrasings,
    withheld_entries,
    without,
)
from knowledge.replay import Case, Outcome, replay
from knowledge.text import normalise
from knowledge.wishes import Wishes, only_reports, plainly_complains, two_wishes
from knowledge.writing import Writing, writing_of

_COMMAND = re.compile(r"\s*(?:/.*|help)\s*", re.IGNORECASE | re.DOTALL)
"""Asking for help with a bot is no cry for help."""

SHORTEST_QUESTION = 4
"""Characters without fillers and places, below which nothing can be learned from a question."""

A_SENTENCE = 8
"""Characters from which a text says enough to be a question although nothing in it asks."""

ASKS_OR_REPORTS = {Intent.FAQ, Intent.REPAIR, Intent.COMPLAINT_URGE}
"""Who may have two wishes in one message."""

SURELY_ASKS = 0.6
"""Confidence from which a text that also reports something asks a question of law."""

SURELY_MEANT = 0.98
"""Confidence from which an entry says what to bring: papers of other offices share its words."""


class Reading:
    """What one text says, as far as it can be told without knowing who wrote it.

    Intent and match are worked out when first asked for: a pressed button, a number, a resend need
    neither, and together they cost most of what a message costs.
    """

    def __init__(
        self,
        text: str,
        emergency: EmergencyKind | None,
        matcher: Matcher,
        withheld: Mapping[str, Withheld],
        english: English,
    ) -> None:
        self.text = text
        self.emergency = emergency
        self._matcher = matcher
        self._withheld = withheld
        self._english = english
        self._matched: Match | None = None

    @property
    def intent(self) -> Intent:
        """What the text wants."""
        return self._guess.intent

    @property
    def intent_confidence(self) -> float:
        """How likely that is, 0 to 1."""
        return self._guess.confidence

    @property
    def match(self) -> Match:
        """What the entries that may be given have to say to it."""
        return self._found[0]

    @property
    def withheld(self) -> str | None:
        """The entry that answers it but may not be given at present, or None."""
        return self._found[1]

    @cached_property
    def guide(self) -> GuideQuestion | None:
        """What it asks about the street itself; no entry is meant then.

        What to bring is left to an entry that certainly answers it.
        """
        if self.emergency or self._matcher.is_said(self.text):
            return None
        guide = read_guide(self.text)
        if guide is None or guide.kind is not GuideKind.SERVICE:
            return guide
        match = self._by_entries
        certain = match.decision is Decision.ANSWER and match.confidence >= SURELY_MEANT
        return None if certain else guide

    @cached_property
    def english(self) -> EnglishAnswer | None:
        """The answer in English to a question in English, where one certainly fits."""
        if self.emergency is not None or writing_of(self.text) is not Writing.LATIN:
            return None
        found = self._english.find(self.text)
        if found is None or found.entry not in self._matcher.entries:
            return None
        return None if found.entry in self._withheld else found

    @cached_property
    def wishes(self) -> Wishes | None:
        """What it reports and asks in one."""
        return two_wishes(self.text) if self.intent in ASKS_OR_REPORTS else None

    @property
    def complaint(self) -> str | None:
        """The text, where it is short and only says what is wrong with something."""
        return self.text if plainly_complains(self.text) else None

    def calmed(self) -> "Reading":
        """Return the same without an alarm: the text is not somebody's own words."""
        return Reading(self.text, None, self._matcher, self._withheld, self._english)

    @property
    def _by_entries(self) -> Match:
        if self._matched is None:
            self._matched = self._matcher.match(self.text)
        return self._matched

    @property
    def _is_answered(self) -> bool:
        return len(self.text) >= A_SENTENCE and self._by_entries.decision is Decision.ANSWER

    @cached_property
    def _found(self) -> tuple[Match, str | None]:
        match = self._by_entries
        if self.english is not None:
            return self._match_in_english(self.english), None
        if self.guide is not None:
            return Match(Decision.HANDOVER, match.confidence, match.candidates), None
        return without(match, self._withheld) if self._withheld else (match, None)

    @cached_property
    def _guess(self) -> IntentGuess:
        if self.emergency is not None:
            return IntentGuess(Intent.EMERGENCY, SURE)
        if self._matcher.is_said(self.text) or self.guide is not None:
            return IntentGuess(Intent.FAQ, SURE)
        if self.english is not None:
            return IntentGuess(Intent.FAQ, CERTAIN)
        guess = classify_calm(self.text)
        if guess.intent is Intent.FAQ and self._reports(guess.confidence):
            return IntentGuess(Intent.REPAIR, guess.confidence)
        if guess.intent is Intent.OTHER and self._is_answered:
            # Said like idle talk, and yet an entry certainly answers it.
            return IntentGuess(Intent.FAQ, self._by_entries.confidence)
        return guess

    def _reports(self, asks: float) -> bool:
        """Return whether what seems to ask, with that confidence, reports something instead."""
        if only_reports(self.text):
            return True
        wishes = two_wishes(self.text) if asks < SURELY_ASKS else None
        return wishes is not None and not wishes.asks_law

    def _match_in_english(self, found: EnglishAnswer) -> Match:
        citations = self._matcher.entries[found.entry].citations
        best = Candidate(found.entry, CERTAIN, citations)
        others = [one for one in self._by_entries.candidates if one.entry != found.entry]
        return Match(Decision.ANSWER, CERTAIN, (best, *others[: SHOWN - 1]))


def look_ahead(readings: Sequence[Reading]) -> None:
    """Read those who ask or report, and find the entries for all of them in one go."""
    by_matcher: dict[Matcher, list[Reading]] = {}
    for reading in readings:
        if reading.intent in ASKS_OR_REPORTS:
            reading.wishes  # noqa: B018 - kept in the reading
            by_matcher.setdefault(reading._matcher, []).append(reading)  # noqa: SLF001
    for matcher, those in by_matcher.items():
        matches = matcher.match_all([reading.text for reading in those])
        for reading, match in zip(those, matches, strict=True):
            reading._matched = match  # noqa: SLF001


class Knowledge:
    """The reviewed entries and all that reads texts; loaded once, then only read."""

    def __init__(
        self,
        matcher: Matcher,
        law: LawIndex,
        entries: Mapping[str, Entry] | None = None,
        withheld: Mapping[str, Withheld] = MappingProxyType({}),
    ) -> None:
        self._matcher = matcher
        self._english = English.load()
        self.law = law
        self.entries = matcher.entries if entries is None else entries
        """The reviewed entries by id."""
        self.withheld = withheld
        """Those of them that may not be given at present, and why."""

    @classmethod
    def load(cls) -> "Knowledge":
        """Load what is shipped; takes a fraction of a second."""
        return cls(Matcher.load(), LawIndex.load())

    def under(self, overlay: Overlay, today: date) -> "Knowledge":
        """Return the same under what staff changed; entries whose time is over are not given.

        Takes as long as loading when there are further phrasings, and next to nothing otherwise.
        """
        matcher = self._matcher
        if overlay.phrasings:
            said = {
                said_key(text): name for name, text in overlay.phrasings if name in matcher.entries
            }
            matcher = matcher.over(with_phrasings(matcher.entries, overlay.phrasings), said)
        law = self.law.with_texts(overlay.articles)
        return Knowledge(
            matcher,
            law,
            signed_entries(matcher.entries, overlay.signed, law),
            withheld_entries(matcher.entries.values(), overlay.frozen, today),
        )

    def is_given(self, entry: str) -> bool:
        """Return whether there is such an entry and it may be given at present."""
        return entry in self.entries and entry not in self.withheld

    def sketch(self, masked: str, nearest: str | None = None) -> Sketch:
        """Return what is compared of a question, whose nearest entry may be known already."""
        if nearest is None:
            candidates = self._matcher.match(masked).candidates
            nearest = candidates[0].entry if candidates else ""
        question = self._matcher.read([masked])
        return Sketch(question.texts[0], question.vectors[0], nearest)

    def is_about_something(self, reading: Reading) -> bool:
        """Return whether staff should read a question nothing answered: no chatter, no joke."""
        if len(normalise(reading.text)) < SHORTEST_QUESTION:
            return False
        if reading.match.decision is not Decision.DECLINE:
            return True
        return reading.intent is Intent.FAQ and not self._matcher.is_chatter(reading.text)

    def is_idle(self, reading: Reading) -> bool:
        """Return whether this surely is idle talk: no wish that is known, no question of law.

        Mere letters may be a slip of the keys.
        """
        has_words = any("\u4e00" <= character <= "\u9fff" for character in reading.text)
        return (
            reading.intent is Intent.OTHER and has_words and self._matcher.is_chatter(reading.text)
        )

    def rehearse(self, new: Case, remembered: Sequence[Case]) -> Outcome:
        """Return what publishing the phrasing `new` would do to everything else; takes seconds."""
        assert new.entry is not None
        entries = with_phrasings(self._matcher.entries, [(new.entry, new.text)])
        said = {**self._matcher.said, said_key(new.text): new.entry}
        return replay(self._matcher, self._matcher.over(entries, said), remembered)

    def read(self, text: str) -> Reading:
        """Return what the text says; pure, and safe to call from several threads."""
        emergency = None if _COMMAND.fullmatch(text) else find_emergency(text)
        return Reading(text, emergency, self._matcher, self.withheld, self._english)
