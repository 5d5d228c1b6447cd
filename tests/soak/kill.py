"""kill -9 at any moment: residents report over HTTP, the server dies and comes back, and we count.

A resident behaves as the page does: an unanswered message is sent again with the same id until
the server says it is stored.
"""

import asyncio
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import httpx
from sqlalchemy import Engine, create_engine, text

from storage.engine import open_engine
from storage.migrate import upgrade
from storage.store import Store
from storage.transaction import Transaction

XIAOER = Path(sys.executable).parent / "xiaoer"
NUMBER = re.compile(r"编号 (\d+)")
IN_FLIGHT = 10
READY_WITHIN_SECONDS = 60


@dataclass(slots=True)
class Outcome:
    """What a run showed."""

    kills: int = 0
    confirmed: list[int] = field(default_factory=list)
    """Numbers of the reports that residents were told are stored."""
    stored: list[int] = field(default_factory=list)
    reminders: int = 0
    said: Counter[str] = field(default_factory=Counter)
    """How often each reminder was said."""

    @property
    def lost_reports(self) -> int:
        return len(set(self.confirmed) - set(self.stored))

    @property
    def doubled_reports(self) -> int:
        return len(self.stored) - len(self.confirmed)

    @property
    def lost_reminders(self) -> int:
        return self.reminders - len(self.said)

    @property
    def doubled_reminders(self) -> int:
        return sum(self.said.values()) - len(self.said)


class Server:
    """`xiaoer run` on a data folder, to be killed; or one of its workers."""

    def __init__(self, data: Path, database: str = "", workers: int = 1) -> None:
        self.data = data
        self.database = database or f"sqlite:///{data / 'xiaoer.db'}"
        self._workers = workers
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start it and wait until it serves."""
        self._process = subprocess.Popen(  # noqa: ASYNC220  killed by hand, not awaited
            [str(XIAOER), "run", "--data", str(self.data), "--workers", str(self._workers)],
            env={
                **os.environ,
                "XIAOER_WEB__PORT": str(self.port),
                "XIAOER_DATABASE__URL": self.database,
                "XIAOER_DEMO": "true",
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        async with httpx.AsyncClient() as client:
            while True:
                try:
                    if (await client.get(f"{self.url}/healthz")).status_code == httpx.codes.OK:
                        return
                except httpx.TransportError:
                    pass
                assert self._process.poll() is None, "the server ended by itself"
                assert time.monotonic() < deadline, "the server did not answer in time"
                await asyncio.sleep(0.02)

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def kill(self, *, only_parent: bool = False) -> None:
        """Kill -9, the workers too."""
        assert self._process is not None
        workers = [] if only_parent else self.workers()
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        for worker in workers:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)

    def workers(self) -> list[int]:
        """Return the processes of its workers."""
        assert self._process is not None
        found = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(pid) for pid in found.read_text().split()]

    async def hurt(self, rng: random.Random) -> None:
        """Kill -9 one of its workers, which is replaced; or all of it, and start it again."""
        if self._workers == 1:
            self.kill()
            await self.start()
            return
        async with asyncio.timeout(READY_WITHIN_SECONDS):
            while len(self.workers()) < self._workers:  # noqa: ASYNC110  other processes
                await asyncio.sleep(0.02)
        os.kill(rng.choice(self.workers()), signal.SIGKILL)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def stop(self) -> int:
        """Have it finish what it is doing; return its exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(READY_WITHIN_SECONDS)


