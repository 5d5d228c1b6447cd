"""What time moves: the ticks of every minute and night, and the loop that empties the outbox."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import sweeping
from bot.media import MediaStore
from handlers import ticks
from handlers.current import Current
from handlers.delivery import Delivery
from handlers.learning import clock as learning
from handlers.localtime import SHANGHAI
from handlers.street import Street
from storage.bell import Topic
from storage.faults import StoreUnavailable
from storage.seats import Lease
from storage.spool import Spool
from storage.store import Store

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
"""Of the monotonic clock: a jump of the wall clock cannot stop delivery."""
LOOK_SECONDS = 2.0
"""How long a worker may answer from older knowledge than the database has."""
NIGHT: Mapping[str, int | str] = {"hour": 3, "minute": 30}
"""When nobody writes: the ledger is checked and what is over is forgotten."""


@asynccontextmanager
async def running(
    store: Store,
    spool: Spool,
    street: Street,
    current: Current,
    delivery: Delivery,
    media: MediaStore,
    clock: Callable[[], datetime],
    night_at: Mapping[str, int | str] = NIGHT,
) -> AsyncIterator[None]:
    """Let time pass while the block runs; what was begun is finished at its end.

    `night_at` says when the night's work is done, in the fields of a cron table.
    """

    async def minute() -> None:
        await _survive("minute", ticks.every_minute(store, spool, street, current, clock))

    async def night() -> None:
        await _survive("night", ticks.every_night(store, current))
        await _survive("photographs", sweeping.sweep(store, spool, media, clock()))

    scheduler = AsyncIOScheduler(
        timezone=SHANGHAI,
        # A tick that comes late is still made, and once: what it does is found in the database.
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
    )
    scheduler.add_job(minute, "cron", second=0)
    scheduler.add_job(night, "cron", **night_at)
    scheduler.start()
    # Once at the start: what became due while nobody ran does not wait for the full minute.
    first = asyncio.create_task(minute())
    stop = asyncio.Event()
    carrier = asyncio.create_task(_deliver(delivery, _Alarm(store, Topic.NOTICES), stop))
    reader = asyncio.create_task(
        _keep_current(current, store, clock, _Alarm(store, Topic.KNOWLEDGE), stop)
    )
    learner = asyncio.create_task(_learn(current, store, clock, stop))
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
        stop.set()
        await asyncio.gather(first, carrier, reader, learner)


class _Alarm:
    """Wakes a loop before its time, when the store rings."""

    def __init__(self, store: Store, topic: Topic) -> None:
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()
        store.bell.on(topic, self._heard)

    def _heard(self, _about: str) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._rung.set)

    async def sleep(self, seconds: float, stop: asyncio.Event) -> None:
        """Return after so long, or as soon as it rings or is time to stop."""
        waiting = [asyncio.create_task(event.wait()) for event in (self._rung, stop)]
        try:
            await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
        self._rung.clear()


async def _deliver(delivery: Delivery, alarm: _Alarm, stop: asyncio.Event) -> None:
    """Send what is due until told to stop; nothing that happens ends this loop."""
    while not stop.is_set():
        try:
            while not stop.is_set() and await delivery.deliver_due():
                pass
        except StoreUnavailable as unavailable:
            log.warning("delivery waits: the database is %s", unavailable.kind.value)
        except Exception:
            log.exception("delivery failed; it goes on")
        await alarm.sleep(POLL_SECONDS, stop)


async def _keep_current(
    current: Current,
    store: Store,
    clock: Callable[[], datetime],
    alarm: _Alarm,
    stop: asyncio.Event,
) -> None:
    """Take over what staff, another worker or the operator changed, until told to stop."""
    while not stop.is_set():
        await alarm.sleep(LOOK_SECONDS, stop)
        try:
            if await current.refresh(store, clock()):
                log.info("the knowledge in use was renewed")
        except StoreUnavailable as unavailable:
            log.warning("the knowledge stays as it is: the database is %s", unavailable.kind.value)
        except Exception:
            log.exception("the knowledge could not be renewed; it stays as it is")


async def _learn(
    current: Current, store: Store, clock: Callable[[], datetime], stop: asyncio.Event
) -> None:
    """Rehearse what a lawyer approved: that takes seconds, so it has a loop of its own."""
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
        if await store.holds(Lease.TICKS):
            await _survive("replay", learning.rehearse(store, current, clock))


async def _survive(name: str, tick: Awaitable[object]) -> None:
    try:
        await tick
    except Exception:
        log.exception("the tick of the %s failed; the next one comes", name)
