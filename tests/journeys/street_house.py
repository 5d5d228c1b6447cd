"""The demo street with one channel in front of it: it can be killed, and its clock is moved."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import datetime
from pathlib import Path

from bot.config import Config
from bot.config import Database as DatabaseSection
from bot.script.clock import ManualClock
from bot.script.hours import Hours
from bot.script.house import House
from bot.script.parse import parse
from bot.script.steps import Move, MoveTo
from bot.wiring import Service
from handlers.localtime import SHANGHAI
from tests.houses import knowledge, small_knowledge
from tests.journeys import journey as words
from tests.journeys.journey import Journey, Waits
from tests.journeys.talks_learning import LEARNING
from tests.stores import Database

REHEARSED = frozenset({LEARNING})
"""Asked of all that is known these take many seconds, as they do in a script."""
Front = Callable[[Service], AbstractAsyncContextManager[None]]
"""Puts the channel before a process, for as long as that runs."""


class StreetHouse:
    """The process behind a channel; after a restart it is found where it was."""

    def __init__(self, journey: Journey, folder: Path, front: Front, database: Database) -> None:
        """`database` is empty, and migrated already."""
        start = datetime.fromisoformat(journey.start).replace(tzinfo=SHANGHAI)
        self.clock = ManualClock(start)
        known = small_knowledge() if journey in REHEARSED else knowledge()
        config = Config(demo=True, database=DatabaseSection(url=database.url))
        self.house = House(config, folder, self.clock, known)
        self.hours = Hours(self.house, self.clock)
        self._front = front
        self._before = AsyncExitStack()

    @property
    def service(self) -> Service:
        """The running process."""
        assert self.house.service is not None
        return self.house.service

    async def __aenter__(self) -> "StreetHouse":
        await self._open()
        return self

    async def __aexit__(self, *_error: object) -> None:
        self.house.outage.end()
        await self._before.aclose()
        await self.house.close()

    async def restart(self) -> None:
        """Kill the process and start it again on what is stored."""
        await self._before.aclose()
        await self.house.kill()
        await self._open()

    async def wait(self, step: Waits) -> None:
        """Let time pass as the step says."""
        [move], _ = parse([step.time], Path())
        assert isinstance(move, Move | MoveTo)
        until = self.clock.now + move.by if isinstance(move, Move) else move.at
        await self.hours.pass_until(until)

    async def strike(self, what: str) -> bool:
        """Let happen what is the same on every channel; False when this is not."""
        match what:
            case words.RESTART:
                await self.restart()
            case words.DATABASE_GOES:
                self.house.outage.begin()
            case words.DATABASE_COMES:
                self.house.outage.end()
            case _:
                return False
        return True

    async def _open(self) -> None:
        service = await self.house.open()
        await self._before.enter_async_context(self._front(service))
        await self.hours.tick()
