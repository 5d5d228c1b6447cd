"""Which shift somebody means: by its title, its place, the day or the part of the day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from handlers.localtime import local
from handlers.shifts import texts
from knowledge.folding import fold
from storage.shifts import Shift


def fitting(text: str, shifts: Sequence[Shift], now: datetime) -> list[Shift] | None:
    """Return the shifts that fit everything the text says of one; None when it says nothing."""
    said = "".join(fold(text).split())
    titled = _titled(said, shifts)
    rest = said
    for shift in titled:
        # A title may hold a day of its own; it says nothing about when.
        rest = rest.replace(fold(shift.title), "")
    days, hours = days_in(rest, local(now).date()), texts.hours_in(rest)
    if not titled and days is None and hours is None:
        return None
    return [
        shift
        for shift in titled or shifts
        if (days is None or local(shift.starts_at).date() in days)
        and (hours is None or local(shift.starts_at).hour in hours)
    ]


def days_in(said: str, today: date) -> frozenset[date] | None:
    """Return the days the words name, seen from today; None when they name none."""
    found: set[date] = set()
    for match in texts.DAY.finditer(said):
        found.add(today + timedelta(days=texts.DAYS[match[0]]))
    for match in texts.WEEK.finditer(said):
        found |= _of_week(match["which"] or "", match["day"] or "", today)
    for match in texts.DATE.finditer(said):
        found |= _dated(match["month"], int(match["day"] or match["alone"]), today)
    return frozenset(found) or None


def _of_week(which: str, day: str, today: date) -> set[date]:
    if not which and not day:
        return set()
    places = texts.WEEK_DAYS.get(day, range(7))
    if not which:
        # A bare weekday is the next one, today included.
        return {today + timedelta(days=(place - today.weekday()) % 7) for place in places}
    monday = today - timedelta(days=today.weekday())
    return {monday + timedelta(weeks=texts.WEEKS[which], days=place) for place in places}


def _dated(month: str | None, day: int, today: date) -> set[date]:
    """Return the next such day within a year; the 31st of June is no day at all."""
    ahead = (today + timedelta(days=n) for n in range(366))
    fits = (d for d in ahead if d.day == day and (month is None or d.month == int(month)))
    found = next(fits, None)
    return set() if found is None else {found}


def _titled(said: str, shifts: Sequence[Shift]) -> list[Shift]:
    """Return the shifts whose title the words hold whole, or share most with; place counts last."""
    whole = [shift for shift in shifts if fold(shift.title) in said]
    if whole:
        return whole
    pairs = _pairs(texts.ANY_SHIFT.sub(" ", said))
    for words in ([fold(s.title) for s in shifts], [fold(s.place or "") for s in shifts]):
        shared = [len(_pairs(word) & pairs) for word in words]
        most = max(shared, default=0)
        if most:
            return [s for s, n in zip(shifts, shared, strict=True) if n == most]
    return []


def _pairs(word: str) -> set[str]:
    return {word[n : n + 2] for n in range(len(word) - 1) if " " not in word[n : n + 2]}
