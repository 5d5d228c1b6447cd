"""What may happen to a ticket, who may do it, and until when."""

from datetime import datetime, timedelta

from handlers.refusal import Refusal, Why
from handlers.scope import Held, reaches
from storage.words import RoleWord, TicketEventKind, TicketLevel, TicketState

RESPOND_HOURS = 2
"""Working hours until the first human answer (tickets.md, class N)."""
UNDO_WITHIN = timedelta(minutes=10)
"""A report can be taken back this long even when somebody accepted it (contracts.md, undo); so can
a step of the staff."""
REOPEN_WITHIN = timedelta(days=14)
"""A later complaint is a new matter (contracts.md, reopen)."""
CLOSE_AFTER = timedelta(days=7)
"""A result nobody answered to is filed after a week (tickets.md, lifecycle)."""

_SAID = (TicketEventKind.NOTED, TicketEventKind.NOTE_UNDONE)
"""What staff say of a ticket, and take back, leaves it where it is."""

LADDER = (TicketLevel.ESTATE, TicketLevel.COMMUNITY, TicketLevel.STREET, TicketLevel.DISTRICT)

_DESK_STEPS = {
    TicketEventKind.ACCEPTED: TicketState.ACTIVE,
    # Who mends it on the way need not accept it first.
    TicketEventKind.RESOLVED: TicketState.RESOLVED,
    TicketEventKind.RETURNED: TicketState.TRIAGE,
    # The next rung has to accept it anew, so it is new there.
    TicketEventKind.ESCALATED: TicketState.NEW,
    TicketEventKind.WITHDRAWN: TicketState.WITHDRAWN,
}

NEXT: dict[TicketState, dict[TicketEventKind, TicketState]] = {
    TicketState.NEW: {
        **_DESK_STEPS,
        **dict.fromkeys(_SAID, TicketState.NEW),
        TicketEventKind.COMMENTED: TicketState.NEW,
    },
    TicketState.TRIAGE: {
        **_DESK_STEPS,
        **dict.fromkeys(_SAID, TicketState.TRIAGE),
        TicketEventKind.COMMENTED: TicketState.TRIAGE,
    },
    TicketState.ACTIVE: {
        **dict.fromkeys(_SAID, TicketState.ACTIVE),
        TicketEventKind.RESOLVED: TicketState.RESOLVED,
        TicketEventKind.RETURNED: TicketState.TRIAGE,
        TicketEventKind.ESCALATED: TicketState.NEW,
        # Only within UNDO_WITHIN: a slip of the finger, accepted faster than it was noticed.
        TicketEventKind.WITHDRAWN: TicketState.WITHDRAWN,
        TicketEventKind.COMMENTED: TicketState.ACTIVE,
        # Only what was accepted by a slip, by whoever did it, within UNDO_WITHIN; so below.
        TicketEventKind.UNDONE: TicketState.NEW,
    },
    TicketState.RESOLVED: {
        TicketEventKind.CONFIRMED: TicketState.CLOSED,
        TicketEventKind.CLOSED: TicketState.CLOSED,
        TicketEventKind.REOPENED: TicketState.NEW,
        TicketEventKind.RATED: TicketState.RESOLVED,
        TicketEventKind.UNDONE: TicketState.ACTIVE,
    },
    TicketState.CLOSED: {
        TicketEventKind.REOPENED: TicketState.NEW,
        TicketEventKind.RATED: TicketState.CLOSED,
    },
    TicketState.WITHDRAWN: {},
}
"""Where each step leads from each state; a step that is not named cannot be taken."""

UNFINISHED = frozenset({TicketState.NEW, TicketState.TRIAGE, TicketState.ACTIVE})

AUTHORITY: dict[RoleWord, frozenset[TicketLevel]] = {
    RoleWord.PROPERTY: frozenset({TicketLevel.ESTATE}),
    RoleWord.CAPTAIN: frozenset({TicketLevel.ESTATE}),
    RoleWord.GRID: frozenset({TicketLevel.ESTATE, TicketLevel.COMMUNITY}),
    RoleWord.SECRETARY: frozenset({TicketLevel.ESTATE, TicketLevel.COMMUNITY}),
    RoleWord.STREET: frozenset(TicketLevel),
    RoleWord.DEPARTMENT: frozenset({TicketLevel.STREET, TicketLevel.DISTRICT}),
}
"""Which rungs each role acts on; who is not named (administrators too) handles no tickets."""

