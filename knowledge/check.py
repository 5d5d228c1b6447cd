"""Checks every entry: form, citations, numbers, and that nothing the topics demand is left out.

Run as `xiaoer knowledge check`. Statute texts and topics are not in the repository; what needs
them is checked where their files are given, and `unchecked` says so where they are not.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from knowledge.entries import Entry
from knowledge.law import LawIndex, parse_citation
from knowledge.numbers import missing_numbers
from knowledge.statutes import Statute, read_statutes
from knowledge.text import normalise
from knowledge.words import read_words

SHORT_CHARACTERS = 120
"""A short answer is read aloud (contracts.md)."""

CITATIONS = 6
"""More than six articles answer nobody (contracts.md)."""

CHOICE_CHARACTERS = 14
"""A choice label must fit on a button."""

ESCALATIONS = frozenset({"lawyer", "mediator", "property", "emergency", "none"})
SCOPES = frozenset({"national", "local"})

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SIGNATURE = re.compile(r"\S+ \d{4}-\d{2}-\d{2} [0-9a-f]{64}")
"""Who signed, when, and the hash of what was signed: written by the product, never by hand."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What shared topics demand of the entry with the same id; further keys are ignored."""

    id: str
    group: str
    escalate: str
    must_say: list[str]


@dataclass(frozen=True, slots=True)
class _Signs:
    basis_open: str
    basis_close: str
    basis_between: str
    person: str


@dataclass(frozen=True, slots=True)
class Report:
    """What is wrong, one sentence each, and what could not be checked."""

    errors: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)


def check_entries(
    entries: Mapping[str, Entry],
    law: LawIndex,
    statutes: Path | None = None,
    topics: Path | None = None,
) -> Report:
    """Return what is wrong with `entries`."""
    report = Report()
    texts = read_statutes(statutes) if statutes else {}
    for entry in entries.values():
        found = [*_form(entry, entries), *_citations(entry, law), *_bases(entry)]
        if statutes:
            found += _numbers(entry, texts)
        report.errors.extend(f"{entry.id}: {one}" for one in found)
    report.errors.extend(_repeated(entries))
    if topics:
        demanded = msgspec.json.decode(topics.read_bytes(), type=list[Topic])
        report.errors.extend(_coverage(entries, demanded))
    if not statutes:
        report.unchecked.append("numbers: statutes.jsonl")
    if not topics:
        report.unchecked.append("must_say: topics.json")
    return report


def _form(entry: Entry, entries: Mapping[str, Entry]) -> Iterator[str]:
    if not _ID.fullmatch(entry.id):
        yield "the id is not small letters, digits and hyphens"
    if not 0 < len(entry.short) <= SHORT_CHARACTERS:
        yield f"the short answer has {len(entry.short)} characters"
    if not (entry.title and entry.phrasings and entry.facts and entry.next and entry.group):
        yield "title, group, phrasings, facts or next is empty"
    if entry.escalate not in ESCALATIONS:
        yield f"unknown escalate {entry.escalate}"
    if entry.scope not in SCOPES:
        yield f"unknown scope {entry.scope}"
    if entry.reviewed_by and not _SIGNATURE.fullmatch(entry.reviewed_by):
        yield "reviewed_by is no signature made by the product"
    if entry.valid_until <= entry.checked_on:
        yield "valid_until is not after checked_on"
    yield from _look_alikes(entry, entries)


def _look_alikes(entry: Entry, entries: Mapping[str, Entry]) -> Iterator[str]:
    for apart in entry.tell_apart:
        if apart.other == entry.id or apart.other not in entries:
            yield f"tells itself apart from {apart.other}, which is no other entry"
        for label in (apart.this, apart.that):
            if not 0 < len(label) <= CHOICE_CHARACTERS:
                yield f"choice label of {len(label)} characters beside {apart.other}"


def _citations(entry: Entry, law: LawIndex) -> Iterator[str]:
    if not 0 < len(entry.citations) <= CITATIONS:
        yield f"{len(entry.citations)} citations"
    if len(set(entry.citations)) < len(entry.citations):
        yield "a citation stands twice"
    for citation in entry.citations:
        article = law.resolve(citation)
        if article is None:
            yield f"{citation} is not in the law index"
        elif not article.in_force:
            yield f"{citation} is repealed"


def _bases(entry: Entry) -> Iterator[str]:
    for fact in entry.facts:
        if not fact.basis:
            yield "a fact rests on nothing"
        for citation in fact.basis:
            if citation not in entry.citations:
                yield f"a fact rests on {citation}, which is not cited"


def _numbers(entry: Entry, statutes: Mapping[tuple[str, int], Statute]) -> Iterator[str]:
    for fact in entry.facts:
        for number in missing_numbers(fact.say, _texts(fact.basis, statutes)):
            yield f"{number} does not stand in the articles of its fact"
    for number in missing_numbers(entry.short, _texts(entry.citations, statutes)):
        yield f"{number} in the short answer does not stand in any cited article"


def _texts(citations: tuple[str, ...], statutes: Mapping[tuple[str, int], Statute]) -> str:
    found = [statutes.get(key) for one in citations if (key := parse_citation(one))]
    return "\n".join(one.text for one in found if one)


def _repeated(entries: Mapping[str, Entry]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for entry in entries.values():
        for phrasing in entry.phrasings:
            plain = normalise(phrasing)
            if plain in seen:
                yield f"{entry.id}: a phrasing stands in {seen[plain]} too: {phrasing}"
            seen[plain] = entry.id


def _coverage(entries: Mapping[str, Entry], topics: list[Topic]) -> Iterator[str]:
    """Yield topics without entry, and demanded facts whose articles or numbers are missing."""
    signs = read_words("check", _Signs)
    for topic in topics:
        entry = entries.get(topic.id)
        if entry is None:
            yield f"{topic.id}: no entry"
            continue
        if entry.escalate != topic.escalate:
            yield f"{topic.id}: escalate is {entry.escalate}, the topic says {topic.escalate}"
        said = "\n".join([entry.short, *(fact.say for fact in entry.facts), *entry.next])
        for demanded in topic.must_say:
            fact, _, basis = demanded.removesuffix(signs.basis_close).rpartition(signs.basis_open)
            if not set(basis.split(signs.basis_between)) & set(entry.citations):
                yield f"{topic.id}: rests on none of {basis}: {fact}"
            missing = missing_numbers(fact, said)
            yield from (
                f"{topic.id}: {number} is not said: {fact}"
                for number in missing
                if not number.endswith(signs.person)  # "two or more people" is said as "several"
            )
