"""Tells staff how their part of the street stands: what is open, overdue, finished this week."""

from datetime import timedelta

from handlers import localtime
from handlers.context import Context
from handlers.message import Message, Reply
from handlers.refusal import Refusal, Why
from handlers.scope import Held
from handlers.tickets import rules
from handlers.tickets.named import held
from handlers.tickets.standing import texts
from storage.ticket_figures import Area, figures
from storage.words import ScopeKind

NUMBERS = 6
"""Tickets named that nobody accepted in time."""


def show(_message: Message, context: Context) -> list[Reply]:
    """Count the tickets of the group's community, in private of all the sender works for."""
    roles = [it for it in held(context) if it[0] in rules.AUTHORITY]
    if not roles:
        raise Refusal(Why.NOT_ALLOWED)
    here = context.group.community_id if context.group else None
    area = _reached(roles) if here is None else Area(frozenset({here}))
    today = localtime.start_of_day(context.now)
    monday = localtime.start_of_day(today - timedelta(days=localtime.local(today).weekday()))
    return [Reply(texts.figures(figures(context.tx, area, monday, NUMBERS)))]


def _reached(roles: Held) -> Area:
    """Return what the roles lie in: the whole street for one that is given for all of it."""
    if any(kind is ScopeKind.STREET for _role, kind, _scope in roles):
        return Area()
    return Area(
        frozenset(scope for _role, kind, scope in roles if kind is ScopeKind.COMMUNITY),
        frozenset(scope for _role, kind, scope in roles if kind is ScopeKind.ESTATE),
    )
