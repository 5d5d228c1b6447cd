"""Talks that a person has taken over, or that wait for one."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Index,
    PrimaryKeyConstraint,
    Row,
    SmallInteger,
    String,
    Table,
    and_,
    insert,
    select,
    update,
)

from storage.counters import next_number
from storage.ids import shard_of
from storage.schema import UtcDateTime, fact, metadata, personal
from storage.words import HandoverState

if TYPE_CHECKING:
    from storage.transaction import Transaction

handovers = Table(
    "handovers",
    metadata,
    fact("shard", SmallInteger),
    fact("id", BigInteger),
    fact("number", BigInteger),
    fact("resident_id", BigInteger),
    fact("community_id", BigInteger, nullable=True),
    personal("talk_key", String(300)),
    fact("words_id", BigInteger),
    fact("state", String(12)),
    fact("taken_by", BigInteger, nullable=True),
    fact("opened_at", UtcDateTime),
    fact("answered_at", UtcDateTime, nullable=True),
    fact("closed_at", UtcDateTime, nullable=True),
    PrimaryKeyConstraint("shard", "id"),
    Index("ix_handovers_number", "number"),
    Index("ix_handovers_state", "state", "id"),
)


@dataclass(frozen=True, slots=True)
class Handover:
    """One request for a person."""

    id: int
    number: int
    resident_id: int
    community_id: int | None
    talk_key: str
    words_id: int
    state: HandoverState
    taken_by: int | None
    opened_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None


_SHOWN = tuple(handovers.c[name] for name in Handover.__dataclass_fields__)


class Handovers:
    """Opens, finds and changes handovers."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def open(
        self, resident_id: int, community_id: int | None, talk_key: str, words_id: int
    ) -> Handover:
        """Open a request for a person, with a short number."""
        shard = shard_of(resident_id)
        handover = Handover(
            id=self._tx.new_id(shard),
            number=next_number(self._tx, "handover", 1),
            resident_id=resident_id,
            community_id=community_id,
            talk_key=talk_key,
            words_id=words_id,
            state=HandoverState.WAITING,
            taken_by=None,
            opened_at=self._tx.now,
            answered_at=None,
            closed_at=None,
        )
        row = {name: getattr(handover, name) for name in Handover.__dataclass_fields__}
        self._tx.write(insert(handovers).values(shard=shard, **row))
        return handover

    def by_number(self, number: int) -> Handover | None:
        """Return the request with this number, or None."""
        row = self._tx.read(select(*_SHOWN).where(handovers.c.number == number)).first()
        return None if row is None else _handover(row)

    def by_id(self, handover_id: int) -> Handover:
        """Return the request; KeyError when there is none."""
        found = self.find(handover_id)
        if found is None:
            raise KeyError(handover_id)
        return found

    def find(self, handover_id: int) -> Handover | None:
        """Return the request, or None when it is gone."""
        row = self._tx.read(select(*_SHOWN).where(_same(handover_id))).first()
        return None if row is None else _handover(row)

    def unfinished(self, limit: int = 20) -> list[Handover]:
        """Return what waits or is being answered, oldest first."""
        statement = (
            select(*_SHOWN)
            .where(handovers.c.state != HandoverState.CLOSED)
            .order_by(handovers.c.id)
            .limit(limit)
        )
        return [_handover(row) for row in self._tx.read(statement)]

    def take(self, handover: Handover, staff_id: int | None) -> Handover:
        """Note who answers; None for somebody whom only the platform knows."""
        return self._change(
            replace(
                handover,
                state=HandoverState.OWNED,
                taken_by=staff_id,
                answered_at=handover.answered_at or self._tx.now,
            )
        )

    def close(self, handover: Handover) -> Handover:
        """Give the talk back to the bot."""
        return self._change(replace(handover, state=HandoverState.CLOSED, closed_at=self._tx.now))

    def _change(self, handover: Handover) -> Handover:
        statement = (
            update(handovers)
            .where(_same(handover.id))
            .values(
                state=handover.state,
                taken_by=handover.taken_by,
                answered_at=handover.answered_at,
                closed_at=handover.closed_at,
            )
        )
        self._tx.write(statement)
        return handover


def _same(handover_id: int) -> ColumnElement[bool]:
    return and_(handovers.c.shard == shard_of(handover_id), handovers.c.id == handover_id)


def _handover(row: Row[Any]) -> Handover:
    values = row._asdict()
    values["state"] = HandoverState(values["state"])
    return Handover(**values)
