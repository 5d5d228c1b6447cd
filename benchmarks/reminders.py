"""The whole street is reminded: 18,993 notices claimed and marked, on both engines."""

import asyncio
import gc
import sqlite3
import time
from collections.abc import Awaitable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory
from typing import NamedTuple

import psycopg
from sqlalchemy import make_url

from benchmarks.table import show
from handlers.delivery import Delivery
from handlers.message import Reply
from storage.engine import open_engine
from storage.migrate import upgrade
from storage.store import Store
from storage.tables import metadata
from storage.transaction import Transaction
from tests.peers import postgres

PEOPLE = 18_993
"""Registered volunteers of the model street."""
BATCHES = (10, 100, 500)
DRIVERS = {"sqlite": "sqlite3", "postgresql": "psycopg"}
LOOK_SECONDS = 0.005
NOW = datetime(2026, 11, 23, tzinfo=UTC)


class Sink:
    """A channel that takes everything at once."""

    def __init__(self) -> None:
        self.taken = 0

    async def send(self, _chat: str, _reply: Reply) -> None:
        """Take it."""
        self.taken += 1


async def main() -> None:
    """Measure enqueueing, claiming with marking, and the same through delivery."""
    rows: list[list[object]] = []
    for engine in ("sqlite", "postgresql"):
        with _store(engine) as store:
            await store.run(_move_in)
            enqueued = await _timed(store.run(_enqueue))
            drained = await _timed(_deliver(store))
        rows.append([engine, "through delivery, to a sink", enqueued.wall, *drained])
        for batch in BATCHES:
            with _store(engine) as store:
                enqueued = await _timed(store.run(_enqueue))
                drained = await _timed(_drain(store, batch))
            rows.append([engine, f"claim + mark, {batch} at once", enqueued.wall, *drained])
        for batch in BATCHES:
            drained = await _raw(engine, batch)
            rows.append([DRIVERS[engine], f"raw, {batch} at once", "", *drained])
    show(["engine", "how", "enqueue s", "claim + mark s", "CPU s", "longest stall ms"], rows)


@contextmanager
def _store(engine: str) -> Iterator[Store]:
    if engine == "sqlite":
        with TemporaryDirectory() as folder:
            yield from _opened(f"sqlite:///{folder}/ours.db")
    else:
        with postgres.server() as server:
            yield from _opened(server.url)


def _opened(url: str) -> Iterator[Store]:
    engine = open_engine(url)
    upgrade(engine)
    store = Store(engine, clock=lambda: NOW)
    yield store
    store.close()


class Taken(NamedTuple):
    """What some work took; the stall is how long the event loop did nothing else."""

    wall: float
    cpu: float
    stall_ms: float


async def _timed(work: Awaitable[object]) -> Taken:
    gc.collect()
    gc.freeze()  # as the server does
    over = asyncio.Event()
    watching = asyncio.create_task(_stall(over))
    began, cpu = time.perf_counter(), time.process_time()
    await work
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    over.set()
    return Taken(wall, cpu, await watching * 1000)


async def _stall(over: asyncio.Event) -> float:
    longest = 0.0
    while not over.is_set():
        began = time.perf_counter()
        await asyncio.sleep(LOOK_SECONDS)
        longest = max(longest, time.perf_counter() - began - LOOK_SECONDS)
    return longest


def _enqueue(tx: Transaction) -> None:
    for person in range(PEOPLE):
        tx.notices.schedule(
            key=f"shift:{person}",
            resident_id=(person << 8) + 1,
            text="x" * 60,
            topic="shifts",
            due_at=NOW - timedelta(minutes=1),
        )


def _move_in(tx: Transaction) -> None:
    """Have the volunteers move in, each with an address of the sink."""
    at = {"created_at": NOW}
    address = {"channel": "sink", "unreachable_since": None, **at}
    person = {**dict.fromkeys(metadata.tables["residents"].c.keys()), **at, "shard": 1}
    person |= {"elder_mode": False, "demo": False}
    ids = {(number << 8) + 1: f"sink:{number}" for number in range(PEOPLE)}
    people = [{**person, "id": who, "last_address": key} for who, key in ids.items()]
    ways = [{**address, "key": k, "user": k, "chat": k, "resident_id": w} for w, k in ids.items()]
    tx.write(metadata.tables["residents"].insert(), people)
    tx.write(metadata.tables["addresses"].insert(), ways)


async def _drain(store: Store, batch: int) -> None:
    total = 0

    def work(tx: Transaction) -> int:
        claimed = tx.notices.claim_due(NOW, batch)
        for notice in claimed:
            tx.notices.delivered(notice, via="sink")
        return len(claimed)

    while done := await store.run(work):
        total += done
    assert total == PEOPLE


async def _deliver(store: Store) -> None:
    sink = Sink()
    delivery = Delivery(store, {"sink": sink}, lambda: NOW)
    while await delivery.deliver_due():
        pass
    assert sink.taken == PEOPLE


TABLE = "CREATE TABLE n (id BIGINT PRIMARY KEY, state TEXT, wake FLOAT, text TEXT)"
INDEX = "CREATE INDEX w ON n (wake, id) WHERE state IN ('pending', 'claimed')"
DUE = "SELECT id FROM n WHERE state IN ('pending', 'claimed') AND wake <= 2 ORDER BY wake, id LIMIT"

CLAIM = f"UPDATE n SET state='claimed', wake=9 WHERE id IN ({DUE} ?) RETURNING id"  # noqa: S608


async def _raw(engine: str, batch: int) -> Taken:
    """Do the same with the driver alone, in one thread as the store does, on a narrow table."""
    texts = [(n, "x" * 60) for n in range(PEOPLE)]
    if engine == "sqlite":
        with TemporaryDirectory() as folder:
            path = f"{folder}/raw.db"
            with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as c:
                for statement in (
                    "PRAGMA journal_mode=WAL",
                    "PRAGMA synchronous=FULL",
                    TABLE,
                    INDEX,
                ):
                    c.execute(statement)
                c.executemany("INSERT INTO n VALUES (?, 'pending', 1, ?)", texts)
                return await _timed(asyncio.to_thread(_raw_sqlite, c, batch))
    with postgres.server() as server:
        url = make_url(server.url)
        address = f"host={url.query['host']} user={url.username} dbname={url.database}"
        with psycopg.connect(address, autocommit=True) as raw:
            raw.execute(TABLE)
            raw.cursor().executemany("INSERT INTO n VALUES (%s, 'pending', 1, %s)", texts)
            raw.execute(INDEX)
            raw.execute("ANALYZE n")
            return await _timed(asyncio.to_thread(_raw_postgres, raw, batch))


def _raw_sqlite(connection: sqlite3.Connection, batch: int) -> None:
    claimed: list[tuple[int]] = [(0,)]
    while claimed:
        connection.execute("BEGIN IMMEDIATE")
        claimed = connection.execute(CLAIM, (batch,)).fetchall()
        connection.executemany("UPDATE n SET state='delivered' WHERE id=?", claimed)
        connection.execute("COMMIT")


def _raw_postgres(connection: "psycopg.Connection[tuple[int]]", batch: int) -> None:
    ids = [0]
    while ids:
        with connection.transaction():
            due = connection.execute(f"{DUE} %s FOR UPDATE SKIP LOCKED", (batch,))
            ids = [row[0] for row in due]
            connection.execute("UPDATE n SET state='claimed', wake=9 WHERE id = ANY(%s)", (ids,))
            connection.execute("UPDATE n SET state='delivered' WHERE id = ANY(%s)", (ids,))
