"""A clock that stands still until a script moves it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)

TURN = timedelta(seconds=3)
"""What one spoken line takes: nobody types twenty messages in no time (handlers/throttle.py)."""


class ManualClock:
    """Tells the time it was set to; handed to everything that asks for the time."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def minutes_until(self, target: datetime) -> Iterator[None]:
        """Stand still at each whole minute on the way, and stop at the target."""
        while (following := self.now.replace(second=0, microsecond=0) + MINUTE) <= target:
            self.now = following
            yield
        self.now = max(self.now, target)
