"""Removes photographs that nothing refers to any more."""

import asyncio
import json
import logging
from datetime import datetime, timedelta

from bot.media import MediaStore
from storage.mentions import PAGE, mentioned, mentioned_in
from storage.seats import Lease
from storage.spool import Spool
from storage.store import Store

log = logging.getLogger(__name__)

MARGIN = timedelta(days=7)
"""How long after it last came a photograph is kept in any case: what was just fetched belongs to
nothing yet, and a platform sends a message again for days."""


async def sweep(
    store: Store, spool: Spool, media: MediaStore, now: datetime, page: int = PAGE
) -> int:
    """Remove photographs that came before the margin and that no row mentions; return how many.

    One worker does it for all; raises StoreUnavailable, and then removes none.
    """
    if not await store.holds(Lease.TICKS):
        return 0
    before = now - MARGIN
    unused = await asyncio.to_thread(media.older, before)
    unused -= mentioned_in(json.dumps(spool.waiting()))
    async for names in mentioned(store, page):
        unused -= names
    removed = await asyncio.to_thread(media.remove, unused, before)
    if removed:
        log.info("%s photographs that nothing refers to were removed", removed)
    return removed
