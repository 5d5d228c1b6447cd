"""The message transaction on PostgreSQL, beside psycopg with a transaction for each message."""

import asyncio
import json
from collections.abc import Awaitable
from datetime import UTC, datetime

from psycopg import AsyncConnection
from sqlalchemy import make_url

from benchmarks.store import REPLIES, Run, measure, message
from storage.engine import open_engine
from storage.migrate import upgrade
from storage.store import Store
from tests.peers import postgres

CONNECTIONS = 16
"""Measured: more of them only wait for each other."""
YARDSTICK = "psycopg, a transaction each"


class Plain:
    """The yardstick: a few connections, each message in a transaction of its own."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._free: asyncio.Queue[AsyncConnection[object]] = asyncio.Queue()

    async def open(self) -> None:
        """Connect and make the tables."""
        for _ in range(CONNECTIONS):
            connection = await AsyncConnection.connect(self._address, autocommit=True)
            self._free.put_nowait(connection)
        for statement in (
            "CREATE SCHEMA raw",
            "CREATE TABLE raw.inbox (key text PRIMARY KEY, at timestamptz, replies json)",
            "CREATE TABLE raw.people (key text PRIMARY KEY, name text)",
            "CREATE TABLE raw.talks (key text PRIMARY KEY, body json, version int)",
            "CREATE TABLE raw.answers (id bigserial PRIMARY KEY, entry text)",
            "INSERT INTO raw.people SELECT 'web:' || n, 'x' FROM generate_series(0, 63) n",
        ):
            await connection.execute(statement)

    async def run(self, number: int) -> None:
        """Commit one message."""
        connection = await self._free.get()
        person = f"web:{number % 64}"
        try:
            async with connection.transaction():
                seen = await connection.execute(
                    "SELECT 1 FROM raw.inbox WHERE key = %s", (f"web:{number}",)
                )
                assert await seen.fetchone() is None
                await connection.execute("SELECT name FROM raw.people WHERE key = %s", (person,))
                await connection.execute("SELECT body FROM raw.talks WHERE key = %s", (person,))
                await connection.execute("INSERT INTO raw.answers (entry) VALUES ('fee')")
                await connection.execute(
                    "INSERT INTO raw.talks VALUES (%s, '{}', 1)"
                    " ON CONFLICT (key) DO UPDATE SET version = raw.talks.version + 1",
                    (person,),
                )
                await connection.execute(
                    "INSERT INTO raw.inbox VALUES (%s, %s, %s)",
                    (f"web:{number}", datetime.now(UTC), json.dumps(REPLIES)),
                )
        finally:
            self._free.put_nowait(connection)

    async def close(self) -> None:
        """Disconnect."""
        while not self._free.empty():
            await self._free.get_nowait().close()


async def main() -> None:
    """Measure both, five interleaved rounds."""
    with postgres.server() as server:
        engine = open_engine(server.url)
        upgrade(engine)
        store = Store(engine)
        for number in range(64):
            await store.run(
                lambda tx, n=f"u{number}": tx.residents.bind(  # type: ignore[misc]
                    tx.residents.add(name="x"), "web", n, n
                )
            )
        url = make_url(server.url)
        plain = Plain(f"host={url.query['host']} user={url.username} dbname={url.database}")
        await plain.open()

        def ours(number: int) -> Awaitable[object]:
            return message(store, number, f"u{number % 64}")

        candidates: dict[str, Run] = {YARDSTICK: plain.run, "Store.run": ours}
        await measure(candidates, {1: 300, 64: 4_000}, YARDSTICK)
        await plain.close()
        store.close()
