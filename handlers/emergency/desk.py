"""Staff acknowledge an alarm, and the person who raised it is told."""

from handlers import notify
from handlers.context import Context
from handlers.emergency import texts
from handlers.message import Message, Reply
from handlers.refusal import Refusal, Why


def acknowledge(message: Message, context: Context) -> list[Reply]:
    """Stop repeating the alarm: somebody on the staff goes."""
    if not context.roles():
        raise Refusal(Why.NOT_ALLOWED)
    wanted = context.words.get("number") or context.argument
    if not wanted.isdecimal():
        return [Reply(texts.no_such_alert(wanted))]
    number = int(wanted)
    resident_id = context.tx.alarms.acknowledge(number, context.resident.id)
    if context.tx.notices.withdraw_prefix(f"alarm:{number}:") == 0 and resident_id is None:
        return [Reply(texts.no_such_alert(wanted))]
    if resident_id is not None:
        notify.tell_resident(
            context.tx,
            resident_id,
            key=f"alarm:{number}:taken",
            text=texts.on_the_way(),
            topic="emergency",
            asked_for=True,
        )
    return [Reply(texts.acknowledged(number))]
