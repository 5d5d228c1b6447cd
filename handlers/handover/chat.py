"""A resident wants a person: the staff is told, and the bot keeps silent once one answers."""

from datetime import datetime

from msgspec.structs import replace

from handlers import fold, notify, worktime
from handlers import texts as shared
from handlers.context import Context
from handlers.handover import texts
from handlers.message import Message, Reply
from knowledge.masking import mask_personal
from storage.handovers import Handover
from storage.words import HandoverState, WordsKind

ANSWER_WITHIN_HOURS = 2
"""Working hours until the first human reply (tickets.md, class N)."""

SHOWN_AT_MOST = 600
"""Characters of a resident's words on a card: an angry letter whole, within one message."""


def ask(message: Message, context: Context) -> list[Reply]:
    """Call a person; what was asked last goes along."""
    return _call(_matter(message, context), message, context)


def pass_on(message: Message, context: Context) -> list[Reply]:
    """Hand a matter that the bot does not handle itself to the staff."""
    [promise] = _call(message.text, message, context)
    return [Reply(f"{texts.PASSED_ON}\n{promise.text}")]


def take_up(message: Message, context: Context) -> list[Reply]:
    """Hand over a long complaint of many matters: each of them is lost in an answer to one."""
    [promise] = _call(message.text, message, context)
    return [Reply(f"{texts.TAKEN_UP}\n{promise.text}\n{texts.ONE_BY_ONE}")]


def is_owned(context: Context) -> bool:
    """Return whether a person has this talk now."""
    mute_until = context.talk.mute_until
    return mute_until is not None and context.now < mute_until


def listen(message: Message, context: Context) -> list[Reply] | None:
    """Pass on what the resident says to whoever owns the talk; the bot itself stays silent.

    A pressed button is no sentence: None, and it does what it says. Who calls for a person once
    more is told that one is there.
    """
    if message.pressed is not None:
        return None
    assert context.talk.handover_id is not None
    handover = context.tx.handovers.by_id(context.talk.handover_id)
    add(handover, message, context)
    return [Reply(texts.STILL_OWNED)] if _only_calls(message) else []


def passes_on_late(message: Message, context: Context, said_at: datetime) -> bool:
    """Pass on what was found after an outage, if a person has this talk or is awaited in it."""
    handover = _waiting(context)
    if handover is None or message.pressed is not None:
        return False
    add(handover, message, context, mark=texts.card_late(shared.when(said_at, context.now)))
    return True


def hears_edit(message: Message, context: Context) -> bool:
    """Pass on a corrected message, if a person is awaited; return whether one has this talk.

    What is said while somebody is awaited went to the staff, and perhaps into a draft as well.
    """
    handover = _waiting(context)
    if handover is not None:
        add(handover, message, context)
    return handover is not None and is_owned(context)


def waits(context: Context) -> Handover | None:
    """Return the request for a person that nobody has answered yet, or None."""
    handover = _waiting(context)
    return handover if handover and handover.state is HandoverState.WAITING else None


def call_off(message: Message, context: Context) -> list[Reply] | None:
    """End a request nobody has answered yet, since the resident wants none any more."""
    handover = waits(context)
    if handover is None:
        return None
    add(handover, message, context, mark=texts.CARD_CALLED_OFF)
    context.tx.handovers.close(handover)
    context.tx.notices.withdraw_prefix(f"handover:{handover.id}:overdue")
    context.talk = replace(context.talk, handover_id=None, mute_until=None)
    return [Reply(texts.CALLED_OFF)]


def without_words(message: Message) -> str:
    """Say what becomes of something without words that was sent while a person is awaited."""
    if message.photos:
        return texts.PHOTO_PASSED_ALONG
    return texts.VOICE_UNHEARD if message.is_unheard else texts.UNREADABLE


def passed_along(_message: Message, _context: Context) -> list[Reply]:
    """Say that the staff has this too; what is said while somebody waits belongs to the matter."""
    return [Reply(texts.PASSED_ALONG)]


def add(handover: Handover, message: Message, context: Context, mark: str = "") -> None:
    """Add the resident's words to what waits for the staff; `mark` says what is special of them."""
    context.tx.words.keep(context.resident.id, WordsKind.HANDOVER, message.text, message.photos)
    words = _shown(message.text)
    if message.photos:
        words += texts.card_photos(len(message.photos))
    if not words:
        words = texts.CARD_VOICE if message.is_unheard else texts.CARD_OTHER
    words += mark
    say = texts.card_edited if message.is_edit else texts.card_more
    notify.tell_staff(
        context.tx,
        handover.community_id,
        key=f"handover:{handover.id}:{context.message_key}",
        text=say(handover.number, words),
        topic="handover",
        media=message.photos,
        urgent=True,
    )


def _call(words: str, message: Message, context: Context) -> list[Reply]:
    waiting = _waiting(context)
    if waiting is not None:
        if (message.text or message.photos) and not _only_calls(message):
            add(waiting, message, context)
        return [Reply(texts.already(waiting.number))]
    words_id = context.tx.words.keep(context.resident.id, WordsKind.HANDOVER, words, message.photos)
    # It is with the staff now: the next call is about something else.
    context.remember(unanswered=None)
    resident = context.resident
    handover = context.tx.handovers.open(
        resident.id, resident.community_id, context.talk.key, words_id
    )
    context.talk = replace(context.talk, handover_id=handover.id, mute_until=None, misses=0)
    estate = context.tx.directory.estate(resident.estate_id)
    notify.tell_staff(
        context.tx,
        resident.community_id,
        key=f"handover:{handover.id}:card",
        text=texts.card(handover.number, _shown(words), estate.name if estate else ""),
        topic="handover",
        media=message.photos,
        urgent=True,
    )
    due = worktime.add_hours(context.now, ANSWER_WITHIN_HOURS)
    notify.tell_staff(
        context.tx,
        resident.community_id,
        key=f"handover:{handover.id}:overdue",
        text=texts.overdue(handover.number),
        topic="handover",
        due_at=due.at,
    )
    promise = texts.promised(
        handover.number,
        on_duty=worktime.is_working(context.now),
        answer_by=shared.when(due.at, context.now),
        phone=context.street.office_phone,
    )
    return [Reply(promise)]


def _shown(words: str) -> str:
    """Return words as staff see them: what is cut says so, for nowhere else stands the rest."""
    masked = mask_personal(words)
    return masked if len(masked) <= SHOWN_AT_MOST else f"{masked[:SHOWN_AT_MOST]}\u2026"


def _only_calls(message: Message) -> bool:
    """Whether the words only ask for a person and say nothing of the matter."""
    return fold.command(message.text) in shared.PERSON and not message.photos


def _waiting(context: Context) -> Handover | None:
    if context.talk.handover_id is None:
        return None
    handover = context.tx.handovers.by_id(context.talk.handover_id)
    return handover if handover.state is not HandoverState.CLOSED else None


def _matter(message: Message, context: Context) -> str:
    """Return what the person wants to speak about: this message, or what was said before it."""
    said = message.text.strip()
    if len(said) > len("1234"):
        return said
    question = context.recall("unanswered") or _drafted(context) or context.recall("question")
    return question if isinstance(question, str) else ""


def _drafted(context: Context) -> str:
    """Return what is the matter in the report that is being made."""
    values = context.talk.form["values"] if context.talk.form else None
    what = values.get("what") if isinstance(values, dict) else None
    return texts.drafting(str(what)) if what else ""
