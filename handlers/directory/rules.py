"""Who may announce an outage, whom one concerns, and when what is registered is too old."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from handlers.refusal import Refusal, Why
from storage.words import RoleWord

OUT_OF_DATE = timedelta(days=180)
"""Half a year: numbers and hours change with people and seasons."""

UNENDED_FOR = timedelta(days=3)
"""A notice without an end is believed so long; hardly any repair takes longer."""

TOLD_AFTER = timedelta(hours=24)
"""So long after its end an outage is still what people ask about."""

TOLD_AHEAD = timedelta(days=7)
"""Power cuts are announced seven days ahead; what is later concerns nobody yet."""

ALREADY_BEGUN = timedelta(hours=24)
"""A notice may name a beginning that is past, but not another day's."""

LONGEST = timedelta(days=14)
"""A longer one is a slip of the finger."""

MAY_ANNOUNCE = frozenset(
    {RoleWord.PROPERTY, RoleWord.GRID, RoleWord.SECRETARY, RoleWord.STREET, RoleWord.ADMIN}
)


class Standing(StrEnum):
    """Where an outage stands now."""

    PLANNED = "planned"
    NOW = "now"
    DOUBTFUL = "doubtful"
    """It has no end and is old: it may be over."""
    OVER = "over"


def standing(
    starts_at: datetime, ends_at: datetime | None, ended_at: datetime | None, now: datetime
) -> Standing:
    """Return where an outage stands at `now`."""
    if ended_at is not None or (ends_at is not None and ends_at <= now):
        return Standing.OVER
    if starts_at > now:
        return Standing.PLANNED
    if ends_at is None and starts_at + UNENDED_FOR <= now:
        return Standing.DOUBTFUL
    return Standing.NOW


def concerns(
    outage_estate: int | None,
    outage_community: int | None,
    estate_id: int | None,
    community_id: int | None,
) -> bool:
    """Return whether an outage reaches a place; without estate and community it reaches all."""
    if outage_estate is not None:
        return outage_estate == estate_id
    return outage_community is None or outage_community == community_id


def is_out_of_date(updated_on: date, today: date) -> bool:
    """Return whether what was registered on a day must be said to be old."""
    return today - updated_on > OUT_OF_DATE


def check_span(starts_at: datetime, ends_at: datetime | None, now: datetime) -> None:
    """Raise Refusal unless an outage may be announced for this span."""
    over = ends_at is not None and ends_at <= now
    if over or starts_at < now - ALREADY_BEGUN:
        raise Refusal(Why.OUTAGE_PAST)
    if ends_at is not None and ends_at - starts_at > LONGEST:
        raise Refusal(Why.OUTAGE_LONG, days=LONGEST.days)
