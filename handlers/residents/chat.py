"""Greets people, follows links from groups and says who somebody is."""

from msgspec.structs import replace

from handlers import texts as shared
from handlers.context import Context
from handlers.message import Choice, Message, Reply
from handlers.residents import binding, texts
from storage.words import CodePurpose


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
    """Go on in private with what was said in a group, or bind by a code in a QR picture."""
    assert message.start_key is not None
    code = context.tx.codes.find(message.start_key)
    if code is not None and code.purpose in binding.OF_PEOPLE:
        return binding.by_code(message.start_key, message, context)
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


def who_am_i(message: Message, context: Context) -> list[Reply]:
    """Say what is known of the sender."""
    resident = context.resident
    roles = [texts.ROLE_NAMES[role.role] for role in context.roles()]
    if not resident.name and not roles:
        return [Reply(texts.NOBODY_YET)]
    estate = context.tx.directory.estate(resident.estate_id)
    place = f"{estate.name if estate else ''}{resident.building or ''}{resident.unit or ''}"
    return [Reply(texts.who(resident.name or texts.UNNAMED, place, roles))]


def elder_mode(message: Message, context: Context) -> list[Reply]:
    """Speak in short pieces and large letters from now on."""
    return _mode(texts.ELDER_ON, context, elder=True)


def normal_mode(message: Message, context: Context) -> list[Reply]:
    """Speak as to everybody else again."""
    return _mode(texts.ELDER_OFF, context, elder=False)


def _mode(said: str, context: Context, *, elder: bool) -> list[Reply]:
    if context.resident.elder_mode is not elder:
        context.tx.residents.change(context.resident, elder_mode=elder)
        context.resident = replace(context.resident, elder_mode=elder)
    return [Reply(said)]
