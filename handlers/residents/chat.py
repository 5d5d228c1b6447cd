"""Greets people, binds an address to a person or a group, and follows links from groups."""

from datetime import datetime, timedelta

from handlers import texts as shared
from handlers.context import Context
from handlers.message import Choice, Message, Reply
from handlers.refusal import Refusal, Why
from handlers.residents import texts
from storage import merging
from storage.codes import Code
from storage.words import CodePurpose, RoleWord, ScopeKind

GUESSES = 5
GUESSES_FORGOTTEN = timedelta(hours=1)
"""Codes are drawn from 10^12: an old eye mistypes twice, nobody finds one by trying."""


def greet(message: Message, context: Context) -> list[Reply]:
    """Say what the bot is and does, and how to reach a person."""
    return menu(message, context)


def menu(message: Message, context: Context) -> list[Reply]:
    """Show what can be done, as numbers."""
    choices = (
        Choice(texts.MENU_REPORT, "tickets.report"),
        Choice(texts.MENU_TICKETS, "menu.my_tickets"),
        Choice(texts.MENU_POINTS, "menu.my_points"),
        Choice(texts.MENU_SHIFTS, "shifts.list"),
    )
    return [Reply(shared.welcome(context.street.name), choices)]


def start(message: Message, context: Context) -> list[Reply]:
    """Go on in private with what was said in a group."""
    assert message.start_key is not None
    code = context.tx.codes.find(message.start_key)
    if code is None or code.purpose is not CodePurpose.CONTINUE:
        return [Reply(texts.LINK_OVER)]
    if code.subject_id != context.resident.id:
        return menu(message, context)
    if not context.tx.codes.use(message.start_key, context.resident.id):
        return [Reply(texts.LINK_OVER)]
    said = str(code.payload["text"])
    label = said if len(said) <= texts.LABEL_LENGTH else said[: texts.LABEL_LENGTH] + "\u2026"
    context.remember(said_in_group=said)
    return [Reply(texts.go_on(label), (Choice(texts.GO_ON_LABEL, "menu.go_on"),))]


def bind(message: Message, context: Context) -> list[Reply]:
    """Bind this address (or, in a group, this group) by a one-time code."""
    given = context.words.get("code")
    if not given:
        return [Reply(texts.BIND_HOW)]
    if _guesses(context) >= GUESSES:
        return [Reply(texts.TOO_MANY_CODES)]
    code = context.tx.codes.find(given)
    if code is None or code.purpose is CodePurpose.CONTINUE:
        context.remember(wrong_codes=_guesses(context) + 1, wrong_code_at=context.now.isoformat())
        return [Reply(shared.refusal(Refusal(Why.CODE_UNKNOWN)))]
    _check_usable(code, context)
    if message.is_group != (code.purpose is CodePurpose.BIND_GROUP):
        raise Refusal(Why.CODE_WRONG_PLACE)
    match code.purpose:
        case CodePurpose.FIRST_ADMIN:
            return _bind_admin(given, context)
        case CodePurpose.BIND_PERSON:
            return _bind_person(given, code, message, context)
        case CodePurpose.BIND_GROUP:
            return _bind_group(given, code, message, context)


def who_am_i(message: Message, context: Context) -> list[Reply]:
    """Say what is known of the sender."""
    resident = context.resident
    roles = [texts.ROLE_NAMES[role.role] for role in context.roles()]
    if not resident.name and not roles:
        return [Reply(texts.NOBODY_YET)]
    estate = context.tx.directory.estate(resident.estate_id)
    place = f"{estate.name if estate else ''}{resident.building or ''}{resident.unit or ''}"
    return [Reply(texts.who(resident.name or texts.UNNAMED, place, roles))]


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


def _bind_person(given: str, code: Code, message: Message, context: Context) -> list[Reply]:
    assert code.subject_id is not None
    person = context.tx.residents.by_id(code.subject_id)
    if person.id == context.resident.id:
        return [Reply(texts.IS_YOU)]
    if context.resident.name or context.roles():
        return [Reply(texts.bound_already(context.resident.name or texts.UNNAMED))]
    _use(given, context)
    merging.take_over(context.tx, context.resident.id, person.id)
    context.resident = context.tx.residents.bind(
        person, message.channel, message.sender, message.chat
    )
    context.adopt(person.id)
    return [Reply(texts.bound(person.name or ""))]


def _bind_group(given: str, code: Code, message: Message, context: Context) -> list[Reply]:
    assert code.subject_id is not None
    _use(given, context)
    context.tx.directory.bind_group(message.channel, message.chat, code.subject_id)
    return [Reply(texts.group_bound(context.tx.directory.group(code.subject_id).name))]
