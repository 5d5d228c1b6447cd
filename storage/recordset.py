"""Rows on their way to PostgreSQL: one JSON text, which the server reads as a table.

Any number of rows is one parameter. Written as an array for each column, or by the driver value
after value, they cost the one writer several times as much.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import (
    JSON,
    ColumnClause,
    FromClause,
    String,
    Text,
    bindparam,
    cast,
    column,
    func,
)

from storage.schema import UtcDateTime

if TYPE_CHECKING:
    from storage.prepared import Values

ROWS = "rows"
"""The parameter that holds them."""


class Recordset:
    """Rows with values for these columns, as a table that a statement can select from."""

    def __init__(self, columns: Sequence[ColumnClause[Any]]) -> None:
        self._moments = [c.name for c in columns if isinstance(c.type, UtcDateTime)]
        # A text travels without its limit: a cast to one cuts off what is beyond it in silence.
        items = [column(c.name, Text() if isinstance(c.type, String) else c.type) for c in columns]
        rows = func.json_to_recordset(cast(bindparam(ROWS, type_=Text), JSON))
        self.table: FromClause = rows.table_valued(*items).render_derived("given", with_types=True)

    def given(self, rows: "Sequence[Values]") -> dict[str, str]:
        """Return the parameter; raise ValueError for a moment without a time zone."""
        for name in self._moments:
            for row in rows:
                _refuse_naive(row[name])
        return {ROWS: msgspec.json.encode(rows).decode()}


def _refuse_naive(moment: object) -> None:
    if isinstance(moment, datetime) and moment.tzinfo is None:
        message = "a moment needs a time zone"
        raise ValueError(message)
