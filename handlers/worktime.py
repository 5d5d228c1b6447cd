"""The working time of the street: Chinese working days with their make-up days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers.localtime import at, local

WORK_FROM = time(8, 30)
WORK_UNTIL = time(17, 30)
"""Office hours; most offices keep somebody at the window over noon."""

_ONE_DAY = timedelta(days=1)
_WORKDAYS_A_WEEK = 5


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline in working time."""

    at: datetime
    provisional: bool
    """Whether it rests on a year whose holidays are not published yet."""


def is_working(moment: datetime) -> bool:
    """Return whether offices are open at the moment."""
    return (
        at(moment, WORK_FROM) <= moment < at(moment, WORK_UNTIL)
        and works_on(local(moment).date())[0]
    )


def add_hours(moment: datetime, hours: int) -> Due:
    """Return when so many working hours have passed since the moment."""
    assert hours > 0
    left = timedelta(hours=hours)
    provisional = False
    begin = local(moment)
    while True:
        works, guessed = works_on(begin.date())
        provisional = provisional or guessed
        start, end = max(begin, at(begin, WORK_FROM)), at(begin, WORK_UNTIL)
        if works and start + left <= end:
            return Due(start + left, provisional)
        if works:
            left -= max(end - start, timedelta(0))
        begin = at(begin + _ONE_DAY, time(0))


def is_provisional(moment: datetime) -> bool:
    """Return whether the holidays of the moment's year are not published yet."""
    return works_on(local(moment).date())[1]


def working_day(moment: datetime) -> date:
    """Return the working day the moment counts for: after office hours, the next one."""
    here = local(moment)
    day = here.date() if here < at(here, WORK_UNTIL) else here.date() + _ONE_DAY
    while not works_on(day)[0]:
        day += _ONE_DAY
    return day


def works_on(day: date) -> tuple[bool, bool]:
    """Return whether people work on the day, and whether that is only a guess."""
    import chinese_calendar  # noqa: PLC0415  a message without a deadline need not wait for it

    try:
        return bool(chinese_calendar.is_workday(day)), False
    except NotImplementedError:
        # The State Council publishes a year's schedule in the November before it.
        return day.weekday() < _WORKDAYS_A_WEEK, True