NAMED_BY_UNIT = frozenset({RoleWord.PROPERTY, RoleWord.DEPARTMENT})
"""Roles that residents know by the unit on whose rung they act."""


def next_state(state: TicketState, step: TicketEventKind) -> TicketState | None:
    """Return where the step leads, or None when it cannot be taken from here."""
    return NEXT[state].get(step)


def may_handle(
    held: Held, level: TicketLevel, community_id: int | None, estate_id: int | None
) -> RoleWord | None:
    """Return the role in which somebody acts on a ticket of this level and place, or None."""
    for role, kind, scope_id in held:
        if level in AUTHORITY.get(role, frozenset()) and reaches(
            kind, scope_id, community_id, estate_id
        ):
            return role
    return None


def check_may_handle(
    held: Held, level: TicketLevel, community_id: int | None, estate_id: int | None
) -> RoleWord:
    """Return the role somebody acts in; raise Refusal when none reaches this ticket."""
    role = may_handle(held, level, community_id, estate_id)
    if role is None:
        raise Refusal(Why.NOT_ALLOWED)
    return role


def may_see(
    held: Held, level: TicketLevel, community_id: int | None, estate_id: int | None
) -> bool:
    """Return whether staff may read the ticket: they act on it, or it climbed past them."""
    passed = LADDER[: LADDER.index(level) + 1]
    return any(may_handle(held, rung, community_id, estate_id) for rung in passed)


def first_level(community_id: int | None, estate_id: int | None) -> TicketLevel:
    """Return the lowest rung there is for a place: who is nearest acts first."""
    if estate_id is not None:
        return TicketLevel.ESTATE
    return TicketLevel.STREET if community_id is None else TicketLevel.COMMUNITY


def level_above(number: int, level: TicketLevel) -> TicketLevel:
    """Return the next rung up; raise Refusal at the top."""
    if level is LADDER[-1]:
        raise Refusal(Why.TICKET_TOP, number=number)
    return LADDER[LADDER.index(level) + 1]


def level_returned_to(
    level: TicketLevel, community_id: int | None, estate_id: int | None
) -> TicketLevel:
    """Return who gets a returned ticket: one rung down, but none below the place's lowest.

    At the lowest rung the level stays: the community sees it in its group and assigns it anew.
    """
    lowest = LADDER.index(first_level(community_id, estate_id))
    return LADDER[max(lowest, LADDER.index(level) - 1)]


def level_reopened_at(level: TicketLevel, reopened_before: int) -> TicketLevel:
    """Return who has to mend what was not mended: the same unit once, then the one above."""
    assert reopened_before >= 0
    if reopened_before == 0 or level is LADDER[-1]:
        return level
    return LADDER[LADDER.index(level) + 1]


def check_reopen(number: int, resolved_at: datetime, now: datetime) -> None:
    """Raise Refusal when the result is too old to be disputed."""
    if now - resolved_at > REOPEN_WITHIN:
        raise Refusal(Why.TICKET_TOO_LATE, number=number, days=REOPEN_WITHIN.days)


def check_withdraw(number: int, state: TicketState, opened_at: datetime, now: datetime) -> None:
    """Raise Refusal when somebody is already on the way."""
    if state is TicketState.ACTIVE and now - opened_at > UNDO_WITHIN:
        raise Refusal(Why.TICKET_DISPATCHED, number=number)


def check_undo(number: int, happened_at: datetime, now: datetime, *, own: bool) -> None:
    """Raise Refusal unless the last that happened was a step of the asker's own, just now."""
    if not own or now - happened_at > UNDO_WITHIN:
        minutes = int(UNDO_WITHIN.total_seconds()) // 60
        raise Refusal(Why.TICKET_UNDO, number=number, minutes=minutes)


def check_rating(stars: int) -> None:
    """Raise Refusal unless the stars are one to five."""
    if not 1 <= stars <= 5:  # noqa: PLR2004  the five stars everybody knows
        raise Refusal(Why.RATING)
