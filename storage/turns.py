"""How a batch begins, so that several workers may write at once and none loses what another wrote.

On PostgreSQL a batch sees the database as it was when it began. What another worker changed since
cannot be overwritten: the engine refuses, and the batch is run again, this time alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.prepared import driver_errors

if TYPE_CHECKING:
    import psycopg

TOGETHER = "ROW SHARE"
ALONE = "EXCLUSIVE"
"""The second waits until every batch that began with the first has ended, and keeps others out."""

_OTHER_WAYS = ("seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin")
"""How a plan finds rows that does not go by their keys."""

_CONFLICTS = frozenset({"40001", "40P01"})
"""Somebody else was faster (serialization_failure), or two waited for each other (deadlock)."""


def has_workers(database: Connection | Engine) -> bool:
    """Return whether others may write at the same time: SQLite lets one in after the other."""
    return database.dialect.name != "sqlite"


def prepare(connection: Connection) -> Connection:
    """Return the connection, ready for `begin` to say how a transaction begins."""
    if has_workers(connection):
        return connection.execution_options(isolation_level="AUTOCOMMIT")
    return connection


def begin(connection: Connection, *, alone: bool) -> None:
    """Begin in the same step as the lock: the view of the data is taken after waiting for it.

    `alembic_version` is locked because nothing ever changes it, so no vacuum ever holds it.
    """
    if not has_workers(connection):
        return
    mode = ALONE if alone else TOGETHER
    statement = f"BEGIN ISOLATION LEVEL REPEATABLE READ; LOCK TABLE alembic_version IN {mode} MODE"
    with driver_errors(connection, statement):
        _driver(connection).execute(statement.encode(), prepare=False)


@contextmanager
def by_keys(connection: Connection) -> Iterator[None]:
    """Have statements on a queue planned by its keys alone while the block lasts.

    The statistics of a queue are of a moment when it was empty: trusting them, PostgreSQL reads
    and sorts all that waits, each time. After an error the transaction is over, and so is this.
    """
    if not has_workers(connection):
        yield
        return
    _set_ways(connection, "off")
    yield
    _set_ways(connection, "DEFAULT")


def _set_ways(connection: Connection, value: str) -> None:
    statement = ";".join(f"SET LOCAL enable_{way} = {value}" for way in _OTHER_WAYS)
    with driver_errors(connection, statement):
        _driver(connection).execute(statement.encode(), prepare=False)


def is_conflict(error: BaseException) -> bool:
    """Return whether the same work may succeed when nobody else writes meanwhile."""
    if not isinstance(error, DBAPIError):
        return False
    # A key that is there already was perhaps written by another worker since we looked.
    return isinstance(error, IntegrityError) or _state(error) in _CONFLICTS


def is_lost(connection: Connection) -> bool:
    """Return whether the connection can no longer be used."""
    if not has_workers(connection):
        # After a failure nobody knows what state it is in, and a new one costs little.
        return True
    if connection.invalidated or connection.closed:
        return True
    return _driver(connection).info.transaction_status.name != "IDLE"


def _state(error: DBAPIError) -> str | None:
    state: str | None = getattr(error.orig, "sqlstate", None)
    return state


def _driver(connection: Connection) -> "psycopg.Connection[object]":
    driver: Any = connection.connection.dbapi_connection
    found: psycopg.Connection[object] = driver
    return found
