"""The checked answers: one `Entry` for each matter residents ask about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

import msgspec

ENTRIES = Path(__file__).parent / "data" / "entries"


@dataclass(frozen=True, slots=True)
class Fact:
    """One sentence of the answer and the articles it rests on."""

    say: str
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TellApart:
    """The one question that tells an entry from a look-alike, with a choice label for each."""

    other: str
    ask: str
    this: str
    that: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A checked answer with everything needed to find, give, question and withdraw it."""

    id: str
    group: str
    title: str
    phrasings: tuple[str, ...]
    keywords: str
    short: str
    facts: tuple[Fact, ...]
    next: tuple[str, ...]
    citations: tuple[str, ...]
    escalate: str
    tell_apart: tuple[TellApart, ...]
    scope: str
    checked_on: date
    reviewed_by: str
    valid_until: date
    version: int


class EntriesError(ValueError):
    """The entry files contradict the format or each other."""


def load_entries(folder: Path = ENTRIES) -> Mapping[str, Entry]:
    """Return all entries of the files in `folder` by id, in order of file and place.

    Raises EntriesError naming the file when one does not fit the format or an id comes twice.
    """
    entries: dict[str, Entry] = {}
    for file in sorted(folder.glob("*.json")):
        for entry in _decode(file):
            if entry.id in entries:
                message = f"{file.name}: {entry.id} stands twice"
                raise EntriesError(message)
            entries[entry.id] = entry
    return MappingProxyType(entries)


def _decode(file: Path) -> list[Entry]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=list[Entry])
    except msgspec.DecodeError as error:
        message = f"{file.name}: {error}"
        raise EntriesError(message) from error
