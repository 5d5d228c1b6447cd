"""Which plain posts were seen: the signature of one brings no other, at whichever worker."""

import asyncio
import logging
from datetime import timedelta

from bot.channels.wechat.door import Proof
from bot.channels.wechat.reading import CHANNEL
from storage.faults import StoreUnavailable
from storage.inbox import key_of
from storage.store import Store

log = logging.getLogger(__name__)


class Replays:
    """The signatures that were used, as all workers know them."""

    def __init__(self, store: Store, patience: timedelta) -> None:
        """`patience` is how long a post waits to be looked up."""
        self._store = store
        self._patience = patience.total_seconds()

    async def is_first(self, proof: Proof) -> bool:
        """Return whether the signature was used for nothing else; from now on it is for this."""
        key = key_of(CHANNEL, f"post:{proof.number}")
        looking = self._store.run(lambda tx: tx.inbox.is_for(key, proof.content))
        try:
            return await asyncio.wait_for(looking, self._patience)
        except (TimeoutError, StoreUnavailable):
            # Who is in danger is answered without the database; nothing else can be done then.
            log.warning("a plain post was taken without looking whether it is a replay")
            return True
