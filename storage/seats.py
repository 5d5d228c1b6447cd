"""A worker's place at the database: its number, and what it alone looks after.

On PostgreSQL both are advisory locks of the connection the worker writes through. So they are
gone the moment the worker is, however it ended, and an id is only ever written over the connection
that holds its number.
"""

import time
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from enum import IntEnum

from sqlalchemy import Connection, delete, text

from storage.faults import FaultKind, StoreUnavailable
from storage.ids import SHARDS, WORKERS, IdMaker, greatest_id
from storage.open_pages import open_pages
from storage.turns import has_workers

NUMBERS, LEASES, CARRIERS = 7101, 7102, 7103
"""First halves of the keys of our advisory locks; the second is the number or the lease."""

LOOK_AGAIN_SECONDS = 1.0
"""How old the list of those who carry notices may be: two who both think a notice theirs meet at
its row, and one of them passes it over."""

_TRY = text("SELECT pg_try_advisory_lock(:kind, :number)")
_LINE = text("SELECT pg_backend_pid()")
_HELD = text(
    "SELECT objid::int AS number, pid FROM pg_locks JOIN pg_database ON pg_database.oid = database"
    " WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = :kind"
    " AND datname = current_database() ORDER BY objid"
)


class Lease(IntEnum):
    """What one worker does for all."""

    TICKS = 1
    """The work of every minute and every night."""
    TELEGRAM = 2
    """Fetching Telegram's updates: a second program that does is refused by Telegram."""
    WECOM = 3
    """The smart robot's own line: a second one ends the first."""


class Seat:
    """The place of the only worker there is (SQLite)."""

    def __init__(self, number: int, ids: IdMaker) -> None:
        self.number = number
        self.ids = ids
        self.carriers = 1
        """How many share the queues, as far as is known."""
        self.line: int | None = None
        """What the database calls the connection; unlike the number nobody has it again."""

    def leave(self, connection: Connection) -> None:
        """Give the place up: others need not wait until the connection is gone."""

    def holds(self, _connection: Connection, _lease: Lease) -> bool:
        """Return whether this worker does it; takes it over from nobody."""
        return True

    def own_shards(self, _connection: Connection) -> Sequence[int] | None:
        """Return whose queues this worker empties; None: all of them."""
        return None

    def others(self, _connection: Connection) -> AbstractSet[int]:
        """Return the numbers of the other workers that are alive."""
        return frozenset()

    def other_lines(self, _connection: Connection) -> AbstractSet[int]:
        """Return what the connections of the other workers are called."""
        return frozenset()


class SharedSeat(Seat):
    """The place of one of several workers."""

    def __init__(self, number: int, ids: IdMaker, line: int) -> None:
        super().__init__(number, ids)
        self.line = line
        self._held: set[Lease] = set()
        self._carries = False
        self._shards: list[int] | None = None
        self._looked_at = float("-inf")

    def leave(self, connection: Connection) -> None:
        """Give the place up: others need not wait until the connection is gone."""
        connection.execute(text("SELECT pg_advisory_unlock_all()"))

    def holds(self, connection: Connection, lease: Lease) -> bool:
        """Return whether this worker does it; takes it over where nobody does."""
        if lease not in self._held and _take(connection, LEASES, lease):
            self._held.add(lease)
        return lease in self._held

    def own_shards(self, connection: Connection) -> Sequence[int] | None:
        """Return this worker's part of the queues: they are dealt out to those who empty them."""
        if not self._carries:
            self._carries = _take(connection, CARRIERS, self.number)
        now = time.monotonic()
        if now - self._looked_at >= LOOK_AGAIN_SECONDS:
            self._looked_at = now
            carriers = _held(connection, CARRIERS)
            place = carriers.index(self.number)
            self.carriers = len(carriers)
            self._shards = None if self.carriers == 1 else list(range(place, SHARDS, len(carriers)))
        return self._shards

    def others(self, connection: Connection) -> AbstractSet[int]:
        """Return the numbers of the other workers that are alive."""
        return set(_held(connection, NUMBERS)) - {self.number}

    def other_lines(self, connection: Connection) -> AbstractSet[int]:
        """Return what the connections of the other workers are called."""
        return {row.pid for row in connection.execute(_HELD, {"kind": NUMBERS})} - {self.line}


def take_seat(connection: Connection) -> SharedSeat:
    """Return a place of its own for whoever writes through this connection.

    Called outside any transaction. Raises StoreUnavailable when every number is taken.
    """
    taken = set(_held(connection, NUMBERS))
    for number in sorted(set(range(WORKERS)) - taken):
        if _take(connection, NUMBERS, number):
            # The pages of whoever had it before are open no more.
            connection.execute(delete(open_pages).where(open_pages.c.worker == number))
            line = connection.execute(_LINE).scalar_one()
            return SharedSeat(number, IdMaker(number, after=greatest_id(connection)), line)
    raise StoreUnavailable(FaultKind.CROWDED)


def seat_at(connection: Connection, worker: int) -> Seat:
    """Return the place of whoever writes through this connection.

    `worker` is its number where no number can be taken: on SQLite.
    """
    if has_workers(connection):
        return take_seat(connection)
    return Seat(worker, IdMaker(worker, after=greatest_id(connection)))


def _take(connection: Connection, kind: int, number: int) -> bool:
    return bool(connection.execute(_TRY, {"kind": kind, "number": int(number)}).scalar_one())


def _held(connection: Connection, kind: int) -> list[int]:
    return [row.number for row in connection.execute(_HELD, {"kind": kind})]
