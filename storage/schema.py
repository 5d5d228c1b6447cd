"""The metadata of all tables, the column types both engines share, every column's class."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Column, DateTime, Dialect, Index, MetaData, text
from sqlalchemy.sql.schema import SchemaItem
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage.words import Kept

T = TypeVar("T")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC; refuses naive values and repairs the zone that SQLite drops."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment as the engine takes it; raise ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a moment needs a time zone"
            raise ValueError(message)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Return what reads a moment; for SQLite in one step, since a queue has many of them."""
        if dialect.name == "sqlite":
            return _moment
        return super().result_processor(dialect, coltype)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "+00:00")


def fact(
    name: str,
    type_: TypeEngine[T] | type[TypeEngine[T]],
    *items: SchemaItem,
    kept: Kept = Kept.RECORD,
    nullable: bool = False,
    primary_key: bool = False,
    index: bool = False,
    unique: bool = False,
) -> Column[T]:
    """Return a column that says nothing about a person that they could want erased."""
    return Column(
        name,
        type_,
        *items,
        nullable=nullable,
        primary_key=primary_key,
        index=index or None,
        unique=unique or None,
        autoincrement=False,
        info={"personal": False, "kept": kept},
    )


def personal(
    name: str,
    type_: TypeEngine[T] | type[TypeEngine[T]],
    *items: SchemaItem,
    kept: Kept = Kept.UNTIL_ERASED,
    nullable: bool = False,
    primary_key: bool = False,
    index: bool = False,
    unique: bool = False,
) -> Column[T]:
    """Return a column that holds what belongs to a person: words, names, addresses."""
    return Column(
        name,
        type_,
        *items,
        nullable=nullable,
        primary_key=primary_key,
        index=index or None,
        unique=unique or None,
        autoincrement=False,
        info={"personal": True, "kept": kept},
    )


def index_of_some(name: str, *columns: str, where: str) -> Index:
    """Return an index of those rows alone for which the condition holds."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))
