"""Parts of albums: kept from when Telegram is told that we have them until the album is handled.

By webhook Telegram posts the next part only after the answer to the one before.
"""

import logging
from collections.abc import Sequence

import msgspec

from bot.channels.telegram import decode
from bot.channels.telegram.decode import Update
from bot.channels.telegram.places import CHANNEL
from storage.faults import StoreUnavailable
from storage.store import Store
from storage.transaction import Transaction

log = logging.getLogger(__name__)

HANDLED = "album"


class Parts:
    """The parts of albums that were posted to us."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def keep(self, part: Update) -> bool:
        """Keep it; return whether it is ours to handle: not handled yet, nor by another worker.

        Raises StoreUnavailable.
        """
        assert part.message is not None
        key, chat, body = _key(part), str(part.message.chat.id), msgspec.to_builtins(part)

        def work(tx: Transaction) -> bool:
            tx.late_answers.begin(key, CHANNEL, chat, body, promised=False)
            return tx.late_answers.take(key)

        return await self._store.run(work)

    async def handled(self, parts: Sequence[Update]) -> None:
        """Forget these; what was not kept is none of ours."""

        def work(tx: Transaction) -> None:
            for part in parts:
                tx.late_answers.say(_key(part), HANDLED)

        try:
            await self._store.run(work)
        except StoreUnavailable as unavailable:
            log.warning("parts of an album stay: %s", unavailable.kind.value)

    async def left_behind(self) -> list[Update]:
        """Return what no living worker but us has in hand: a dead one left it, or we have it."""
        try:
            found = await self._store.run(lambda tx: tx.late_answers.unfinished(CHANNEL, tx.now))
        except StoreUnavailable as unavailable:
            log.warning("parts of albums are not looked for: %s", unavailable.kind.value)
            return []
        return sorted((decode.read(row.message) for row in found), key=lambda one: one.update_id)


def _key(part: Update) -> str:
    return f"{CHANNEL}:part:{part.update_id}"
