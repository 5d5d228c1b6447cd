"""Who may join or leave a shift, and when volunteers are reminded."""

from datetime import datetime, time, timedelta, timezone
from enum import StrEnum

from handlers.refusal import Refusal, Why

SIGN_UP_CLOSES_BEFORE = timedelta(hours=2)
"""Coordinators print the roster two hours ahead; a later change never reaches it."""

SHANGHAI = timezone(timedelta(hours=8))
"""China has one zone and no summer time."""

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
EARLY_FROM = time(6)
"""The two-hour reminder may come this early (contracts.md, quiet hours)."""
EVENING = time(20, 30)


class ReminderKind(StrEnum):
    """Which of the two reminders."""

    DAY_BEFORE = "24h"
    SOON = "2h"


def check_sign_up(starts_at: datetime, places: int, taken: int, now: datetime) -> None:
    """Raise Refusal unless one more volunteer may join the `taken` already signed up."""
    assert 0 <= taken <= places
    check_open(starts_at, now)
    if taken == places:
        raise Refusal(Why.SHIFT_FULL, places=places)


def check_open(starts_at: datetime, now: datetime) -> None:
    """Raise Refusal when the roster is closed: nobody joins or leaves any more."""
    if not may_leave(starts_at, now):
        hours = int(SIGN_UP_CLOSES_BEFORE.total_seconds() // 3600)
        raise Refusal(Why.SHIFT_CLOSED, hours=hours)


def may_leave(starts_at: datetime, at: datetime) -> bool:
    """Return whether a volunteer can still cancel at that moment."""
    return at < starts_at - SIGN_UP_CLOSES_BEFORE


def clashing(
    starts_at: datetime, ends_at: datetime, others: list[tuple[datetime, datetime, str]]
) -> str | None:
    """Return the title of one of the volunteer's other shifts that overlaps this one, or None."""
    return next(
        (title for begin, end, title in others if starts_at < end and begin < ends_at), None
    )


def check_clash(
    starts_at: datetime, ends_at: datetime, others: list[tuple[datetime, datetime, str]]
) -> None:
    """Raise Refusal when one of the volunteer's other shifts overlaps this one."""
    title = clashing(starts_at, ends_at, others)
    if title is not None:
        raise Refusal(Why.SHIFT_CLASH, title=title)


def reminders(starts_at: datetime, now: datetime) -> tuple[tuple[ReminderKind, datetime], ...]:
    """Return what is said before a shift and when, soonest first.

    Twenty-four and two hours before the start; moved out of the quiet hours as contracts.md
    says; none for a moment already past; one only when both would come at the same minute.
    """
    day_before = _day_before(starts_at - timedelta(hours=24))
    soon = _soon(starts_at - timedelta(hours=2))
    wanted = [(ReminderKind.DAY_BEFORE, day_before), (ReminderKind.SOON, soon)]
    if day_before >= soon:
        wanted = wanted[1:]
    return tuple((kind, at) for kind, at in wanted if now <= at < starts_at)


def _day_before(moment: datetime) -> datetime:
    here = moment.astimezone(SHANGHAI)
    if QUIET_UNTIL <= here.time() < QUIET_FROM:
        return moment
    morning, evening = _at(here, QUIET_UNTIL), _at(here, EVENING)
    return morning if abs(morning - here) <= abs(evening - here) else evening


def _soon(moment: datetime) -> datetime:
    here = moment.astimezone(SHANGHAI)
    if here.time() < EARLY_FROM:
        return _at(here - timedelta(days=1), EVENING)
    if here.time() >= QUIET_FROM:
        return _at(here, EVENING)
    return moment


def _at(day: datetime, clock: time) -> datetime:
    return day.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
