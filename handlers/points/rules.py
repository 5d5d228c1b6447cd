"""How many points staff may give, and to whom."""

from collections.abc import Iterable
from datetime import timedelta

from handlers.refusal import Refusal, Why
from storage.words import RoleWord, ScopeKind

LEAST, MOST = 1, 20
"""One tidy doorstep is a few points; whoever means more adds them on several days."""

MAY_AWARD = frozenset(
    {
        RoleWord.SECRETARY,
        RoleWord.GRID,
        RoleWord.CAPTAIN,
        RoleWord.COORDINATOR,
        RoleWord.STREET,
    }
)


REASON_LONGEST = 60
"""Characters: five reasons still fit into one message with the balance."""


UNNAMED_WITHIN = timedelta(days=1)
"""Whoever does not say whose points, means those given just now."""


def check_reason(reason: str) -> None:
    """Raise Refusal unless there is a reason that fits on a line."""
    if not reason:
        raise Refusal(Why.POINTS_REASON)
    if len(reason) > REASON_LONGEST:
        raise Refusal(Why.FIELD_LONG, most=REASON_LONGEST)


def check_amount(amount: int) -> None:
    """Raise Refusal unless the amount may be given at once."""
    if not LEAST <= amount <= MOST:
        raise Refusal(Why.POINTS_AMOUNT, least=LEAST, most=MOST)


def check_awards_at_all(roles: Iterable[RoleWord]) -> None:
    """Raise Refusal unless one of the roles may give points to anybody.

    Asked before any name is looked up: nobody else learns here who is registered.
    """
    if MAY_AWARD.isdisjoint(roles):
        raise Refusal(Why.NOT_ALLOWED)


def may_award(
    held: Iterable[tuple[RoleWord, ScopeKind, int]],
    community_id: int | None,
    estate_id: int | None,
    teams: Iterable[int],
) -> bool:
    """Return whether one of the held roles covers where the resident lives or helps."""
    covered = {(ScopeKind.COMMUNITY, community_id), (ScopeKind.ESTATE, estate_id)}
    covered |= {(ScopeKind.TEAM, team) for team in teams}
    return any(
        role in MAY_AWARD and (kind is ScopeKind.STREET or (kind, scope_id) in covered)
        for role, kind, scope_id in held
    )
