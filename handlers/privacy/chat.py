"""Says what is kept of a person, has it changed by staff, and tells nobody about anybody else."""

from msgspec.structs import replace

from handlers.context import Context, Handler
from handlers.message import Message, Reply
from handlers.privacy import texts


def by_staff(how: str, pass_on: Handler) -> Handler:
    """Return a handler that says how personal data are changed, and has `pass_on` call a person."""

    def handler(message: Message, context: Context) -> list[Reply]:
        first, *others = pass_on(message, context)
        return [replace(first, text=f"{how}\n{first.text}"), *others]

    return handler


def what_is_kept(_message: Message, _context: Context) -> list[Reply]:
    """Say what is known of the sender, and how it is seen, changed and erased."""
    return [Reply(texts.WHAT_IS_KEPT)]


def about_another(_message: Message, context: Context) -> list[Reply]:
    """Refuse kindly: the same words for everybody, so that nobody learns who is registered."""
    own = context.words.get("who") == context.resident.name
    return [Reply(texts.ABOUT_YOURSELF if own else texts.NOT_ABOUT_OTHERS)]


def own_fees(_message: Message, _context: Context) -> list[Reply]:
    """Say that no accounts of fees are kept here, and who has them."""
    return [Reply(texts.FEES_UNKNOWN)]
