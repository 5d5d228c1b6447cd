"""Staff say in between how far a ticket is, and the reporter hears it."""

from handlers import fold
from handlers.context import Context
from handlers.message import Message, Reply
from handlers.refusal import Refusal, Why
from handlers.tickets import rules, steps
from handlers.tickets import texts as tickets_texts
from handlers.tickets.named import asks, held, number_of, unknown, words_of
from handlers.tickets.noting import texts
from knowledge.masking import mask_personal
from storage.tickets import Ticket
from storage.words import RoleWord, TicketEventKind, TicketState, WordsKind

LONGEST = 200


def note(message: Message, context: Context) -> list[Reply]:
    """Keep what the staff say of a ticket, and tell the reporter; it stays where it is."""
    if message.is_group and not _acts(context):
        return []
    ticket, role = _named(context)
    tx, me, number = context.tx, context.resident.id, ticket.number
    words = words_of(texts.NOTE, message, context)[:LONGEST]
    if not words:
        example = tickets_texts.say(texts.NOTE_LABEL, number, texts.EXAMPLE)
        raise Refusal(Why.TICKET_REASON, what=texts.WORDS, example=example)
    kept = tx.words.keep(me, WordsKind.TICKET_EVENT, words)
    if ticket.reporter_id == me:
        added = tickets_texts.commented(number, mask_personal(words))
        steps.comment(tx, ticket, me, added, kept)
        return [Reply(texts.passed(number))]
    ticket = steps.move(tx, ticket, ticket, TicketEventKind.NOTED, actor_id=me, words_id=kept)
    context.remember(stepped=number)
    title, what = tickets_texts.TITLES[role], steps.short_what(tx, ticket)
    steps.tell_reporter(tx, ticket, texts.told(number, what, title, words), kind=steps.NOTE)
    accepted = ticket.state is TicketState.ACTIVE
    said = texts.noted(number, mask_personal(what), title, words, accepted=accepted)
    return [Reply(said)]


def plan(message: Message, context: Context) -> list[Reply]:
    """Keep what reads like a plan for the reporter, unless it only asks a colleague."""
    if not asks(message):
        return note(message, context)
    return [] if message.is_group else what_to_do(message, context)


def names_ticket(message: Message, context: Context) -> bool:
    """Whether staff name a ticket of theirs with words that tell no step."""
    words = fold.found(texts.NUMBERED, message.text)
    if words is None or not _acts(context):
        return False
    ticket = context.tx.tickets.by_number(int(words["number"]))
    context.words = words
    return (
        ticket is not None
        and rules.may_handle(held(context), ticket.level, ticket.community_id, ticket.estate_id)
        is not None
    )


def what_to_do(message: Message, context: Context) -> list[Reply]:
    """Show what staff can do with the ticket they name without saying what."""
    ticket, _role = _named(context)
    return [Reply(texts.what_to_do(ticket.number))]


def _acts(context: Context) -> bool:
    return any(role in rules.AUTHORITY for role, _kind, _scope in held(context))


def _named(context: Context) -> tuple[Ticket, RoleWord]:
    """Return the ticket and the role the sender speaks in of it."""
    number = number_of(context)
    assert number is not None
    if not _acts(context):
        raise Refusal(Why.NOT_ALLOWED)
    ticket = context.tx.tickets.by_number(number)
    if ticket is None:
        raise unknown(number, context)
    role = rules.check_may_handle(
        held(context), ticket.level, ticket.community_id, ticket.estate_id
    )
    return ticket, role
