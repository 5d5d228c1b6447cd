"""Tickets and their append-only events."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Row,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    and_,
    insert,
    select,
    update,
)

from storage.counters import next_number
from storage.ids import shard_of
from storage.schema import UtcDateTime, fact, metadata
from storage.words import TicketEventKind, TicketLevel, TicketState

if TYPE_CHECKING:
    from storage.transaction import Transaction

FIRST_NUMBER = 1001
"""Four digits from the first ticket on: easy to say, never mistaken for a menu choice."""

tickets = Table(
    "tickets",
    metadata,
    fact("shard", SmallInteger),
    fact("id", BigInteger),
    fact("number", BigInteger),
    fact("community_id", BigInteger, nullable=True),
    fact("estate_id", BigInteger, nullable=True),
    fact("reporter_id", BigInteger),
    fact("what_id", BigInteger),
    fact("where_id", BigInteger),
    fact("contact_id", BigInteger, nullable=True),
    fact("state", String(12)),
    fact("level", String(12)),
    fact("handler_id", BigInteger, nullable=True),
    fact("reopened", Integer),
    fact("rating", SmallInteger, nullable=True),
    fact("opened_at", UtcDateTime),
    fact("respond_by", UtcDateTime),
    fact("resolved_at", UtcDateTime, nullable=True),
    fact("changed_at", UtcDateTime),
    PrimaryKeyConstraint("shard", "id"),
    Index("ix_tickets_number", "number"),
    Index("ix_tickets_reporter_id", "reporter_id", "id"),
    Index("ix_tickets_community_state", "community_id", "state", "id"),
    Index("ix_tickets_state_resolved", "state", "resolved_at"),
)

ticket_events = Table(
    "ticket_events",
    metadata,
    fact("shard", SmallInteger),
    fact("id", BigInteger),
    fact("ticket_id", BigInteger),
    fact("sequence", Integer),
    fact("kind", String(12)),
    fact("actor_id", BigInteger, nullable=True),
    fact("from_state", String(12), nullable=True),
    fact("to_state", String(12)),
    fact("to_level", String(12)),
    fact("words_id", BigInteger, nullable=True),
    fact("rating", SmallInteger, nullable=True),
    fact("happened_at", UtcDateTime),
    PrimaryKeyConstraint("shard", "id"),
    UniqueConstraint("shard", "ticket_id", "sequence"),
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A matter somebody reported, as its events left it."""

    id: int
    number: int
    community_id: int | None
    estate_id: int | None
    reporter_id: int
    what_id: int
    where_id: int
    contact_id: int | None
    state: TicketState
    level: TicketLevel
    handler_id: int | None
    reopened: int
    rating: int | None
    opened_at: datetime
    respond_by: datetime
    resolved_at: datetime | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class TicketEvent:
    """One thing that happened to a ticket."""

    kind: TicketEventKind
    actor_id: int | None
    to_state: TicketState
    to_level: TicketLevel
    words_id: int | None
    rating: int | None
    happened_at: datetime


_SHOWN = tuple(tickets.c[name] for name in Ticket.__dataclass_fields__)


