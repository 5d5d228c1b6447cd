"""Keeps an account's access token: fetched once for everybody, renewed before it ends."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.tencent.errors import ApiTrouble, Unsent, Unsure
from storage.faults import StoreUnavailable
from storage.sendings import Limit
from storage.store import Store
from storage.transaction import Transaction

log = logging.getLogger(__name__)

RENEWED_BEFORE = timedelta(minutes=5)
"""The platform lets the old token work beside the new one for so long."""
LEASE = timedelta(seconds=20)
"""Longer than a fetch with its time-outs."""
LOOK_AGAIN_SECONDS = 0.1
PATIENCE_SECONDS = 10.0
INSISTED = (Limit(1, timedelta(seconds=30)), Limit(20, timedelta(days=1)))
"""How often the platform gives another token while it believes in the old one: to all of us."""
NOBODY_FETCHED = "another process did not fetch the token in time"

Fetch = Callable[[bool], Awaitable[tuple[str, timedelta]]]
"""Asks the platform for a token and how long it works; True insists on another one."""


@dataclass(frozen=True, slots=True)
class _Held:
    token: str
    fetched_at: datetime | None
    expires_at: datetime


class TokenKeeper:
    """One account's token, shared with every process through the database."""

    def __init__(
        self, account: str, store: Store, fetch: Fetch, clock: Callable[[], datetime]
    ) -> None:
        self._account = account
        self._store = store
        self._fetch = fetch
        self._clock = clock
        self._held: _Held | None = None
        self._one_at_a_time = asyncio.Lock()

    async def token(self) -> str:
        """Return a token that works; raises ApiTrouble, or StoreUnavailable."""
        held = self._held
        if held is not None and self._is_good(held):
            return held.token
        async with self._one_at_a_time:
            if self._held is None or not self._is_good(self._held):
                self._held = await self._renewed(bad=None)
            return self._held.token

    async def replaced(self, bad: str) -> str:
        """Return another token than this one, which the platform no longer takes."""
        async with self._one_at_a_time:
            if self._held is None or self._held.token == bad:
                self._held = await self._renewed(bad)
            return self._held.token

    async def alert(self, reason: str) -> None:
        """Have whoever looks after the account read what is wrong with it."""
        log.error("%s needs attention: %s", self._account, reason)
        try:
            await self._store.run(lambda tx: tx.access_tokens.fail(self._account, reason))
        except StoreUnavailable as unavailable:
            log.warning("that could not be noted: %s", unavailable.kind.value)

    async def _renewed(self, bad: str | None) -> _Held:
        """Take what another process fetched, or fetch; only who has the lease may."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while asyncio.get_running_loop().time() < deadline:
            known, is_ours = await self._store.run(lambda tx: self._look(tx, bad))
            if known is not None:
                return known
            if is_ours:
                return await self._fetched(bad)
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        raise Unsent(NOBODY_FETCHED)

    def _look(self, tx: Transaction, bad: str | None) -> tuple[_Held | None, bool]:
        row = tx.access_tokens.of(self._account)
        if row is not None and row.token and row.expires_at is not None:
            held = _Held(row.token, row.fetched_at, row.expires_at)
            if held.token != bad and self._is_good(held):
                return held, False
        return None, tx.access_tokens.lease(self._account, LEASE)

    async def _fetched(self, bad: str | None) -> _Held:
        try:
            token, lasts = await self._fetch(False)
            if token == bad and await self._store.run(self._may_insist):
                # The platform still believes in it: asked so, it gives another.
                token, lasts = await self._fetch(True)
        except ApiTrouble as trouble:
            await self.alert(str(trouble))
            if isinstance(trouble, Unsure):
                # Whatever became of the asking: what needed the token has not left.
                raise Unsent(str(trouble)) from None
            raise
        now = self._clock()
        held = _Held(token, now, now + lasts)
        await self._store.run(
            lambda tx: tx.access_tokens.keep(self._account, held.token, held.expires_at)
        )
        return held

    def _may_insist(self, tx: Transaction) -> bool:
        """Count one more time, unless that would be too often: then the old token has to do."""
        return tx.sendings.take(f"insisted:{self._account}", 1, INSISTED) is None

    def _is_good(self, held: _Held) -> bool:
        return held.expires_at - RENEWED_BEFORE > self._clock()
