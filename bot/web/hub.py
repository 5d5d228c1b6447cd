"""Wakes whoever listens to a chat as soon as something new stands in its transcript."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import timedelta

HEARTBEAT = timedelta(seconds=15)
"""Below the minute after which proxies cut a silent connection."""
LISTENERS = 2000
"""Open pages; each costs a connection and a glance at the database every heartbeat."""


class Hub:
    """The listeners of this process; what is missed is found at the next heartbeat."""

    def __init__(self, heartbeat: timedelta = HEARTBEAT) -> None:
        self.heartbeat = heartbeat
        self.is_closed = False
        self._bells: dict[str, set[asyncio.Event]] = {}
        self._count = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._beside: set[asyncio.Task[None]] = set()

    def do_beside(self, work: Coroutine[None, None, None]) -> None:
        """Do something that no page waits for."""
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    @property
    def is_full(self) -> bool:
        """Whether no further page can listen."""
        return self._count >= LISTENERS

    @property
    def pages(self) -> int:
        """How many pages listen."""
        return self._count

    def has_listeners(self, chat: str) -> bool:
        """Return whether a page is open on the chat."""
        return chat in self._bells

    def heard(self, chat: str) -> None:
        """Take note, from any thread, that the chat has something new; nothing means every chat."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.wake, chat)

    def wake(self, chat: str) -> None:
        """Let everybody who listens to the chat look what is new."""
        told = [self._bells.get(chat, set())] if chat else self._bells.values()
        for bells in told:
            for bell in bells:
                bell.set()

    def close(self) -> None:
        """End all listening: the server stops."""
        self.is_closed = True
        self.wake("")

    @contextmanager
    def listen(self, chat: str) -> Iterator[asyncio.Event]:
        """Give the bell that rings when the chat has something new."""
        bell = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._bells.setdefault(chat, set()).add(bell)
        self._count += 1
        try:
            yield bell
        finally:
            self._count -= 1
            self._bells[chat].discard(bell)
            if not self._bells[chat]:
                del self._bells[chat]
