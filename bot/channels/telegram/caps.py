"""How fast the bot may speak: so many messages a second altogether, so many a minute in a group.

Telegram gives these numbers as a rule of thumb (channels.md 1.3) and answers whoever passes them
with 429 and a pause, sometimes for the whole bot.
"""

import asyncio
from collections import deque
from datetime import timedelta

from bot.channels.telegram.pace import Pace
from bot.channels.telegram.places import CHANNEL
from storage.faults import StoreUnavailable
from storage.residents import address_key
from storage.sendings import Limit
from storage.store import Store

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
PATIENCE = timedelta(seconds=1)
"""How long a message to a group waits to be counted with those of other workers: an answer to who
is in danger comes without the database too."""


class Caps:
    """Lets messages go one after another, evenly."""

    def __init__(self, pace: Pace, store: Store) -> None:
        """`store` counts what other workers of the bot say too, where there may be any."""
        self._pace = pace
        self._store = store
        self._line = asyncio.Lock()
        self._next = float("-inf")
        self._groups: dict[int, deque[float]] = {}

    async def turn(self) -> None:
        """Wait until one more message may go; who came first goes first."""
        async with self._line:
            await self._pace.sleep(max(0.0, self._next - self._pace.time()))
            # Counted from when it really goes: a clock that was held up makes up for nothing.
            due = max(self._next, self._pace.time() - LATE)
            self._next = due + SLACK / self._pace.a_second * self._store.carriers

    async def take(self, group: int, *, in_danger: bool = False) -> timedelta | None:
        """Count one message to a group; when its minute is full, count none and return the wait."""
        most = IN_GROUP if in_danger else IN_GROUP - FOR_DANGER
        if self._store.is_shared:
            book, limit = address_key(CHANNEL, str(group)), Limit(most, GROUP_SPAN)
            counting = self._store.run(lambda tx: tx.sendings.take(book, 1, (limit,)))
            try:
                return await asyncio.wait_for(counting, PATIENCE.total_seconds())
            except (TimeoutError, StoreUnavailable):
                """Nothing else is known now than what this worker said."""
        return self._take_here(group, most)

    def _take_here(self, group: int, most: int) -> timedelta | None:
        now, span = self._pace.time(), GROUP_SPAN.total_seconds()
        said = self._groups.setdefault(group, deque())
        while said and said[0] <= now - span:
            said.popleft()
        if len(said) >= most:
            return timedelta(seconds=said[len(said) - most] + span - now)
        said.append(now)
        return None
