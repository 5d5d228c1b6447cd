"""Reads the operator's copy of the statutes, one article a line; no such text is shipped."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from knowledge.law import LawFile, text_hash

REPEALED = "\u5e9f\u6b62"
"""What the status of a law says that is no longer in force."""


@dataclass(frozen=True, slots=True)
class Statute:
    """One article with its text; further keys of a line are ignored."""

    law: str
    short: str
    article: int
    text: str
    version: str
    status: str

    @property
    def in_force(self) -> bool:
        """Whether answers may rest on it."""
        return REPEALED not in self.status


def read_statutes(file: Path) -> Mapping[tuple[str, int], Statute]:
    """Return the articles in `file` by short name and number."""
    lines = file.read_bytes().splitlines()
    articles = [msgspec.json.decode(line, type=Statute) for line in lines if line.strip()]
    return {(one.short, one.article): one for one in articles}


def index_of(statutes: Iterable[Statute]) -> list[LawFile]:
    """Return what the law index keeps of `statutes`."""
    laws: dict[str, LawFile] = {}
    for one in statutes:
        law = laws.setdefault(
            one.short, LawFile(one.short, one.law, one.version, one.in_force, one.status, {})
        )
        law.articles[one.article] = text_hash(one.text)
    return list(laws.values())
