"""What time brings to tickets: a result that nobody answered to is filed."""

from handlers.tickets import rules, steps, texts
from storage.transaction import Transaction
from storage.words import TicketEventKind


def close_forgotten(tx: Transaction) -> int:
    """File what was resolved a week ago and never confirmed, and tell the reporters.

    Silence is no answer: no rating is kept for it. Return how many tickets were filed.
    """
    forgotten = tx.tickets.resolved_before(tx.now - rules.CLOSE_AFTER)
    for ticket in forgotten:
        what = steps.short_what(tx, ticket)
        steps.move(tx, ticket, ticket, TicketEventKind.CLOSED, actor_id=None)
        text = texts.told_closed(ticket.number, what, rules.REOPEN_WITHIN.days)
        steps.tell_reporter(tx, ticket, text, steps.confirm_choices(ticket)[1:])
    return len(forgotten)
