"""Fetches updates by long polls; an update is confirmed only after it was handled.

Telegram shows the oldest hundred that are not confirmed. Where a few slow ones (pictures on a bad
line) keep everybody behind those hundred from being heard, they are confirmed before their end.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from telegram.error import TelegramError

from bot.channels.telegram import decode
from bot.channels.telegram.client import Client
from bot.channels.telegram.decode import Unreadable, Update
from bot.channels.telegram.line import Line
from bot.channels.telegram.pace import Pace

log = logging.getLogger(__name__)

AT_ONCE = timedelta(0)
AT_A_TIME = 100
"""Updates fetched together; Telegram shows no more."""
FEW = 10
"""What may be confirmed before its end at any time, and lost by a crash: with more open than that
it is us who are slow, and fetching more would help nobody."""

Take = Callable[[Update], "asyncio.Task[None] | None"]


class Poll:
    """The loop that asks Telegram what happened."""

    def __init__(
        self,
        client: Client,
        line: Line,
        pace: Pace,
        take: Take,
        is_ours: Callable[[], Awaitable[bool]],
    ) -> None:
        """`is_ours` says whether this worker fetches, and not another one of the same bot."""
        self._is_ours = is_ours
        self._client = client
        self._line = line
        self._pace = pace
        self._take = take
        self._behind = 0
        """The number behind the last update that was fetched."""
        self._open: dict[int, asyncio.Task[None]] = {}
        self._passed: set[asyncio.Task[None]] = set()
        """What was confirmed before its end."""

    async def run(self) -> None:
        """Fetch and hand over updates for ever; failures only make it wait."""
        is_open = False
        while True:
            if not await self._is_ours():
                is_open = False
                await asyncio.sleep(self._pace.turn.total_seconds())
                continue
            try:
                if not is_open:
                    # By whoever fetches alone: it ends what another one is just fetching.
                    await self._client.delete_webhook()
                    is_open = True
                await self._fetch()
            except TelegramError as error:
                await asyncio.sleep(self._line.failed(error).total_seconds())
                if self._line.is_suspect():
                    log.info("Telegram's connections are built anew")
                    await self._client.reconnect()

    async def confirm(self, patience: timedelta) -> None:
        """Tell Telegram what was handled, so that it is not sent again after a restart."""
        if self._offset() == 0:
            return
        try:
            async with asyncio.timeout(patience.total_seconds()):
                await self._client.raw_updates(self._offset(), AT_ONCE, limit=1)
        except (TelegramError, TimeoutError):
            log.info("the last updates could not be confirmed and will come again")

    async def _fetch(self) -> None:
        wait = AT_ONCE if self._unsettled() else self._pace.long_poll
        found = await self._client.raw_updates(self._offset(), wait, AT_A_TIME)
        self._line.works()
        before, behind = self._offset(), self._behind
        for raw in found:
            self._hand_over(raw)
        if len(found) >= AT_A_TIME and self._behind == behind:
            self._let_pass()
        pause = self._pace.look_again.total_seconds()
        if self._unsettled():
            await asyncio.wait(self._open.values(), timeout=pause)
        elif found and self._offset() == before:
            # Nothing that could be confirmed: the same would come again at once.
            await asyncio.sleep(pause)

    def _hand_over(self, raw: object) -> None:
        try:
            update = decode.read(raw)
        except Unreadable as error:
            log.warning("update %s cannot be read: %s", error.update_id, error)
            if error.update_id is not None:
                self._behind = error.update_id + 1
            return
        self._behind = update.update_id + 1
        task = self._take(update)
        if task is not None:
            self._open[update.update_id] = task

    def _let_pass(self) -> None:
        """Confirm the slow ones, so that those behind them are heard."""
        self._passed = {task for task in self._passed if not task.done()}
        slow = set(self._open.values()) if self._unsettled() else set()
        if slow and len(self._passed | slow) <= FEW:
            log.warning("%s slow updates are confirmed before their end", len(slow))
            self._passed |= slow
            self._open.clear()

    def _unsettled(self) -> bool:
        self._open = {n: task for n, task in self._open.items() if not _is_settled(task)}
        return bool(self._open)

    def _offset(self) -> int:
        """Everything before this is settled: Telegram may forget it."""
        waiting = [number for number, task in self._open.items() if not _is_settled(task)]
        return min(waiting, default=self._behind)


def _is_settled(task: "asyncio.Task[None]") -> bool:
    """A cancelled one is not: it has to come again."""
    return task.done() and not task.cancelled()
