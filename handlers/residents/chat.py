"""Greets people, follows links from groups and says who somebody is."""

from msgspec.structs import replace

from handlers import menus
from handlers import texts as shared
from handlers.context import Context
from handlers.directory import rules as directory_rules
from handlers.handover import rules as handover_rules
from handlers.learning import rules as learning_rules
from handlers.message import Choice, Message, Reply
from handlers.points import rules as points_rules
from handlers.residents import binding, texts
from handlers.tickets import rules as ticket_rules
from storage.words import CodePurpose

STAFF_WORDS = (
    (frozenset(ticket_rules.AUTHORITY), texts.FOR_TICKETS),
    (handover_rules.MAY_ANSWER, texts.FOR_WAITING),
    (points_rules.MAY_AWARD, texts.FOR_POINTS),
    (learning_rules.DESK, texts.FOR_QUESTIONS),
    (directory_rules.MAY_ANNOUNCE, texts.FOR_OUTAGES),
)


MENU = (
    Choice(texts.MENU_REPORT, "tickets.report"),
    Choice(texts.MENU_TICKETS, "menu.my_tickets"),
    Choice(texts.MENU_POINTS, "menu.my_points"),
    Choice(texts.MENU_SHIFTS, "shifts.list"),
)
"""What can be done, as numbers."""


def greet(message: Message, context: Context) -> list[Reply]:
    """Say what the bot is and does, and how to reach a person."""
    return menu(message, context)


def menu(message: Message, context: Context) -> list[Reply]:
    """Show what can be done, as numbers."""
    staff = _staff_words(context)
    return [Reply("\n".join([shared.welcome(context.street.name), *staff]), MENU)]


def _staff_words(context: Context) -> list[str]:
    """Return what somebody with a role may say besides, a line for each kind of work."""
    roles = {role.role for role in context.roles()}
    lines = [line for may, line in STAFF_WORDS if not may.isdisjoint(roles)]
    return [texts.FOR_STAFF, *lines] if lines else []


def asks(reply: Reply) -> bool:
    """Return whether the reply has something to choose, and more than the menu."""
    shortcuts = {choice.action for choice in (*MENU, menus.BACK, menus.PERSON)}
    return any(choice.action not in shortcuts for choice in reply.choices)


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
