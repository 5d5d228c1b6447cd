"""Says answers chat by chat, in order; a chat in trouble waits alone and loses nothing quickly.

What saves somebody in a group has a lane of its own: it stands behind no other answer.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.channels.telegram.errors import Flooded, Refused
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.sender import Shot
from handlers.delivery import DeliveryError, Unsure

log = logging.getLogger(__name__)

BLIND_RETRIES = 1
"""How often a request is repeated that may have been carried out: a line said twice harms less
than a confirmation never seen, but nobody shall read it ten times."""


@dataclass(slots=True)
class _Answer:
    shots: deque[Shot]
    tried: "asyncio.Future[None]"
    since: float
    failures: int = 0
    unsure: int = 0


@dataclass(slots=True)
class _Lane:
    answers: deque[_Answer] = field(default_factory=deque)
    in_trouble: bool = False


_Key = tuple[int, bool]
"""A chat, and whether what is said there saves somebody."""


class Outbound:
    """The answers on their way."""

    def __init__(self, shoot: Callable[[Shot], Awaitable[None]], pace: Pace) -> None:
        self._shoot = shoot
        self._pace = pace
        self._lanes: dict[_Key, _Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def say(self, shots: Sequence[Shot]) -> None:
        """Say these in their chat, behind what is said there already.

        Returns when they were sent, or when sending met trouble: then it goes on by itself.
        """
        if not shots:
            return
        loop = asyncio.get_running_loop()
        answer = _Answer(deque(shots), loop.create_future(), loop.time())
        key = shots[0].place.chat_id, shots[0].in_danger
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = _Lane()
            task = asyncio.create_task(self._run(key, lane))
            self._tasks.add(task)
            task.add_done_callback(self._ended)
        lane.answers.append(answer)
        if not lane.in_trouble:
            await answer.tried

    async def close(self, patience: timedelta) -> None:
        """Wait a little for what is still on its way, then stop."""
        tasks = set(self._tasks)
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=patience.total_seconds())
        unsaid = sum(len(lane.answers) for lane in self._lanes.values())
        if unsaid:
            log.warning("%s answers could not be sent before the end", unsaid)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, key: _Key, lane: _Lane) -> None:
        try:
            while lane.answers:
                answer = lane.answers[0]
                await self._carry(answer, lane)
                _settle(answer)
                lane.answers.popleft()
        finally:
            del self._lanes[key]
            for answer in lane.answers:
                _settle(answer)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("an answer could not be said", exc_info=task.exception())

    async def _carry(self, answer: _Answer, lane: _Lane) -> None:
        while answer.shots:
            try:
                await self._shoot(answer.shots[0])
            except DeliveryError as error:
                wait = self._wait(error, answer)
                if wait is None:
                    log.warning("an answer was given up: %s", error.reason)
                    return
                lane.in_trouble = True
                for other in lane.answers:
                    _settle(other)
                await asyncio.sleep(wait.total_seconds())
            else:
                lane.in_trouble = False
                answer.shots.popleft()

    def _wait(self, error: DeliveryError, answer: _Answer) -> timedelta | None:
        """Return when to try again, or None when that is no use."""
        if error.permanent or isinstance(error, Refused):
            return None
        if isinstance(error, Flooded):
            return error.retry_after
        answer.failures += 1
        if isinstance(error, Unsure):
            answer.unsure += 1
            if answer.unsure > BLIND_RETRIES:
                return None
        wait = error.retry_after or self._pace.retry(answer.failures)
        spent = asyncio.get_running_loop().time() - answer.since
        return wait if spent + wait.total_seconds() < self._pace.give_up.total_seconds() else None


def _settle(answer: _Answer) -> None:
    if not answer.tried.done():
        answer.tried.set_result(None)
