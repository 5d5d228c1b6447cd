"""A clock that stands still until a script moves it."""

from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
RESOLUTION = timedelta.resolution

TURN = timedelta(seconds=3)
"""What one spoken line takes: nobody types twenty messages in no time (handlers/throttle.py)."""


class ManualClock:
    """Tells the time it was set to; handed to everything that asks for the time."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def next_minute(self) -> datetime:
        """Return the next whole minute."""
        return whole_minute(self.now) + MINUTE


def whole_minute(moment: datetime) -> datetime:
    """Return the last whole minute that is not after the moment."""
    return moment.replace(second=0, microsecond=0)
