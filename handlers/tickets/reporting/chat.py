"""Says how to send what belongs to a report."""

from handlers.context import Context
from handlers.message import Message, Reply
from handlers.tickets.reporting import texts


def how_to_send_photos(message: Message, _context: Context) -> list[Reply]:
    """Say which keys to press on the sender's channel."""
    return [Reply(texts.how_photo(message.channel))]
