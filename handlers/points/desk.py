"""Staff give points to residents of their part of the street."""

from handlers import notify
from handlers.context import Context
from handlers.message import Message, Reply
from handlers.points import rules, texts
from handlers.refusal import Refusal, Why
from storage.points import ReversedBefore
from storage.residents import Resident, Role
from storage.words import TransferKind, WordsKind


def award(message: Message, context: Context) -> list[Reply]:
    """Give points with a reason; the resident is told, in a group no balance is."""
    roles = context.roles()
    rules.check_awards_at_all(role.role for role in roles)
    # The words as they were written: commands are compared folded, a reason is kept as it is.
    found = texts.AWARD.fullmatch(message.text.strip())
    words = found.groupdict() if found else dict(context.words)
    amount = texts.number(words["amount"])
    if amount is None:
        return [Reply(texts.NOT_A_NUMBER)]
    reason = (words.get("reason") or "").strip()
    rules.check_amount(amount)
    rules.check_reason(reason)
    person = _person(words["who"], roles, context)
    if person.id == context.resident.id:
        raise Refusal(Why.POINTS_SELF)
    _post(person, amount, reason, context)
    context.remember(awarded=person.id)
    balance = None if message.is_group else context.tx.points.balance(person.id)
    return [Reply(texts.awarded(person.name or "", amount, balance))]


def take_back(message: Message, context: Context) -> list[Reply]:
    """Take back what the sender gave somebody last, or last of so many points.

    A line of its own, and the resident is told.
    """
    roles = context.roles()
    rules.check_awards_at_all(role.role for role in roles)
    name = _named("who", context)
    amount = texts.number(_named("amount", context))
    person = _person(name, roles, context) if name else _last(context)
    if person is None:
        # Overheard in a group it may be about anything.
        return [Reply(texts.WHOSE_AWARD)] if message.addressed else []
    points = context.tx.points
    award = points.newest_award(person.id, context.resident.id, amount)
    if award is None:
        raise Refusal(Why.POINTS_NO_AWARD, name=person.name or "")
    if not name and context.now - award.given_at > rules.UNNAMED_WITHIN:
        return [Reply(texts.WHOSE_AWARD)]
    facts = {"name": person.name or "", "amount": award.amount}
    key = f"{context.message_key}:take_back"
    try:
        done = points.reverse(key=key, award=award, actor_id=context.resident.id)
    except ReversedBefore:
        raise Refusal(Why.POINTS_TAKEN_BACK, **facts) from None
    if not done:
        raise Refusal(Why.POINTS_SPENT, **facts)
    reason, balance = context.tx.words.of(award.reason_id).body, points.balance(person.id)
    notify.tell_resident(
        context.tx,
        person.id,
        key=f"award:{award.transfer_id}:taken_back",
        text=texts.taken_from(award.amount, reason, balance),
        topic="points",
    )
    shown = None if message.is_group else balance
    return [Reply(texts.taken_back(person.name or "", award.amount, reason, shown))]


def _named(what: str, context: Context) -> str:
    """Return what the words say of it in any of their orders, or nothing."""
    return next((words for it, words in context.words.items() if it.startswith(what)), "")


def _last(context: Context) -> Resident | None:
    """Return whom the sender gave points last in this talk."""
    found = context.recall("awarded")
    return context.tx.residents.by_id(found) if isinstance(found, int) else None


def _person(name: str, roles: list[Role], context: Context) -> Resident:
    """Return whom the name means: of several, the one in the sender's part of the street."""
    found = context.tx.residents.named(name)
    if not found:
        raise Refusal(Why.NO_SUCH_PERSON, name=name)
    held = [(role.role, role.scope_kind, role.scope_id) for role in roles]
    covered = [
        person
        for person in found
        if rules.may_award(
            held, person.community_id, person.estate_id, context.tx.residents.teams_of(person.id)
        )
    ]
    if not covered:
        raise Refusal(Why.NOT_ALLOWED)
    if len(covered) > 1:
        raise Refusal(Why.SEVERAL_PERSONS, name=name, count=len(covered))
    return covered[0]


def _post(person: Resident, amount: int, reason: str, context: Context) -> None:
    reason_id = context.tx.words.keep(person.id, WordsKind.REASON, reason)
    posted = context.tx.points.award(
        key=f"{context.message_key}:award",
        resident_id=person.id,
        amount=amount,
        kind=TransferKind.AWARD,
        reason_id=reason_id,
        actor_id=context.resident.id,
        # Ids and numbers only: the ledger keeps a hash of this for ever, words can be erased.
        same_input=f"{person.id}:{amount}:{context.resident.id}",
    )
    if not posted:
        raise Refusal(Why.POINTS_REPEATED)
    notify.tell_resident(
        context.tx,
        person.id,
        key=f"award:{reason_id}",
        text=texts.received(amount, reason, context.tx.points.balance(person.id)),
        topic="points",
    )
