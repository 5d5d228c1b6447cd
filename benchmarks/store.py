"""The message transaction through the store, beside a raw drained sqlite3 writer, in turn."""

import asyncio
import itertools
import json
import queue
import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.table import middle, show
from storage.engine import open_engine
from storage.migrate import upgrade
from storage.store import BATCH, Store
from storage.talks import Talk
from storage.transaction import Needs, Transaction

ROUNDS = 5
SIZES = {1: 400, 64: 8_000}
REPLIES: list[dict[str, object]] = [{"text": "x" * 200}]

Run = Callable[[int], Awaitable[object]]


class RawWriter:
    """The floor: sqlite3 without a library, one thread, drained batches, full synchronisation."""

    def __init__(self, path: Path) -> None:
        self._queue: queue.SimpleQueue[tuple[str, asyncio.Future[None]] | None] = (
            queue.SimpleQueue()
        )
        self._path = path
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._write)
        self._thread.start()

    async def run(self, key: str) -> None:
        """Commit one message."""
        future: asyncio.Future[None] = self._loop.create_future()
        self._queue.put((key, future))
        await future

    def close(self) -> None:
        """Stop the thread."""
        self._queue.put(None)
        self._thread.join()

    def _write(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE inbox (key TEXT PRIMARY KEY, at TEXT, replies TEXT)")
        connection.execute("CREATE TABLE people (key TEXT PRIMARY KEY, name TEXT)")
        connection.execute("CREATE TABLE talks (key TEXT PRIMARY KEY, body TEXT, version INT)")
        connection.execute("CREATE TABLE answers (id INTEGER PRIMARY KEY, entry TEXT)")
        connection.execute("INSERT INTO people VALUES ('web:u', 'x')")
        while (item := self._queue.get()) is not None:
            items = [item]
            while len(items) < BATCH and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    self._queue.put(None)
                    break
                items.append(following)
            connection.execute("BEGIN IMMEDIATE")
            for key, _future in items:
                _raw_message(connection, key)
            connection.execute("COMMIT")
            self._loop.call_soon_threadsafe(_settle, [future for _key, future in items])
        connection.close()


def _raw_message(connection: sqlite3.Connection, key: str) -> None:
    assert connection.execute("SELECT 1 FROM inbox WHERE key=?", (key,)).fetchone() is None
    connection.execute("SELECT name FROM people WHERE key='web:u'").fetchone()
    connection.execute("SELECT body FROM talks WHERE key='web:u:u'").fetchone()
    connection.execute("INSERT INTO answers (entry) VALUES ('fee')")
    connection.execute(
        "INSERT INTO talks VALUES ('web:u:u', '{}', 1)"
        " ON CONFLICT(key) DO UPDATE SET body=excluded.body, version=version+1"
    )
    connection.execute(
        "INSERT INTO inbox VALUES (?,?,?)",
        (key, datetime.now(UTC).isoformat(), json.dumps(REPLIES)),
    )


def _settle(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        future.set_result(None)


async def main() -> None:
    """Measure both, five interleaved rounds."""
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/ours.db")
        upgrade(engine)
        store = Store(engine)
        await store.run(lambda tx: tx.residents.bind(tx.residents.add(name="x"), "web", "u", "u"))
        raw = RawWriter(Path(folder) / "raw.db")
        candidates: dict[str, Run] = {
            "raw sqlite3, drained": lambda n: raw.run(f"web:{n}"),
            "Store.run": lambda n: message(store, n, "u"),
        }
        await measure(candidates, SIZES, "raw sqlite3, drained")
        raw.close()
        store.close()


def message(store: Store, number: int, user: str) -> Awaitable[object]:
    """Store what a message of this person causes."""
    key = f"web:{number}"
    needs = Needs(key, f"web:{user}", f"web:{user}:{user}")

    def work(tx: Transaction) -> None:
        assert tx.inbox.seen(key) is None
        resident = tx.residents.at(needs.address)
        assert resident is not None
        talk = tx.talks.of(needs.talk) or Talk(needs.talk, "web", user, user, resident.id)
        tx.talks.keep(talk)
        tx.answers.record(resident.id, "fee", 1, 0.9)
        tx.inbox.record(key, REPLIES)

    return store.run(work, needs)


async def measure(candidates: dict[str, Run], sizes: dict[int, int], yardstick: str) -> None:
    """Run all in turn, with so many in flight of so many messages; print the table."""
    numbers = itertools.count()
    figures: dict[tuple[str, int], list[tuple[float, float]]] = {}
    for (in_flight, size), _round in itertools.product(sizes.items(), range(ROUNDS + 1)):
        for name, run in candidates.items():
            figures.setdefault((name, in_flight), []).append(
                await _round_of(run, in_flight, size, numbers)
            )
    rows: list[list[object]] = []
    for in_flight in sizes:
        floor = middle([rate for rate, _ in figures[yardstick, in_flight][1:]])
        for name in candidates:
            rate = middle([rate for rate, _ in figures[name, in_flight][1:]])
            cpu = middle([cpu for _, cpu in figures[name, in_flight][1:]])
            rows.append([name, in_flight, rate, cpu, rate / floor])
    show(["writer", "in flight", "messages/s", "CPU µs each", "of the yardstick"], rows)


async def _round_of(
    run: Run, in_flight: int, size: int, numbers: "itertools.count[int]"
) -> tuple[float, float]:
    left = iter(range(size))
    began, cpu = time.perf_counter(), time.process_time()

    async def worker() -> None:
        for _ in left:
            await run(next(numbers))

    await asyncio.gather(*(worker() for _ in range(in_flight)))
    wall = time.perf_counter() - began
    return size / wall, (time.process_time() - cpu) / size * 1e6
