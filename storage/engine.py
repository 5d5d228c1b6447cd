"""The engine behind the store: how SQLite and PostgreSQL are opened."""

from datetime import timedelta
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url

from storage.prepared import run_plain

if TYPE_CHECKING:
    # 5 MiB of library that a street on SQLite need not carry.
    import psycopg

BUSY_TIMEOUT = timedelta(seconds=5)
"""How long a write waits for another process (a backup, a second worker) before it gives up."""

CONNECT_SECONDS = 5
IDLE_TIMEOUT = timedelta(seconds=60)
"""A worker that stands still amid its work for so long loses it: others wait for its locks."""

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    # Only what the store's own checkpoints (storage/checkpoints.py) did not keep up with.
    "wal_autocheckpoint=16000",
)


def open_engine(url: str, busy_timeout: timedelta = BUSY_TIMEOUT) -> Engine:
    """Return an engine; for SQLite in WAL with full synchronisation and explicit transactions."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return _open_server(parsed, busy_timeout)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        parsed,
        json_serializer=_dump,
        json_deserializer=msgspec.json.decode,
        connect_args={"check_same_thread": False, "timeout": busy_timeout.total_seconds()},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: SqliteConnection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        run_plain(connection, "BEGIN IMMEDIATE")

    return engine


def _open_server(url: URL, busy_timeout: timedelta) -> Engine:
    """Return an engine for PostgreSQL whose connections wait for nothing for ever."""
    engine = create_engine(
        url,
        json_serializer=_dump,
        json_deserializer=msgspec.json.decode,
        connect_args={"connect_timeout": CONNECT_SECONDS},
    )
    lock_ms = int(busy_timeout.total_seconds() * 1000)
    idle_ms = int(IDLE_TIMEOUT.total_seconds() * 1000)

    @event.listens_for(engine, "connect")
    def _prepare(connection: "psycopg.Connection[object]", _record: object) -> None:
        connection.execute(
            f"SET lock_timeout = {lock_ms}; SET idle_in_transaction_session_timeout = {idle_ms};"
            # A plan made while a table was small would read all of it for ever after.
            " SET plan_cache_mode = force_custom_plan; SET timezone = 'UTC';"
            # Compiling a statement takes longer than any of ours runs.
            " SET jit = off".encode(),
            prepare=False,
        )
        connection.commit()

    return engine


def _dump(value: object) -> str:
    return msgspec.json.encode(value).decode()
