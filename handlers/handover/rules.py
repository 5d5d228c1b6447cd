"""Who may answer for the bot, and how long it then keeps silent."""

from datetime import timedelta

from handlers.refusal import Refusal, Why
from handlers.scope import Held, reaches
from storage.words import RoleWord, ScopeKind

SILENT_FOR = timedelta(hours=12)
"""The bot takes the talk back by itself after this (issue 2): nobody stays unanswered."""

MAY_ANSWER = frozenset(set(RoleWord) - {RoleWord.MERCHANT})


def check_may_answer(
    roles: Held,
    community_id: int | None,
    estate_id: int | None,
) -> RoleWord:
    """Return the role somebody answers in; raise Refusal when none covers this resident.

    Whose estate is unknown is served by the community, not by every estate's property manager.
    """
    for role, kind, scope_id in roles:
        if role in MAY_ANSWER and reaches(
            kind, scope_id, community_id, estate_id, unknown={ScopeKind.COMMUNITY}
        ):
            return role
    raise Refusal(Why.NOT_ALLOWED)
