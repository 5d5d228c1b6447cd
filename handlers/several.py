"""Names the several matters of one message, and takes them one after the other."""

from handlers import texts
from handlers.context import UNANSWERED_AT_MOST, Context
from handlers.message import Choice, Message, Reply
from knowledge.matcher import Decision
from knowledge.matters import several_matters
from knowledge.wishes import asks

SEVERAL = 3
"""Matters from which one answer would leave the others lying; two are often cause and effect."""
OFFERED = 3
"""Answers to choose between (contracts.md, choices)."""
LABEL = 20
"""Characters of a matter on its button."""
KEPT = 100
"""Characters kept of one matter: what is read again when it is chosen."""


def are_named(message: Message, context: Context) -> bool:
    """Return whether the message complains of several matters and asks for no one answer."""
    asked = texts.WHAT_TO_DO.sub("", message.text)
    if context.reading.match.decision is Decision.ANSWER and asks(asked):
        return False
    return len(several_matters(message.text)) >= SEVERAL


def offer(message: Message, context: Context) -> list[Reply]:
    """Name the matters and ask which comes first; all of them go along to a person."""
    found = [matter[:KEPT] for matter in several_matters(message.text)]
    context.remember(matters=found, unanswered=message.text[:UNANSWERED_AT_MOST])
    shown = [texts.short(matter, LABEL) for matter in found]
    choices = (Choice(it, f"matters.take:{n}") for n, it in enumerate(shown[:OFFERED]))
    return [Reply(texts.several(len(found), shown[OFFERED:]), tuple(choices))]


def take(place: int, context: Context) -> tuple[str, str] | None:
    """Return the matter at `place` of those left and what is said before its answer, or None."""
    left = context.recall("matters")
    if not isinstance(left, list) or place >= len(left):
        return None
    matter = str(left[place])
    rest = [str(it) for it in left[:place] + left[place + 1 :]]
    context.remember(matters=rest or None)
    following = texts.short(rest[0], LABEL) if rest else ""
    return matter, texts.one_of_several(texts.short(matter, LABEL), following)
