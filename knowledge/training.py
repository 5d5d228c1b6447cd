"""Rebuilds what the matcher learned: `xiaoer knowledge train`.

Two passes over the same steps: one without a quarter of the own phrasings, from which the few
coefficients are learned on what was left out; one with everything, which is shipped.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from knowledge.entries import Entry
from knowledge.index import Floats
from knowledge.library import CHARACTERS, UNIT_CHARACTERS
from knowledge.model import TABLE_BITS, Arrays, Model, small_table
from knowledge.ngrams import Keys, Sounds, buckets, codepoints, grams
from knowledge.text import normalise
from knowledge.training_coefficients import learn_numbers
from knowledge.training_gate import learn_gate
from knowledge.training_pairs import bend
from knowledge.training_sounds import make_sounds
from knowledge.training_texts import TEXT_READ, Sources, gate_texts, without_held
from knowledge.training_vectors import choose_units, learn, pieces

UNITS, WIDTH, SEEN = 26_000, 128, 12
"""Units with a vector, the width of one, and how often a unit must be seen."""

STRENGTH = 0.25
"""How far the strong directions of the analysis stay stronger."""

UNIT_POWER = 0.8
"""How far a rare unit weighs more in a text's vector."""

WHOLE_QUESTION = 8
"""Characters from which a line is a question rather than a greeting."""

OWN_COPIES = 6
"""Our own texts count so many times among the extra ones, so that their words get vectors."""

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class _Start:
    """What both passes share: units with first vectors and weights, rarity, sounds, answers."""

    units: Keys
    vectors: Floats
    weights: Floats
    rarity: Floats
    sounds: Sounds
    answers: list[tuple[str, str]]


def train(entries: Mapping[str, Entry], sources: Sources, say: Say) -> Model:
    """Return the model learned from `entries` and `sources`; `say` is told of each step."""
    start = _start(entries, sources, say)
    say("first pass: without a quarter of the phrasings")
    visible = without_held(entries)
    arrays, bias = _arrays(start, visible, sources, part=True)
    say("coefficients, calibration, thresholds")
    hashes = {"entries": _hash_of(entries), **sources.hashes}
    learned = learn_numbers(entries, visible, arrays, bias, sources)
    say("second pass: with everything")
    arrays, bias = _arrays(start, entries, sources, part=False)
    return Model(arrays, learned.numbers(bias, hashes))


def _start(entries: Mapping[str, Entry], sources: Sources, say: Say) -> _Start:
    say("counting")
    questions = [normalise(text) for text in sources.law_questions + sources.chatter]
    seen = np.zeros(1 << TABLE_BITS, np.int64)
    for text in questions:
        seen[np.unique(buckets(grams(codepoints(text), CHARACTERS), TABLE_BITS))] += 1
    rarity = np.log((len(questions) + 1) / (seen + 1)).astype(np.float32)
    lay, official = _law_pieces(sources)
    own = _own_pieces(entries)
    units = choose_units(questions + lay + own * OWN_COPIES, UNIT_CHARACTERS, UNITS, SEEN)
    weights = _unit_weights(units, questions)
    say(f"analysis of {len(units)} units")
    texts = questions + lay + official + own * 2
    directions, strength = learn(texts, units, UNIT_CHARACTERS, min(WIDTH, len(units) // 4))
    vectors = directions * (strength / strength[0]) ** np.float32(STRENGTH)
    vectors /= np.linalg.norm(vectors, axis=1).mean()
    return _Start(units, vectors, weights, rarity, make_sounds(), _answers(sources))


def _law_pieces(sources: Sources) -> tuple[list[str], list[str]]:
    lay: list[str] = []
    official: list[str] = []
    for row in sources.law_texts:
        found = lay if row.kind == "consultation" else official
        found.extend(pieces(normalise(row.text[:TEXT_READ])))
    return lay, official


def _own_pieces(entries: Mapping[str, Entry]) -> list[str]:
    own: list[str] = []
    for one in entries.values():
        asked = [normalise(text) for text in one.phrasings]
        own.extend("\n".join(asked[at : at + 3]) for at in range(0, len(asked), 3))
        own.extend(normalise(text) for text in (one.title, one.keywords, one.short))
        own.extend(normalise(fact.say) for fact in one.facts)
    return own


def _unit_weights(units: Keys, questions: Sequence[str]) -> Floats:
    """Return how much each unit says in a text: its rarity, softened."""
    seen = np.zeros(len(units), np.int64)
    for text in questions:
        keys = np.unique(grams(codepoints(text), UNIT_CHARACTERS))
        place = np.minimum(np.searchsorted(units, keys), len(units) - 1)
        seen[place[units[place] == keys]] += 1
    rarity = np.log((len(questions) + 1) / (seen + 1))
    return (rarity**UNIT_POWER).astype(np.float32)


def _answers(sources: Sources) -> list[tuple[str, str]]:
    """Return questions with the beginnings of their answers, and answers' beginnings with ends."""
    length = 120
    found: list[tuple[str, str]] = []
    for row in sources.law_texts:
        question, _, answer = row.text.partition("\n")
        if row.kind == "consultation" and answer and len(question) > WHOLE_QUESTION:
            plain = normalise(answer[:TEXT_READ])
            found.append((normalise(question), plain[:length]))
            if len(plain) > 2 * length:
                found.append((plain[:length], plain[length : 2 * length]))
    return found


def _arrays(
    start: _Start, entries: Mapping[str, Entry], sources: Sources, *, part: bool
) -> tuple[Arrays, Floats]:
    """Return the arrays of one pass and the gate's bias."""
    vectors = bend(
        start.vectors,
        start.weights,
        start.units,
        UNIT_CHARACTERS,
        entries,
        start.answers,
        sources.around,
    )
    vectors = vectors * start.weights[:, None]
    scale = np.maximum(np.abs(vectors).max(axis=1), 1e-6) / 127
    small = np.round(vectors / scale[:, None]).astype(np.int8)
    gate, bias = learn_gate(gate_texts(entries, sources, part=part))
    table, steps = small_table(gate, start.rarity)
    return Arrays(table, steps, start.units, small, scale, start.sounds), bias


def _hash_of(entries: Mapping[str, Entry]) -> str:
    """Return a hash of the words the model was learned from."""
    words = [text for one in entries.values() for text in (one.id, one.title, *one.phrasings)]
    return sha256("\n".join(words).encode()).hexdigest()
