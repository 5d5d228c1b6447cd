"""Where every legal answer stands: read from its history and from the operator's statutes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handlers.law import texts
from handlers.localtime import local
from knowledge.law import LawIndex
from knowledge.overlay import Signature, Withheld
from storage.law import EntryEvent
from storage.transaction import Transaction
from storage.words import EntryEventKind

REPEALED = "repealed:"
"""Stands before the hash of a text that is over: it is other than the same text in force."""


@dataclass(slots=True)
class State:
    """What holds of one answer; each field is the event that made it so, or None."""

    shipped: EntryEvent | None = None
    frozen: EntryEvent | None = None
    thawed: EntryEvent | None = None
    signed: EntryEvent | None = None

    def take(self, event: EntryEvent) -> None:
        """Let the next thing happen."""
        match event.kind:
            case EntryEventKind.SHIPPED:
                self.shipped = event
            case EntryEventKind.FROZEN:
                self.frozen = event
            case EntryEventKind.THAWED:
                self.frozen, self.thawed = None, event
            case EntryEventKind.SIGNED:
                self.signed = event


def folded(events: Iterable[EntryEvent]) -> dict[str, State]:
    """Return the state of every answer that has a history; events come oldest first."""
    states: dict[str, State] = {}
    for event in events:
        states.setdefault(event.entry, State()).take(event)
    return states


def states_of(tx: Transaction) -> dict[str, State]:
    """Return where every answer stands."""
    return folded(tx.law.events())


def state_of(tx: Transaction, entry: str) -> State:
    """Return where one answer stands."""
    return folded(tx.law.events(entry)).get(entry, State())


def changed_articles(tx: Transaction, law: LawIndex) -> Mapping[str, str]:
    """Return by citation the hash of every article whose copy is other than what was checked.

    An article that the operator's copy lacks changes nothing.
    """
    copies = tx.law.copies({article.short for article in law.articles.values()})
    changed = {}
    for key, (mine, repealed) in copies.items():
        article = law.articles.get(key)
        if article is None:
            continue
        if repealed and article.in_force:
            changed[article.citation] = f"{REPEALED}{mine}"
        elif mine != article.text_sha256:
            changed[article.citation] = mine
    return changed


def frozen_in(states: Mapping[str, State]) -> Mapping[str, Withheld]:
    """Return which answers are frozen, and why."""
    return {
        name: Withheld(state.frozen.why.value)
        for name, state in states.items()
        if state.frozen is not None and state.frozen.why is not None
    }


def signed_in(tx: Transaction, states: Mapping[str, State]) -> Mapping[str, Signature]:
    """Return who signed which answer last."""
    signed = {name: state.signed for name, state in states.items() if state.signed is not None}
    titles = tx.words.bodies([event.words_id for event in signed.values() if event.words_id])
    return {
        name: Signature(
            titles.get(event.words_id or 0) or texts.LAWYER,
            local(event.happened_at).date(),
            event.hash,
        )
        for name, event in signed.items()
    }
