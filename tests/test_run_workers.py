"""`xiaoer run --workers N` as an operator runs it: real processes, real signals."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.soak.kill import XIAOER, Server
from tests.stores import Database, EngineKind

needs_postgresql = pytest.mark.skipif(
    not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed"
)
LIMIT_SECONDS = 60


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    database = Database(EngineKind.POSTGRESQL, tmp_path)
    server = Server(tmp_path / "data", database.url, workers=2)
    yield server
    if server.is_running:
        server.kill()
    database.drop()


async def gone(pids: list[int]) -> None:
    """Wait until none of these processes is left."""
    async with asyncio.timeout(LIMIT_SECONDS):
        while any(is_there(pid) for pid in pids):  # noqa: ASYNC110  other processes
            await asyncio.sleep(0.05)


def is_there(pid: int) -> bool:
    """Return whether the process runs; one that only waits to be counted does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # it may end between opening and reading
        return False


def test_several_workers_on_sqlite_are_refused_in_words(tmp_path: Path) -> None:
    done = subprocess.run(
        [XIAOER, "run", "--workers", "2", "--data", "d"],
        capture_output=True,
        cwd=tmp_path,
        timeout=LIMIT_SECONDS,
        check=False,
    )

    assert done.returncode == 2
    assert "PostgreSQL" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
    assert not (tmp_path / "d").exists()


def test_a_database_that_is_not_there_is_said_once_and_ends_it(tmp_path: Path) -> None:
    nowhere = f"postgresql+psycopg://xiaoer@/xiaoer?host={tmp_path}"
    done = subprocess.run(
        [XIAOER, "run", "--workers", "3", "--data", "d"],
        capture_output=True,
        cwd=tmp_path,
        timeout=LIMIT_SECONDS,
        check=False,
        env={**os.environ, "XIAOER_DATABASE__URL": nowhere, "XIAOER_WEB__PORT": "0"},
    )

    assert done.returncode == 1
    assert done.stderr.decode().count("打不开数据库") == 1


@needs_postgresql
async def test_workers_are_replaced_while_they_serve_and_nobody_is_turned_away(
    server: Server,
) -> None:
    await server.start()
    before = server.workers()
    failures: list[str] = []
    asked, over = 0, asyncio.Event()

    async def ask() -> None:
        nonlocal asked
        while not over.is_set():
            # A new connection each time: it goes to whoever is free.
            async with httpx.AsyncClient(base_url=server.url, timeout=LIMIT_SECONDS) as client:
                try:
                    answer = await client.get("/healthz")
                except httpx.TransportError as error:
                    failures.append(repr(error))
                else:
                    asked += 1
                    if answer.status_code != httpx.codes.OK:
                        failures.append(answer.text)

    asking = [asyncio.create_task(ask()) for _ in range(3)]
    server.signal(signal.SIGHUP)
    await gone(before)
    over.set()
    await asyncio.gather(*asking)

    after = server.workers()
    assert failures == []
    assert asked > 0
    assert len(after) == 2
    assert not set(after) & set(before)
    assert server.stop() == 0
    await gone(after)


@needs_postgresql
async def test_workers_end_with_the_process_that_started_them(server: Server) -> None:
    await server.start()
    workers = server.workers()
    assert len(workers) == 2

    server.kill(only_parent=True)

    await gone(workers)
