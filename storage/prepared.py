"""Statements that every message runs: compiled once, then run through the driver's own cursor.

SQLAlchemy builds their SQL and converts their values; its way of executing, which costs a lone
message several times what the database does, is left out.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Dialect,
    Insert,
    Select,
    bindparam,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

SIZES = (1, 4, 16, 64)
"""Of how many keys a statement is made to ask; fewer are filled up with the last one."""

Convert = Callable[[Any], Any]
Values = Mapping[str, object]


class KnownBy:
    """A SELECT of the rows whose key is one of several."""

    def __init__(self, statement: Callable[[Sequence[BindParameter[str]]], Select[Any]]) -> None:
        """`statement` makes the SELECT that looks for the keys it is given."""
        self._statement = statement
        self._compiled: dict[tuple[str, int], _Compiled] = {}

    def rows(self, connection: Connection, keys: Collection[str]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of those keys that exist."""
        wanted = list(keys)
        for first in range(0, len(wanted), SIZES[-1]):
            yield from self._some(connection, wanted[first : first + SIZES[-1]])

    def _some(self, connection: Connection, keys: list[str]) -> list[tuple[Any, ...]]:
        size = next(size for size in SIZES if size >= len(keys))
        known = connection.dialect.name, size
        if known not in self._compiled:
            self._compiled[known] = _Compiled(
                self._statement([bindparam(f"k{place}") for place in range(size)]),
                connection.dialect,
            )
        padded = keys + [keys[-1]] * (size - len(keys))
        return self._compiled[known].rows(
            connection, {f"k{place}": key for place, key in enumerate(padded)}
        )


class Many:
    """An INSERT of many rows; one made by `upsert` differs between the engines."""

    def __init__(self, statement: Callable[[Connection], Insert], *, order: str = "") -> None:
        """`order` is the column by which several workers write their rows.

        Then none waits for a row of another who waits for one of its own.
        """
        self._statement = statement
        self._order = order
        self._compiled: dict[str, _Compiled] = {}

    def write(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Insert `rows`; each holds a value for every column."""
        name = connection.dialect.name
        if name not in self._compiled:
            self._compiled[name] = _Compiled(self._statement(connection), connection.dialect)
        if self._order and name != "sqlite":
            rows = sorted(rows, key=lambda row: str(row[self._order]))
        self._compiled[name].many(connection, rows)


class _Compiled:
    """One statement in the words of one engine."""

    def __init__(self, statement: Insert | Select[Any], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self._sql = str(compiled)
        self._places: list[str] | None = getattr(compiled, "positiontup", None)
        binds: Mapping[str, BindParameter[Any]] = getattr(compiled, "binds", {})
        self._inward = {name: _inward(bind.type, dialect) for name, bind in binds.items()}
        self._fixed = {name: bind.value for name, bind in binds.items() if not bind.required}
        self._outward: list[Convert | None] = []
        if isinstance(statement, Select):
            self._outward = [
                column.type.dialect_impl(dialect).result_processor(dialect, None)
                for column in statement.selected_columns
            ]

    def rows(self, connection: Connection, values: Values) -> list[tuple[Any, ...]]:
        with driver_errors(connection, self._sql):
            cursor = connection.connection.cursor()
            try:
                cursor.execute(self._sql, self._given({**self._fixed, **values}))
                found = cursor.fetchall()
            finally:
                cursor.close()
        return [
            tuple(
                value if convert is None else convert(value)
                for value, convert in zip(row, self._outward, strict=True)
            )
            for row in found
        ]

    def many(self, connection: Connection, rows: Sequence[Values]) -> None:
        given: Sequence[Any] = [self._given(row) for row in rows]
        with driver_errors(connection, self._sql):
            cursor = connection.connection.cursor()
            try:
                cursor.executemany(self._sql, given)
            finally:
                cursor.close()

    def _given(self, values: Values) -> list[object] | dict[str, object]:
        inward = self._inward
        if self._places is None:
            return {name: _through(inward[name], value) for name, value in values.items()}
        return [_through(inward[name], values[name]) for name in self._places]


def _inward(type_: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    convert: Convert | None = type_.dialect_impl(dialect).bind_processor(dialect)
    return convert


def _through(convert: Convert | None, value: object) -> object:
    return value if convert is None else convert(value)


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
