"""Reads the span of an outage out of one line: tomorrow from eight to twelve."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers.directory import texts
from handlers.localtime import SHANGHAI, local
from handlers.shifts.finding import days_in
from knowledge.places import number_of

NOON = 12
MIDNIGHT = 24
MINUTES = 60
AFTER_NOON = 2
"""The last hour that is meant after noon when people say noon."""


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, and where the words for it stand in the text."""

    starts_at: datetime
    ends_at: datetime | None
    begin: int
    end: int


@dataclass(slots=True)
class _Moment:
    """What one half of a span says; None where it says nothing."""

    day: date | None
    clock: timedelta | None
    has_part: bool
    """Whether it is said which half of the day is meant."""
    end: int


def read_span(text: str, now: datetime) -> Span | None:
    """Return the span that `text` names, None when it names no beginning."""
    today = local(now).date()
    begin = _first(text)
    if begin is None:
        return None
    first = _moment(text, begin, today)
    if first is None:
        return None
    starts_at = _at(first.day or today, first.clock) if first.clock is not None else None
    if starts_at is None:
        starts_at = now if first.day is None else _at(first.day, timedelta())
    to = texts.UNTIL.match(text, first.end)
    second = _moment(text, to.end(), today) if to else None
    if second is None or second.clock is None:
        on = texts.AND_ON.match(text, first.end)
        end = on.end() if on else first.end
        # A day without hours is the whole of it.
        whole_day = first.day is not None and first.clock is None
        return Span(starts_at, starts_at + timedelta(days=1) if whole_day else None, begin, end)
    return Span(starts_at, _until(starts_at, first, second), begin, second.end)


def _first(text: str) -> int | None:
    found = [m.start() for p in (texts.NOW, texts.DAY, texts.CLOCK) if (m := p.search(text))]
    return min(found, default=None)


def _moment(text: str, begin: int, today: date) -> _Moment | None:
    """Return the day and the time of day that stand at `begin`."""
    if now := texts.NOW.match(text, begin):
        return _Moment(None, None, has_part=False, end=now.end())
    day = texts.DAY.match(text, begin)
    end = day.end() if day else begin
    clock = texts.CLOCK.match(text, _spaces(text, end))
    if day is None and clock is None:
        return None
    named = _day(day[0], today) if day else None
    if day is not None and named is None:
        # The 31st of a month that has none: nothing is guessed.
        return None
    if clock is None:
        return _Moment(named, None, has_part=False, end=end)
    evening = day is not None and day[0] in texts.EVENING
    since = _clock(clock, evening=evening)
    if since is None:
        return None
    return _Moment(named, since, has_part=bool(clock["part"]) or evening, end=clock.end())


def _day(said: str, today: date) -> date | None:
    """Return the day; a bare number is read as one only before a part of the day."""
    days = days_in("".join(said.split()) + texts.MORNING, today)
    return min(days) if days else None


def _spaces(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def _clock(found: re.Match[str], *, evening: bool) -> timedelta | None:
    """Return the time since midnight, None of an hour or a minute that no day has."""
    hour = number_of(found["hour"])
    minute = 30 if found["minute"] == texts.HALF else int(found["minute"] or 0)
    if hour is None or hour > MIDNIGHT or minute >= MINUTES:
        return None
    part = found["part"] or ""
    added = NOON if evening else texts.ADDED_HOURS.get(part, 0)
    small = hour <= AFTER_NOON if part == texts.NOON_WORD else hour < NOON
    if added and small:
        hour += added
    elif added and hour == NOON and part != texts.NOON_WORD:
        hour = MIDNIGHT
    return timedelta(hours=hour, minutes=minute)


def _at(day: date, since_midnight: timedelta) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI) + since_midnight


def _until(starts_at: datetime, first: _Moment, second: _Moment) -> datetime:
    """Return the end: on the day it names, else the first such time after the beginning."""
    assert second.clock is not None
    if second.day is not None:
        return _at(second.day, second.clock)
    ends_at = _at(local(starts_at).date(), second.clock)
    later = ends_at + timedelta(hours=NOON)
    if ends_at <= starts_at < later and first.has_part and not second.has_part:
        return later
    return ends_at if ends_at > starts_at else ends_at + timedelta(days=1)
