"""Guesses what a resident wants from one message: decisive words first, then a small learned model.

The model is a multinomial logistic regression over hashed characters, alone and in twos and threes;
`knowledge/intent_training.py` made it from the sentences in `data/intents/`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from knowledge.emergency import find_emergency
from knowledge.folding import fold
from knowledge.words import read_words

MODEL = Path(__file__).parent / "data" / "model" / "intent.npz"

BUCKETS = 1 << 15
"""Weights per intent; hashed features that meet share one."""
HEAD, TAIL = 300, 120
"""Characters read of a long message: who writes more says what he wants first or last."""
SURE = 0.99
"""Confidence of what decisive words settle."""

_DIGITS = re.compile(r"[0-9]+")
_LEFT_OUT = re.compile(r"[^\u4e00-\u9fff\u3400-\u4dbfa-z0?]+")
_START, _END = "\x02", "\x03"
_FACTORS = (np.uint32(2654435761), np.uint32(2246822519), np.uint32(3266489917))
"""Odd numbers of Knuth and of xxHash that spread the characters over the buckets."""
_SHIFT = np.uint32(32 - 15)


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


@dataclass(frozen=True, slots=True)
class Model:
    """The learned weights, one row a bucket, one column an intent."""

    intents: tuple[Intent, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]


def tidy(text: str) -> str:
    """Return what the model sees of `text`: folded, numbers as one 0, no signs but `?`."""
    if len(text) > HEAD + TAIL:
        text = text[:HEAD] + text[-TAIL:]
    return _LEFT_OUT.sub("", _DIGITS.sub("0", fold(text)))


def buckets_of(tidied: str) -> NDArray[np.uint32]:
    """Return the distinct buckets of the one, two and three characters in a row."""
    signs = np.frombuffer(f"{_START}{tidied}{_END}".encode("utf-32-le"), dtype=np.uint32)
    one, two, three = _FACTORS
    first = signs * one
    pairs = (first[:-1] ^ (signs[1:] + two)) * two
    triples = (pairs[:-1] ^ (signs[2:] + three)) * three
    hashed = np.concatenate((first, pairs, triples))
    return np.unique((hashed ^ (hashed >> np.uint32(15))) * two >> _SHIFT)


@cache
def load_model() -> Model:
    """Return the shipped model; read once."""
    with np.load(MODEL, allow_pickle=False) as stored:
        weights = stored["weights"].astype(np.float32) * stored["scale"]
        bias = stored["bias"].astype(np.float32)
        intents = tuple(Intent(str(name)) for name in stored["intents"])
    return Model(intents, weights, bias)


def probabilities(model: Model, tidied: str) -> NDArray[np.float32]:
    """Return the probability of each of the model's intents for a tidied text."""
    found = buckets_of(tidied)
    scores = model.weights[found].sum(axis=0) / np.float32(len(found)) ** np.float32(0.5)
    scores = scores + model.bias
    raised = np.exp(scores - scores.max())
    shares: NDArray[np.float32] = raised / raised.sum()
    return shares


@cache
def _rules() -> tuple[tuple[Intent, re.Pattern[str]], ...]:
    rules = read_words("intents", _Words).rules
    return tuple((rule.intent, re.compile(rule.pattern)) for rule in rules)


def classify(text: str) -> IntentGuess:
    """Return what `text` most likely wants.

    The confidence of a learned guess is the model's probability, calibrated on sentences it had
    not seen; a decisive word has `SURE`. An emergency is what `find_emergency` says, nothing else.
    """
    if find_emergency(text) is not None:
        return IntentGuess(Intent.EMERGENCY, SURE)
    tidied = tidy(text)
    if not tidied:
        return IntentGuess(Intent.OTHER, SURE)
    for intent, pattern in _rules():
        if pattern.search(tidied):
            return IntentGuess(intent, SURE)
    model = load_model()
    shares = probabilities(model, tidied)
    best = int(shares.argmax())
    return IntentGuess(model.intents[best], float(shares[best]))
