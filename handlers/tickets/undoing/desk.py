"""Staff take back a step they took by mistake, as long as nothing has happened since."""

from dataclasses import replace

from handlers.context import Context
from handlers.message import Message, Reply
from handlers.tickets import chat, rules, steps
from handlers.tickets.named import held, number_of, unknown
from handlers.tickets.undoing import texts
from knowledge.masking import mask_personal
from storage.tickets import Ticket, TicketEvent
from storage.words import TicketEventKind

SEVERAL = 0
"""Remembered instead of a number where several tickets were acted on at once."""
OWN_STEPS = frozenset({TicketEventKind.ACCEPTED, TicketEventKind.RESOLVED, TicketEventKind.NOTED})


def which_kind(_message: Message, context: Context) -> list[Reply]:
    """Say what can be taken back, to whoever names a number too short for a ticket."""
    return [Reply(texts.WHICH_FOR_STAFF if context.roles() else texts.WHICH_FOR_RESIDENTS)]


def undo(message: Message, context: Context) -> list[Reply]:
    """Take back the sender's own last step; residents take a report back with the same words."""
    number = number_of(context)
    if number is None:
        number = _last(context)
        if number == SEVERAL:
            return [Reply(texts.WHICH)]
    ticket = None if number is None else context.tx.tickets.by_number(number)
    mine = ticket is not None and ticket.reporter_id == context.resident.id
    acts = any(role in rules.AUTHORITY for role, _kind, _scope in held(context))
    if mine or not acts or number is None:
        # Overheard in a group it may be about anything.
        return [] if message.is_group else chat.withdraw(message, context)
    if ticket is None:
        raise unknown(number, context)
    rules.check_may_handle(held(context), ticket.level, ticket.community_id, ticket.estate_id)
    event = context.tx.tickets.events(ticket.id)[-1]
    own = event.actor_id == context.resident.id and event.kind in OWN_STEPS
    rules.check_undo(ticket.number, event.happened_at, context.now, own=own)
    undone = _unsay if event.kind is TicketEventKind.NOTED else _undo
    return [undone(ticket, event, context)]


def _unsay(ticket: Ticket, event: TicketEvent, context: Context) -> Reply:
    """Take back what was said of the ticket; it stays where it is."""
    tx = context.tx
    unheard = steps.take_back_news(tx, ticket, steps.NOTE)
    step, me = TicketEventKind.NOTE_UNDONE, context.resident.id
    ticket = steps.move(tx, ticket, ticket, step, actor_id=me)
    what, words = steps.short_what(tx, ticket), tx.words.of(event.words_id).body
    if not unheard:
        told = texts.told_unsaid(ticket.number, what, words)
        steps.tell_reporter(tx, ticket, told, kind=steps.NOTE)
    context.remember(stepped=None)
    return Reply(texts.unsaid(ticket.number, mask_personal(what), words, heard=not unheard))


def _undo(ticket: Ticket, event: TicketEvent, context: Context) -> Reply:
    tx = context.tx
    unheard = steps.take_back_news(tx, ticket)
    keeps = event.kind is TicketEventKind.RESOLVED
    after = replace(ticket, handler_id=context.resident.id if keeps else None, resolved_at=None)
    ticket = steps.move(tx, ticket, after, TicketEventKind.UNDONE, actor_id=context.resident.id)
    if not keeps and ticket.respond_by > context.now:
        # Its card is in the group still.
        steps.remind_in_time(tx, ticket)
    what = steps.short_what(tx, ticket)
    if not unheard:
        steps.tell_reporter(tx, ticket, texts.told_undone(ticket.number, what, event.kind))
    context.remember(stepped=None)
    return Reply(texts.undone(ticket.number, mask_personal(what), event.kind))


def _last(context: Context) -> int | None:
    """Return the ticket the sender acted on last in this talk."""
    found = context.recall("stepped")
    return found if isinstance(found, int) else None
