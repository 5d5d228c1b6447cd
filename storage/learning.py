"""Clusters of questions, the phrasings proposed for them, and the history of both."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Index,
    Integer,
    Row,
    String,
    Table,
    and_,
    insert,
    or_,
    select,
    update,
)

from storage.counters import next_number
from storage.schema import UtcDateTime, fact, metadata
from storage.words import ClusterState, LearningEventKind, PhrasingState

if TYPE_CHECKING:
    from storage.transaction import Transaction

clusters = Table(
    "question_clusters",
    metadata,
    fact("number", BigInteger, primary_key=True),
    fact("state", String(12)),
    fact("nearest", String(80)),
    fact("asked", Integer),
    fact("askers", Integer),
    fact("opened_at", UtcDateTime),
    fact("last_asked_at", UtcDateTime),
    fact("closed_at", UtcDateTime, nullable=True),
    Index("ix_question_clusters_state", "state", "askers", "number"),
)

phrasings = Table(
    "phrasings",
    metadata,
    fact("number", BigInteger, primary_key=True),
    fact("cluster", BigInteger, index=True),
    fact("entry", String(80)),
    fact("state", String(12), index=True),
    fact("words_id", BigInteger),
    fact("text", String(60), nullable=True),
    fact("proposed_by", BigInteger),
    fact("approved_by", BigInteger, nullable=True),
    fact("proposed_at", UtcDateTime),
)

events = Table(
    "learning_events",
    metadata,
    fact("id", BigInteger, primary_key=True),
    fact("cluster", BigInteger, index=True),
    fact("phrasing", BigInteger, nullable=True),
    fact("kind", String(12)),
    fact("actor_id", BigInteger, nullable=True),
    fact("words_id", BigInteger, nullable=True),
    fact("happened_at", UtcDateTime),
)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions that ask the same; `nearest` is the entry its first one came nearest to."""

    number: int
    state: ClusterState
    nearest: str
    asked: int
    askers: int
    opened_at: datetime
    last_asked_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Phrasing:
    """A new way to ask for an entry.

    `text` is there once it is published; before, its words are somebody's own and lie in `words`.
    """

    number: int
    cluster: int
    entry: str
    state: PhrasingState
    words_id: int
    text: str | None
    proposed_by: int
    approved_by: int | None
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class LearningEvent:
    """One thing that happened; without an actor the replay did it."""

    cluster: int
    phrasing: int | None
    kind: LearningEventKind
    actor_id: int | None
    words_id: int | None
    happened_at: datetime


_CLUSTER = tuple(clusters.c[name] for name in Cluster.__dataclass_fields__)
_PHRASING = tuple(phrasings.c[name] for name in Phrasing.__dataclass_fields__)
_EVENT = tuple(events.c[name] for name in LearningEvent.__dataclass_fields__)


