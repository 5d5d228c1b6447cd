"""Notes what WeChat tells once: at once or, should the database be down, as soon as it is back."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.channels.wechat.allowance import Pace
from storage.faults import StoreUnavailable
from storage.store import Store
from storage.transaction import Transaction

log = logging.getLogger(__name__)

MOST = 5_000
"""What is remembered while the database is down: more than one street does in an hour."""

Work = Callable[[Transaction], None]


@dataclass(slots=True, eq=False)
class _Kept:
    work: Work
    leaver: str | None
    """Who no longer follows, where that is what happened."""
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Noting:
    """What happened to one account; what the database did not take is kept in memory."""

    def __init__(self, store: Store, pace: Pace) -> None:
        self._store = store
        self._pace = pace
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._writing: asyncio.Task[None] | None = None
        self._stopped = False

    async def note(self, key: str, work: Work, *, leaver: str | None = None) -> None:
        """Write this down, once; return when it is written.

        While it cannot be, the post is held for so long that WeChat sends it again: another
        worker may have the database, and should we end meanwhile, the next one is told.
        """
        kept = self._kept.get(key)
        if kept is None:
            try:
                await self._store.run(work)
            except StoreUnavailable as unavailable:
                if self._stopped:
                    log.error("event %s is not stored: it is the end", key)  # noqa: TRY400  known
                    return
                log.warning("what happened is kept in memory: %s", unavailable.kind.value)
                kept = self._keep(key, _Kept(work, leaver))
            else:
                return
        try:
            await asyncio.wait_for(kept.over.wait(), self._pace.hold.total_seconds())
        except TimeoutError:
            return

    def heard(self, user: str) -> None:
        """Drop that somebody left: who speaks is here again, and must not be left out later."""
        for key in [key for key, kept in self._kept.items() if kept.leaver == user]:
            self._kept.pop(key).over.set()

    async def stop(self) -> None:
        """Let nobody wait any more; what is not written is lost."""
        self._stopped = True
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
        for key in list(self._kept):
            log.error("event %s was not stored before the end", key)
            self._kept.pop(key).over.set()

    def _keep(self, key: str, kept: _Kept) -> _Kept:
        # The same post may have come twice before either knew that the database is down.
        kept = self._kept.setdefault(key, kept)
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)
            log.error("too much happened while the database is down: an event is lost")
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return kept

    async def _write(self) -> None:
        while self._kept:
            key, kept = next(iter(self._kept.items()))
            try:
                await self._store.run(kept.work)
            except StoreUnavailable:
                await asyncio.sleep(self._pace.note.total_seconds())
                continue
            except Exception:
                # A mistake of ours in one must not keep the others from being written.
                log.exception("an event cannot be stored")
            self._kept.pop(key, None)
            kept.over.set()
