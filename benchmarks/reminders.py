"""The whole street is reminded: 18,993 notices claimed and marked, beside plain sqlite3."""

import sqlite3
import time
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory

from benchmarks.table import show
from storage.engine import open_engine
from storage.migrate import upgrade
from storage.store import Store
from storage.transaction import Transaction

PEOPLE = 18_993
"""Registered volunteers of the model street."""
BATCHES = (10, 100, 500)
NOW = datetime(2026, 11, 23, tzinfo=UTC)


async def main() -> None:
    """Measure enqueueing, and claiming with marking at several batch sizes."""
    rows: list[list[object]] = []
    for batch in BATCHES:
        with TemporaryDirectory() as folder:
            engine = open_engine(f"sqlite:///{folder}/ours.db")
            upgrade(engine)
            store = Store(engine, clock=lambda: NOW)
            began = time.perf_counter()
            await store.run(_enqueue)
            enqueued = time.perf_counter() - began
            began = time.perf_counter()
            assert await _drain(store, batch) == PEOPLE
            drained = time.perf_counter() - began
            store.close()
            plain = _plain(f"{folder}/raw.db", batch)
        rows.append([batch, enqueued, drained, plain, drained / plain])
    show(["batch", "enqueue s", "claim + mark s", "sqlite3 claim + mark s", "ratio"], rows)


def _enqueue(tx: Transaction) -> None:
    for person in range(PEOPLE):
        tx.notices.schedule(
            key=f"shift:{person}",
            resident_id=(person << 8) + 1,
            text="x" * 60,
            topic="shifts",
            due_at=NOW - timedelta(minutes=1),
        )


async def _drain(store: Store, batch: int) -> int:
    total = 0

    def work(tx: Transaction) -> int:
        claimed = tx.notices.claim_due(NOW, batch)
        for notice in claimed:
            tx.notices.delivered(notice, via="sink")
        return len(claimed)

    while done := await store.run(work):
        total += done
    return total


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
