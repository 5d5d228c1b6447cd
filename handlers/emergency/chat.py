"""Answers an emergency at once, keeps the draft, and alerts whoever is on duty."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from handlers import notify
from handlers import texts as shared
from handlers.context import UNANSWERED_AT_MOST, Context
from handlers.emergency import texts
from handlers.message import Choice, Message, Reply, choice_as_json
from handlers.street import Street
from knowledge.emergency import EmergencyKind
from knowledge.masking import mask_personal
from knowledge.slots import only_place
from knowledge.writing import Writing
from storage.counters import next_number
from storage.directory import Group
from storage.residents import Resident
from storage.transaction import Transaction
from storage.words import RoleWord, WordsKind

REPEAT_AFTER = tuple(timedelta(minutes=3 * step) for step in range(21))
"""At once and every three minutes, for an hour, until somebody acknowledges."""

WORDS_SHOWN = 100

SAME_ALARM_FOR = timedelta(minutes=3)
"""More words about the same danger do not start a second alarm."""

PLACE_WITHIN = timedelta(minutes=10)
"""So long a bare place is where the danger is; whoever comes does not know the door yet."""
CLEARED_WITHIN = timedelta(hours=1)
"""As long as an alarm repeats, whoever raised it can say that it is over."""


def alarm(message: Message, context: Context) -> list[Reply]:
    """Give the number first; alert the duty staff; keep whatever was being filled in."""
    kind = context.reading.emergency
    assert kind is not None
    number = _alerted_lately(kind, context)
    if number is None:
        number, told = raise_alert(context.tx, context.street, kind, message.text, context.resident)
        context.remember(
            alarm=kind.value,
            alarm_at=context.now.isoformat(),
            alarm_number=number,
            alarm_told=told,
        )
    elif message.text != context.recall("alarm_said"):
        _add_words(number, message, context)
    context.remember(alarm_said=message.text)
    if message.photos:
        _pass_pictures(number, message, context)
    latin = message.writing is Writing.LATIN
    first = (texts.first_aid_in_english if latin else texts.first_aid)(kind, context.street)
    if kind is EmergencyKind.HELP and texts.LOST.search(message.text):
        first = texts.SOMEBODY_LOST
    if message.is_group:
        return [Reply(f"{first}\n{texts.IN_GROUP}")]
    after = texts.ALERTED if context.recall("alarm_told") else texts.NOBODY_ALERTED
    return [Reply(first), Reply(after + (texts.DRAFT_KEPT if context.talk.form else ""))]


def look_after(message: Message, context: Context) -> list[Reply]:
    """Say whom to call to somebody unwell, or beaten at home, who does not cry for help."""
    context.remember(unanswered=message.text[:UNANSWERED_AT_MOST])
    beaten = texts.BEATEN.search(message.text)
    return [Reply(texts.HELP_AT_HOME if beaten else texts.SEE_TO_YOURSELF)]


def needs_care(text: str) -> bool:
    """Return whether somebody tells of an illness, or of being beaten by their own family."""
    return bool(texts.UNWELL.fullmatch(text.strip()) or texts.BEATEN.search(text))


def afterwards(message: Message, context: Context) -> list[Reply] | None:
    """Pass on where a danger told of lately is, or that it is over; None for anything else."""
    at, number = context.recall("alarm_at"), context.recall("alarm_number")
    if not isinstance(at, str) or not isinstance(number, int):
        return None
    since = context.now - datetime.fromisoformat(at)
    if since < PLACE_WITHIN and only_place(message.text) is not None and not context.talk.form:
        _add_words(number, message, context)
        return [Reply(texts.PLACE_PASSED_ON)]
    if since >= CLEARED_WITHIN or not texts.ALL_CLEAR.search(message.text):
        return None
    _add_words(number, message, context)
    said = texts.CLEARED if context.recall("alarm_told") else texts.CLEARED_UNTOLD
    dark = context.recall("alarm") == EmergencyKind.SELF_HARM.value
    return [Reply(said + (texts.SOMEBODY_LISTENS if dark else texts.AGAIN_IN_DANGER))]


def pictures(message: Message, context: Context) -> list[Reply] | None:
    """Pass on pictures that came without words soon after a danger; None when there was none."""
    at, number = context.recall("alarm_at"), context.recall("alarm_number")
    if not message.photos or not isinstance(at, str) or not isinstance(number, int):
        return None
    if context.now - datetime.fromisoformat(at) >= PLACE_WITHIN:
        return None
    _pass_pictures(number, message, context)
    if message.is_group:
        return []
    told = context.recall("alarm_told")
    return [Reply(texts.PICTURES_PASSED_ON if told else texts.PICTURES_KEPT)]


def kept(kind: EmergencyKind, street: Street) -> list[Reply]:
    """Answer while the alarm can only be kept on disk."""
    return [Reply(first_aid(kind, street)), Reply(texts.ALERT_LATER)]


def unalerted(kind: EmergencyKind, street: Street) -> list[Reply]:
    """Answer when not even the alarm could be kept."""
    return [Reply(first_aid(kind, street)), Reply(texts.NOBODY_ALERTED)]


def first_aid(kind: EmergencyKind, street: Street) -> str:
    """Return what to do at once; needs nothing but the configuration."""
    return texts.first_aid(kind, street)


def late(kind: EmergencyKind, street: Street, said_at: datetime, now: datetime) -> list[Reply]:
    """Answer a cry for help that was found too late to raise an alarm."""
    when = shared.when(said_at, now)
    return [Reply(texts.late(first_aid(kind, street), when)), Reply(texts.LATE_PASSED_ON)]


def pass_on_late(
    tx: Transaction, key: str, words: str, resident: Resident | None, said_at: datetime
) -> None:
    """Have the staff look after an old cry for help; nobody is woken by an alarm."""
    tx.words.keep(resident.id if resident else None, WordsKind.EMERGENCY, words)
    estate = tx.directory.estate(resident.estate_id) if resident else None
    notify.tell_staff(
        tx,
        resident.community_id if resident else None,
        key=f"late:{key}",
        text=texts.late_for_staff(
            mask_personal(words)[:WORDS_SHOWN],
            shared.when(said_at, tx.now),
            estate.name if estate else "",
        ),
        topic="emergency",
        urgent=True,
    )


def spooled(
    message: Message, kind: EmergencyKind, said_at: datetime, *, old: bool
) -> dict[str, object]:
    """Return the alarm as it is kept on disk while the database is down."""
    return {
        "kind": kind.value,
        "text": message.text,
        "address": message.needs.address,
        "said_at": said_at.isoformat(),
        "key": message.needs.inbox,
        "old": old,
    }


def replay(tx: Transaction, street: Street, kept: dict[str, object]) -> None:
    """Raise an alarm that was kept on disk, marked as late; what was old already is passed on."""
    words, resident = str(kept["text"]), tx.residents.at(str(kept["address"]))
    said_at = datetime.fromisoformat(str(kept["said_at"]))
    if kept.get("old"):
        pass_on_late(tx, str(kept["key"]), words, resident, said_at)
        return
    kind = EmergencyKind(str(kept["kind"]))
    raise_alert(tx, street, kind, words, resident, said_at=said_at)


def raise_alert(
    tx: Transaction,
    street: Street,
    kind: EmergencyKind,
    words: str,
    resident: Resident | None,
    said_at: datetime | None = None,
) -> tuple[int, bool]:
    """Alert the staff group and everybody on duty, again until somebody acknowledges.

    Return the alarm's number, and whether there was anybody to alert.
    """
    number = next_number(tx, "alarm", 1)
    tx.words.keep(resident.id if resident else None, WordsKind.EMERGENCY, words)
    estate = tx.directory.estate(resident.estate_id) if resident else None
    place = f"{estate.name if estate else ''}{_building(resident)}"
    when = shared.when(said_at or tx.now, tx.now)
    private = texts.alert(
        number,
        kind,
        words[:WORDS_SHOWN],
        (resident.name or "") if resident else "",
        place,
        texts.said_at(when, late=said_at is not None),
    )
    public = texts.alert_in_group(
        number, kind, mask_personal(words)[:WORDS_SHOWN], estate.name if estate else ""
    )
    receivers = _receivers(tx, resident)
    for step, after in enumerate(REPEAT_AFTER):
        say = texts.again if step else str
        _tell(
            tx, receivers, number, f"alarm:{number}:{step}", say(public), say(private), after=after
        )
    if resident is not None:
        tx.alarms.open(number, resident.id)
    return number, any(receivers)


def _add_words(number: int, message: Message, context: Context) -> None:
    """Pass on what else is said about an alarm that runs: often only then the place."""
    _tell(
        context.tx,
        _receivers(context.tx, context.resident),
        number,
        f"alarm:{number}:more:{context.message_key}",
        texts.more(number, mask_personal(message.text)[:WORDS_SHOWN]),
        texts.more(number, message.text[:WORDS_SHOWN]),
    )


def _pass_pictures(number: int, message: Message, context: Context) -> None:
    """Show the staff what the danger looks like."""
    said = texts.more_pictures(number, len(message.photos))
    context.tx.words.keep(context.resident.id, WordsKind.EMERGENCY, "", message.photos)
    _tell(
        context.tx,
        _receivers(context.tx, context.resident),
        number,
        f"alarm:{number}:pictures:{context.message_key}",
        said,
        said,
        media=message.photos,
    )


_Receivers = tuple[Group | None, list[int]]


def _receivers(tx: Transaction, resident: Resident | None) -> _Receivers:
    """Return the staff group and the people to alert; the administrators where nobody is."""
    community_id = resident.community_id if resident else None
    found = tx.residents.holders(_DUTY, community_id)
    found = found or tx.residents.holders({RoleWord.ADMIN}, community_id)
    return notify.staff_group(tx, community_id), sorted({role.resident_id for role in found})


def _tell(
    tx: Transaction,
    receivers: _Receivers,
    number: int,
    key: str,
    public: str,
    private: str,
    after: timedelta = timedelta(0),
    media: list[str] | None = None,
) -> None:
    acknowledge = Choice(
        texts.ACKNOWLEDGE_LABEL,
        f"emergency.ack:{number}",
        anybody=True,
        say=texts.say_acknowledge(number),
    )
    group, people = receivers
    if group is not None:
        tx.notices.schedule(
            key=key,
            group_id=group.id,
            text=public,
            topic="emergency",
            choices=[choice_as_json(acknowledge)],
            media=media,
            due_at=tx.now + after,
            urgent=True,
        )
    for person in people:
        tx.notices.schedule(
            key=f"{key}:{person}",
            resident_id=person,
            text=private,
            topic="emergency",
            choices=[choice_as_json(replace(acknowledge, anybody=False))],
            media=media,
            due_at=tx.now + after,
            urgent=True,
        )


_DUTY = {RoleWord.SECRETARY, RoleWord.GRID, RoleWord.STREET}


def _building(resident: Resident | None) -> str:
    if resident is None:
        return ""
    return f"{resident.building or ''}{resident.unit or ''}"


def _alerted_lately(kind: EmergencyKind, context: Context) -> int | None:
    """Return the number of the alarm about the same danger that runs already, or None."""
    at, number = context.recall("alarm_at"), context.recall("alarm_number")
    if context.recall("alarm") != kind.value or not isinstance(at, str):
        return None
    lately = context.now - datetime.fromisoformat(at) < SAME_ALARM_FOR
    return number if lately and isinstance(number, int) else None
