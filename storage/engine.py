"""The engine behind the store: how SQLite and PostgreSQL are opened."""

from datetime import timedelta
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event, make_url

from storage.prepared import run_plain

BUSY_TIMEOUT = timedelta(seconds=5)
"""How long a write waits for another process (a backup, a second worker) before it gives up."""


def open_engine(url: str, busy_timeout: timedelta = BUSY_TIMEOUT) -> Engine:
    """Return an engine; for SQLite in WAL with full synchronisation and explicit transactions."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, json_serializer=_dump, json_deserializer=msgspec.json.decode)
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
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        run_plain(connection, "BEGIN IMMEDIATE")

    return engine


def _dump(value: object) -> str:
    return msgspec.json.encode(value).decode()