async def run(
    folder: Path,
    *,
    kills: int,
    residents: int,
    reminders: int,
    seed: int,
    database: str = "",
    workers: int = 1,
) -> Outcome:
    """Have residents report while the server, or one of its workers, is killed; count the rest."""
    rng = random.Random(seed)
    outcome = Outcome(kills=kills, reminders=reminders)
    server = Server(folder / "data", database, workers)
    await server.start()
    server.kill()
    await _with_store(server.database, lambda tx: _plan(tx, reminders))
    await server.start()
    stop = asyncio.Event()
    people = [
        asyncio.create_task(_resident(server, number, stop, outcome, seed))
        for number in range(residents)
    ]
    for _ in range(kills):
        await asyncio.sleep(rng.uniform(0.3, 1.5))
        await server.hurt(rng)
    stop.set()
    await asyncio.gather(*people)
    await _until_said(server.database)
    server.kill()
    outcome.stored = await _with_store(server.database, _numbers)
    outcome.said = await _with_store(server.database, _said)
    return outcome


async def _resident(
    server: Server, number: int, stop: asyncio.Event, outcome: Outcome, seed: int
) -> None:
    count = 0
    async with httpx.AsyncClient(base_url=server.url, timeout=5) as client:
        await _post(client, "/api/session", {})
        while not stop.is_set():
            count += 1
            name = f"s{seed}-r{number}-{count}"
            text = f"芳草苑小区{number % 6 + 1}栋{count % 2 + 1}单元电梯坏了"
            await _post(client, "/api/messages", {"id": f"{name}-a", "text": text})
            answer = await _post(client, "/api/messages", {"id": f"{name}-b", "text": "确认"})
            found = NUMBER.search(str(answer))
            assert found, answer
            outcome.confirmed.append(int(found[1]))
            # A person breathes between two reports, and the throttle holds those who do not: it
            # counts by the minute, and what a kill cuts off is sent, and counted, again.
            await asyncio.sleep(0.05)
            if count % 7 == 0:
                await _post(client, "/api/session", {})
                client.cookies.clear()
                await _post(client, "/api/session", {})


async def _post(client: httpx.AsyncClient, path: str, body: dict[str, str]) -> object:
    """Post until it is taken; the id stays the same, as on the page."""
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while True:
        try:
            answer = await client.post(path, json=body)
        except httpx.TransportError:
            assert time.monotonic() < deadline, "nobody took the message"
            await asyncio.sleep(0.05)
            continue
        if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
            assert answer.status_code < httpx.codes.BAD_REQUEST, answer.text
            return answer.json() if answer.content else None
        await asyncio.sleep(0.05)


async def _until_said(database: str) -> None:
    """Wait until nothing is due any more but what lies on pages nobody has open."""
    deadline = time.monotonic() + READY_WITHIN_SECONDS * 4
    engine = create_engine(database)  # a look from outside, beside the running server
    while _waiting(engine):
        assert time.monotonic() < deadline, "reminders are still waiting"
        await asyncio.sleep(0.5)
    engine.dispose()


def _waiting(engine: Engine) -> bool:
    query = (
        "SELECT count(*) FROM notices WHERE state IN ('pending', 'claimed') AND key LIKE 'soak:%'"
        " AND delivered_via IS NULL"
    )
    with engine.connect() as connection:
        return bool(connection.execute(text(query)).scalar())


R = TypeVar("R")


async def _with_store(database: str, work: Callable[[Transaction], R]) -> R:
    engine = open_engine(database)
    upgrade(engine)
    store = Store(engine)
    try:
        return await store.run(work)
    finally:
        store.close()


def _plan(tx: Transaction, reminders: int) -> None:
    """Have reminders fall due while the server is being killed."""
    person = tx.residents.bind(tx.residents.add(name="志愿者丙"), "web", "soak", "soak")
    for number in range(reminders):
        tx.notices.schedule(
            key=f"soak:{number}",
            resident_id=person.id,
            text=f"提醒 {number}",
            topic="shifts",
            due_at=datetime.now(UTC) + timedelta(milliseconds=30 * number),
            urgent=True,
        )


def _numbers(tx: Transaction) -> list[int]:
    return [ticket.number for ticket in tx.tickets.open_in(None, limit=1_000_000)]


def _said(tx: Transaction) -> Counter[str]:
    lines = tx.transcripts.after("soak", 0, limit=1_000_000)
    return Counter(str(line.body["text"]) for line in lines)
