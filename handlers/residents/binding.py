"""An address becomes somebody's by a one-time code, and nobody's when they say so."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from handlers import notify
from handlers import texts as shared
from handlers.context import Context
from handlers.message import Choice, Message, Reply, Scene
from handlers.refusal import Refusal, Why
from handlers.residents import rules, texts
from storage import merging
from storage.codes import Code
from storage.residents import Address, Resident
from storage.talks import Talk
from storage.transaction import Transaction
from storage.words import BindWay, CodePurpose, RoleWord, ScopeKind

GUESSES = 5
GUESSES_FORGOTTEN = timedelta(hours=1)
"""Codes are drawn from 10^12: an old eye mistypes twice, nobody finds one by trying."""

OF_PEOPLE = frozenset({CodePurpose.BIND_PERSON, CodePurpose.BIND_ADDRESS})
SECRET = OF_PEOPLE | {CodePurpose.FIRST_ADMIN}
"""Codes that are over once others have seen them."""


def bind(message: Message, context: Context) -> list[Reply]:
    """Bind this address (or, in a group, this group) by a one-time code."""
    given = context.words.get("code") or context.argument
    return by_code(given, message, context) if given else [Reply(texts.BIND_HOW)]


def by_code(given: str, message: Message, context: Context) -> list[Reply]:
    """Do what the code is for."""
    if _guesses(context) >= GUESSES:
        return [Reply(texts.TOO_MANY_CODES)]
    code = context.tx.codes.find(given)
    if code is None or code.purpose not in {*SECRET, CodePurpose.BIND_GROUP}:
        context.remember(wrong_codes=_guesses(context) + 1, wrong_code_at=context.now.isoformat())
        return [Reply(shared.refusal(Refusal(Why.CODE_UNKNOWN)))]
    if message.is_group and code.purpose in SECRET:
        return burn(given, context)
    _check_usable(code, context)
    if message.is_group != (code.purpose is CodePurpose.BIND_GROUP):
        raise Refusal(Why.CODE_WRONG_PLACE)
    if code.purpose is CodePurpose.FIRST_ADMIN:
        return _bind_admin(given, context)
    if code.purpose is CodePurpose.BIND_GROUP:
        return _bind_group(given, code, message, context)
    return _bind_person(given, code, message, context)


def burn(given: str, context: Context) -> list[Reply]:
    """Use up a code that everybody in a group has read."""
    context.tx.codes.use(given, context.resident.id)
    return [Reply(texts.CODE_BURNT)]


def overheard(shown: Sequence[str], context: Context) -> list[Reply]:
    """Burn the code among these words that somebody showed in a group; else keep silent."""
    for given in shown:
        code = context.tx.codes.find(given)
        if code is not None and code.purpose in SECRET and code.used_at is None:
            return burn(given, context)
    return []


def my_code(_message: Message, context: Context) -> list[Reply]:
    """Show a code by which the person makes another account theirs."""
    code = rules.new_code(context.tx.luck)
    make_scene(context.tx, context.resident, code)
    minutes = int(rules.OWN_CODE_WORKS_FOR / timedelta(minutes=1))
    scene = Scene(code, context.now + rules.OWN_CODE_WORKS_FOR, own=True)
    return [Reply(texts.own_code(code, minutes), scene=scene)]


def make_scene(tx: Transaction, person: Resident, key: str) -> None:
    """Let this key bind one more address to the person, typed or in a QR picture's scene."""
    tx.codes.make(
        key,
        CodePurpose.BIND_ADDRESS,
        tx.now + rules.OWN_CODE_WORKS_FOR,
        subject_id=person.id,
        made_by=person.id,
    )


def unbind(_message: Message, context: Context) -> list[Reply]:
    """Ask which of the person's accounts shall be forgotten."""
    addresses = context.tx.residents.addresses(context.resident.id)
    return [Reply(texts.UNBIND_WHICH, address_choices(addresses, context, "residents.unbind"))]


def unbind_this(_message: Message, context: Context) -> list[Reply]:
    """Ask once more before an account is forgotten."""
    address = _mine(context)
    if address is None:
        return [Reply(texts.NOT_BOUND)]
    sure = Choice(texts.UNBIND_LABEL, f"residents.unbind_sure:{address.key}")
    return [Reply(texts.unbind_sure(texts.channel(address.channel)), (sure,))]


def unbind_sure(_message: Message, context: Context) -> list[Reply]:
    """Forget an account: what it writes from now on comes from a stranger."""
    address = _mine(context)
    if address is None:
        return [Reply(texts.NOT_BOUND)]
    release(context, context.resident, address)
    return [Reply(texts.unbound(texts.channel(address.channel)))]


def release(context: Context, person: Resident, address: Address) -> None:
    """Let the address be nobody's; what was said from it stays with the person."""
    context.tx.contacts.release(address)
    context.tx.bindings.note(
        resident_id=person.id,
        other_id=None,
        address=address.key,
        way=BindWay.UNBOUND,
        made_by=context.resident.id,
    )
    here = f"{context.talk.channel}:{context.talk.sender}" == address.key
    if here:
        context.talk = Talk(
            context.talk.key,
            context.talk.channel,
            context.talk.chat,
            context.talk.sender,
            person.id,
            version=context.talk.version,
        )