class Learning:
    """Opens and closes clusters, moves phrasings, appends events."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    # Clusters.

    def open_cluster(self, nearest: str, asked_at: datetime) -> int:
        """Open a cluster with the next short number; return the number."""
        number = next_number(self._tx, "question_cluster", 1)
        row = {
            "number": number,
            "state": ClusterState.OPEN,
            "nearest": nearest,
            "asked": 0,
            "askers": 0,
            "opened_at": asked_at,
            "last_asked_at": asked_at,
            "closed_at": None,
        }
        self._tx.write(insert(clusters).values(row))
        return number

    def cluster(self, number: int) -> Cluster | None:
        """Return the cluster with this number, or None."""
        row = self._tx.read(select(*_CLUSTER).where(clusters.c.number == number)).first()
        return None if row is None else _cluster(row)

    def joinable(self, dismissed_after: datetime, limit: int) -> list[Cluster]:
        """Return the newest clusters that a question may join, oldest first.

        What was dismissed lately takes its repeats too: a joke is read once.
        """
        statement = (
            select(*_CLUSTER)
            .where(
                or_(
                    clusters.c.state.in_((ClusterState.OPEN, ClusterState.PROPOSED)),
                    and_(
                        clusters.c.state == ClusterState.DISMISSED,
                        clusters.c.closed_at > dismissed_after,
                    ),
                )
            )
            .order_by(clusters.c.number.desc())
            .limit(limit)
        )
        return [_cluster(row) for row in self._tx.read(statement)][::-1]

    def open_clusters(self, limit: int, after: tuple[int, int] | None = None) -> list[Cluster]:
        """Return open clusters, most askers first; `after` is the last one seen, by askers, number.

        Of as many askers the older comes first.
        """
        statement = select(*_CLUSTER).where(clusters.c.state == ClusterState.OPEN)
        if after is not None:
            askers, number = after
            statement = statement.where(
                or_(
                    clusters.c.askers < askers,
                    and_(clusters.c.askers == askers, clusters.c.number > number),
                )
            )
        statement = statement.order_by(clusters.c.askers.desc(), clusters.c.number).limit(limit)
        return [_cluster(row) for row in self._tx.read(statement)]

    def counted(self, number: int, asked: int, askers: int, last_asked_at: datetime) -> None:
        """Note how often and by how many people the cluster's matter was asked."""
        values = {"asked": asked, "askers": askers, "last_asked_at": last_asked_at}
        self._tx.write(update(clusters).where(clusters.c.number == number).values(values))

    def move_cluster(self, number: int, to: ClusterState) -> None:
        """Note what became of the cluster."""
        ended = to not in {ClusterState.OPEN, ClusterState.PROPOSED}
        values = {"state": to, "closed_at": self._tx.now if ended else None}
        self._tx.write(update(clusters).where(clusters.c.number == number).values(values))

    def telling(self) -> list[Cluster]:
        """Return the clusters whose askers are to be told, oldest first."""
        statement = select(*_CLUSTER).where(clusters.c.state == ClusterState.TELLING)
        return [_cluster(row) for row in self._tx.read(statement.order_by(clusters.c.number))]

    # Phrasings.

    def propose(self, cluster: int, entry: str, words_id: int, by: int) -> int:
        """Propose these words as a phrasing of the entry; return its short number."""
        number = next_number(self._tx, "phrasing", 1)
        row = {
            "number": number,
            "cluster": cluster,
            "entry": entry,
            "state": PhrasingState.PROPOSED,
            "words_id": words_id,
            "text": None,
            "proposed_by": by,
            "approved_by": None,
            "proposed_at": self._tx.now,
        }
        self._tx.write(insert(phrasings).values(row))
        return number

    def phrasing(self, number: int) -> Phrasing | None:
        """Return the phrasing with this number, or None."""
        row = self._tx.read(select(*_PHRASING).where(phrasings.c.number == number)).first()
        return None if row is None else _phrasing(row)

    def phrasings_of(self, cluster: int) -> list[Phrasing]:
        """Return the phrasings proposed for a cluster, oldest first."""
        return self._phrasings(phrasings.c.cluster == cluster)

    def in_state(self, state: PhrasingState, after: int = 0, limit: int = 1000) -> list[Phrasing]:
        """Return phrasings that stand there, oldest first, those behind number `after`."""
        return self._phrasings(
            and_(phrasings.c.state == state, phrasings.c.number > after), limit=limit
        )

    def move_phrasing(
        self,
        number: int,
        was: PhrasingState,
        to: PhrasingState,
        *,
        approved_by: int | None = None,
        text: str | None = None,
    ) -> bool:
        """Move a phrasing that still stands where it `was`; False when somebody moved it first."""
        values: dict[str, object] = {"state": to}
        if approved_by is not None:
            values["approved_by"] = approved_by
        if text is not None:
            values["text"] = text
        statement = (
            update(phrasings)
            .where(phrasings.c.number == number, phrasings.c.state == was)
            .values(values)
            .returning(phrasings.c.number)
        )
        return self._tx.write(statement).first() is not None

    # History.

    def note(
        self,
        kind: LearningEventKind,
        cluster: int,
        *,
        phrasing: int | None = None,
        actor_id: int | None = None,
        words_id: int | None = None,
    ) -> None:
        """Append an event."""
        row = {
            "id": self._tx.new_id(0),
            "cluster": cluster,
            "phrasing": phrasing,
            "kind": kind,
            "actor_id": actor_id,
            "words_id": words_id,
            "happened_at": self._tx.now,
        }
        self._tx.write(insert(events).values(row))

    def history(self, cluster: int, phrasing: int | None = None) -> list[LearningEvent]:
        """Return what happened to a cluster, or to one phrasing of it, oldest first."""
        statement = select(*_EVENT).where(events.c.cluster == cluster)
        if phrasing is not None:
            statement = statement.where(events.c.phrasing == phrasing)
        rows = self._tx.read(statement.order_by(events.c.id))
        return [
            LearningEvent(
                row.cluster,
                row.phrasing,
                LearningEventKind(row.kind),
                row.actor_id,
                row.words_id,
                row.happened_at,
            )
            for row in rows
        ]

    def _phrasings(self, condition: ColumnElement[bool], limit: int = 1000) -> list[Phrasing]:
        statement = select(*_PHRASING).where(condition).order_by(phrasings.c.number).limit(limit)
        return [_phrasing(row) for row in self._tx.read(statement)]


def _cluster(row: Row[Any]) -> Cluster:
    values = row._asdict()
    values["state"] = ClusterState(values["state"])
    return Cluster(**values)


def _phrasing(row: Row[Any]) -> Phrasing:
    values = row._asdict()
    values["state"] = PhrasingState(values["state"])
    return Phrasing(**values)
