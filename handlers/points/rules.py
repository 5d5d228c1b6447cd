"""How many points staff may give, and to whom."""

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


def check_amount(amount: int) -> None:
    """Raise Refusal unless the amount may be given at once."""
    if not LEAST <= amount <= MOST:
        raise Refusal(Why.POINTS_AMOUNT, least=LEAST, most=MOST)


def check_may_award(
    held: list[tuple[RoleWord, ScopeKind, int]],
    community_id: int | None,
    estate_id: int | None,
) -> None:
    """Raise Refusal unless one of the held roles covers where the resident lives."""
    for role, kind, scope_id in held:
        covers = (
            kind is ScopeKind.STREET
            or (kind is ScopeKind.COMMUNITY and community_id == scope_id)
            or (kind is ScopeKind.ESTATE and estate_id == scope_id)
        )
        if role in MAY_AWARD and covers:
            return
    raise Refusal(Why.NOT_ALLOWED)
