"""Questions that had no good answer, and those that had one: what is learned from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Index,
    PrimaryKeyConstraint,
    Select,
    SmallInteger,
    String,
    Table,
    and_,
    distinct,
    func,
    insert,
    or_,
    select,
    update,
)

from storage.ids import SHARDS, shard_of
from storage.personal_words import words
from storage.residents import residents
from storage.schema import UtcDateTime, fact, metadata
from storage.words import QuestionKind

if TYPE_CHECKING:
    from storage.transaction import Transaction

questions = Table(
    "questions",
    metadata,
    fact("shard", SmallInteger),
    fact("id", BigInteger),
    fact("resident_id", BigInteger),
    fact("words_id", BigInteger),
    fact("decision", String(12)),
    fact("asked_at", UtcDateTime),
    fact("settled_at", UtcDateTime, nullable=True),
    fact("cluster", BigInteger, nullable=True),
    fact("entry", String(80), nullable=True),
    PrimaryKeyConstraint("shard", "id"),
    Index("ix_questions_open", "settled_at", "id"),
    Index("ix_questions_cluster", "cluster", "settled_at", "id"),
    Index("ix_questions_decision", "decision", "id"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its words, empty once they were erased, and who asked it."""

    id: int
    resident_id: int
    kind: QuestionKind
    asked_at: datetime
    cluster: int | None
    entry: str | None
    body: str
    name: str
    community_id: int | None
    estate_id: int | None


_WORDS_OF = and_(words.c.shard == questions.c.words_id % SHARDS, words.c.id == questions.c.words_id)
_WITH_WORDS = (
    select(
        questions.c.id,
        questions.c.resident_id,
        questions.c.decision,
        questions.c.asked_at,
        questions.c.cluster,
        questions.c.entry,
        func.coalesce(words.c.body, "").label("body"),
        func.coalesce(residents.c.name, "").label("name"),
        residents.c.community_id,
        residents.c.estate_id,
    )
    .join(words, _WORDS_OF)
    .join(
        residents,
        and_(
            residents.c.shard == questions.c.resident_id % SHARDS,
            residents.c.id == questions.c.resident_id,
        ),
    )
)


