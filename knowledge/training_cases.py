"""The texts from which coefficients, calibration and thresholds are learned."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.entries import Entry
from knowledge.ngrams import Sounds
from knowledge.training_texts import (
    Sources,
    complaint,
    in_first_part,
    is_held,
    law_talk,
    long_messages,
)

INSIDE_WEIGHT, OUTSIDE_WEIGHT, COMPLAINT_WEIGHT, NOISE_WEIGHT = 12.0, 6.0, 1.0, 0.5
"""A resident's own text counts for so many made-up ones, also in a longer complaint or misheard."""

ASKED_WEIGHT = 6.0
"""So does one of ours that was written as residents write, a little less."""

VAGUE_WEIGHT = 3.0
"""So does a word or two that name a matter and ask nothing: enough to offer, never to answer."""

NEAR_ENOUGH = 0.4
"""How right an entry is that may be offered for a text, but not given alone."""

INSIDE_KINDS = frozenset({"own", "inside"})

PERSON = "person"
"""The kind of a text that is ours, but that only a person can answer."""

PERSON_WEIGHT, NEAR_WEIGHT = 6.0, 1.0

OUTSIDE_SAMPLE = 8_000
"""Texts of each outside kind that calibration reads."""

GLUE = 500
"""Lines of chatter from which long messages take their other talk."""

MISHEARD = 0.12
"""Part of the letters that speech recognition is made to confuse."""

Relevance = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Case:
    """A text, how right each entry is for it (0 to 1, by id), its kind and weight."""

    text: str
    relevance: Relevance | None
    kind: str
    weight: float


def learning_cases(
    entries: Mapping[str, Entry], sources: Sources, sounds: Sounds
) -> Iterable[Case]:
    """Return the texts to learn on: held phrasings, noisy ones, residents' texts, outside texts."""
    chance = random.Random(11)  # noqa: S311 - draws texts, guards nothing
    alike = homophones(sounds)
    yield from _own_cases(entries, sources, alike, chance)
    for rows, weight in ((sources.inside, INSIDE_WEIGHT), (sources.asked, ASKED_WEIGHT)):
        for row in rows:
            relevance = _cites(row.key, entries) if row.key else None
            yield Case(row.text, relevance, "inside", weight)
            told = complaint(row.text, sources.around, chance)
            yield Case(told, relevance, "inside", weight)
            heard = misheard(row.text, alike, chance)
            yield Case(heard, relevance, "inside", weight)
    for group, texts in sources.vague.items():
        for text in texts:
            if not is_held(text):
                yield Case(text, _of_group(group, entries), "inside", VAGUE_WEIGHT)
    yield from _outside_cases(sources, chance)


def _outside_cases(sources: Sources, chance: random.Random) -> Iterable[Case]:
    """Return what no entry answers: for a person, of other law, or chatter."""
    for row in sources.outside:
        yield Case(row.text, None, "chatter" if "chat" in row.split else "law", OUTSIDE_WEIGHT)
    for text in sources.person:
        if not in_first_part(text):
            yield Case(text, None, PERSON, PERSON_WEIGHT)
    for kind, texts in (("law", law_talk(sources)), ("chatter", sources.chatter)):
        unseen = [text for text in texts if not in_first_part(text)]
        drawn = chance.sample(unseen, min(len(unseen), OUTSIDE_SAMPLE))
        near = [text for text in unseen if text in set(sources.near_misses)]
        for text in dict.fromkeys([*near, *drawn]):
            yield Case(text, None, kind, NEAR_WEIGHT if text in near else NOISE_WEIGHT)
            if kind == "law":
                yield Case(complaint(text, sources.around, chance), None, kind, NOISE_WEIGHT)


def _own_cases(
    entries: Mapping[str, Entry],
    sources: Sources,
    alike: Mapping[str, str],
    chance: random.Random,
) -> Iterable[Case]:
    """Return the held phrasings as they are, misheard, and inside a longer message."""
    for one in entries.values():
        relevance = _same_matter(one, entries)
        held = [text for text in one.phrasings if is_held(text)]
        for text in held:
            yield Case(text, relevance, "own", 1.0)
            yield Case(misheard(text, alike, chance), relevance, "own", NOISE_WEIGHT)
            told = complaint(text, sources.around, chance)
            yield Case(told, relevance, "own", COMPLAINT_WEIGHT)
        if len(held) > 1:
            for text in long_messages(held, sources.chatter[:GLUE], 1, chance):
                yield Case(text, relevance, "own", NOISE_WEIGHT)


def _same_matter(meant: Entry, entries: Mapping[str, Entry]) -> Relevance:
    """Return 1 for the entry itself, half for one that cites its decisive article beside it."""

    def relevance(name: str) -> float:
        if name == meant.id:
            return 1.0
        other = entries[name]
        alike = meant.citations[0] in other.citations
        return 0.5 if alike else 0.0

    return relevance


def _cites(key: Sequence[str], entries: Mapping[str, Entry]) -> Relevance:
    wanted = frozenset(key)
    return lambda name: 0.0 if wanted.isdisjoint(entries[name].citations) else 1.0


def _of_group(group: str, entries: Mapping[str, Entry]) -> Relevance:
    return lambda name: NEAR_ENOUGH if entries[name].group == group else 0.0


def homophones(sounds: Sounds) -> Mapping[str, str]:
    """Return for each ideograph of the basic set others that sound like it."""
    first = 0x4E00
    by_sound: dict[int, list[str]] = {}
    for place, sound in enumerate(sounds.tolist()):
        letter = chr(first + place)
        if sound and _is_common(letter):
            by_sound.setdefault(sound, []).append(letter)
    return {one: "".join(alike) for alike in by_sound.values() for one in alike}


def _is_common(letter: str) -> bool:
    """Return whether GB 2312's first level holds the ideograph: the 3,755 commonest."""
    try:
        high, _ = letter.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return 0xB0 <= high <= 0xD7  # noqa: PLR2004 - rows 16 to 55


def misheard(text: str, alike: Mapping[str, str], chance: random.Random) -> str:
    """Return `text` as speech recognition may write it: some letters others of their sound."""
    return "".join(
        chance.choice(alike[one]) if one in alike and chance.random() < MISHEARD else one
        for one in text
    )
