"""Lets time pass in a house whose clock is moved by hand, and does then what bot/clock.py does."""

import logging
from datetime import datetime

from bot.script.clock import MINUTE, RESOLUTION, ManualClock, whole_minute
from bot.script.house import House
from bot.script.idle import NIGHT, busy_again_at
from handlers import ticks
from handlers.learning import clock as learning
from handlers.localtime import local
from storage.faults import StoreUnavailable

log = logging.getLogger(__name__)


class Hours:
    """The hours of one house, whether or not its process runs."""

    def __init__(self, house: House, clock: ManualClock, *, jumps: bool = True) -> None:
        """`jumps` lets the clock leave out minutes in which nothing can happen."""
        self._house = house
        self._clock = clock
        self._jumps = jumps

    async def pass_until(self, moment: datetime) -> None:
        """Move the clock there, minute by minute; one that is behind us is now."""
        while (minute := await self._next_minute()) <= moment:
            self._clock.now = minute
            await self.tick()
        self._clock.now = max(self._clock.now, moment)
        await self.deliver()

    async def tick(self) -> None:
        """Do what bot/clock.py does in a minute.

        Photographs are not swept: a file is as old as the machine says, not as the script does.
        """
        service = self._house.service
        if service is None:
            return
        here = local(self._clock.now)
        try:
            await learning.rehearse(service.store, service.current, self._clock)
            await ticks.every_minute(
                service.store, service.spool, service.street, service.current, self._clock
            )
            if here.time() == NIGHT:
                await ticks.every_night(service.store, service.current)
        except Exception:
            log.exception("a tick failed; the next one comes")
        await self.deliver()

    async def keep_current(self) -> None:
        """Do at once what bot/clock.py does every two seconds."""
        service = self._house.service
        if service is None:
            return
        try:
            await service.current.refresh(service.store, self._clock.now)
            await learning.rehearse(service.store, service.current, self._clock)
        except StoreUnavailable as unavailable:
            log.info("the knowledge stays as it is: the database is %s", unavailable.kind.value)

    async def deliver(self) -> None:
        """Send whatever is due now."""
        service = self._house.service
        if service is None:
            return
        try:
            while await service.delivery.deliver_due():
                pass
        except StoreUnavailable as unavailable:
            log.info("delivery waits: the database is %s", unavailable.kind.value)

    async def _next_minute(self) -> datetime:
        """Return the next whole minute; where the clock may jump, one in which things happen."""
        following = self._clock.next_minute()
        service = self._house.service
        if not self._jumps or service is None:
            return following
        try:
            busy_at = await service.store.run(busy_again_at(service.spool))
        except StoreUnavailable:
            return following
        return max(following, whole_minute(busy_at + MINUTE - RESOLUTION))
