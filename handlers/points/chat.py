"""Residents see their points and what they can be exchanged for."""

from handlers.context import Context
from handlers.message import Message, Reply
from handlers.points import texts

ENTRIES_SHOWN = 5


def my_points(message: Message, context: Context) -> list[Reply]:
    """Show the balance and the last entries; the router lets this happen in private only."""
    points = context.tx.points
    postings = points.last_postings(context.resident.id, ENTRIES_SHOWN)
    if not postings:
        return [Reply(texts.NO_POINTS)]
    lines = [
        texts.posting(
            posting.amount,
            posting.kind,
            context.tx.words.of(posting.reason_id).body,
            posting.happened_at,
            context.now,
        )
        for posting in postings
    ]
    return [Reply(texts.balance(points.balance(context.resident.id), lines))]


def expiry(_message: Message, context: Context) -> list[Reply]:
    """Say until when points can be spent, beside the balance."""
    return [Reply(texts.expiry(context.tx.points.balance(context.resident.id)))]


def transfer(message: Message, context: Context) -> list[Reply]:
    """Say that points stay with whoever earned them."""
    return [Reply(texts.NOT_TRANSFERABLE)]


def gifts(message: Message, context: Context) -> list[Reply]:
    """Show what points can be exchanged for; the own balance in private only."""
    found = context.tx.points.gifts()
    if not found:
        return [Reply(texts.NO_GIFTS)]
    balance = None if message.is_group else context.tx.points.balance(context.resident.id)
    return [Reply(texts.gifts(found, balance))]
