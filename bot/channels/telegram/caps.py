"""How fast the bot may speak: so many messages a second altogether, so many a minute in a group.

Telegram gives these numbers as a rule of thumb (channels.md 1.3) and answers whoever passes them
with 429 and a pause, sometimes for the whole bot.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import timedelta

from bot.channels.telegram.pace import Pace

SLACK = 1.03
"""Messages leave evenly, and this much slower than they might: on the line some catch up."""
LATE = 0.01
"""Seconds by which one that left late may be followed sooner: less than the slack of a second, so
that no second ever has too many, however the machine stands still in between."""
IN_GROUP = 20
FOR_DANGER = 2
"""Of these, kept for who is in danger: they do not wait until others were answered."""
GROUP_SPAN = timedelta(seconds=61)
"""A minute, and what the first of it may have taken longer to arrive than the next one."""


class Caps:
    """Lets messages go one after another, evenly."""

    def __init__(self, pace: Pace, carriers: Callable[[], int]) -> None:
        """`carriers` tells how many workers speak for the bot at the same time."""
        self._pace = pace
        self._carriers = carriers
        self._line = asyncio.Lock()
        self._next = float("-inf")
        self._groups: dict[int, deque[float]] = {}

    async def turn(self) -> None:
        """Wait until one more message may go; who came first goes first."""
        async with self._line:
            await self._pace.sleep(max(0.0, self._next - self._pace.time()))
            # Counted from when it really goes: a clock that was held up makes up for nothing.
            due = max(self._next, self._pace.time() - LATE)
            self._next = due + SLACK / self._pace.a_second * self._carriers()

    def take(self, group: int, *, in_danger: bool = False) -> timedelta | None:
        """Count one message to a group; when its minute is full, count none and return the wait."""
        now, span = self._pace.time(), GROUP_SPAN.total_seconds()
        said = self._groups.setdefault(group, deque())
        while said and said[0] <= now - span:
            said.popleft()
        most = IN_GROUP if in_danger else IN_GROUP - FOR_DANGER
        if len(said) >= most:
            return timedelta(seconds=said[len(said) - most] + span - now)
        said.append(now)
        return None
