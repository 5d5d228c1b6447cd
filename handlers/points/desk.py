"""Staff give points to residents of their part of the street."""

from handlers import notify
from handlers.context import Context
from handlers.message import Message, Reply
from handlers.points import rules, texts
from handlers.refusal import Refusal, Why
from storage.residents import Resident
from storage.words import TransferKind, WordsKind


def award(message: Message, context: Context) -> list[Reply]:
    """Give points with a reason; the resident is told, in a group no balance is."""
    held = [(role.role, role.scope_kind, role.scope_id) for role in context.roles()]
    if not held:
        raise Refusal(Why.NOT_ALLOWED)
    words = context.words
    amount = texts.number(words.get("amount") or words.get("amount2") or "")
    reason = (words.get("reason") or words.get("reason2") or "").strip()
    person = _person(words.get("who") or words.get("who2") or "", context)
    rules.check_may_award(held, person.community_id, person.estate_id)
    if person.id == context.resident.id:
        raise Refusal(Why.POINTS_SELF)
    if amount is None:
        return [Reply(texts.NOT_A_NUMBER)]
    rules.check_amount(amount)
    if not reason:
        raise Refusal(Why.POINTS_REASON)
    reason_id = context.tx.words.keep(person.id, WordsKind.REASON, reason)
    context.tx.points.award(
        key=f"{context.message_key}:award",
        resident_id=person.id,
        amount=amount,
        kind=TransferKind.AWARD,
        reason_id=reason_id,
        actor_id=context.resident.id,
        same_input=f"{person.id}:{amount}:{reason}",
    )
    notify.tell_resident(
        context.tx,
        person.id,
        key=f"award:{context.message_key}",
        text=texts.received(amount, reason, context.tx.points.balance(person.id)),
        topic="points",
    )
    return [Reply(texts.awarded(person.name or "", amount, reason))]


def _person(name: str, context: Context) -> Resident:
    found = context.tx.residents.named(name)
    if not found:
        raise Refusal(Why.NO_SUCH_PERSON, name=name)
    if len(found) > 1:
        raise Refusal(Why.SEVERAL_PERSONS, name=name, count=len(found))
    return found[0]
