"""Slows down whoever sends more than a person can type."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

MESSAGES = 20
PER = timedelta(minutes=1)
"""Measured talks stay below ten a minute; a stuck phone or a script does not."""

_REMEMBERED = 50_000


@dataclass(slots=True)
class _Bucket:
    since: datetime
    count: int = 0


class Throttle:
    """Counts messages a minute for each sender, in memory: a restart forgives."""

    def __init__(self, messages: int = MESSAGES, per: timedelta = PER) -> None:
        self._messages = messages
        self._per = per
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def passes(self, sender: str, now: datetime) -> bool:
        """Return whether one more message of this sender is handled now."""
        bucket = self._bucket(sender, now)
        bucket.count += 1
        return bucket.count <= self._messages

    def is_first_refused(self, sender: str, now: datetime) -> bool:
        """Return whether the sender is told now; afterwards there is silence until it is over."""
        return self._bucket(sender, now).count == self._messages + 1

    def _bucket(self, sender: str, now: datetime) -> _Bucket:
        bucket = self._buckets.get(sender)
        if bucket is None or not timedelta(0) <= now - bucket.since < self._per:
            bucket = self._buckets[sender] = _Bucket(now)
            self._buckets.move_to_end(sender)
            if len(self._buckets) > _REMEMBERED:
                self._buckets.popitem(last=False)
        return bucket
