"""Fills a database with what years leave behind: so many rows, scattered over the same people."""

import math
from collections.abc import Mapping
from contextlib import closing

from sqlalchemy import Engine
from sqlalchemy.pool import PoolProxiedConnection

FIRST = 10**14
"""Ids of the past are below those of today."""
SLICES = 256

WHEN = "2026-06-01 00:00:00.000000"
REPLIES = '[{"text": "' + "x" * 200 + '"}]'
BODY = '{"text": "' + "x" * 80 + '"}'
DIGEST = "'" + "0" * 64 + "'"

SHARES = {
    "inbox": 0.2,
    "transcripts": 0.25,
    "answers": 0.1,
    "notices": 0.15,
    "transfers": 0.06,
    "transfer_keys": 0.06,
    "entries": 0.06,
    "lots": 0.02,
    "tickets": 0.02,
    "ticket_events": 0.08,
}
"""What part of all rows a table has."""


def people(rows: int) -> int:
    """Return how many people have a past of so many rows: a tenth of the growth is in each."""
    return round(200 * math.sqrt(rows / 100_000))


class _Words:
    """What the columns of row `n` hold, where so many people live, in the words of an engine."""

    def __init__(self, people: int, *, on_sqlite: bool) -> None:
        self.who = f"n % {people}"
        self.shard = f"n % {people} % {SLICES}"
        self.owner = f"n % {people} * {SLICES} + {self.shard}"
        self.row = f"({FIRST} + n) * {SLICES} + {self.shard}"
        self.ticket_shard = f"n / 4 % {people} % {SLICES}"
        self.ticket = f"({FIRST} + n / 4) * {SLICES} + {self.ticket_shard}"
        self.key = f"'telegram:' || ({self.who})"
        self.chat = f"CAST({self.who} AS TEXT)"
        self.at = f"'{WHEN}'" if on_sqlite else f"TIMESTAMPTZ '{WHEN}+00'"
        self.no = "0" if on_sqlite else "FALSE"
        self._json = "" if on_sqlite else "::json"

    def json(self, value: str) -> str:
        """Return a value that is kept as JSON."""
        return f"'{value}'{self._json}"


def fill(engine: Engine, rows: int) -> int:
    """Have the people live there, with a past of so many rows; return how many were written."""
    on_sqlite = engine.dialect.name == "sqlite"
    words = _Words(people(rows), on_sqlite=on_sqlite)
    written = 0
    with closing(engine.raw_connection()) as connection:
        if on_sqlite:
            connection.cursor().execute("PRAGMA synchronous = OFF")
        for table, columns in _people(words).items():
            _write(connection, table, columns, people(rows))
        for table, columns in _past(words).items():
            written += _write(connection, table, columns, round(rows * SHARES[table]))
    if not on_sqlite:
        # What its autovacuum does by itself, sooner or later.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connected:
            connected.exec_driver_sql("VACUUM ANALYZE")
    return written


def _write(
    connection: PoolProxiedConnection, table: str, columns: Mapping[str, str], rows: int
) -> int:
    """Write rows 0 to `rows` - 1, each column as it is said in terms of `n`."""
    names = ", ".join(f'"{name}"' for name in columns)
    connection.cursor().execute(
        f"INSERT INTO {table} ({names})"  # noqa: S608  all of it is ours
        f" WITH RECURSIVE s(n) AS (SELECT {_big(0)} UNION ALL SELECT n + 1 FROM s"
        f" WHERE n < {rows - 1}) SELECT {', '.join(columns.values())} FROM s"
    )
    connection.commit()
    return rows


def _big(number: int) -> str:
    return f"CAST({number} AS BIGINT)"


def _people(w: _Words) -> dict[str, dict[str, str]]:
    return {
        "residents": {
            "shard": w.shard,
            "id": w.owner,
            "name": "'r' || n",
            "community_id": "1",
            "elder_mode": w.no,
            "demo": w.no,
            "last_address": w.key,
            "created_at": w.at,
        },
        "addresses": {
            "key": w.key,
            "channel": "'telegram'",
            "user": w.chat,
            "chat": w.chat,
            "resident_id": w.owner,
            "created_at": w.at,
        },
        "accounts": {
            "shard": w.shard,
            "id": w.owner,
            "kind": "'resident'",
            "owner_id": w.owner,
            "posted": "100",
            "pending": "0",
            "version": "1",
            "opened_at": w.at,
        },
    }


def _past(w: _Words) -> dict[str, dict[str, str]]:
    row = {"shard": w.shard, "id": w.row}
    return {
        "inbox": {
            "key": f"'telegram:' || ({FIRST} + n)",
            "received_at": w.at,
            "replies": w.json(REPLIES),
        },
        "transcripts": {"id": w.row, "chat": w.chat, "body": w.json(BODY), "said_at": w.at},
        "answers": {
            **row,
            "resident_id": w.owner,
            "entry": "'fee-' || (n % 250)",
            "entry_version": "1",
            "confidence": "0.9",
            "given_at": w.at,
        },
        "notices": {
            **row,
            "key": "'past:' || n",
            "resident_id": w.owner,
            "text": f"'{'x' * 60}'",
            "choices": w.json("[]"),
            "media": w.json("[]"),
            "topic": "'shifts'",
            "urgent": w.no,
            "state": "'delivered'",
            "due_at": w.at,
            "wake_at": w.at,
            "attempts": "1",
            "delivered_via": w.key,
            "bounces": "0",
            "created_at": w.at,
            "settled_at": w.at,
        },
        "transfers": {
            **row,
            "idempotency_key": "'past:' || n",
            "input_hash": DIGEST,
            "kind": "'award'",
            "debit_id": "1",
            "credit_id": f"{w.owner} + 2",
            "amount": "1",
            "event_at": w.at,
            "created_at": w.at,
            "sequence": "n",
            "prev_hash": DIGEST,
            "hash": DIGEST,
        },
        "transfer_keys": {"shard": "n % 256", "key": "'past:' || n", "input_hash": DIGEST},
        "entries": {
            **row,
            "transfer_id": w.row,
            "account_id": w.owner,
            "amount": "1",
            "balance_after": "100",
            "account_version": "1",
        },
        "lots": {
            **row,
            "account_id": w.owner,
            "transfer_id": w.row,
            "amount": "1",
            "remaining": "0",
            "earned_at": w.at,
        },
        "tickets": {
            **row,
            "number": "1001 + n",
            "community_id": "1",
            "reporter_id": w.owner,
            "what_id": "1",
            "where_id": "1",
            "state": "'closed'",
            "level": "'community'",
            "reopened": "0",
            "opened_at": w.at,
            "respond_by": w.at,
            "changed_at": w.at,
        },
        "ticket_events": {
            "shard": w.ticket_shard,
            "id": w.row,
            "ticket_id": w.ticket,
            "sequence": "n % 4 + 1",
            "kind": "'closed'",
            "to_state": "'closed'",
            "to_level": "'community'",
            "happened_at": w.at,
        },
    }