class Questions:
    """Keeps questions, finds those of a cluster, and settles them."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def keep(
        self,
        resident_id: int,
        words_id: int,
        kind: QuestionKind,
        entry: str | None = None,
    ) -> int:
        """Keep a question; return its id. One that was answered well waits for nothing."""
        shard = shard_of(resident_id)
        question_id = self._tx.new_id(shard)
        row = {
            "shard": shard,
            "id": question_id,
            "resident_id": resident_id,
            "words_id": words_id,
            "decision": kind,
            "asked_at": self._tx.now,
            "settled_at": self._tx.now if kind is QuestionKind.THUMB_UP else None,
            "cluster": None,
            "entry": entry,
        }
        self._tx.write(insert(questions).values(row))
        return question_id

    def turn(self, question_id: int, kind: QuestionKind) -> None:
        """Note what the person thinks by now of what they were offered or given."""
        settled_at = self._tx.now if kind is QuestionKind.THUMB_UP else None
        values = {"decision": kind, "settled_at": settled_at}
        self._tx.write(update(questions).where(_same(question_id)).values(values))

    def settle(self, question_id: int) -> None:
        """Note that the question needs nothing more: an offered entry was chosen."""
        self._settle(_same(question_id))

    def unsorted(self, offered_before: datetime, limit: int) -> list[Question]:
        """Return the oldest questions in no cluster; an offer may still be chosen until then."""
        statement = _WITH_WORDS.where(
            questions.c.cluster.is_(None),
            questions.c.settled_at.is_(None),
            or_(
                questions.c.decision != QuestionKind.OFFER,
                questions.c.asked_at <= offered_before,
            ),
        )
        return self._found(statement.order_by(questions.c.id).limit(limit))

    def first_unsorted_at(self) -> tuple[datetime, QuestionKind] | None:
        """Return when the oldest question in no cluster was asked, and why it is kept."""
        statement = (
            select(questions.c.asked_at, questions.c.decision)
            .where(questions.c.cluster.is_(None), questions.c.settled_at.is_(None))
            .order_by(questions.c.decision == QuestionKind.OFFER, questions.c.id)
            .limit(1)
        )
        row = self._tx.read(statement).first()
        return None if row is None else (row.asked_at, QuestionKind(row.decision))

    def lock_unsorted(self, ids: Sequence[int]) -> set[int]:
        """Return which of these are still in no cluster; no other worker sorts them meanwhile."""
        statement = (
            select(questions.c.id)
            .where(questions.c.id.in_(ids))
            .where(questions.c.cluster.is_(None), questions.c.settled_at.is_(None))
            .order_by(questions.c.id)
            .with_for_update()
        )
        return {row.id for row in self._tx.read(statement)}

    def put_in(self, question_id: int, cluster: int) -> None:
        """Put a question into a cluster."""
        self._tx.write(update(questions).where(_same(question_id)).values(cluster=cluster))

    def leaders(self, clusters: list[int]) -> dict[int, Question]:
        """Return for each cluster the oldest question that still has words."""
        first = (
            select(func.min(questions.c.id))
            .join(words, _WORDS_OF)
            .where(questions.c.cluster.in_(clusters), words.c.body.is_not(None))
            .group_by(questions.c.cluster)
        )
        found = self._found(_WITH_WORDS.where(questions.c.id.in_(first)))
        return {one.cluster: one for one in found if one.cluster is not None}

    def newest(self, cluster: int, limit: int) -> list[Question]:
        """Return the newest questions of a cluster that still have words."""
        statement = _WITH_WORDS.where(questions.c.cluster == cluster, words.c.body.is_not(None))
        return self._found(statement.order_by(questions.c.id.desc()).limit(limit))

    def count(self, cluster: int) -> tuple[int, int]:
        """Return how many questions of a cluster wait, and how many people wait with them."""
        statement = (
            select(
                func.count().label("asked"),
                func.count(distinct(questions.c.resident_id)).label("askers"),
            )
            .join_from(questions, words, _WORDS_OF)
            .where(_waits_in(cluster))
        )
        row = self._tx.read(statement).one()
        return int(row.asked), int(row.askers)

    def waiting(self, cluster: int, limit: int) -> list[Question]:
        """Return who still waits for an answer: of each person the newest question."""
        newest = (
            select(func.max(questions.c.id).label("id"))
            .join(words, _WORDS_OF)
            .where(_waits_in(cluster))
            .group_by(questions.c.resident_id)
            .order_by("id")
            .limit(limit)
        )
        return self._found(_WITH_WORDS.where(questions.c.id.in_(newest)).order_by(questions.c.id))

    def settled_at(self, cluster: int, moments: Collection[datetime]) -> list[Question]:
        """Return what was settled at these moments: of each person the newest question."""
        newest = (
            select(func.max(questions.c.id))
            .join(words, _WORDS_OF)
            .where(
                questions.c.cluster == cluster,
                questions.c.settled_at.in_(moments),
                words.c.body.is_not(None),
            )
            .group_by(questions.c.resident_id)
        )
        return self._found(_WITH_WORDS.where(questions.c.id.in_(newest)).order_by(questions.c.id))

    def settle_of(self, cluster: int, resident_id: int | None = None) -> None:
        """Note that these questions of a cluster, or one person's of them, wait for nothing."""
        condition = and_(questions.c.cluster == cluster, questions.c.settled_at.is_(None))
        if resident_id is not None:
            condition = and_(condition, questions.c.resident_id == resident_id)
        self._settle(condition)

    def liked(self, limit: int) -> list[Question]:
        """Return the newest questions whose answer somebody called good."""
        statement = _WITH_WORDS.where(
            questions.c.decision == QuestionKind.THUMB_UP,
            questions.c.entry.is_not(None),
            words.c.body.is_not(None),
        )
        return self._found(statement.order_by(questions.c.id.desc()).limit(limit))

    def _settle(self, condition: ColumnElement[bool]) -> None:
        self._tx.write(update(questions).where(condition).values(settled_at=self._tx.now))

    def _found(self, statement: Select[Any]) -> list[Question]:
        return [
            Question(
                row.id,
                row.resident_id,
                QuestionKind(row.decision),
                row.asked_at,
                row.cluster,
                row.entry,
                row.body,
                row.name,
                row.community_id,
                row.estate_id,
            )
            for row in self._tx.read(statement)
        ]


def _waits_in(cluster: int) -> ColumnElement[bool]:
    """Whose words were erased waits for nothing."""
    return and_(
        questions.c.cluster == cluster,
        questions.c.settled_at.is_(None),
        words.c.body.is_not(None),
    )


def _same(question_id: int) -> ColumnElement[bool]:
    return and_(questions.c.shard == shard_of(question_id), questions.c.id == question_id)
