"""One way to write "insert or replace" that SQLite and PostgreSQL both take."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Connection, Insert, Table, case
from sqlalchemy.dialects import postgresql, sqlite


def upsert(connection: Connection, table: Table, keys: Sequence[str]) -> Insert:
    """Return an INSERT that overwrites every other column where `keys` exist already."""
    return _upsert(connection.dialect.name, table, tuple(keys))


@cache
def _upsert(dialect: str, table: Table, keys: tuple[str, ...]) -> Insert:
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = make(table)
    rest = {c.name: statement.excluded[c.name] for c in table.c if c.name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=rest)


def insert_missing(connection: Connection, table: Table, keys: Sequence[str]) -> Insert:
    """Return an INSERT that leaves existing rows alone; use RETURNING to see what was new."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    return make(table).on_conflict_do_nothing(index_elements=list(keys))


def count_up(connection: Connection, table: Table, key: str, since: str, count: str) -> Insert:
    """Return an INSERT that adds to `count` where `since` is the same, and else begins afresh."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = make(table)
    new = statement.excluded
    more = case((table.c[since] == new[since], table.c[count] + new[count]), else_=new[count])
    return statement.on_conflict_do_update(
        index_elements=[key], set_={count: more, since: new[since]}
    )
