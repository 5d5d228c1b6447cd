"""The whole street is reminded: 18,993 notices claimed and marked, on both engines."""

import sqlite3
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory

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
        for batch in BATCHES:
            with _store(engine) as store:
                enqueued = await _timed(store.run(_enqueue))
                drained = await _timed(_drain(store, batch))
            rows.append([engine, f"claim + mark, {batch} at once", enqueued, drained])
        with _store(engine) as store:
            await store.run(_move_in)
            enqueued = await _timed(store.run(_enqueue))
            drained = await _timed(_deliver(store))
        rows.append([engine, "through delivery, to a sink", enqueued, drained])
    with TemporaryDirectory() as folder:
        rows += [["sqlite3", f"{n} at once", "", _plain(f"{folder}/{n}.db", n)] for n in BATCHES]
    show(["engine", "how", "enqueue s", "claim + mark s"], rows)


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


async def _timed(work: Awaitable[object]) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


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


def _plain(path: str, batch: int) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE n (id INTEGER PRIMARY KEY, state TEXT, wake REAL, text TEXT)")
    connection.execute("CREATE INDEX w ON n (wake, id) WHERE state IN ('pending','claimed')")
    connection.executemany(
        "INSERT INTO n VALUES (?, 'pending', 1, ?)", [(n, "x" * 60) for n in range(PEOPLE)]
    )
    began = time.perf_counter()
    while True:
        connection.execute("BEGIN IMMEDIATE")
        claimed = connection.execute(
            "UPDATE n SET state='claimed', wake=9 WHERE id IN (SELECT id FROM n WHERE"
            " state IN ('pending','claimed') AND wake<=2 ORDER BY wake, id LIMIT ?) RETURNING id",
            (batch,),
        ).fetchall()
        for (row_id,) in claimed:
            connection.execute("UPDATE n SET state='delivered' WHERE id=?", (row_id,))
        connection.execute("COMMIT")
        if not claimed:
            connection.close()
            return time.perf_counter() - began
