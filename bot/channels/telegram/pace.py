"""How long the channel waits for what; tests are in more of a hurry than people."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta


def _time() -> float:
    return asyncio.get_running_loop().time()


@dataclass(frozen=True, slots=True)
class Pace:
    """Waiting times."""

    first_retry: timedelta = timedelta(seconds=1)
    """After the first failure; doubled after each further one."""
    longest_retry: timedelta = timedelta(minutes=1)
    conflict: timedelta = timedelta(minutes=1)
    """Until another try when another program receives for the same bot."""
    refused: timedelta = timedelta(minutes=10)
    """Until another try when Telegram does not know the token."""
    long_poll: timedelta = timedelta(seconds=30)
    turn: timedelta = timedelta(seconds=2)
    """Until a worker that does not fetch asks whether it should: another one may be gone."""
    look_again: timedelta = timedelta(milliseconds=500)
    """Until new updates are asked for while some are still being handled."""
    album: timedelta = timedelta(milliseconds=1500)
    """Parts of an album arrive one by one; those of this time are one message."""
    tend: timedelta = timedelta(seconds=30)
    """How often parts of albums are looked for that a dead worker left."""
    give_up: timedelta = timedelta(minutes=5)
    """How long an answer is tried again; then the outbox says it when it can."""
    farewell: timedelta = timedelta(seconds=5)
    """What may still be finished when the channel stops."""
    a_second: float = 30
    """Messages the bot may send, to everybody together (channels.md 1.3)."""
    time: Callable[[], float] = _time
    """Seconds on the clock by which messages are spaced."""
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    """How to wait on that clock."""

    def retry(self, failures: int) -> timedelta:
        """Return how long to wait after so many failures in a row, at least one."""
        wait = self.first_retry
        for _ in range(min(failures - 1, 16)):
            wait *= 2
        return min(wait, self.longest_retry)
