"""Hears a present danger to life in a resident's message, before anything else reads it.

Each kind of danger has two lists of patterns in `data/words/emergency.json`. A `sure` pattern shows
a danger somebody perceives now; an `event` pattern only names one, and is also what people ask
legal and school questions about. A match counts unless the words around it say otherwise: a
negation, a condition, a drill, the past, a good end; for an event also a question about the rules,
or a habit. Where no pattern matches, a small learned model is asked (alarm_training.py).
In doubt it counts: a false alarm costs a sentence, a missed one more.
"""

import re

import numpy as np
from numpy.typing import NDArray

from knowledge import texts
from knowledge.emergency_patterns import EmergencyKind, danger
from knowledge.folding import fold
from knowledge.hashed import HashedModel, load_hashed, tidy

__all__ = ["EmergencyKind", "find_emergencies", "find_emergency"]

HEAD = 4_000
"""Characters read from the beginning: platforms send no longer message."""
TAIL = 1_000
"""Characters read from the end of a longer text."""
ALARM_MODEL = "alarm"
"""The learned model in `data/model/` that is asked where no pattern matches."""
CALM = "calm"
"""Its label for whatever is no alarm."""
HEARD, HEARD_UNSAID, HEARD_HELP = 0.5, 0.9, 0.99
"""Probability of any alarm from which it is believed: once a word that may mean danger was said
among others; without one, or alone; and for a cry for help with no danger named, as a caption under
a photo looked like one."""
WORDY = 8
"""Characters of a message that says more than one word: a bare place looked like a fire to it."""
STORY = 40
"""Characters from which a message may tell a story, in which a word of danger is one of many."""
AROUND = (15, 30)
"""Characters to each side of a match that the learned model reads."""
NAMED_IN_PASSING = 0.1
"""Its probability of any danger below which a story names one only in passing, unless a piece of it
sounds like one all the same. Of twenty stories of a present danger it loses none; of 416 complaints
and long questions seven raise a false alarm."""
PIECE_STEP, PIECE_STEPS, HEARD_IN_PIECE = 4, 7, 0.95
"""How a long message is read again where nothing was heard: in pieces of so many steps of so many
characters, and the probability of any alarm from which one piece is believed. Of fourteen stories
of a present danger all are heard with it, nine without."""
FAINT = 0.001
"""Probability of any alarm in the whole below which no piece is read: no story has less."""
BORDER = ",;!?"
"""What ends a clause once `_tidy` has made one sign out of many."""

HAN_BYTES = 2
"""Bytes a character takes on average where half are Chinese, of three bytes, and half Latin."""

_MARKS = re.compile(texts.MARKS)
_QUESTION = re.compile(r"\?+")
_SHOUT = re.compile(r"!+")
_SPACE = re.compile(r"[\s\x00-\x1f\u200b-\u200f\u2028-\u202e]+")
_LATIN_SPACE = re.compile(r"(?<![a-z]) | (?![a-z])")


def _tidy(text: str) -> str:
    """Return `text` folded, with one sign for every border and single spaces."""
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]}\n{text[-TAIL:]}"
    marked = _SPACE.sub(" ", _MARKS.sub(",", fold(text)))
    return _SHOUT.sub("!", _QUESTION.sub("?", marked))


class _Message:
    """One tidied message and the questions asked about the places found in it."""

    def __init__(self, text: str) -> None:
        self._cue = danger().cue
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
        if self.says("urgent"):
            return False
        if cue["hypothetical"].search(before) or cue["hypothetical_after"].search(after):
            return True
        return self._only_feared(before, self._text[start:end] + after[:1], kind)

    def _only_feared(self, before: str, event: str, kind: EmergencyKind) -> bool:
        """Return whether the event is feared or expected and has not happened."""
        if kind is EmergencyKind.SELF_HARM:
            return False  # to want it, or to be afraid of wanting it, is the danger
        if self._cue["weak"].search(before) is None:
            return False
        return not any(sign in event for sign in texts.HAPPENED)

    def is_past(self, start: int, end: int) -> bool:
        """Return whether the clause of the match tells of an earlier day."""
        before, after = self._clause(start, end)
        if self._cue["past"].search(before + "," + after) is None:
            return False
        if len(self._text) <= STORY:
            return not self.says("present")
        # In a story much is so now that is no danger: the clause itself has to say it.
        return self._cue["present"].search(before + "," + after) is None

    def is_over(self) -> bool:
        """Return whether the message says that it ended well, or was a drill."""
        if self.says("drill"):
            return True
        return self.says("over") and not self.says("still")

    def is_a_case(self, kind: EmergencyKind) -> bool:
        """Return whether the message tells of a danger only to ask what the law makes of it."""
        if kind not in danger().asked_about or self.says("urgent"):
            return False
        return self.says("legal_case")

    def is_habit(self, start: int, end: int) -> bool:
        """Return whether the clause of the match tells of what happens again and again."""
        if self.says("urgent"):
            return False
        before, after = self._clause(start, end)
        return self._cue["habit"].search(before + "," + after) is not None

    def is_talk(self) -> bool:
        """Return whether the message asks about rules, or tells of long ago."""
        if self.says("urgent"):
            return False
        if self.says("legal") or self.says("legal_case"):
            return True
        return (self.says("past") or self.says("past_soft")) and not self.says("present")

    def stands(self, start: int, end: int, kind: EmergencyKind, *, sure: bool) -> bool:
        """Return whether a match of `kind` survives the words around it."""
        if self.is_denied(start, end, kind) or self.is_past(start, end):
            return False
        if self.is_over() and kind is not EmergencyKind.SELF_HARM:
            return False
        if sure:
            return not self.is_a_case(kind)
        return not (self.is_talk() or self.is_habit(start, end))


