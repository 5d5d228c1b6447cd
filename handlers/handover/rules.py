"""Who may answer for the bot, and how long it then keeps silent."""

from datetime import timedelta

from handlers.refusal import Refusal, Why
from storage.words import RoleWord, ScopeKind

SILENT_FOR = timedelta(hours=12)
"""The bot takes the talk back by itself after this (issue 2): nobody stays unanswered."""

MAY_ANSWER = frozenset(set(RoleWord) - {RoleWord.MERCHANT})


def check_may_answer(
    roles: list[tuple[RoleWord, ScopeKind, int]],
    community_id: int | None,
    estate_id: int | None,
) -> RoleWord:
    """Return the role somebody answers in; raise Refusal when none covers this resident.

    Whose estate is unknown is served by the community, not by every estate's property manager.
    """
    for role, kind, scope_id in roles:
        covers = (
            kind is ScopeKind.STREET
            or (kind is ScopeKind.COMMUNITY and community_id in {scope_id, None})
            or (kind is ScopeKind.ESTATE and estate_id == scope_id)
        )
        if role in MAY_ANSWER and covers:
            return role
    raise Refusal(Why.NOT_ALLOWED)
