"""Parts of albums: kept from when Telegram is told that we have them until the album is handled.

By webhook Telegram posts the next part only after the answer to the one before, to any worker: the
one that has the first of an album is left the others.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from bot.channels.telegram import decode
from bot.channels.telegram.decode import Update
from bot.channels.telegram.inbound import album_of
from bot.channels.telegram.places import CHANNEL
from storage.faults import StoreUnavailable
from storage.late_answers import Unfinished
from storage.store import Store
from storage.transaction import Transaction

log = logging.getLogger(__name__)

HANDLED = "album"


PATIENCE = timedelta(seconds=1)
"""How long an album waits for what other workers have of it: it may show somebody in danger."""


class Parts:
    """The parts of albums that were posted to us."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def keep(self, part: Update) -> bool:
        """Keep it; return whether it is ours to handle: not handled yet, nor by another worker.

        Where another worker has the first of the album, it has this one too. Raises
        StoreUnavailable.
        """
        assert part.message is not None
        key, chat, body = _key(part), _chat(part), msgspec.to_builtins(part)

        def work(tx: Transaction) -> bool:
            others = tx.other_workers()
            holders = {row.held_by for row in _begun(tx, part)} & others if others else set()
            holder = next(iter(holders), None)
            tx.late_answers.begin(key, CHANNEL, chat, body, promised=False, held_by=holder)
            return tx.late_answers.take(key)

        return await self._store.run(work)

    async def whole(self, parts: Sequence[Update]) -> Sequence[Update]:
        """Return these and what was posted of the same album to other workers, in order."""
        if not self._store.is_shared:
            return parts
        looking = self._store.run(lambda tx: _others_left(tx, parts))
        try:
            more = await asyncio.wait_for(looking, PATIENCE.total_seconds())
        except (TimeoutError, StoreUnavailable):
            more = []
        return sorted([*parts, *more], key=lambda one: one.update_id)

    async def handled(self, parts: Sequence[Update]) -> list[Update]:
        """Forget these; return those that other workers left us meanwhile."""

        def work(tx: Transaction) -> list[Update]:
            for part in parts:
                # What was not kept is none of ours.
                tx.late_answers.say(_key(part), HANDLED)
            return _others_left(tx, parts)

        try:
            return await self._store.run(work)
        except StoreUnavailable as unavailable:
            log.warning("parts of an album stay: %s", unavailable.kind.value)
            return []

    async def left_behind(self) -> list[Update]:
        """Return what no living worker but us has in hand: a dead one left it, or we have it."""
        try:
            found = await self._store.run(lambda tx: tx.late_answers.unfinished(CHANNEL, tx.now))
        except StoreUnavailable as unavailable:
            log.warning("parts of albums are not looked for: %s", unavailable.kind.value)
            return []
        return sorted((decode.read(row.message) for row in found), key=lambda one: one.update_id)


def _others_left(tx: Transaction, parts: Sequence[Update]) -> list[Update]:
    """Return what is in our hands of the album besides these."""
    known = {_key(part) for part in parts}
    return [
        decode.read(row.message)
        for row in _begun(tx, parts[0])
        if row.held_by == tx.seat.number and row.key not in known
    ]


def _begun(tx: Transaction, part: Update) -> list[Unfinished]:
    """Return what is kept of the album that this is a part of, and not handled."""
    rows = tx.late_answers.begun(CHANNEL, _chat(part))
    return [row for row in rows if album_of(decode.read(row.message)) == album_of(part)]


def _chat(part: Update) -> str:
    assert part.message is not None
    return str(part.message.chat.id)


def _key(part: Update) -> str:
    return f"{CHANNEL}:part:{part.update_id}"
