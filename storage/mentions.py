"""Which photographs rows still mention: read page by page, so that nobody waits for it."""

import re
from collections.abc import AsyncIterator, Iterator
from functools import partial

from sqlalchemy import JSON, Row, Table, Text, cast, literal, select, tuple_

from storage.store import Store
from storage.tables import metadata
from storage.talks import talks
from storage.transaction import Transaction

PAGE = 2000
"""Rows in one unit of work: some milliseconds."""

_NAME = re.compile(r"[0-9a-f]{64}\.jpg")
"""As bot/media.py names them."""


def mentioned_in(text: str) -> set[str]:
    """Return the names of photographs in a text."""
    return set(_NAME.findall(text))


async def mentioned(store: Store, page: int = PAGE) -> AsyncIterator[set[str]]:
    """Give the names of photographs in the database, some at a time, some more than once."""
    for table in _tables():
        last: Row[tuple[object, ...]] | None = None
        while True:
            rows = await store.run(partial(_read, table=table, last=last, page=page))
            yield mentioned_in("".join(str(value) for row in rows for value in row[_keys(table) :]))
            if len(rows) < page:
                break
            last = rows[-1]


def _tables() -> Iterator[Table]:
    """Give the tables that can mention any, drafts first.

    A photograph goes from a draft to the words of a report while we read: never the other way
    without staying where it was.
    """
    for table in sorted(metadata.sorted_tables, key=lambda table: table is not talks):
        if any(isinstance(column.type, JSON) for column in table.columns):
            yield table


def _keys(table: Table) -> int:
    return len(table.primary_key.columns)


def _read(
    tx: Transaction, table: Table, last: Row[tuple[object, ...]] | None, page: int
) -> list[Row[tuple[object, ...]]]:
    keys = list(table.primary_key.columns)
    values = [cast(c, Text) for c in table.columns if isinstance(c.type, JSON)]
    statement = select(*keys, *values).order_by(*keys).limit(page)
    if last is not None:
        behind = [literal(last[place], key.type) for place, key in enumerate(keys)]
        statement = statement.where(tuple_(*keys) > tuple_(*behind))
    return list(tx.read(statement))
