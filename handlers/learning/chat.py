"""A resident who was told that there is an answer now reads all of it."""

from handlers.context import Context, Handler
from handlers.message import Message, Reply
from handlers.refusal import Refusal, Why


def whole(show: Handler) -> Handler:
    """Return a handler that has `show` give the entry a published phrasing belongs to."""

    def handler(message: Message, context: Context) -> list[Reply]:
        phrasing = context.tx.learning.phrasing(int(context.words["number"]))
        if phrasing is None or phrasing.text is None:
            raise Refusal(Why.ANSWER_NONE)
        context.argument = phrasing.entry
        return show(message, context)

    return handler