def _without_harmless(text: str) -> str:
    """Return `text` with phrases that only sound like danger blotted out, of the same length."""
    for harmless in (danger().figures, danger().neutral):
        for pattern in harmless.candidates(text):
            text = pattern.compiled.sub(lambda found: "~" * len(found[0]), text)
    return text


def _without_figures(text: str) -> str:
    """Return `text` without figures of speech (somebody is bursting with anger)."""
    for pattern in danger().figures.candidates(text):
        text = pattern.compiled.sub(",", text)
    return text


def _read(text: str) -> dict[EmergencyKind, bool]:
    """Return the kinds whose patterns match the tidied `text`, and whether they stand."""
    likely = [it for it in danger().dangers.candidates(text) if it.compiled.search(text)]
    if not likely:
        return {}
    cleared = _without_harmless(text)
    message = _Message(text)
    stands: dict[EmergencyKind, bool] = {}
    for pattern in likely:
        assert pattern.kind is not None
        if stands.get(pattern.kind):
            continue
        for found in pattern.compiled.finditer(cleared):
            start, end = found.span()
            stands[pattern.kind] = message.stands(
                start, end, pattern.kind, sure=pattern.sure
            ) and not _only_told(text, start, end, pattern.kind)
            if stands[pattern.kind]:
                break
    return stands


def _only_told(text: str, start: int, end: int, kind: EmergencyKind) -> bool:
    """Return whether a long message names the danger in passing, in a story or a complaint.

    The learned model is asked about the clause of the match and the words around it: over a whole
    story what is said in one place is lost. Who wants to die is always heard, and so is whoever
    says beside it that it is now, or cries for help.
    """
    if len(text) <= STORY or kind is EmergencyKind.SELF_HARM or not _is_chinese(text):
        return False
    if danger().cue["now"].search(text, max(0, start - AROUND[0]), end + AROUND[0]):
        return False
    first = max(text.rfind(sign, 0, start) for sign in BORDER) + 1
    last = min((at for sign in BORDER if (at := text.find(sign, end)) >= 0), default=len(text))
    read = [(start - reach, end + reach) for reach in AROUND]
    if first == 0 or last == len(text) or text[last] == "!":
        # What somebody says first, last, or cries out is read by itself.
        read.append((max(first, start - AROUND[-1]), min(last, end + AROUND[-1])))
    return all(_alarm(tidy(text[max(0, one) : two])) < NAMED_IN_PASSING for one, two in read)


def _alarm(tidied: str) -> float:
    """Return the learned probability of any danger."""
    model = load_hashed(ALARM_MODEL)
    return 1 - float(model.shares(tidied)[model.labels.index(CALM)])


def _is_chinese(text: str) -> bool:
    """Return whether the model knows the language: of Latin letters it has seen next to none."""
    return len(text.encode("utf-8", "replace")) >= HAN_BYTES * len(text)


def _learned(text: str, tidied: str, *, named: bool) -> tuple[EmergencyKind, ...]:
    """Return what the learned model hears in a message in which no pattern stands.

    A short message in which a danger is `named` has been understood by the words around it.
    """
    if not tidied or not _is_chinese(text) or (named and len(tidied) <= STORY):
        return ()
    said, wordy = danger().trigger.search(text) is not None, len(tidied) >= WORDY
    if not (said or wordy):
        return ()
    model, message = load_hashed(ALARM_MODEL), _Message(text)
    whole, kind = model.shares(tidied), None
    if not named:
        kind = _believed(model, whole, HEARD if said and wordy else HEARD_UNSAID)
        if kind is not None and (message.says("habit") or message.says("supposed")):
            kind = None
    faint = 1 - float(whole[model.labels.index(CALM)]) >= FAINT
    if kind is None and faint and len(tidied) > STORY:
        pieces = model.shares_along(tidied, PIECE_STEP, PIECE_STEPS)
        loudest = pieces[int(pieces[:, model.labels.index(CALM)].argmin())]
        kind = _believed(model, loudest, HEARD_IN_PIECE)
    if kind is None or message.is_over() or message.is_talk():
        return ()
    return (kind,)


def _believed(
    model: HashedModel, shares: NDArray[np.float32], needed: float
) -> EmergencyKind | None:
    """Return the likeliest kind if that it is any alarm is as probable as `needed`."""
    calm = model.labels.index(CALM)
    alarm = 1 - float(shares[calm])
    if alarm < needed:
        return None
    kinds = np.where(np.arange(len(shares)) == calm, 0, shares)
    kind = EmergencyKind(model.labels[int(kinds.argmax())])
    return None if kind is EmergencyKind.HELP and alarm < HEARD_HELP else kind


def find_emergencies(text: str) -> tuple[EmergencyKind, ...]:
    """Return every kind of present danger that `text` tells of, the most dangerous first."""
    tidied = _tidy(text)
    # Written with spaces between the words, or the characters: once as borders, once ignored.
    found: dict[EmergencyKind, bool] = {}
    for reading in dict.fromkeys((_LATIN_SPACE.sub("", tidied), _LATIN_SPACE.sub(",", tidied))):
        for kind, stands in _read(reading).items():
            found[kind] = found.get(kind, False) or stands
    if any(found.values()):
        return tuple(kind for kind in danger().order if found.get(kind))
    plain = _without_figures(tidied)
    return _learned(plain, tidy(text if plain == tidied else plain), named=bool(found))


def find_emergency(text: str) -> EmergencyKind | None:
    """Return the most dangerous present danger that `text` tells of, or None."""
    return next(iter(find_emergencies(text)), None)
