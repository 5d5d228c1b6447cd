"""Tells look-alikes apart: one question with two labels instead of a guess between two entries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.entries import Entry
from knowledge.matcher import Decision, Match
from knowledge.text import normalise

NEAR = 0.13
"""Confidence of the runner-up from which an answer is doubted.

An answer is given from 0.74 on, so the runner-up then has half of what is left. Of fifteen answers
whose runner-up had 0.08 to 0.135, fourteen were right: asking there would question what is right.
"""

LONGEST_CHOICE = 20
"""Characters; whoever writes more than this asks something, and does not choose."""
OF_THE_LABEL, OF_THE_TEXT = 0.3, 0.5
"""Share of what sets a label apart that must be said, and share of what is said it must cover."""
CLEARLY = 0.2
"""How much better the chosen label must fit than the other."""


@dataclass(frozen=True, slots=True)
class Fork:
    """One plain question, and the entry behind each of its labels in the order they are asked."""

    ask: str
    branches: tuple[tuple[str, str], ...]


def to_tell_apart(match: Match, entries: Mapping[str, Entry]) -> Fork | None:
    """Return the question that decides between the best two candidates, None where none is needed.

    It is needed when they name each other as look-alikes, in either direction, and the match is
    an offer, or an answer whose runner-up is near.
    """
    if len(match.candidates) <= 1:
        return None
    first, second = match.candidates[:2]
    unsure = match.decision is Decision.OFFER or (
        match.decision is Decision.ANSWER and second.confidence >= NEAR
    )
    if not unsure:
        return None
    return _fork(entries, first.entry, second.entry) or _fork(entries, second.entry, first.entry)


def _fork(entries: Mapping[str, Entry], this: str, that: str) -> Fork | None:
    told = next((told for told in entries[this].tell_apart if told.other == that), None)
    return Fork(told.ask, ((told.this, this), (told.that, that))) if told else None


def chosen_in_words(text: str, labels: Sequence[str]) -> int | None:
    """Return the place of the label that `text` says in its own words, None when it is not clear.

    What counts is what sets the labels apart: of "moved in" and "not moved in" only the "not".
    """
    if len(text) > LONGEST_CHOICE:
        return None
    said = set(normalise(text))
    plain = [set(normalise(label)) for label in labels]
    fits = [_fit(said, plain, place) for place in range(len(plain))]
    order = sorted(range(len(fits)), key=lambda place: -fits[place])
    if not order or fits[order[0]] < OF_THE_LABEL:
        return None
    clear = len(order) == 1 or fits[order[0]] - fits[order[1]] >= CLEARLY
    return order[0] if clear else None


def _fit(said: set[str], labels: Sequence[set[str]], place: int) -> float:
    """Return which share of what only this label says was said; 0 where the text says more."""
    label = labels[place]
    own = label.difference(*(other for n, other in enumerate(labels) if n != place))
    if not own or not said or len(said & label) / len(said) < OF_THE_TEXT:
        return 0.0
    return len(said & own) / len(own)
