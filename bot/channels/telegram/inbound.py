"""Takes updates as they come: each person in order, side by side, an album as one message."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from datetime import timedelta
from weakref import WeakValueDictionary

from bot.channels.telegram.decode import Message, Update
from bot.channels.telegram.pace import Pace

log = logging.getLogger(__name__)

REMEMBERED = 10_000
"""Updates of the past that are known to be settled; the inbox in the database knows them all."""

Work = Callable[[Sequence[Update]], Awaitable[None]]
Lane = tuple[int, int]
"""A chat and who speaks there: what they say is heard in its order."""
OF_THE_CHAT = 0
"""Stands for the speaker where the chat itself changes."""


class Inbound:
    """The updates being handled."""

    def __init__(
        self,
        work: Work,
        pace: Pace,
        on_mistake: Callable[[Update], None],
        is_danger: Callable[[Update], bool],
    ) -> None:
        """`is_danger` says whether somebody is in danger: then nothing is waited for."""
        self._work = work
        self._on_mistake = on_mistake
        self._is_danger = is_danger
        self._pace = pace
        self._running: dict[int, asyncio.Task[None]] = {}
        self._settled: OrderedDict[int, None] = OrderedDict()
        self._albums: dict[str, tuple[list[Update], asyncio.Task[None]]] = {}
        self._order: WeakValueDictionary[Lane, asyncio.Lock] = WeakValueDictionary()

    @property
    def running(self) -> dict[int, "asyncio.Task[None]"]:
        """The updates that are not settled yet."""
        return self._running

    def take(self, update: Update) -> "asyncio.Task[None] | None":
        """Have the update handled and return the task; None when that was done before.

        The task never fails: what goes wrong is logged, and must not stop the next update.
        """
        number = update.update_id
        if number in self._settled:
            return None
        if number in self._running:
            return self._running[number]
        task = self._join_album(update) or self._begin(update)
        self._running[number] = task
        return task

    async def close(self, patience: timedelta) -> list[int]:
        """Wait a little for what is being handled, then stop it: Telegram sends it again.

        Return the numbers of the updates that were stopped.
        """
        tasks = set(self._running.values())
        if not tasks:
            return []
        _, late = await asyncio.wait(tasks, timeout=patience.total_seconds())
        stopped = [number for number, task in self._running.items() if task in late]
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return stopped

    def _begin(self, update: Update) -> "asyncio.Task[None]":
        parts = [update]
        album = album_of(update)
        task = asyncio.create_task(self._handle(_lane(update), parts, album))
        if album:
            self._albums[album] = (parts, task)
        task.add_done_callback(lambda task: self._ended(task, parts))
        return task

    def _join_album(self, update: Update) -> "asyncio.Task[None] | None":
        parts, task = self._albums.get(album_of(update) or "", ([], None))
        if task is not None:
            parts.append(update)
        return task

    async def _handle(self, lane: Lane, parts: list[Update], album: str | None) -> None:
        lock = self._order.setdefault(lane, asyncio.Lock())
        overtakes = lock.locked() and self._is_danger(parts[0])
        async with nullcontext() if overtakes else lock:
            if album:
                await self._pace.sleep(self._pace.album.total_seconds())
                del self._albums[album]
            await self._work(parts)

    def _ended(self, task: "asyncio.Task[None]", parts: list[Update]) -> None:
        numbers = [part.update_id for part in parts]
        for number in numbers:
            self._running.pop(number, None)
        album = album_of(parts[0])
        if album and album in self._albums and self._albums[album][1] is task:
            del self._albums[album]
        if task.cancelled():
            return
        if task.exception() is not None:
            log.error("updates %s failed", numbers, exc_info=task.exception())
            self._on_mistake(parts[0])
        self._settled.update(dict.fromkeys(numbers))
        while len(self._settled) > REMEMBERED:
            self._settled.popitem(last=False)


def message_of(update: Update) -> Message | None:
    """Return the message that an update brings, changes or hangs under."""
    pressed = update.callback_query.message if update.callback_query else None
    return update.message or update.edited_message or pressed


def album_of(update: Update) -> str | None:
    """Return the name of the album this is a part of, or None."""
    message = update.message
    if message is None or message.media_group_id is None:
        return None
    return f"{message.chat.id}:{message.media_group_id}"


def _lane(update: Update) -> Lane:
    message = message_of(update)
    if update.callback_query is not None and message is not None:
        return message.chat.id, update.callback_query.sender.id
    if message is not None:
        return message.chat.id, message.sender.id if message.sender else OF_THE_CHAT
    if update.my_chat_member is not None:
        chat_id = update.my_chat_member.chat.id
        return chat_id, chat_id if chat_id > 0 else OF_THE_CHAT
    return 0, OF_THE_CHAT
