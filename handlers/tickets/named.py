"""Takes the ticket number and the free words out of a command, a button or a sentence."""

import re

from handlers.context import Context
from handlers.message import Message
from handlers.refusal import Refusal, Why
from handlers.tickets import rules
from storage.words import RoleWord, ScopeKind


def number_of(context: Context) -> int | None:
    """Return the number that was typed or stands behind the chosen action, or None."""
    for name in ("number", "number_b", "number_c", "number_d"):
        if name in context.words:
            return int(context.words[name])
    argument = context.argument.partition(":")[0]
    return int(argument) if argument.isdecimal() else None


def unknown(number: int, context: Context) -> Refusal:
    """Return the refusal of an unknown number: staff look elsewhere than residents."""
    acts = any(role in rules.AUTHORITY for role, _kind, _scope in held(context))
    return Refusal(Why.TICKET_UNKNOWN_AT_DESK if acts else Why.TICKET_UNKNOWN, number=number)


def words_of(pattern: re.Pattern[str], message: Message, context: Context) -> str:
    """Return the free words behind a command as they were typed.

    Commands are compared half width and in lower case; what staff write to residents is not.
    """
    found = pattern.fullmatch(message.text.strip())
    groups = found.groupdict() if found else context.words
    for name in ("words", "words_b"):
        if groups.get(name):
            return str(groups[name]).strip()
    return ""


def asks(message: Message) -> bool:
    """Return whether the words end in a question mark: commands are compared without it."""
    return message.text.rstrip().endswith(("?", "\uff1f"))


def held(context: Context) -> list[tuple[RoleWord, ScopeKind, int]]:
    """Return the sender's roles as rules take them."""
    return [(role.role, role.scope_kind, role.scope_id) for role in context.roles()]
