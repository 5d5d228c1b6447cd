"""Counts what was said within a window of time: so many to a group a minute, to a person a day."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Insert, Integer, String, Table, delete, func, select

from storage.prepared import Many
from storage.schema import UtcDateTime, fact, metadata, personal
from storage.upsert import count_up
from storage.words import Kept

if TYPE_CHECKING:
    from storage.transaction import Transaction

KEPT_FOR = timedelta(days=2)

tallies = Table(
    "tallies",
    metadata,
    personal("name", String(200), primary_key=True, kept=Kept.TALK),
    fact("since", UtcDateTime, kept=Kept.TALK, index=True),
    fact("count", Integer, kept=Kept.TALK),
)


def _adding(connection: Connection) -> Insert:
    return count_up(connection, tallies, "name", "since", "count")


_ADD = Many(_adding, order="name")


def store(connection: Connection, counted: Mapping[tuple[str, datetime], int]) -> None:
    """Write what `Tallies.note` collected."""
    # One window after the other: no statement may count under the same name twice.
    for window in sorted({since for _, since in counted}):
        rows = [
            {"name": name, "since": since, "count": number}
            for (name, since), number in counted.items()
            if since == window
        ]
        _ADD.write(connection, rows)


class Tallies:
    """Counts, each within the window that began at `since`; a new window begins at nought."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def counts(self, names: Sequence[str], since: datetime) -> Mapping[str, int]:
        """Return how much was counted under these names in the window that began then."""
        if not names:
            return {}
        statement = select(tallies.c.name, tallies.c.count.label("number")).where(
            tallies.c.name.in_(names), tallies.c.since == since
        )
        return {row.name: row.number for row in self._tx.read(statement)}

    def add(self, name: str, since: datetime, number: int = 1) -> int:
        """Count so many more; return how many there are in the window now."""
        statement = _adding(self._tx.reading()).returning(tallies.c.count)
        row = {"name": name, "since": since, "count": number}
        return int(self._tx.write(statement.values(row)).scalar_one())

    def note(self, name: str, since: datetime) -> None:
        """Count one more, together with what others count."""
        counted = self._tx.pending.counted
        counted[name, since] = counted.get((name, since), 0) + 1

    def highest(self, prefix: str, since: datetime) -> int:
        """Return the highest count in this window under a name that begins so."""
        statement = select(func.max(tallies.c.count)).where(
            tallies.c.name >= prefix, tallies.c.name < prefix + "\uffff", tallies.c.since == since
        )
        return int(self._tx.read(statement).scalar() or 0)

    def forget_old(self) -> int:
        """Delete counts of windows long past; return how many."""
        statement = delete(tallies).where(tallies.c.since < self._tx.now - KEPT_FOR)
        return self._tx.write(statement).rowcount