class Tickets:
    """Opens tickets, appends events and finds tickets."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def open(
        self,
        *,
        shard: int,
        community_id: int | None,
        estate_id: int | None,
        reporter_id: int,
        what_id: int,
        where_id: int,
        contact_id: int | None,
        level: TicketLevel,
        respond_by: datetime,
    ) -> Ticket:
        """Open a ticket with the next short number and its first event."""
        ticket = Ticket(
            id=self._tx.new_id(shard),
            number=next_number(self._tx, "ticket", FIRST_NUMBER),
            community_id=community_id,
            estate_id=estate_id,
            reporter_id=reporter_id,
            what_id=what_id,
            where_id=where_id,
            contact_id=contact_id,
            state=TicketState.NEW,
            level=level,
            handler_id=None,
            reopened=0,
            rating=None,
            opened_at=self._tx.now,
            respond_by=respond_by,
            resolved_at=None,
            changed_at=self._tx.now,
        )
        row = {name: getattr(ticket, name) for name in Ticket.__dataclass_fields__}
        self._tx.write(insert(tickets).values(shard=shard, **row))
        self._append(ticket, None, TicketEventKind.OPENED, reporter_id, what_id, None)
        return ticket

    def change(
        self,
        before: Ticket,
        after: Ticket,
        kind: TicketEventKind,
        *,
        actor_id: int | None,
        words_id: int | None = None,
        rating: int | None = None,
    ) -> Ticket:
        """Append an event and bring the ticket's row to what it leads to."""
        after = replace(after, changed_at=self._tx.now)
        values = {
            name: getattr(after, name)
            for name in Ticket.__dataclass_fields__
            if getattr(after, name) != getattr(before, name)
        }
        if values:
            self._tx.write(update(tickets).where(_same(after.id)).values(**values))
        self._append(after, before.state, kind, actor_id, words_id, rating)
        return after

    def events(self, ticket_id: int) -> list[TicketEvent]:
        """Return everything that happened to the ticket, in order."""
        statement = (
            select(ticket_events)
            .where(
                ticket_events.c.shard == shard_of(ticket_id),
                ticket_events.c.ticket_id == ticket_id,
            )
            .order_by(ticket_events.c.sequence)
        )
        return [
            TicketEvent(
                TicketEventKind(row.kind),
                row.actor_id,
                TicketState(row.to_state),
                TicketLevel(row.to_level),
                row.words_id,
                row.rating,
                row.happened_at,
            )
            for row in self._tx.read(statement)
        ]

    def by_number(self, number: int) -> Ticket | None:
        """Return the ticket with this short number, or None."""
        return self._one(tickets.c.number == number)

    def by_id(self, ticket_id: int) -> Ticket:
        """Return the ticket; KeyError when there is none."""
        found = self._one(_same(ticket_id))
        if found is None:
            raise KeyError(ticket_id)
        return found

    def of_reporter(self, resident_id: int, limit: int = 5) -> list[Ticket]:
        """Return somebody's newest reports, newest first."""
        return self._some(tickets.c.reporter_id == resident_id, limit)

    def open_in(self, community_id: int | None, limit: int = 20) -> list[Ticket]:
        """Return what still has to be done in a community (None: in the whole street)."""
        unfinished: ColumnElement[bool] = tickets.c.state.in_(
            [TicketState.NEW, TicketState.TRIAGE, TicketState.ACTIVE]
        )
        if community_id is not None:
            unfinished = and_(unfinished, tickets.c.community_id == community_id)
        return self._some(unfinished, limit)

    def resolved_before(self, moment: datetime, limit: int = 100) -> list[Ticket]:
        """Return tickets that were resolved before the moment and never confirmed."""
        condition = and_(tickets.c.state == TicketState.RESOLVED, tickets.c.resolved_at < moment)
        return self._some(condition, limit)

    def _one(self, condition: ColumnElement[bool]) -> Ticket | None:
        row = self._tx.read(select(*_SHOWN).where(condition)).first()
        return None if row is None else _ticket(row)

    def _some(self, condition: ColumnElement[bool], limit: int) -> list[Ticket]:
        statement = select(*_SHOWN).where(condition).order_by(tickets.c.id.desc()).limit(limit)
        return [_ticket(row) for row in self._tx.read(statement)]

    def _append(
        self,
        ticket: Ticket,
        from_state: TicketState | None,
        kind: TicketEventKind,
        actor_id: int | None,
        words_id: int | None,
        rating: int | None,
    ) -> None:
        shard = shard_of(ticket.id)
        row = {
            "shard": shard,
            "id": self._tx.new_id(shard),
            "ticket_id": ticket.id,
            "sequence": len(self.events(ticket.id)) + 1,
            "kind": kind,
            "actor_id": actor_id,
            "from_state": from_state,
            "to_state": ticket.state,
            "to_level": ticket.level,
            "words_id": words_id,
            "rating": rating,
            "happened_at": self._tx.now,
        }
        self._tx.write(insert(ticket_events).values(row))


def _same(ticket_id: int) -> ColumnElement[bool]:
    return and_(tickets.c.shard == shard_of(ticket_id), tickets.c.id == ticket_id)


def _ticket(row: Row[Any]) -> Ticket:
    values = row._asdict()
    values["state"] = TicketState(values["state"])
    values["level"] = TicketLevel(values["level"])
    return Ticket(**values)
