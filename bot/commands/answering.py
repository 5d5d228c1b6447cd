"""Answers questions from the shipped entries alone: contracts.md, section `ask`."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.commands import texts
from handlers.emergency import chat as emergency
from handlers.faq import texts as faq
from handlers.fold import clean
from handlers.localtime import local
from handlers.street import Street
from knowledge.intent import Intent
from knowledge.look_alikes import to_tell_apart
from knowledge.matcher import Candidate, Decision, Match
from knowledge.overlay import Overlay
from knowledge.reading import Knowledge, Reading
from knowledge.slots import report_slots
from knowledge.writing import Writing, writing_of

_TO_A_PERSON = {Intent.HUMAN, Intent.EMERGENCY}

_MAY_ASK_TOO = {Intent.REPAIR, Intent.COMPLAINT_URGE}

_DO = {
    Intent.REPAIR: texts.DO_REPAIR,
    Intent.TICKET_STATUS: texts.DO_STATUS,
    Intent.COMPLAINT_URGE: texts.DO_URGE,
    Intent.POINTS_BALANCE: texts.DO_BALANCE,
    Intent.POINTS_REDEEM: texts.DO_REDEEM,
    Intent.SHIFT_LIST: texts.DO_SHIFTS,
    Intent.SHIFT_SIGNUP: texts.DO_SIGN_UP,
    Intent.SHIFT_CANCEL: texts.DO_CANCEL,
    Intent.HUMAN: texts.DO_HUMAN,
    Intent.MUTUAL_AID: texts.DO_AID,
    Intent.PROPOSAL: texts.DO_PROPOSAL,
    Intent.GREETING: texts.DO_GREETING,
    Intent.OTHER: texts.DO_OTHER,
}


class BadLine(Exception):
    """A line of input is no question; `id` is what it calls itself, where it says so."""

    def __init__(self, why: str, given: object = None) -> None:
        super().__init__(why)
        self.given = given


@dataclass(frozen=True, slots=True)
class Answering:
    """The knowledge, and the street it speaks for."""

    knowledge: Knowledge
    street: Street

    @classmethod
    def load(cls, street: Street) -> "Answering":
        """Load what is shipped."""
        return cls(Knowledge.load().under(Overlay(), local(datetime.now(UTC)).date()), street)

    def in_words(self, text: str) -> str:
        """Return what a resident would read; whoever reports something may ask about it as well."""
        reading = self.knowledge.read(clean(text))
        said = self._text(reading)
        if reading.intent in _MAY_ASK_TOO and reading.match.decision is Decision.ANSWER:
            return f"{said}\n{self._of_match(reading.match)}"
        return said

    def line(self, line: bytes) -> bytes:
        """Return the answer to one line of JSON as one line of JSON; never raises."""
        given: object = None
        try:
            given, text = _question(line)
            answer = self._answer(given, text)
        except BadLine as bad:
            answer = {"id": bad.given, "error": str(bad)}
        except Exception as error:  # noqa: BLE001  one question that breaks us must not end the run
            why = texts.ASK_FAILED.format(reason=type(error).__name__)
            answer = {"id": given, "error": why}
        return _encoded(answer)

    def _answer(self, given: object, text: str) -> dict[str, object]:
        text = clean(text)
        reading = self.knowledge.read(text)
        match = reading.match
        decision = self._decision(reading)
        best = match.candidates[0] if decision == Decision.ANSWER else None
        answer: dict[str, object] = {
            "id": given,
            "intent": reading.intent.value,
            "decision": decision,
            "entry": best.entry if best else None,
            "confidence": match.confidence,
            "citations": list(best.citations) if best else [],
            "candidates": [_candidate(candidate) for candidate in match.candidates],
            "text": self._text(reading),
        }
        reports = reading.intent is Intent.REPAIR or reading.wishes is not None
        slots = _slots(text) if reports else {}
        return {**answer, "slots": slots} if slots else answer

    def _decision(self, reading: Reading) -> str | None:
        if reading.intent is not Intent.FAQ:
            return Decision.HANDOVER.value if reading.intent in _TO_A_PERSON else None
        doubted = to_tell_apart(reading.match, self.knowledge.entries) is not None
        return Decision.OFFER.value if doubted else reading.match.decision.value

    def _text(self, reading: Reading) -> str:
        if reading.emergency is not None:
            return emergency.first_aid(reading.emergency, self.street)
        if reading.guide is not None:
            return texts.DO_GUIDE
        if reading.english is not None:
            entry = self.knowledge.entries[reading.english.entry]
            return f"{reading.english.answer}\n{faq.in_english(entry)}"
        if writing_of(reading.text) is Writing.LATIN:
            return faq.ENGLISH_HANDOVER
        if reading.intent is Intent.FAQ:
            return self._of_match(reading.match)
        return _DO[reading.intent]

    def _of_match(self, match: Match) -> str:
        entries = self.knowledge.entries
        fork = to_tell_apart(match, entries)
        if fork is not None:
            return faq.offer([label for label, _ in fork.branches], fork.ask)
        match match.decision:
            case Decision.ANSWER:
                return faq.whole(entries[match.candidates[0].entry])
            case Decision.OFFER:
                return faq.offer([entries[one.entry].title for one in match.candidates])
            case Decision.HANDOVER:
                return f"{faq.NOT_SURE}{faq.ASK_PERSON}"
            case Decision.DECLINE:
                return f"{faq.NOT_OURS}{faq.ASK_PERSON}"


def _question(line: bytes) -> tuple[object, str]:
    """Return the id and the text of a line; raises BadLine."""
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadLine(texts.ASK_NOT_UTF8) from None
    except (ValueError, RecursionError) as error:
        raise BadLine(texts.ASK_BAD_JSON.format(reason=error)) from None
    if not isinstance(value, dict):
        raise BadLine(texts.ASK_NO_OBJECT)
    given, text = value.get("id"), value.get("text")
    if not isinstance(text, str):
        raise BadLine(texts.ASK_NO_TEXT, given)
    return given, text


def _candidate(candidate: Candidate) -> dict[str, object]:
    return {
        "entry": candidate.entry,
        "confidence": candidate.confidence,
        "citations": list(candidate.citations),
    }


def _slots(text: str) -> dict[str, str]:
    found = report_slots(text)
    both = {"what": found.what, "where": found.where}
    return {name: piece for name, piece in both.items() if piece}


def _encoded(answer: dict[str, object]) -> bytes:
    try:
        return f"{json.dumps(answer, ensure_ascii=False)}\n".encode()
    except UnicodeEncodeError:
        # Half a character in somebody's id: escaped it passes as it came.
        return f"{json.dumps(answer)}\n".encode("ascii")
