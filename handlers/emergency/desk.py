"""Staff acknowledge an alarm, and the person who raised it is told."""

from handlers import notify
from handlers.context import Context
from handlers.emergency import rules, texts
from handlers.message import Message, Reply


def acknowledge(message: Message, context: Context) -> list[Reply]:
    """Stop repeating the alarm: somebody on the staff goes."""
    held = [(role.role, role.scope_kind, role.scope_id) for role in context.roles()]
    rules.check_may_take(held)
    wanted = context.words.get("number") or context.argument
    if not wanted.isdecimal():
        return [Reply(texts.no_such_alert(wanted))]
    number = int(wanted)
    raised_by = context.tx.alarms.raised_by(number)
    if raised_by is not None:
        resident = context.tx.residents.by_id(raised_by)
        rules.check_covers(held, resident.community_id, resident.estate_id)
    resident_id = context.tx.alarms.acknowledge(number, context.resident.id)
    waiting = context.tx.notices.withdraw_prefix(f"alarm:{number}:")
    # An alarm of nobody we know (it was kept on disk) is open for as long as it is repeated.
    if resident_id is None and (raised_by is not None or not waiting):
        return [Reply(texts.no_such_alert(wanted))]
    if resident_id is not None:
        notify.tell_resident(
            context.tx,
            resident_id,
            key=f"alarm_taken:{number}",
            text=texts.on_the_way(),
            topic="emergency",
            asked_for=True,
        )
    return [Reply(texts.acknowledged(number))]
