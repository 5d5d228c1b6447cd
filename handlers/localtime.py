"""The street's own time of day; everything stored is UTC."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

QUIET_FROM = time(21)
QUIET_UNTIL = time(8)
"""Nothing unasked is said between these (contracts.md, quiet hours)."""


def local(moment: datetime) -> datetime:
    """Return the moment as clocks in the street show it."""
    return moment.astimezone(SHANGHAI)


def at(day: datetime, clock: time) -> datetime:
    """Return that time of day on the same local day."""
    return local(day).replace(
        hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=0
    )


def start_of_day(moment: datetime) -> datetime:
    """Return when the local day of this moment began."""
    return at(moment, time(0))


def is_quiet(moment: datetime) -> bool:
    """Return whether the moment falls into the quiet hours."""
    clock = local(moment).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def after_quiet(moment: datetime) -> datetime:
    """Return the moment, or the end of the quiet hours it falls into."""
    if not is_quiet(moment):
        return moment
    here = local(moment)
    if here.time() >= QUIET_FROM:
        here += timedelta(days=1)
    return at(here, QUIET_UNTIL)
