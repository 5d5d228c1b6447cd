"""Captains and grid workers see whom no message reaches, and say when they went there."""

from handlers.context import Context
from handlers.message import Message, Reply
from handlers.outreach import rules, texts
from handlers.refusal import Refusal, Why
from handlers.scope import Held
from storage.residents import Resident
from storage.visits import Visit
from storage.words import GroupKind, VisitState


def to_all(_message: Message, context: Context) -> list[Reply]:
    """Say that nothing is sent to everybody from here, and what can be sent instead."""
    return [Reply(texts.TO_ALL_BY_STAFF if context.roles() else texts.TO_ALL_BY_RESIDENT)]


def to_visit(message: Message, context: Context) -> list[Reply]:
    """List who has to be visited; in a group only the houses."""
    held = _held(context)
    if not rules.visits_at_all(held):
        raise Refusal(Why.NOT_ALLOWED)
    mine = [
        (visit, resident)
        for visit in context.tx.visits.waiting()
        for resident in [context.tx.residents.by_id(visit.resident_id)]
        if rules.may_visit(held, resident.community_id, resident.estate_id)
    ]
    if not mine:
        return [Reply(texts.NOBODY_TO_VISIT)]
    if message.is_group:
        if context.group is None or context.group.kind is GroupKind.RESIDENTS:
            raise Refusal(Why.PRIVATE_ONLY)
        lines = [texts.visit_in_group(v.number, _house(resident, context)) for v, resident in mine]
        return [Reply(texts.visits_in_group(lines))]
    return [Reply(_shown(visit, resident, context)) for visit, resident in mine]


def visited(message: Message, context: Context) -> list[Reply]:
    """Settle a visit: what was to be carried has arrived."""
    held = _held(context)
    if not rules.visits_at_all(held):
        raise Refusal(Why.NOT_ALLOWED)
    named = context.words.get("number")
    if not named:
        return [Reply(texts.WHICH_VISIT)]
    visit = context.tx.visits.by_number(int(named))
    if visit is None:
        return [Reply(texts.no_such_visit(int(named)))]
    resident = context.tx.residents.by_id(visit.resident_id)
    if not rules.may_visit(held, resident.community_id, resident.estate_id):
        raise Refusal(Why.NOT_ALLOWED)
    if not context.tx.visits.settle(visit, VisitState.VISITED, context.resident.id):
        return [Reply(texts.no_such_visit(visit.number))]
    context.tx.reaching.carried(visit.notices, f"visit:{visit.number}")
    return [Reply(texts.visited(visit.number))]


def _held(context: Context) -> Held:
    return [(role.role, role.scope_kind, role.scope_id) for role in context.roles()]


def _shown(visit: Visit, resident: Resident, context: Context) -> str:
    messages = [notice.text for notice in context.tx.reaching.by_ids(visit.notices)]
    home = f"{_house(resident, context)}{resident.unit or ''}"
    return texts.visit(visit.number, resident.name or texts.UNNAMED, home, messages)


def _house(resident: Resident, context: Context) -> str:
    estate = context.tx.directory.estate(resident.estate_id)
    return f"{estate.name if estate else ''}{resident.building or ''}"
