"""Hands a statement any number of ids, or of changed rows, in one go: compiled once, asked once.

PostgreSQL is made to look each of them up by its key (LATERAL). The statistics of a queue are of a
moment when it was empty: trusting them, it would read all that waits, each time.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    Text,
    Update,
    bindparam,
    column,
    func,
    literal_column,
    select,
    update,
)

from storage.arrays import Written
from storage.ids import SHARDS
from storage.prepared import PerEngine, Values
from storage.recordset import Recordset

IDS = "given_ids"
"""The parameter that holds the ids."""


class ForIds:
    """A SELECT of the rows that belong to ids, however many those are."""

    def __init__(self, statement: Callable[[ColumnElement[int]], Select[Any]]) -> None:
        """`statement` is given the id; what it is ordered by holds for the rows of one id."""
        self._statement = statement
        self._made = PerEngine(self._make)

    def rows(self, connection: Connection, ids: Collection[int]) -> list[tuple[Any, ...]]:
        """Return what there is."""
        return self._made.on(connection).rows(connection, _given(connection, ids))

    def _make(self, engine: str) -> Select[Any]:
        given = _given_ids(engine)
        statement = self._statement(given.c.value)
        if engine == "sqlite":
            return statement
        found = statement.offset(0).lateral("found")
        return select(*found.c).select_from(given.join(found, literal_column("true")))


class ChangeIds:
    """An UPDATE of the rows with these ids, however many, to the same values."""

    def __init__(self, table: Table, values: Mapping[str, Any]) -> None:
        self._table = table
        self._values = values
        self._made = PerEngine(self._make)

    def run(self, connection: Connection, ids: Collection[int], values: Values) -> None:
        """Change them; `values` are those of the statement's parameters."""
        self._made.on(connection).run(connection, {**_given(connection, ids), **values})

    def _make(self, engine: str) -> Update:
        given = _given_ids(engine)
        keys = {"shard": given.c.value % SHARDS, "id": given.c.value}
        if engine == "sqlite":
            condition = _same(self._table, keys)
            return update(self._table).where(*condition).values(self._values)
        found = _looked_up(self._table, given, keys)
        return (
            update(self._table)
            .where(_place(self._table.name) == found.c.place)
            .values(self._values)
        )


class Changes:
    """An UPDATE of many rows, each found by its own key and given its own values."""

    def __init__(
        self,
        table: Table,
        keys: Sequence[str],
        values: Sequence[str],
        *,
        where: ColumnElement[bool],
        also: Mapping[str, Any] | None = None,
    ) -> None:
        """`where` is what must hold besides; `also` is changed alike in every row."""
        self._table = table
        self._keys = keys
        self._values = values
        self._where = where
        self._also = also or {}
        self._rows = Recordset([table.c[name] for name in (*keys, *values)])
        self._made = PerEngine(self._make)

    def write(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Change the rows; each names every key and value by its column."""
        made = self._made.on(connection)
        if connection.dialect.name == "sqlite":
            names = [(name, f"to_{name}") for name in (*self._keys, *self._values)]
            made.many(connection, [{to: row[name] for name, to in names} for row in rows])
        else:
            made.run(connection, self._rows.given(rows))

    def _make(self, engine: str) -> Update:
        if engine == "sqlite":
            columns = [self._table.c[name] for name in (*self._keys, *self._values)]
            binds = {c.name: bindparam(f"to_{c.name}", type_=c.type) for c in columns}
            keys = {name: binds[name] for name in self._keys}
            statement = update(self._table).where(*_same(self._table, keys))
            new: dict[str, Any] = {name: binds[name] for name in self._values}
        else:
            given = self._rows.table
            found = _looked_up(self._table, given, {name: given.c[name] for name in self._keys})
            statement = update(self._table).where(_place(self._table.name) == found.c.place)
            new = {name: found.c[name] for name in self._values}
        return statement.where(self._where).values({**self._also, **new})


def _given_ids(engine: str) -> FromClause:
    """Return a table of the ids, which are one parameter: JSON for SQLite, which has no arrays."""
    value = column("value", BigInteger)
    if engine == "sqlite":
        text = bindparam(IDS, type_=Text())
        return func.json_each(text).table_valued(value).alias("given")
    array = bindparam(IDS, type_=Written(BigInteger))
    return func.unnest(array).table_valued(value).render_derived("given")


def _given(connection: Connection, ids: Collection[int]) -> Values:
    ordered = sorted(ids)
    on_sqlite = connection.dialect.name == "sqlite"
    return {IDS: msgspec.json.encode(ordered).decode() if on_sqlite else ordered}


def _same(table: FromClause, keys: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    return [table.c[name] == value for name, value in keys.items()]


def _looked_up(table: Table, given: FromClause, keys: Mapping[str, Any]) -> FromClause:
    """Return what is given, each beside the place of the row with its keys."""
    kept = table.alias("kept")
    one = select(_place("kept").label("place")).where(*_same(kept, keys)).offset(0).lateral("one")
    beside = given.join(one, literal_column("true"))
    return select(*given.c, one.c.place).select_from(beside).subquery("found")


def _place(table: str) -> ColumnElement[Any]:
    return literal_column(f"{table}.ctid")
