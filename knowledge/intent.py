"""Guesses what a resident wants from one message: decisive words first, then a small learned model.

The model is a multinomial logistic regression over hashed characters (`knowledge/hashed.py`), made
by `knowledge/intent_training.py` from the sentences in `data/intents/`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import msgspec

from knowledge.emergency import find_emergency
from knowledge.hashed import load_hashed, tidy
from knowledge.words import read_words

MODEL = "intent"
"""The name of the learned model in `data/model/`."""
SURE = 0.99
"""Confidence of what decisive words settle."""


class Intent(StrEnum):
    """What a message wants, in the words of contracts.md."""

    FAQ = "faq"
    REPAIR = "repair"
    TICKET_STATUS = "ticket_status"
    COMPLAINT_URGE = "complaint_urge"
    POINTS_BALANCE = "points_balance"
    POINTS_REDEEM = "points_redeem"
    SHIFT_LIST = "shift_list"
    SHIFT_SIGNUP = "shift_signup"
    SHIFT_CANCEL = "shift_cancel"
    HUMAN = "human"
    MUTUAL_AID = "mutual_aid"
    PROPOSAL = "proposal"
    GREETING = "greeting"
    EMERGENCY = "emergency"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class IntentGuess:
    """What a message wants and how likely that is, 0 to 1."""

    intent: Intent
    confidence: float


class _Rule(msgspec.Struct, frozen=True):
    """Words that settle the intent: the whole tidied message matches `pattern`."""

    intent: Intent
    pattern: str


class _Words(msgspec.Struct, frozen=True):
    """The file `intents.json`."""

    rules: list[_Rule]


@cache
def _rules() -> tuple[tuple[Intent, re.Pattern[str]], ...]:
    rules = read_words("intents", _Words).rules
    return tuple((rule.intent, re.compile(rule.pattern)) for rule in rules)


def classify(text: str) -> IntentGuess:
    """Return what `text` most likely wants; an emergency is what `find_emergency` says."""
    # A slash begins a command: asking for help with the bot is no cry for help.
    if not text.startswith("/") and find_emergency(text) is not None:
        return IntentGuess(Intent.EMERGENCY, SURE)
    return classify_calm(text)


def classify_calm(text: str) -> IntentGuess:
    """Return what a `text` in which no danger was heard most likely wants.

    The confidence of a learned guess is the model's probability, calibrated on sentences it had
    not seen; a decisive word has `SURE`.
    """
    tidied = tidy(text)
    if not tidied:
        return IntentGuess(Intent.OTHER, SURE)
    for intent, pattern in _rules():
        if pattern.search(tidied):
            return IntentGuess(intent, SURE)
    label, confidence = load_hashed(MODEL).guess(tidied)
    return IntentGuess(Intent(label), confidence)
