"""People whom no message reaches: somebody has to go there, and says when they went."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    BigInteger,
    Index,
    PrimaryKeyConstraint,
    Row,
    SmallInteger,
    String,
    Table,
    insert,
    select,
    text,
    update,
)

from storage.counters import next_number
from storage.ids import shard_of
from storage.schema import UtcDateTime, fact, metadata
from storage.words import VisitState

if TYPE_CHECKING:
    from storage.transaction import Transaction

visits = Table(
    "visits",
    metadata,
    fact("shard", SmallInteger),
    fact("id", BigInteger),
    fact("number", BigInteger),
    fact("resident_id", BigInteger),
    fact("notices", JSON),
    fact("state", String(12)),
    fact("opened_at", UtcDateTime),
    fact("settled_at", UtcDateTime, nullable=True),
    fact("settled_by", BigInteger, nullable=True),
    PrimaryKeyConstraint("shard", "id"),
    Index("ix_visits_number", "number"),
    Index(
        "uq_visits_open",
        "shard",
        "resident_id",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index("ix_visits_state", "state", "id"),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One person to go to, with what they have to be told."""

    id: int
    number: int
    resident_id: int
    notices: list[int]
    """Ids of the notices to carry."""
    state: VisitState
    opened_at: datetime


_SHOWN = tuple(visits.c[name] for name in Visit.__dataclass_fields__)


class Visits:
    """Opens, finds and settles visits."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def add(self, resident_id: int, notice_id: int) -> tuple[Visit, bool]:
        """Put a notice on the person's visit; return it, and whether it was opened for it."""
        there = self.open_of(resident_id)
        shard = shard_of(resident_id)
        if there is not None:
            carried = [*there.notices, notice_id]
            same = visits.c.shard == shard, visits.c.id == there.id
            self._tx.write(update(visits).where(*same).values(notices=carried))
            return there, False
        visit = Visit(
            self._tx.new_id(shard),
            next_number(self._tx, "visit", 1),
            resident_id,
            [notice_id],
            VisitState.OPEN,
            self._tx.now,
        )
        row = {name: getattr(visit, name) for name in Visit.__dataclass_fields__}
        self._tx.write(insert(visits).values(shard=shard, **row))
        return visit, True

    def open_of(self, resident_id: int) -> Visit | None:
        """Return the visit this person waits for, or None."""
        statement = select(*_SHOWN).where(
            visits.c.shard == shard_of(resident_id),
            visits.c.resident_id == resident_id,
            visits.c.state == VisitState.OPEN,
        )
        row = self._tx.read(statement).first()
        return None if row is None else _visit(row)

    def by_number(self, number: int) -> Visit | None:
        """Return the visit with this short number, or None."""
        row = self._tx.read(select(*_SHOWN).where(visits.c.number == number)).first()
        return None if row is None else _visit(row)

    def waiting(self, limit: int = 100) -> list[Visit]:
        """Return the visits nobody has made yet, oldest first."""
        statement = (
            select(*_SHOWN)
            .where(visits.c.state == VisitState.OPEN)
            .order_by(visits.c.id)
            .limit(limit)
        )
        return [_visit(row) for row in self._tx.read(statement)]

    def settle(self, visit: Visit, state: VisitState, by: int | None) -> bool:
        """Note how it ended; False when it had ended before."""
        statement = (
            update(visits)
            .where(
                visits.c.shard == shard_of(visit.id),
                visits.c.id == visit.id,
                visits.c.state == VisitState.OPEN,
            )
            .values(state=state, settled_at=self._tx.now, settled_by=by)
        )
        return self._tx.write(statement).rowcount == 1


def _visit(row: Row[tuple[object, ...]]) -> Visit:
    values = row._asdict()
    values["state"] = VisitState(values["state"])
    return Visit(**values)
