"""Notes once a minute how the channels of the running service are doing."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from storage.faults import StoreUnavailable
from storage.store import Store
from storage.transaction import Transaction

log = logging.getLogger(__name__)

EVERY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How a channel says it is doing."""

    good: bool
    words: str
    has_token: bool = False
    """Whether it has a credential that is tried all the time."""
    pages: int | None = None
    """How many pages are open."""
    account: str | None = None
    """Whose access token it uses, where one has to be fetched."""
    a_minute: int | None = None
    """How much may be said in one place a minute, where that is counted."""


Channels = Mapping[str, Callable[[], Standing | None]]
"""None: another worker has to do with the channel, not this one."""


@asynccontextmanager
async def watched(
    store: Store, channels: Channels, every: float = EVERY_SECONDS
) -> AsyncIterator[None]:
    """Keep noting while the block runs; once more at its end nothing is noted."""
    watching = asyncio.create_task(_watch(store, channels, every))
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _watch(store: Store, channels: Channels, every: float) -> None:
    since: dict[str, datetime] = {}
    while True:
        seen = {name: look() for name, look in channels.items()}
        with contextlib.suppress(StoreUnavailable):
            await store.run(partial(note, seen=seen, since=since))
        await asyncio.sleep(every)


def note(tx: Transaction, seen: Mapping[str, Standing | None], since: dict[str, datetime]) -> None:
    """Write down how the channels are; `since` keeps for how long each credential has worked."""
    for name, standing in seen.items():
        if standing is None:
            tx.states.drop(name)
            continue
        if standing.good and standing.has_token:
            since.setdefault(name, tx.now)
        else:
            since.pop(name, None)
        tx.states.note(
            name,
            standing.words,
            good=standing.good,
            token_at=since.get(name),
            pages=standing.pages,
            account=standing.account,
            a_minute=standing.a_minute,
        )
