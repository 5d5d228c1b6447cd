"""Real databases for tests, of both engines: migrated once, copied for each test."""

import asyncio
import atexit
import itertools
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import make_url, text

from storage.engine import open_engine
from storage.migrate import upgrade
from storage.outage import Outage
from storage.store import Store
from storage.tables import metadata
from tests.peers import postgres

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
"""Monday noon in Shanghai."""
BUSY_TIMEOUT = timedelta(seconds=5)
DEADLINE_SECONDS = 20


class EngineKind(StrEnum):
    """What a test runs on."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"

    @property
    def is_there(self) -> bool:
        """Whether this machine has it."""
        return self is EngineKind.SQLITE or postgres.programs() is not None


USUAL = EngineKind(os.environ.get("TEST_ENGINE", EngineKind.SQLITE))
"""What houses stand on whose test does not say: `make test ENGINE=postgresql` is for the other."""


class Clock:
    """A clock that the test moves."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> None:
        self.now += by


class Database:
    """One migrated database of a test's own."""

    def __init__(self, kind: EngineKind, folder: Path, url: str | None = None) -> None:
        """`url` names one that is migrated already, on a server of the test's own."""
        self.kind = kind
        self.url = url or (_sqlite_copy(folder) if kind is EngineKind.SQLITE else _postgres_copy())
        self._is_altered = False

    @property
    def path(self) -> Path:
        """The file of a SQLite database."""
        assert self.kind is EngineKind.SQLITE
        return Path(self.url.removeprefix("sqlite:///"))

    def open(
        self,
        clock: Callable[[], datetime] = lambda: NOON,
        busy_timeout: timedelta = BUSY_TIMEOUT,
    ) -> Store:
        """Open a store on it; on PostgreSQL as many as there are workers."""
        return Store(open_engine(self.url, busy_timeout), clock=clock)

    def run(self, *statements: str) -> list[Sequence[object]]:
        """Run statements behind the store's back; return the rows of the last one."""
        self._is_altered |= any(statement.startswith("DROP") for statement in statements)
        engine = open_engine(self.url)
        try:
            with engine.begin() as connection:
                for statement in statements:
                    result = connection.execute(text(statement))
                return [tuple(row) for row in result] if result.returns_rows else []
        finally:
            engine.dispose()

    def everything(self) -> str:
        """Return all that its tables hold."""
        rows = [self.run(f'SELECT * FROM "{table.name}"') for table in metadata.sorted_tables]
        return repr(rows)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Keep it to ourselves while the block lasts: whoever wants to write waits in vain."""
        outage = Outage(self.url)
        outage.begin()
        try:
            yield
        finally:
            outage.end()

    def drop(self) -> None:
        """Give it back; a SQLite file goes with its folder."""
        if self.kind is EngineKind.SQLITE:
            return
        name = make_url(self.url).database
        if self._is_altered:
            _administer(f"DROP DATABASE {name} WITH (FORCE)")
            return
        _administer(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )
        # Replicas run no triggers: those that forbid it would be in the way.
        emptied = [f'DELETE FROM "{table.name}"' for table in metadata.sorted_tables]
        self.run("SET LOCAL session_replication_role = replica", *emptied)
        _emptied.append(self.url)


_usual: dict[Path, Database] = {}


def usual_database(folder: Path) -> Database:
    """Return the database of whoever lives in the folder: the same one after a restart."""
    if folder not in _usual:
        _usual[folder] = Database(USUAL, folder)
    return _usual[folder]


def give_back() -> None:
    """Give back the usual databases of a test that is over."""
    while _usual:
        _usual.popitem()[1].drop()


async def parted(store: Store, workers: int) -> None:
    """Wait until the store knows among how many the queues are dealt out."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while True:
            await store.run(lambda tx: tx.own_shards())
            if store.carriers == workers:
                return
            await asyncio.sleep(0.05)


async def until(happened: Callable[[], object]) -> None:
    """Wait until it happened."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not happened():  # noqa: ASYNC110  it is a thread, or another process, that does it
            await asyncio.sleep(0.01)


def a_database(folder: Path) -> Path:
    """Return a fresh migrated SQLite file in the folder."""
    return Database(EngineKind.SQLITE, folder).path


def a_store(
    path: Path,
    clock: Callable[[], datetime] = lambda: NOON,
    busy_timeout: timedelta = BUSY_TIMEOUT,
) -> Store:
    """Open the store on a SQLite file."""
    return Store(open_engine(f"sqlite:///{path}", busy_timeout), clock=clock)


def _sqlite_copy(folder: Path) -> str:
    """Return a new file in the folder, or the one that a process before this left there."""
    path = folder / "xiaoer.db"
    if not path.exists():
        shutil.copyfile(_migrated(), path)
    return f"sqlite:///{path}"


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


_numbers = itertools.count(1)
_emptied: list[str] = []


@cache
def _postgres_server() -> str:
    """Start the one server of this run, with an empty migrated database to copy."""
    running = ExitStack()
    server = running.enter_context(postgres.server(durable=False))
    atexit.register(running.close)
    return server.url


@cache
def _postgres_template() -> str:
    _administer("CREATE DATABASE template_xiaoer")
    engine = open_engine(_address("template_xiaoer"))
    upgrade(engine)
    engine.dispose()
    return "template_xiaoer"


def _postgres_copy() -> str:
    """Return an empty database: one that a test gave back (100 times faster), or a new one."""
    if _emptied:
        return _emptied.pop()
    name = f"test_{next(_numbers)}"
    _administer(f"CREATE DATABASE {name} TEMPLATE {_postgres_template()}")
    return _address(name)


def _address(database: str) -> str:
    url = make_url(_postgres_server()).set(database=database)
    return url.render_as_string(hide_password=False)


def _administer(statement: str) -> None:
    engine = open_engine(_postgres_server())
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(statement)
    finally:
        engine.dispose()
