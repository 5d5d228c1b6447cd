"""Ids that sort by time, are made by the worker and carry the shard of their row."""

import threading
from datetime import UTC, datetime, timedelta
from zlib import crc32

from sqlalchemy import Connection, func, literal, select

from storage.schema import metadata

SHARDS = 256
"""Queues are claimed and tables distributed by this many slices."""

_EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
_SHARD_BITS = 8
_SEQUENCE_BITS = 8
_WORKER_BITS = 6

IN_ONE_STAMP = 1 << _SEQUENCE_BITS
NEXT_STAMP = 1 << (_WORKER_BITS + _SEQUENCE_BITS + _SHARD_BITS)
"""How many ids of a shard one millisecond has, and how far those of the next one are away."""
WORKERS = 1 << _WORKER_BITS
"""How many may make ids for one database at the same time."""


def shard_of_community(community_id: int) -> int:
    """Return the slice (0..255) that rows of this community live in; 0 is the whole street."""
    return crc32(community_id.to_bytes(8, "big")) % SHARDS


def shard_of_key(key: str) -> int:
    """Return the slice of a row that is found by a text."""
    return crc32(key.encode("utf-8", "replace")) % SHARDS


def shard_of(row_id: int) -> int:
    """Return the slice an id was made for."""
    return row_id % SHARDS


class IdMaker:
    """Makes 63-bit ids: milliseconds, worker, sequence, shard; never twice the same."""

    def __init__(self, worker: int = 0, *, after: int = 0) -> None:
        """Begin behind `after`, the greatest id that already exists."""
        assert 0 <= worker < WORKERS
        self._worker = worker
        self._last = self._sequence = 0
        self._lock = threading.Lock()
        if after:
            self.advance(after)

    def advance(self, after: int) -> None:
        """Let every later id be greater than `after`, which somebody else made."""
        with self._lock:
            last = after >> (_SHARD_BITS + _SEQUENCE_BITS + _WORKER_BITS)
            if last >= self._last:
                self._last, self._sequence = last, (1 << _SEQUENCE_BITS) - 1

    def make(self, shard: int, now: datetime) -> int:
        """Return the next id for a row of this shard; `now` may stand still or run backwards."""
        assert 0 <= shard < SHARDS
        milliseconds = int((now - _EPOCH).total_seconds() * 1000)
        with self._lock:
            if milliseconds > self._last:
                self._last, self._sequence = milliseconds, 0
            else:
                self._sequence += 1
                if self._sequence == 1 << _SEQUENCE_BITS:
                    self._last, self._sequence = self._last + 1, 0
            return self._stamped(self._last, self._sequence) | shard

    def reserve(self, count: int, now: datetime) -> int:
        """Keep `count` ids free for rows that one statement makes; return where they begin.

        The n-th is start + n // IN_ONE_STAMP * NEXT_STAMP + n % IN_ONE_STAMP * SHARDS + shard.
        """
        milliseconds = int((now - _EPOCH).total_seconds() * 1000)
        with self._lock:
            first = max(milliseconds, self._last + 1)
            self._last = first + count // IN_ONE_STAMP
            self._sequence = IN_ONE_STAMP - 1
            return self._stamped(first, 0)

    def _stamped(self, milliseconds: int, sequence: int) -> int:
        stamp = (milliseconds << _WORKER_BITS) | self._worker
        return ((stamp << _SEQUENCE_BITS) | sequence) << _SHARD_BITS


def moment_of(row_id: int) -> datetime:
    """Return when the id was made, as far as its maker's clock was right."""
    milliseconds = row_id >> (_SHARD_BITS + _SEQUENCE_BITS + _WORKER_BITS)
    return _EPOCH + timedelta(milliseconds=milliseconds)


def first_id_at(moment: datetime) -> int:
    """Return an id that is greater than all made before this moment."""
    milliseconds = int((moment - _EPOCH).total_seconds() * 1000)
    return max(0, milliseconds) << (_SHARD_BITS + _SEQUENCE_BITS + _WORKER_BITS)


def greatest_id(connection: Connection) -> int:
    """Return the greatest id there is: by the keys' index, however many rows there are."""
    shards = select(literal(0).label("shard")).cte("shards", recursive=True)
    shards = shards.union_all(select(shards.c.shard + 1).where(shards.c.shard < SHARDS - 1))
    greatest = 0
    for table in metadata.sorted_tables:
        if "id" not in table.c:
            continue
        newest = select(func.max(table.c.id))
        if table.primary_key.columns.keys() == ["shard", "id"]:
            of_shard = newest.where(table.c.shard == shards.c.shard).scalar_subquery()
            newest = select(func.max(of_shard)).select_from(shards)
        greatest = max(greatest, int(connection.execute(newest).scalar() or 0))
    return greatest
