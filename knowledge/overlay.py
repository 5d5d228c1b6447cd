"""What staff changed at run time, laid over what is shipped: a value, made from the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType

import msgspec

from knowledge.entries import Entry
from knowledge.law import LawIndex
from knowledge.matcher import Decision, Match


class Withheld(StrEnum):
    """Why an answer is not given at present."""

    LAW_CHANGED = "law_changed"
    HELD_BACK = "held_back"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed an answer, on which day, and the hash of what was signed."""

    by: str
    on: date
    sha256: str

    def __str__(self) -> str:
        """Return the signature in the form that `reviewed_by` has."""
        return f"{''.join(self.by.split())} {self.on.isoformat()} {self.sha256}"


@dataclass(frozen=True, slots=True)
class Overlay:
    """Everything that is other than shipped; the empty one changes nothing."""

    version: int = 0
    """The number in the database that is raised with every change."""
    signed: Mapping[str, Signature] = field(default_factory=dict)
    """By entry; those that do not fit what is signed now are void."""
    frozen: Mapping[str, Withheld] = field(default_factory=dict)
    """Entries that may not be given, and why."""
    phrasings: tuple[tuple[str, str], ...] = ()
    """Further ways of asking: entry and text."""
    articles: Mapping[str, str] = field(default_factory=dict)
    """By citation, the hash of the operator's text where it is other than the index says."""


def content_hash(entry: Entry) -> str:
    """Return the hash of what a resident reads of the entry; phrasings and dates do not count."""
    read = [
        entry.version,
        entry.title,
        entry.short,
        [[fact.say, *fact.basis] for fact in entry.facts],
        entry.next,
        entry.citations,
        entry.escalate,
        entry.scope,
    ]
    return sha256(msgspec.json.encode(read)).hexdigest()


def signed_hash(entry: Entry, law: LawIndex) -> str:
    """Return the hash of what a lawyer signs: the answer and the articles it rests on."""
    articles = [law.resolve(citation) for citation in entry.citations]
    parts = [content_hash(entry), *(one.text_sha256 if one else "" for one in articles)]
    return sha256("\n".join(parts).encode()).hexdigest()


def signed_entries(
    entries: Mapping[str, Entry], signed: Mapping[str, Signature], law: LawIndex
) -> Mapping[str, Entry]:
    """Return the entries, those with a signature that still holds marked as reviewed."""
    holding = {
        name: replace(entries[name], reviewed_by=str(signature))
        for name, signature in signed.items()
        if name in entries and signature.sha256 == signed_hash(entries[name], law)
    }
    return MappingProxyType({**entries, **holding})


def withheld_entries(
    entries: Iterable[Entry], frozen: Mapping[str, Withheld], today: date
) -> Mapping[str, Withheld]:
    """Return the entries that may not be given today, and why; their last day is a good one."""
    expired = {one.id: Withheld.EXPIRED for one in entries if one.valid_until < today}
    return MappingProxyType({**expired, **frozen})


def with_phrasings(
    entries: Mapping[str, Entry], phrasings: Iterable[tuple[str, str]]
) -> Mapping[str, Entry]:
    """Return the entries with these further ways of asking; those of unknown entries are left."""
    added: dict[str, list[str]] = {}
    for name, text in phrasings:
        if name in entries and text not in entries[name].phrasings:
            added.setdefault(name, []).append(text)
    more = {
        name: replace(entries[name], phrasings=(*entries[name].phrasings, *texts))
        for name, texts in added.items()
    }
    return MappingProxyType({**entries, **more})


def without(match: Match, withheld: Mapping[str, Withheld]) -> tuple[Match, str | None]:
    """Return the match without entries that may not be given, and which one was asked for.

    A question that only such an entry answers goes to a person.
    """
    best = match.candidates[0].entry if match.candidates else None
    if best is None or not any(one.entry in withheld for one in match.candidates):
        return match, None
    given = tuple(one for one in match.candidates if one.entry not in withheld)
    decision = match.decision
    if decision is Decision.ANSWER and best in withheld:
        decision = Decision.HANDOVER
    if decision is Decision.OFFER and not given:
        decision = Decision.HANDOVER
    asked_for = best if decision is Decision.HANDOVER and best in withheld else None
    confidence = given[0].confidence if given else 0.0
    return Match(decision, confidence, given), asked_for
