"""After an outage: a message found too late is not acted on; its sender is told so once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers import conversation, fold, groups, texts
from handlers.context import Context
from handlers.emergency import chat as emergency
from handlers.groups import GroupCommand
from handlers.handover import chat as handover
from handlers.message import Message, Reply

STALE_AFTER = timedelta(minutes=30)
"""A message found later than this is not acted on (issue: after an outage)."""


def is_late(message: Message) -> bool:
    """Return whether the platform held the message back for too long to act on it."""
    return message.age_seconds > STALE_AFTER.total_seconds()


def sent_at(message: Message, now: datetime) -> datetime:
    """Return when the message was written."""
    return now - timedelta(seconds=message.age_seconds)


def answer(
    message: Message,
    context: Context,
    commands: Sequence[GroupCommand],
    form: conversation.Form | None,
) -> list[Reply]:
    """Apologise once, ask the open question again; old cries for help go to the staff."""
    if message.is_group:
        groups.look_around(message, context)
    if message.is_edit:
        return []
    if context.reading.emergency is not None and (message.addressed or context.group):
        return _cried(message, context)
    if message.is_group and not _concerns_us(message, context, commands):
        return []
    said_at = sent_at(message, context.now)
    if not message.is_group and handover.passes_on_late(message, context, said_at):
        # A person reads it, and sees when it was written.
        if handover.is_owned(context):
            return []
        return _apologised(texts.late_passed_on(said_at, context.now), context, None)
    return _apologised(texts.late(said_at, context.now), context, form)


def _cried(message: Message, context: Context) -> list[Reply]:
    """What was a danger then may be over, or may not: no alarm, but somebody looks."""
    said_at = sent_at(message, context.now)
    kind = context.reading.emergency
    assert kind is not None
    emergency.pass_on_late(context.tx, context.message_key, message.text, context.resident, said_at)
    known = context.recall("late_danger") == kind.value and _lately(context)
    context.remember(late_at=context.now.isoformat(), late_danger=kind.value)
    if known:
        return []
    return emergency.late(kind, context.street, said_at, context.now)


def _apologised(words: str, context: Context, form: conversation.Form | None) -> list[Reply]:
    if _lately(context):
        return []
    context.remember(late_at=context.now.isoformat(), late_danger=None)
    question = [] if form is None else [conversation.repeat(form, context)]
    return [Reply(words), *question]


def _lately(context: Context) -> bool:
    """Whether the apology for this outage was said already."""
    said = context.recall("late_at")
    return isinstance(said, str) and context.now - datetime.fromisoformat(said) < STALE_AFTER


def _concerns_us(message: Message, context: Context, commands: Sequence[GroupCommand]) -> bool:
    """Whether anybody waits for an answer: who called us, or staff who gave an order."""
    if message.addressed:
        return True
    return groups.is_of_staff(context.tx, message) and any(
        command.where == "staff" and fold.found(command.pattern, message.text) is not None
        for command in commands
    )
