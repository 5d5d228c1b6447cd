"""Who may take an alarm: once taken it is not repeated, so it has to be somebody who can go."""

from handlers.refusal import Refusal, Why
from handlers.scope import Held, reaches
from storage.words import RoleWord, ScopeKind

MAY_TAKE = frozenset(
    {
        RoleWord.ADMIN,
        RoleWord.STREET,
        RoleWord.DEPARTMENT,
        RoleWord.SECRETARY,
        RoleWord.GRID,
        RoleWord.CAPTAIN,
        RoleWord.PROPERTY,
    }
)


def check_may_take(held: Held) -> None:
    """Raise Refusal unless one of the roles goes to emergencies at all."""
    if not any(role in MAY_TAKE for role, _kind, _scope in held):
        raise Refusal(Why.NOT_ALLOWED)


def check_covers(held: Held, community_id: int | None, estate_id: int | None) -> None:
    """Raise Refusal unless such a role covers where the resident lives; unknown is everywhere."""
    for role, kind, scope_id in held:
        if role in MAY_TAKE and reaches(
            kind, scope_id, community_id, estate_id, unknown=tuple(ScopeKind)
        ):
            return
    raise Refusal(Why.NOT_ALLOWED)
