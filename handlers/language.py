"""The script of a talk: what was written is read in simplified, what is said follows the writer.

Simplified characters by default; whoever writes traditional ones is answered in them, until they
write simplified again. Commands, names of the street and entries are in simplified characters, so
what comes in is brought into them before anything reads it.
"""

from msgspec.structs import replace

from handlers.context import Context
from handlers.message import Choice, Message, Reply
from knowledge.writing import Writing, simplified, to_traditional, writing_of


def heard(message: Message) -> Message:
    """Return the message with how it is written, its text in simplified characters."""
    writing = writing_of(message.text)
    if writing is Writing.TRADITIONAL:
        return replace(
            message, text=simplified(message.text), writing=writing, original=message.text
        )
    return message if writing is None else replace(message, writing=writing)


def answered(replies: list[Reply], message: Message, context: Context) -> list[Reply]:
    """Return the replies in the script the person writes, which the talk remembers."""
    if not replies:
        return []
    before = context.recall("writing")
    if message.writing is not None:
        kept = Writing.TRADITIONAL if message.writing is Writing.TRADITIONAL else None
        if before != kept:
            context.remember(writing=kept)
        before = kept
    if before != Writing.TRADITIONAL:
        return replies
    return [_traditional(reply) for reply in replies]


def said(text: str, context: Context) -> str:
    """Return a sentence of ours in the script of the talk."""
    is_traditional = context.recall("writing") == Writing.TRADITIONAL
    return to_traditional(text) if is_traditional else text


def _traditional(reply: Reply) -> Reply:
    text = reply.text if reply.verbatim else to_traditional(reply.text)
    return replace(reply, text=text, choices=tuple(map(_choice, reply.choices)))


def _choice(choice: Choice) -> Choice:
    say = choice.say and to_traditional(choice.say)
    return replace(choice, label=to_traditional(choice.label), say=say)
