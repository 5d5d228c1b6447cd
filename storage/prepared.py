"""Statements that every message runs: compiled once, then run through the driver's own cursor.

SQLAlchemy builds their SQL and converts their values; its way of executing, which costs a lone
message several times what the database does, is left out.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Dialect,
    Insert,
    Select,
    Text,
    Update,
    any_,
    bindparam,
    select,
    union_all,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from storage.arrays import Written
from storage.recordset import Recordset

SIZES = (1, 4, 16, 64)
"""Of how many keys SQLite is made to ask; fewer are filled up with the last one."""

Convert = Callable[[Any], Any]
Values = Mapping[str, object]


class PerEngine:
    """A statement that is made and compiled once for each engine."""

    def __init__(self, make: Callable[[str], "Insert | Select[Any] | Update"]) -> None:
        """`make` is given the name of the engine."""
        self._make = make
        self._compiled: dict[str, Compiled] = {}

    def on(self, connection: Connection) -> "Compiled":
        """Return it in the words of this connection's engine."""
        name = connection.dialect.name
        if name not in self._compiled:
            self._compiled[name] = Compiled(self._make(name), connection.dialect)
        return self._compiled[name]


class KnownBy:
    """A SELECT of the rows whose key is one of several."""

    def __init__(
        self,
        key: ColumnElement[str],
        statement: Select[Any],
        or_by: tuple[ColumnElement[str], Select[Any]] | None = None,
    ) -> None:
        """`statement` finds all rows; `key` is what they are looked up by.

        `or_by` finds more of the same columns, by another key.
        """
        self._arms = [(key, statement), *([or_by] if or_by else [])]
        self._compiled: dict[int, Compiled] = {}
        self._on_server = PerEngine(lambda _: self._among(lambda key: key == any_(_array("keys"))))

    def rows(self, connection: Connection, keys: Collection[str]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of those keys that exist."""
        wanted = list(keys)
        if connection.dialect.name != "sqlite":
            yield from self._on_server.on(connection).rows(connection, {"keys": wanted})
            return
        for first in range(0, len(wanted), SIZES[-1]):
            yield from self._some(connection, wanted[first : first + SIZES[-1]])

    def _some(self, connection: Connection, keys: list[str]) -> list[tuple[Any, ...]]:
        size = next(size for size in SIZES if size >= len(keys))
        if size not in self._compiled:
            binds: list[BindParameter[str]] = [bindparam(f"k{at}") for at in range(size)]
            statement = self._among(lambda key: key.in_(binds))
            self._compiled[size] = Compiled(statement, connection.dialect)
        padded = keys + [keys[-1]] * (size - len(keys))
        return self._compiled[size].rows(
            connection, {f"k{place}": key for place, key in enumerate(padded)}
        )

    def _among(self, is_one: Callable[[ColumnElement[str]], ColumnElement[bool]]) -> Select[Any]:
        arms = [statement.where(is_one(key)) for key, statement in self._arms]
        return arms[0] if len(arms) == 1 else select(*union_all(*arms).subquery().c)


def _array(name: str) -> BindParameter[Any]:
    return bindparam(name, type_=Written(Text))


class Many:
    """An INSERT of many rows; one made by `upsert` differs between the engines."""

    def __init__(self, statement: Callable[[Connection], Insert], *, order: str = "") -> None:
        """`order` is the column by which several workers write their rows.

        Then none waits for a row of another who waits for one of its own.
        """
        self._statement = statement
        self._order = order
        self._compiled: dict[str, Compiled | _Together] = {}

    def write(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Insert `rows`; each holds a value for every column."""
        name = connection.dialect.name
        if name not in self._compiled:
            make = Compiled if name == "sqlite" else _Together
            self._compiled[name] = make(self._statement(connection), connection.dialect)
        if self._order and name != "sqlite":
            rows = sorted(rows, key=lambda row: str(row[self._order]))
        self._compiled[name].many(connection, rows)


class Compiled:
    """One statement in the words of one engine."""

    def __init__(self, statement: Insert | Select[Any] | Update, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self._sql = str(compiled)
        self._places: list[str] | None = getattr(compiled, "positiontup", None)
        binds: Mapping[str, BindParameter[Any]] = getattr(compiled, "binds", {})
        inward = {name: _inward(bind.type, dialect) for name, bind in binds.items()}
        # Most values go in and come out as they are: only the others are looked at one by one.
        self._inward = {name: convert for name, convert in inward.items() if convert is not None}
        self._fixed = {name: bind.value for name, bind in binds.items() if not bind.required}
        self._outward: list[tuple[int, Convert]] = []
        if isinstance(statement, Select):
            converts = [
                column.type.dialect_impl(dialect).result_processor(dialect, None)
                for column in statement.selected_columns
            ]
            self._outward = [(at, each) for at, each in enumerate(converts) if each is not None]

    def rows(self, connection: Connection, values: Values) -> list[tuple[Any, ...]]:
        """Return the rows a SELECT finds."""
        with driver_errors(connection, self._sql):
            cursor = connection.connection.cursor()
            try:
                cursor.execute(self._sql, self._given(values))
                found = cursor.fetchall()
            finally:
                cursor.close()
        return [self._read(row) for row in found]

    def _read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for at, convert in self._outward:
            values[at] = convert(values[at])
        return tuple(values)

    def run(self, connection: Connection, values: Values) -> None:
        """Run an INSERT or UPDATE once."""
        with driver_errors(connection, self._sql):
            cursor = connection.connection.cursor()
            try:
                cursor.execute(self._sql, self._given(values))
            finally:
                cursor.close()

    def many(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Run an INSERT or UPDATE for each of the rows."""
        given: Sequence[Any] = [self._given(row) for row in rows]
        with driver_errors(connection, self._sql):
            cursor = connection.connection.cursor()
            try:
                cursor.executemany(self._sql, given)
            finally:
                cursor.close()

    def _given(self, values: Values) -> list[object] | dict[str, object]:
        given = {**self._fixed, **values}
        for name, convert in self._inward.items():
            given[name] = convert(given[name])
        return given if self._places is None else list(map(given.__getitem__, self._places))


class _Together:
    """One INSERT of all rows: a server is asked once, and not as often as there are rows."""

    def __init__(self, statement: Insert, dialect: Dialect) -> None:
        columns = list(statement.table.c)
        self._rows = Recordset(columns)
        chosen = select(self._rows.table)
        made = statement.from_select([column.name for column in columns], chosen)
        self._sql = str(made.compile(dialect=dialect))

    def many(self, connection: Connection, rows: Sequence[Values]) -> None:
        given = self._rows.given(rows)
        with driver_errors(connection, self._sql):
            cursor = connection.connection.cursor()
            try:
                cursor.execute(self._sql, given)
            finally:
                cursor.close()


def _inward(type_: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    convert: Convert | None = type_.dialect_impl(dialect).bind_processor(dialect)
    return convert


def run_plain(connection: Connection, statement: str) -> None:
    """Run a statement that takes nothing and gives nothing."""
    with driver_errors(connection, statement):
        connection.connection.cursor().execute(statement)


@contextmanager
def driver_errors(connection: Connection, statement: str) -> Iterator[None]:
    """Raise what the driver raises as SQLAlchemy would have raised it."""
    driver = connection.dialect.loaded_dbapi
    try:
        yield
    except driver.Error as error:
        raise DBAPIError.instance(
            statement, None, error, driver.Error, dialect=connection.dialect
        ) from error
