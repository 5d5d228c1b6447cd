"""Staff look after accounts: what was bound, taking it back, and telephones that were lost."""

from handlers import notify
from handlers import texts as shared
from handlers.context import Context
from handlers.message import Choice, Message, Reply
from handlers.refusal import Refusal, Why
from handlers.residents import binding, rules, texts
from handlers.residents.desk import person_named, roles_held, roles_of
from storage import merging
from storage.bindings import Binding
from storage.residents import Address, Resident


def records(_message: Message, context: Context) -> list[Reply]:
    """List what happened to somebody's accounts, with the numbers that take it back."""
    person = _in_charge_of(context.words["who"], context)
    lines = [
        texts.binding_line(
            each.number,
            texts.WAYS[each.way],
            texts.channel((each.address or "").partition(":")[0]),
            shared.day(each.made_at, context.now),
            undone=each.undone_at is not None,
        )
        for each in context.tx.bindings.of(person.id)
    ]
    return [Reply(texts.bindings(person.name or "", lines))]


def undo(_message: Message, context: Context) -> list[Reply]:
    """Take a binding back: what was carried over goes back to where it came from."""
    if not context.roles():
        raise Refusal(Why.NOT_ALLOWED)
    number = int(context.words["number"])
    made = context.tx.bindings.by_number(number)
    if made is None or made.other_id is None:
        raise Refusal(Why.BINDING_UNKNOWN, number=number)
    person = context.tx.residents.by_id(made.resident_id)
    _check_in_charge(person, context)
    rules.check_may_undo(made.made_at, context.now)
    if not context.tx.bindings.undo(made, context.resident.id):
        raise Refusal(Why.BINDING_UNDONE, number=number)
    _return_points(made, made.other_id, context)
    merging.give_back(context.tx, made.moved, made.other_id, made.resident_id)
    return [Reply(texts.binding_undone(number, person.name or texts.UNNAMED))]


def unbind(_message: Message, context: Context) -> list[Reply]:
    """Ask which account of somebody who lost their telephone shall be forgotten."""
    person = _in_charge_of(context.words["who"], context)
    addresses = context.tx.residents.addresses(person.id)
    if not addresses:
        return [Reply(texts.NOT_BOUND)]
    choices = binding.address_choices(addresses, context, "residents.release")
    return [Reply(texts.unbind_whose(person.name or ""), choices)]


def release(_message: Message, context: Context) -> list[Reply]:
    """Ask once more before somebody's account is forgotten."""
    person, address = _account(context)
    sure = Choice(texts.UNBIND_LABEL, f"residents.release_sure:{address.key}")
    channel = texts.channel(address.channel)
    return [Reply(texts.release_sure(person.name or texts.UNNAMED, channel), (sure,))]


def release_sure(_message: Message, context: Context) -> list[Reply]:
    """Forget somebody's account, and tell them where they can still be told."""
    person, address = _account(context)
    binding.release(context, person, address)
    if context.tx.residents.addresses(person.id):
        notify.tell_resident(
            context.tx,
            person.id,
            key=f"unbound:{context.message_key}",
            text=texts.told_unbound(texts.channel(address.channel)),
            topic="binding",
            asked_for=True,
        )
    return [Reply(texts.released(person.name or texts.UNNAMED, texts.channel(address.channel)))]


def _return_points(made: Binding, other_id: int, context: Context) -> None:
    if made.points and not context.tx.points.move(
        key=f"unmerge:{made.number}",
        from_id=made.resident_id,
        to_id=other_id,
        amount=made.points,
        actor_id=context.resident.id,
    ):
        raise Refusal(Why.UNDO_SPENT, points=made.points)


def _account(context: Context) -> tuple[Resident, Address]:
    found = context.tx.contacts.at(context.argument)
    if found is None:
        raise Refusal(Why.NO_ACCOUNT)
    person = context.tx.residents.by_id(found.resident_id)
    _check_in_charge(person, context)
    return person, found


def _in_charge_of(name: str, context: Context) -> Resident:
    if not context.roles():
        raise Refusal(Why.NOT_ALLOWED)
    person = person_named(name, context)
    _check_in_charge(person, context)
    return person


def _check_in_charge(person: Resident, context: Context) -> None:
    held = roles_held(context)
    rules.check_may_make_code(held, person.community_id, person.estate_id)
    if person.id != context.resident.id:
        rules.check_may_speak_for(held, roles_of(person, context))
