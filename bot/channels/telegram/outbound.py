"""Says answers chat by chat, in order; a chat in trouble waits alone and loses nothing.

From the first trouble on the outbox has the answer too, for a time when we have given up: whatever
becomes of us, it is said.
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
from bot.channels.telegram.unsaid import Unsaid
from handlers.delivery import DeliveryError, Unsure
from handlers.message import Reply
from handlers.outreach import rules

log = logging.getLogger(__name__)

BLIND_RETRIES = 1
"""How often a request is repeated that may have been carried out: a line said twice harms less
than a confirmation never seen, but nobody shall read it ten times."""

LAST_TRY = timedelta(minutes=2)
"""What a try that began just before we gave up may take, with all its time-outs."""


@dataclass(slots=True)
class _Answer:
    shots: deque[Shot]
    unsaid: Unsaid | None
    """None for what is not worth saying later."""
    tried: "asyncio.Future[None]"
    since: float
    failures: int = 0
    unsure: int = 0
    is_on_its_way: bool = False

    @property
    def replies(self) -> list[Reply]:
        """What is not said whole yet."""
        return list({id(shot.says): shot.says for shot in self.shots if shot.says}.values())


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

    async def say(self, shots: Sequence[Shot], unsaid: Unsaid | None = None) -> None:
        """Say these in their chat, behind what is said there already.

        Returns when they were sent, or when sending met trouble and they are kept in `unsaid`:
        then it goes on by itself.
        """
        if not shots:
            return
        loop = asyncio.get_running_loop()
        answer = _Answer(deque(shots), unsaid, loop.create_future(), loop.time())
        key = shots[0].place.chat_id, shots[0].in_danger
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = _Lane()
            task = asyncio.create_task(self._run(key, lane))
            self._tasks.add(task)
            task.add_done_callback(self._ended)
        lane.answers.append(answer)
        if lane.in_trouble:
            await self._keep(answer)
        else:
            await answer.tried

    async def close(self, patience: timedelta) -> None:
        """Wait a little for what is still on its way, then leave it to the outbox."""
        tasks = set(self._tasks)
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=patience.total_seconds())
        left = [answer for lane in self._lanes.values() for answer in lane.answers]
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        if left:
            log.warning("%s answers could not be sent before the end", len(left))
        await asyncio.gather(*(_leave(answer) for answer in left))

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
            answer.is_on_its_way = True
            try:
                await self._shoot(answer.shots[0])
            except DeliveryError as error:
                answer.is_on_its_way = False
                wait = self._wait(error, answer)
                if wait is None:
                    log.warning("an answer was given up: %s", error.reason)
                    await self._give_up(answer, error)
                    return
                lane.in_trouble = True
                await asyncio.gather(*(self._keep(one) for one in lane.answers))
                await asyncio.sleep(wait.total_seconds())
            else:
                answer.is_on_its_way = lane.in_trouble = False
                answer.shots.popleft()
        if answer.unsaid is not None:
            await answer.unsaid.said()

    async def _keep(self, answer: _Answer) -> None:
        """Have the outbox say it when we shall have given up; then nobody has to wait for it."""
        if answer.unsaid is not None:
            left = answer.since + self._pace.give_up.total_seconds() - _now()
            wait = max(timedelta(seconds=left), timedelta(0)) + LAST_TRY
            await answer.unsaid.keep_meanwhile(answer.replies, wait)
        _settle(answer)

    async def _give_up(self, answer: _Answer, error: DeliveryError) -> None:
        """Leave it to the outbox, unless Telegram will never take it."""
        if answer.unsaid is None:
            return
        if _is_final(error):
            await answer.unsaid.said()
            return
        wait = error.retry_after or self._pace.longest_retry
        if isinstance(error, Unsure):
            wait = rules.wait_unsure(1)
        await answer.unsaid.keep(answer.replies, wait)

    def _wait(self, error: DeliveryError, answer: _Answer) -> timedelta | None:
        """Return when to try again, or None when that is no use."""
        if _is_final(error):
            return None
        if isinstance(error, Unsure):
            answer.unsure += 1
            if answer.unsure > BLIND_RETRIES:
                return None
        if not isinstance(error, Flooded):
            answer.failures += 1
        wait = error.retry_after or self._pace.retry(answer.failures)
        spent = _now() - answer.since
        return wait if spent + wait.total_seconds() < self._pace.give_up.total_seconds() else None


async def _leave(answer: _Answer) -> None:
    """Leave an answer of which we can say no more to the outbox."""
    unsaid = answer.unsaid
    if unsaid is None:
        return
    if not answer.shots:
        await unsaid.said()
    elif answer.is_on_its_way:
        # It may have arrived just now: what the outbox has of it comes in its time.
        return
    elif unsaid.is_kept or not answer.tried.cancelled():
        # Else the message was not confirmed: it comes again, and is answered then.
        await unsaid.keep(answer.replies, timedelta(0))


def _is_final(error: DeliveryError) -> bool:
    return error.permanent or isinstance(error, Refused)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _settle(answer: _Answer) -> None:
    if not answer.tried.done():
        answer.tried.set_result(None)
