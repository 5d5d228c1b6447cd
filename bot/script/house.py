"""The service a script is played against: opened, killed and opened again on the same files."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

from bot.config import Config
from bot.wiring import Service
from handlers.delivery import Sender
from knowledge.reading import Knowledge
from storage.counters import next_number
from storage.outage import Outage, cut_off
from storage.residents import address_key
from storage.transaction import Transaction

BUSY_TIMEOUT = timedelta(milliseconds=50)
"""During an outage every minute asks the database several times; nobody else ever has it."""


SEED = 1
"""Codes are the same in every play; a script grants nothing outside its own database."""


@cache
def _knowledge() -> Knowledge:
    """Load what is shipped once: it is the same after every restart."""
    return Knowledge.load()


class House:
    """One data folder, and the process that works in it unless it was killed."""

    def __init__(
        self,
        config: Config,
        data: Path,
        clock: Callable[[], datetime],
        knowledge: Knowledge | None = None,
    ) -> None:
        """`knowledge` is the shipped one unless another is given."""
        self._config = config
        self._knowledge = knowledge
        self._data = data
        self._clock = clock
        self._luck = Random(SEED)  # noqa: S311  the same play twice is the point
        self._stack = AsyncExitStack()
        self._service: Service | None = None
        self._url = config.database_url(data)
        self.outage = Outage(self._url)
        self.senders: dict[str, Sender] = {}

    @property
    def service(self) -> Service | None:
        """The running process; None while it cannot start."""
        return self._service

    async def open(self) -> Service:
        """Start the process on what the files hold."""
        stack = AsyncExitStack()
        self._service = await stack.enter_async_context(
            Service.open(
                self._config,
                data=self._data,
                clock=self._clock,
                knowledge=self._knowledge or _knowledge(),
                busy_timeout=BUSY_TIMEOUT,
                luck=self._luck,
            )
        )
        self._service.senders.update(self.senders)
        self._stack = stack
        return self._service

    async def kill(self) -> None:
        """End the process as a power cut does: what is stored stays as it is at this moment."""
        if self._config.has_workers(self._data):
            if not self.outage.lasts:
                cut_off(self._url)
            await self.close()
            return
        with tempfile.TemporaryDirectory() as kept:
            files = [] if self.outage.lasts else self._database_files()
            for file in files:
                shutil.copyfile(file, Path(kept) / file.name)
            await self.close()
            for file in files:
                shutil.copyfile(Path(kept) / file.name, file)

    async def close(self) -> None:
        """End the process in good order."""
        self._service = None
        await self._stack.aclose()
        self._stack = AsyncExitStack()

    def _database_files(self) -> list[Path]:
        name = self._url.removeprefix("sqlite:///")
        return [file for end in ("", "-wal") if (file := Path(f"{name}{end}")).exists()]


def move_in(channel: str, speakers: set[str]) -> Callable[[Transaction], int]:
    """Return work that lets people and groups use the channel, and numbers this run.

    Everybody of the demo street has an address there, and whoever speaks and is known by name.
    """

    def work(tx: Transaction) -> int:
        people = [*tx.residents.demo_people()]
        for name in sorted(speakers):
            named = tx.residents.named(name)
            people += named if len(named) == 1 else []
        for person in people:
            name = person.name or ""
            if name and tx.residents.at(address_key(channel, name)) is None:
                tx.residents.bind(person, channel, name, name)
        for group in tx.directory.groups():
            tx.directory.bind_group(channel, group.name, group.id)
        return next_number(tx, "script", 1)

    return work


def group_names(tx: Transaction) -> set[str]:
    """Return the names of the street's groups."""
    return {group.name for group in tx.directory.groups()}
