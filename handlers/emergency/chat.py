"""Answers an emergency at once, keeps the draft, and alerts whoever is on duty."""

from dataclasses import replace
from datetime import datetime, timedelta

from handlers import notify
from handlers import texts as shared
from handlers.context import Context
from handlers.emergency import texts
from handlers.message import Choice, Message, Reply, choice_as_json
from handlers.street import Street
from knowledge.emergency import EmergencyKind
from knowledge.masking import mask_personal
from storage.counters import next_number
from storage.residents import Resident
from storage.transaction import Transaction
from storage.words import RoleWord, WordsKind

REPEAT_AFTER = tuple(timedelta(minutes=3 * step) for step in range(4))
"""At once and every three minutes until somebody acknowledges (tickets.md, emergency path)."""

SAME_ALARM_FOR = timedelta(minutes=3)
"""More words about the same danger do not start a second alarm."""


def alarm(message: Message, context: Context) -> list[Reply]:
    """Give the number first; alert the duty staff; keep whatever was being filled in."""
    kind = context.reading.emergency
    assert kind is not None
    if not _alerted_lately(kind, context):
        raise_alert(context.tx, context.street, kind, message.text, context.resident)
        context.remember(alarm=kind.value, alarm_at=context.now.isoformat())
    first = first_aid(kind, context.street)
    if message.is_group:
        return [Reply(f"{first}\n{texts.IN_GROUP}")]
    after = texts.ALERTED + (texts.DRAFT_KEPT if context.talk.form else "")
    return [Reply(first), Reply(after)]


def first_aid(kind: EmergencyKind, street: Street) -> str:
    """Return what to do at once; needs nothing but the configuration."""
    return texts.first_aid(kind, street)


def spooled(message: Message, kind: EmergencyKind, now: datetime) -> dict[str, object]:
    """Return the alarm as it is kept on disk while the database is down."""
    return {
        "kind": kind.value,
        "text": message.text,
        "address": message.needs.address,
        "said_at": now.isoformat(),
        "key": message.needs.inbox,
    }


def replay(tx: Transaction, street: Street, kept: dict[str, object]) -> None:
    """Raise an alarm that was kept on disk; marked as late."""
    raise_alert(
        tx,
        street,
        EmergencyKind(str(kept["kind"])),
        str(kept["text"]),
        tx.residents.at(str(kept["address"])),
        said_at=datetime.fromisoformat(str(kept["said_at"])),
    )


def raise_alert(
    tx: Transaction,
    street: Street,
    kind: EmergencyKind,
    words: str,
    resident: Resident | None,
    said_at: datetime | None = None,
) -> int:
    """Alert the staff group and everybody on duty, again until acknowledged; return its number."""
    number = next_number(tx, "alarm", 1)
    community_id = resident.community_id if resident else None
    tx.words.keep(resident.id if resident else None, WordsKind.EMERGENCY, words)
    estate = tx.directory.estate(resident.estate_id) if resident else None
    moment = said_at or tx.now
    place = f"{estate.name if estate else ''}{_building(resident)}"
    private = texts.alert(
        number,
        kind,
        words[:100],
        (resident.name or "") if resident else "",
        place,
        texts.said_at(shared.when(moment, tx.now), late=said_at is not None),
    )
    public = texts.alert_in_group(
        number, kind, mask_personal(words)[:100], estate.name if estate else ""
    )
    acknowledge = Choice(
        texts.ACKNOWLEDGE_LABEL, f"emergency.ack:{number}", anybody=True, say=f"{number}"
    )
    group = notify.staff_group(tx, community_id)
    people = sorted({role.resident_id for role in tx.residents.holders(_DUTY, community_id)})
    for step, after in enumerate(REPEAT_AFTER):
        due_at = tx.now + after
        if group is not None:
            tx.notices.schedule(
                key=f"alarm:{number}:{step}",
                group_id=group.id,
                text=texts.again(public) if step else public,
                topic="emergency",
                choices=[choice_as_json(acknowledge)],
                due_at=due_at,
                urgent=True,
            )
        for person in people:
            tx.notices.schedule(
                key=f"alarm:{number}:{step}:{person}",
                resident_id=person,
                text=texts.again(private) if step else private,
                topic="emergency",
                choices=[choice_as_json(replace(acknowledge, anybody=False))],
                due_at=due_at,
                urgent=True,
            )
    if resident is not None:
        tx.alarms.open(number, resident.id)
    return number


_DUTY = {RoleWord.SECRETARY, RoleWord.GRID, RoleWord.STREET}


def _building(resident: Resident | None) -> str:
    if resident is None:
        return ""
    return f"{resident.building or ''}{resident.unit or ''}"


def _alerted_lately(kind: EmergencyKind, context: Context) -> bool:
    at = context.recall("alarm_at")
    if context.recall("alarm") != kind.value or not isinstance(at, str):
        return False
    return context.now - datetime.fromisoformat(at) < SAME_ALARM_FOR
