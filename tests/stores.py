"""Real databases for tests: migrated once, copied for each test."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from storage.engine import open_engine
from storage.migrate import upgrade
from storage.store import Store

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
"""Monday noon in Shanghai."""


@cache
def _migrated() -> Path:
    path = Path(mkdtemp(prefix="xiaoer-tests-")) / "empty.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


def a_database(folder: Path) -> Path:
    """Return a fresh migrated SQLite file in the folder."""
    path = folder / "xiaoer.db"
    shutil.copyfile(_migrated(), path)
    return path


def a_store(
    path: Path,
    clock: Callable[[], datetime] = lambda: NOON,
    busy_timeout: timedelta = timedelta(seconds=5),
) -> Store:
    """Open the store on a database file."""
    return Store(open_engine(f"sqlite:///{path}", busy_timeout), clock=clock)


class Clock:
    """A clock that the test moves."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> None:
        self.now += by
