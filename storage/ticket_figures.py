"""Counts the tickets of a part of the street."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from storage.tickets import tickets
from storage.words import TicketState

if TYPE_CHECKING:
    from storage.transaction import Transaction

WAITING = (TicketState.NEW, TicketState.TRIAGE)
FINISHED = (TicketState.RESOLVED, TicketState.CLOSED)


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the street: these communities and estates, or (None) all of it."""

    communities: frozenset[int] | None = None
    estates: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Figures:
    """How many tickets wait to be accepted, are worked on, are late, and were finished."""

    waiting: int
    active: int
    late: int
    """Of those that wait: how many past the time promised to the resident."""
    late_numbers: list[int]
    """The longest waiting of them."""
    finished: int


def figures(tx: "Transaction", area: Area, since: datetime, named: int) -> Figures:
    """Return the figures of an area now; finished are those whose result came since `since`."""
    waits = tickets.c.state.in_(WAITING)
    late = and_(waits, tickets.c.respond_by <= tx.now)
    finished = and_(tickets.c.state.in_(FINISHED), tickets.c.resolved_at >= since)
    numbers = (
        select(tickets.c.number)
        .where(_within(area), late)
        .order_by(tickets.c.respond_by, tickets.c.number)
        .limit(named)
    )
    return Figures(
        waiting=_count(tx, area, waits),
        active=_count(tx, area, tickets.c.state == TicketState.ACTIVE),
        late=_count(tx, area, late),
        late_numbers=[row.number for row in tx.read(numbers)],
        finished=_count(tx, area, finished),
    )


def _count(tx: "Transaction", area: Area, condition: ColumnElement[bool]) -> int:
    statement = select(func.count()).select_from(tickets).where(_within(area), condition)
    return int(tx.read(statement).scalar_one())


def _within(area: Area) -> ColumnElement[bool]:
    if area.communities is None:
        return true()
    return or_(tickets.c.community_id.in_(area.communities), tickets.c.estate_id.in_(area.estates))
