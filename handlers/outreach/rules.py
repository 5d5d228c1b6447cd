"""Which way a notice takes to a person: the order of ways, who may be told what and how often."""

from dataclasses import dataclass
from datetime import timedelta

from handlers.scope import Held, reaches
from storage.words import Interest, RoleWord

CHANNELS = ("wechat", "wecom_kf", "wecom", "wecom_bot", "telegram", "terminal", "web", "sms")
"""The order of ways, after the one a person used last. A message to a telephone costs money."""

RETRY_AFTER = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
)
UNSURE_AFTER = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
"""What may have arrived is said again only then: read twice does less harm than never, but nobody
shall read the same a dozen times while a platform's answers get lost."""
GIVE_UP_AFTER = timedelta(hours=24)
"""A notice without an end of its own is tried for a day."""
PATIENT_FOR = 3
"""Tries on one way that is only in trouble, before the next way is taken as well."""
WAITS_AT_MOST = timedelta(minutes=10)
"""Who says to come back later than this has used a quota up: the next way is taken at once."""
LOOK_AGAIN_AFTER = timedelta(minutes=10)
"""Until the person was met, or did what opens a way that is closed."""

VISIT_AFTER = timedelta(hours=24)
"""How long something important may lie unread before somebody goes there."""
UNREAD_FOR = timedelta(days=30)
"""How long anything else waits to be read: as long as a talk is kept."""

DAILY_CAP = 6
"""Messages a day that a person did not ask for; the seventh waits for the next morning."""
GROUP_A_MINUTE = {"telegram": 20, "wecom": 20}
"""What platforms let a bot say in one group a minute (channels.md 1.3, 4)."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What follows from what a notice is about."""

    interest: Interest | None = None
    """What a person says who does not want to hear of it; None for what is always said."""
    is_capped: bool = False
    """Whether it counts as something the person did not ask for."""
    is_important: bool = False
    """Whether somebody goes there when no message arrives."""
    shuns_last_used: bool = False
    """Whether it goes to the other accounts first: who added one is not to be asked about it."""
    has_own_hours: bool = False
    """Whether its hour was chosen, quiet or not: by who wrote it, or by who asked."""


DANGER = "emergency"
TOPICS = {
    DANGER: Topic(),
    "handover": Topic(is_important=True),
    "tickets": Topic(Interest.TICKETS, is_important=True),
    "shifts": Topic(Interest.SHIFTS, has_own_hours=True),
    "points": Topic(Interest.POINTS, is_capped=True),
    "draft": Topic(Interest.DRAFTS, is_capped=True),
    "answer_changed": Topic(Interest.ANSWERS, is_capped=True),
    "learning": Topic(Interest.ANSWERS, is_capped=True),
    "late_answer": Topic(has_own_hours=True),
    "roles": Topic(is_capped=True),
    "binding": Topic(shuns_last_used=True),
}
ANY_TOPIC = Topic(is_capped=True)


def topic(name: str) -> Topic:
    """Return what follows from this topic; one that is new here cannot be stopped."""
    return TOPICS.get(name, ANY_TOPIC)


LAST_IN_GROUPS = {"wecom_bot"}
"""It shows no pictures, and its messages a minute are needed for answers: a robot that only tells
comes before it."""


def place_in_order(channel: str, *, is_last_used: bool, name: str) -> tuple[bool, int]:
    """Return what ways are sorted by: the way used last, then the order of channels.

    What `name` is about may turn the first around.
    """
    place = CHANNELS.index(channel) if channel in CHANNELS else len(CHANNELS)
    return is_last_used is topic(name).shuns_last_used, place


def wait(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts, at least one."""
    return RETRY_AFTER[min(max(attempts, 1), len(RETRY_AFTER)) - 1]


def wait_unsure(times: int) -> timedelta:
    """Return how long to wait when a message may have arrived so many times, at least once."""
    return UNSURE_AFTER[min(times, len(UNSURE_AFTER)) - 1]


def takes_next_way(attempts: int, retry_after: timedelta | None, age: timedelta) -> bool:
    """Return whether a way in trouble was waited for long enough.

    `retry_after` is the pause of a way that is full, `age` how long ago the notice was due. Pauses
    are no attempts: there may be many of them, as long as they are short together.
    """
    if retry_after is not None and max(retry_after, age) > WAITS_AT_MOST:
        return True
    return attempts >= PATIENT_FOR


MAY_VISIT = frozenset({RoleWord.CAPTAIN, RoleWord.GRID, RoleWord.SECRETARY, RoleWord.STREET})


def may_visit(held: Held, community_id: int | None, estate_id: int | None) -> bool:
    """Return whether one of the roles goes to people who live there."""
    return any(
        role in MAY_VISIT and reaches(kind, scope_id, community_id, estate_id)
        for role, kind, scope_id in held
    )


def visits_at_all(held: Held) -> bool:
    """Return whether any of the roles goes to people."""
    return any(role in MAY_VISIT for role, _kind, _scope in held)
