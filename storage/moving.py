"""Carries a whole street from one database to another: every row, or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from random import SystemRandom

from sqlalchemy import Connection, Table, func, insert, select, text
from sqlalchemy.exc import DataError

from storage.ids import IdMaker
from storage.ledger import transfers
from storage.opening import open_newest
from storage.seats import Seat
from storage.tables import metadata
from storage.transaction import Loaded, Pending, Transaction

AT_ONCE = 1000
"""Rows read and written together."""

Progress = Callable[[str, int, int], None]
"""Told the table, how many of all rows are carried, and how many there are."""


class Obstacle(StrEnum):
    """Why nothing was moved."""

    NOT_EMPTY = "not_empty"
    UNFIT = "unfit"
    COUNTS = "counts"
    LEDGER = "ledger"


class MoveRefused(Exception):
    """Nothing was moved; `detail` names the table, or what does not add up."""

    def __init__(self, obstacle: Obstacle, detail: str) -> None:
        super().__init__(f"{obstacle.value}: {detail}")
        self.obstacle = obstacle
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Moved:
    """What was carried."""

    tables: int
    rows: int


def move(source_url: str, target_url: str, progress: Progress) -> Moved:
    """Copy everything; both databases are kept from others meanwhile, the source is left as it is.

    Raises DatabaseUnusable, and MoveRefused when the target holds something already, or would not
    hold the same.
    """
    source, target = open_newest(source_url), open_newest(target_url)
    try:
        with source.begin() as before, target.begin() as after:
            after.execute(text("LOCK TABLE alembic_version"))
            _refuse_unless_empty(after)
            sizes = {table: _size(before, table) for table in metadata.sorted_tables}
            total, done = sum(sizes.values()), 0
            for table in metadata.sorted_tables:
                for carried in _carry(before, after, table):
                    done += carried
                    progress(table.name, done, total)
            _compare(before, after)
    finally:
        source.dispose()
        target.dispose()
    return Moved(tables=sum(1 for size in sizes.values() if size), rows=total)


def _size(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _refuse_unless_empty(target: Connection) -> None:
    for table in metadata.sorted_tables:
        if target.execute(select(table).limit(1)).first() is not None:
            raise MoveRefused(Obstacle.NOT_EMPTY, table.name)


def _carry(source: Connection, target: Connection, table: Table) -> Iterator[int]:
    """Copy a table in parts; yield how many rows each had."""
    rows = source.execution_options(yield_per=AT_ONCE).execute(
        select(table).order_by(*table.primary_key.columns)
    )
    for part in rows.mappings().partitions():
        try:
            target.execute(insert(table), [dict(row) for row in part])
        except DataError as error:
            # SQLite takes what its columns do not allow: texts that are too long, say.
            raise MoveRefused(Obstacle.UNFIT, f"{table.name}: {error.orig}") from None
        yield len(part)


def _compare(source: Connection, target: Connection) -> None:
    for table in metadata.sorted_tables:
        before, after = _size(source, table), _size(target, table)
        if before != after:
            raise MoveRefused(Obstacle.COUNTS, f"{table.name}: {before}, {after}")
    if _chains(source) != _chains(target):
        raise MoveRefused(Obstacle.LEDGER, transfers.name)
    # The hashes are made anew from what stands in the target.
    seat = Seat(0, IdMaker())
    faults = Transaction(
        target, Loaded(), Pending(), seat, SystemRandom(), datetime.now(UTC)
    ).points.faults()
    if faults:
        raise MoveRefused(Obstacle.LEDGER, faults[0])


def _chains(connection: Connection) -> list[tuple[int, int, str]]:
    """Return every link of the ledger's chains."""
    links = select(transfers.c.shard, transfers.c.sequence, transfers.c.hash)
    ordered = links.order_by(transfers.c.shard, transfers.c.sequence)
    return [(row.shard, row.sequence, row.hash) for row in connection.execute(ordered)]
