"""SQL that one test's engine had compiled is used by the engines of all others.

Tests open hundreds of stores in a process, and each would compile every statement again: a
fifth of all their processor time.
"""

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

STATEMENTS = 4000
"""Of both engines; SQLAlchemy keeps 500 of an engine."""

_shared: LRUCache[object, object] = LRUCache(STATEMENTS)


def share() -> None:
    """Let every connection opened from now on use what another had compiled.

    SQLAlchemy keeps what it compiled by dialect; those of one kind are made alike here
    (`storage.engine`), so that one stands for the other.
    """
    for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        kind.__eq__ = _is_alike  # type: ignore[method-assign]
        kind.__hash__ = _hash  # type: ignore[method-assign,assignment]
    event.listen(Engine, "engine_connect", _use)


def _use(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_shared)


def _is_alike(one: object, other: object) -> bool:
    return type(one) is type(other)


def _hash(one: object) -> int:
    return hash(type(one))