def address_choices(addresses: list[Address], context: Context, action: str) -> tuple[Choice, ...]:
    """Return the accounts to choose from, by their channel and since when."""
    here = f"{context.talk.channel}:{context.talk.sender}"
    return tuple(
        Choice(
            texts.account(texts.channel(each.channel), here=each.key == here),
            f"{action}:{each.key}",
        )
        for each in addresses[: texts.ACCOUNTS_SHOWN]
    )


def _mine(context: Context) -> Address | None:
    addresses = context.tx.residents.addresses(context.resident.id)
    return next((each for each in addresses if each.key == context.argument), None)


def _guesses(context: Context) -> int:
    """Return how many wrong codes came from here lately."""
    count, at = context.recall("wrong_codes"), context.recall("wrong_code_at")
    if not isinstance(count, int) or not isinstance(at, str):
        return 0
    return count if context.now - datetime.fromisoformat(at) < GUESSES_FORGOTTEN else 0


def _check_usable(code: Code, context: Context) -> None:
    if code.used_at is not None:
        raise Refusal(Why.CODE_USED)
    if code.expires_at <= context.now:
        raise Refusal(Why.CODE_EXPIRED)


def _use(given: str, context: Context) -> None:
    if not context.tx.codes.use(given, context.resident.id):
        raise Refusal(Why.CODE_USED)


def _bind_admin(given: str, context: Context) -> list[Reply]:
    _use(given, context)
    context.tx.residents.grant(context.resident.id, RoleWord.ADMIN, ScopeKind.STREET, 0)
    return [Reply(texts.ADMIN_BOUND)]


def _bind_group(given: str, code: Code, message: Message, context: Context) -> list[Reply]:
    assert code.subject_id is not None
    _use(given, context)
    context.tx.directory.bind_group(message.channel, message.chat, code.subject_id)
    return [Reply(texts.group_bound(context.tx.directory.group(code.subject_id).name))]


def _bind_person(given: str, code: Code, message: Message, context: Context) -> list[Reply]:
    assert code.subject_id is not None
    person = context.tx.residents.by_id(code.subject_id)
    if person.id == context.resident.id:
        return [Reply(texts.IS_YOU)]
    if context.resident.name or context.roles():
        if code.purpose is CodePurpose.BIND_PERSON:
            return [Reply(texts.bound_already(context.resident.name or texts.UNNAMED))]
        rules.check_may_merge(
            _identity(context.resident, context.tx), _identity(person, context.tx)
        )
        if not context.argument:
            return _ask_merge(given, context)
    _use(given, context)
    way = BindWay.PAPER if code.purpose is CodePurpose.BIND_PERSON else BindWay.OWN
    join(message, context, person, way)
    return [Reply(texts.bound(person.name or ""))]


def _ask_merge(given: str, context: Context) -> list[Reply]:
    """Two registered people become one only after a second look."""
    left = merging.left_behind(context.tx, context.resident.id)
    points = context.tx.points.balance(context.resident.id)
    sure = Choice(texts.MERGE_LABEL, f"residents.merge:{given}")
    return [Reply(texts.merge_sure(left["tickets"], left["shifts"], points), (sure,))]


def join(message: Message, context: Context, person: Resident, way: BindWay) -> None:
    """Make this address, and whatever was done under it, the person's."""
    tx, gone = context.tx, context.resident
    points = tx.points.balance(gone.id)
    if points and not tx.points.move(
        key=f"merge:{context.message_key}",
        from_id=gone.id,
        to_id=person.id,
        amount=points,
        actor_id=gone.id,
    ):
        raise Refusal(Why.MERGE_HELD)
    moved = merging.take_over(tx, gone.id, person.id)
    if gone.elder_mode and not person.elder_mode:
        tx.residents.change(person, elder_mode=True)
        person = replace(person, elder_mode=True)
    known_by = person.last_address
    context.resident = tx.residents.bind(person, message.channel, message.sender, message.chat)
    context.adopt(person.id)
    number = tx.bindings.note(
        resident_id=person.id,
        other_id=gone.id,
        address=context.resident.last_address,
        way=way,
        made_by=gone.id,
        moved=moved,
        points=points,
    )
    if known_by is not None and known_by != context.resident.last_address:
        notify.tell_resident(
            tx,
            person.id,
            key=f"bound:{number}",
            text=texts.told_bound(texts.channel(message.channel)),
            topic="binding",
            asked_for=True,
        )


def _identity(resident: Resident, tx: Transaction) -> rules.Identity:
    return rules.Identity(
        name=resident.name,
        estate_id=resident.estate_id,
        building=resident.building,
        has_roles=bool(tx.residents.roles(resident.id)),
    )
