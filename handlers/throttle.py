"""Slows down whoever sends more than a person can type."""

import logging
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

from storage.faults import StoreUnavailable
from storage.store import Store

log = logging.getLogger(__name__)

MESSAGES = 20
PER = timedelta(minutes=1)
"""Measured talks stay below ten a minute; a stuck phone or a script does not."""

_REMEMBERED = 50_000
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Verdict(Enum):
    """What becomes of one more message."""

    HEARD = auto()
    TOLD = auto()
    """It is not handled, and its sender is told so: once a minute."""
    IGNORED = auto()


@dataclass(slots=True)
class _Bucket:
    since: datetime
    count: int = 0
    shared: int = 0
    """How many of them the other workers know of."""


class Throttle:
    """Counts messages a minute for each sender, in memory: a restart forgives.

    Of several workers each hears its share without asking anybody; who sends it more than that is
    counted in the database, by all of them together.
    """

    def __init__(self, store: Store, messages: int = MESSAGES, per: timedelta = PER) -> None:
        self._store = store
        self._messages = messages
        self._per = per
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    async def judge(self, sender: str, now: datetime) -> Verdict:
        """Return what becomes of one more message of this sender."""
        bucket = self._bucket(sender, now)
        bucket.count += 1
        before, total = bucket.count - 1, bucket.count
        workers = self._store.carriers
        if workers > 1 and max(1, self._messages // workers) <= bucket.count <= self._messages + 1:
            before, total = await self._together(sender, bucket)
        if total <= self._messages:
            return Verdict.HEARD
        return Verdict.TOLD if before <= self._messages else Verdict.IGNORED

    async def _together(self, sender: str, bucket: _Bucket) -> tuple[int, int]:
        """Return how many messages all workers counted, before this one and with it."""
        more, bucket.shared = bucket.count - bucket.shared, bucket.count
        since = bucket.since
        try:
            total = await self._store.run(lambda tx: tx.tallies.add(f"sent:{sender}", since, more))
        except StoreUnavailable as unavailable:
            log.warning("messages are counted alone: %s", unavailable.kind.value)
            return bucket.count - 1, bucket.count
        return total - more, total

    def _bucket(self, sender: str, now: datetime) -> _Bucket:
        # The same minute for all workers.
        since = now - (now - _BEGINNING) % self._per
        bucket = self._buckets.get(sender)
        if bucket is None or bucket.since != since:
            bucket = self._buckets[sender] = _Bucket(since)
            self._buckets.move_to_end(sender)
            if len(self._buckets) > _REMEMBERED:
                self._buckets.popitem(last=False)
        return bucket
