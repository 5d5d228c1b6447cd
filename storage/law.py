"""The operator's statutes, and the append-only history of every legal answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Boolean,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    and_,
    insert,
    or_,
    select,
)

from storage.residents import roles
from storage.schema import UtcDateTime, fact, metadata
from storage.words import EntryEventKind, FrozenWhy, RoleWord

if TYPE_CHECKING:
    from storage.transaction import Transaction

law_articles = Table(
    "law_articles",
    metadata,
    fact("short", String(120)),
    fact("number", Integer),
    fact("inserted", Integer),
    fact("law", String(200)),
    fact("text", String(20_000)),
    fact("version", String(200)),
    fact("repealed", Boolean),
    fact("hash", String(64)),
    fact("imported_at", UtcDateTime),
    PrimaryKeyConstraint("short", "number", "inserted"),
)

entry_events = Table(
    "entry_events",
    metadata,
    fact("shard", SmallInteger),
    fact("id", BigInteger),
    fact("entry", String(80)),
    fact("kind", String(12)),
    fact("why", String(12), nullable=True),
    fact("hash", String(64)),
    fact("actor_id", BigInteger, nullable=True),
    fact("words_id", BigInteger, nullable=True),
    fact("happened_at", UtcDateTime),
    PrimaryKeyConstraint("shard", "id"),
    Index("ix_entry_events_entry", "entry", "id"),
)
"""`hash`: of the shipped content where kind is shipped, else of content and cited articles."""

STREET = 0
"""The shard of what belongs to the whole street."""


@dataclass(frozen=True, slots=True)
class LawArticle:
    """One article of the operator's copy."""

    short: str
    number: int
    law: str
    text: str
    version: str
    repealed: bool
    hash: str
    imported_at: datetime


@dataclass(frozen=True, slots=True)
class EntryEvent:
    """One thing that happened to an answer; `actor_id` is None where the program did it."""

    id: int
    entry: str
    kind: EntryEventKind
    why: FrozenWhy | None
    hash: str
    actor_id: int | None
    words_id: int | None
    happened_at: datetime


class Law:
    """Keeps statutes and what happened to answers."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def put(self, rows: Sequence[dict[str, object]]) -> None:
        """Keep articles, over what was there of the same number."""
        if rows:
            keys = ["short", "number", "inserted"]
            self._tx.write(self._tx.upsert(law_articles, keys), rows)

    def copies(self, shorts: Iterable[str]) -> dict[tuple[str, int], tuple[str, bool]]:
        """Return by short name and number the hash of each article, and whether it is repealed."""
        statement = select(
            law_articles.c.short,
            law_articles.c.number,
            law_articles.c.hash,
            law_articles.c.repealed,
        ).where(law_articles.c.short.in_(list(shorts)), law_articles.c.inserted == 0)
        return {
            (row.short, row.number): (row.hash, row.repealed) for row in self._tx.read(statement)
        }

    def articles(self, keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], LawArticle]:
        """Return the texts of these articles, as far as the operator loaded them."""
        wanted = [
            and_(law_articles.c.short == short, law_articles.c.number == number)
            for short, number in keys
        ]
        if not wanted:
            return {}
        statement = select(law_articles).where(law_articles.c.inserted == 0, or_(*wanted))
        found = [
            LawArticle(
                row.short,
                row.number,
                row.law,
                row.text,
                row.version,
                row.repealed,
                row.hash,
                row.imported_at,
            )
            for row in self._tx.read(statement)
        ]
        return {(one.short, one.number): one for one in found}

    def record(
        self,
        entry: str,
        kind: EntryEventKind,
        seal: str,
        *,
        why: FrozenWhy | None = None,
        actor_id: int | None = None,
        words_id: int | None = None,
    ) -> int:
        """Add to the history of an answer; return the id of what happened."""
        row = {
            **self._row(entry, kind, seal),
            "why": why,
            "actor_id": actor_id,
            "words_id": words_id,
        }
        self._tx.write(insert(entry_events).values(row))
        return int(str(row["id"]))

    def record_shipped(self, contents: Mapping[str, str]) -> None:
        """Note the hashes of answers that are shipped for the first time."""
        kind = EntryEventKind.SHIPPED
        rows = [self._row(entry, kind, content) for entry, content in contents.items()]
        if rows:
            self._tx.write(insert(entry_events), rows)

    def _row(self, entry: str, kind: EntryEventKind, seal: str) -> dict[str, object]:
        return {
            "shard": STREET,
            "id": self._tx.new_id(STREET),
            "entry": entry,
            "kind": kind,
            "why": None,
            "hash": seal,
            "actor_id": None,
            "words_id": None,
            "happened_at": self._tx.now,
        }

    def events(self, entry: str | None = None) -> list[EntryEvent]:
        """Return the history of one answer or of all, oldest first."""
        statement = select(entry_events).order_by(entry_events.c.id)
        if entry is not None:
            statement = statement.where(entry_events.c.entry == entry)
        return [
            EntryEvent(
                row.id,
                row.entry,
                EntryEventKind(row.kind),
                FrozenWhy(row.why) if row.why else None,
                row.hash,
                row.actor_id,
                row.words_id,
                row.happened_at,
            )
            for row in self._tx.read(statement)
        ]

    def lawyers(self) -> list[int]:
        """Return who holds the lawyer role for any part of the street."""
        statement = (
            select(roles.c.resident_id)
            .where(roles.c.role == RoleWord.LAWYER, roles.c.ended_at.is_(None))
            .distinct()
            .order_by(roles.c.resident_id)
        )
        return [row.resident_id for row in self._tx.read(statement)]
