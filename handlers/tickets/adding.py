"""Takes what is said just after a report and belongs to it: a place, a telephone number."""

from dataclasses import replace

from handlers import notify
from handlers.context import Context
from handlers.message import Message, Reply
from handlers.tickets import reading, rules, steps, texts
from knowledge.masking import mask_personal
from knowledge.slots import only_place
from storage.tickets import Ticket
from storage.words import TicketEventKind, WordsKind

WHERE_AT_MOST = 200
"""Characters of a place with all that was added to it."""


def place(message: Message, context: Context) -> Reply | None:
    """Pass a place on that was said just after a report; None where there is no such report."""
    ticket, named = just_reported(context), only_place(message.text)
    if ticket is None or named is None:
        return None
    tx, me = context.tx, context.resident.id
    where = texts.PLACE_TOO.format(where=steps.shown(tx, ticket).where, more=named)
    after = replace(ticket, where_id=tx.words.keep(me, WordsKind.PLACE, where[:WHERE_AT_MOST]))
    note = texts.commented(ticket.number, mask_personal(message.text))
    steps.comment(tx, ticket, me, note, None, after)
    return Reply(texts.place_added(ticket.number, named))


def is_phone(message: Message, context: Context) -> bool:
    """Return whether the message is a telephone number for the report just made."""
    number = reading.phone(message.text)
    only = number is not None and reading.is_only_phone(message.text)
    return only and just_reported(context) is not None


def phone(message: Message, context: Context) -> list[Reply]:
    """Keep the number with the report; only whoever accepts it sees it."""
    ticket, number = just_reported(context), reading.phone(message.text)
    assert ticket is not None
    assert number is not None
    tx, me = context.tx, context.resident.id
    after = replace(ticket, contact_id=tx.words.keep(me, WordsKind.CONTACT, number))
    steps.move(tx, ticket, after, TicketEventKind.COMMENTED, actor_id=me)
    if ticket.handler_id is not None:
        notify.tell_resident(
            tx,
            ticket.handler_id,
            key=f"ticket:{ticket.id}:phone:{context.message_key}",
            text=texts.phone_for_staff(ticket.number, number),
            topic=steps.TOPIC,
            asked_for=True,
        )
    return [Reply(texts.phone_added(ticket.number))]


def just_reported(context: Context) -> Ticket | None:
    """Return the sender's newest report while it is fresh and unfinished, and no form is open."""
    if context.talk.form is not None:
        return None
    newest = next(iter(context.tx.tickets.of_reporter(context.resident.id, 1)), None)
    if newest is None or newest.state not in rules.UNFINISHED:
        return None
    return newest if context.now - newest.opened_at <= rules.UNDO_WITHIN else None
