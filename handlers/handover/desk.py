"""Staff answer residents from their group or privately, and give the talk back to the bot."""

from msgspec.structs import replace

from handlers import notify
from handlers import texts as shared
from handlers.context import Context
from handlers.handover import rules, texts
from handlers.message import Message, Reply
from handlers.refusal import Refusal, Why
from knowledge.masking import mask_personal
from storage.handovers import Handover
from storage.transaction import Transaction
from storage.words import HandoverState, WordsKind


def answer(message: Message, context: Context) -> list[Reply]:
    """Carry a person's words to the resident; from now on the bot is silent in that talk."""
    if not context.roles():
        raise Refusal(Why.NOT_ALLOWED)
    number = int(context.words.get("number") or context.argument or 0)
    handover = context.tx.handovers.by_number(number)
    if handover is None:
        raise Refusal(Why.HANDOVER_UNKNOWN, number=number)
    title = _check(handover, context)
    if handover.state is HandoverState.CLOSED:
        raise Refusal(Why.HANDOVER_CLOSED, number=number)
    words = context.words.get("words", "").strip()
    if not words:
        raise Refusal(Why.HANDOVER_EMPTY, number=number)
    context.tx.handovers.take(handover, context.resident.id)
    context.tx.notices.withdraw_prefix(f"handover:{handover.id}:overdue")
    talk = context.tx.talks.of(handover.talk_key)
    if talk is not None:
        context.tx.talks.keep(
            replace(talk, handover_id=handover.id, mute_until=context.now + rules.SILENT_FOR)
        )
    context.tx.words.keep(context.resident.id, WordsKind.HANDOVER, words, message.photos)
    notify.tell_resident(
        context.tx,
        handover.resident_id,
        key=f"handover:{handover.id}:{context.message_key}",
        text=texts.said_by_staff(title, words, is_edit=message.is_edit),
        topic="handover",
        media=message.photos,
        asked_for=True,
    )
    return [Reply(texts.sent(number))]


def give_back(message: Message, context: Context) -> list[Reply]:
    """Give the talk back to the bot, and tell the resident."""
    named = context.words.get("number")
    handover = context.tx.handovers.by_number(int(named)) if named else _only_mine(context)
    if handover is None:
        if not named:
            return [Reply(texts.WHICH_ONE)]
        raise Refusal(Why.HANDOVER_UNKNOWN, number=named)
    _check(handover, context)
    if handover.state is HandoverState.CLOSED:
        raise Refusal(Why.HANDOVER_CLOSED, number=handover.number)
    close(context.tx, handover, texts.BACK_WITH_BOT)
    return [Reply(texts.given_back(handover.number))]


def waiting(message: Message, context: Context) -> list[Reply]:
    """List who waits for a person, as far as the asker may answer them."""
    if not context.roles():
        raise Refusal(Why.NOT_ALLOWED)
    lines = []
    for handover in context.tx.handovers.unfinished():
        try:
            _check(handover, context)
        except Refusal:
            continue
        words = mask_personal(context.tx.words.of(handover.words_id).body)[:40]
        since = shared.when(handover.opened_at, context.now)
        owned = handover.state is HandoverState.OWNED
        lines.append(texts.list_line(handover.number, words, since, owned=owned))
    return [Reply(texts.list_waiting(lines) if lines else texts.NOBODY_WAITS)]


def close(tx: Transaction, handover: Handover, say: str, *, at_once: bool = True) -> None:
    """End a handover: the bot speaks again, and says so (`at_once` also in the quiet hours)."""
    tx.handovers.close(handover)
    tx.notices.withdraw_prefix(f"handover:{handover.id}:overdue")
    talk = tx.talks.of(handover.talk_key)
    if talk is not None and talk.handover_id == handover.id:
        tx.talks.keep(replace(talk, handover_id=None, mute_until=None))
    notify.tell_resident(
        tx,
        handover.resident_id,
        key=f"handover:{handover.id}:closed",
        text=say,
        topic="handover",
        asked_for=at_once,
    )


def taken_elsewhere(tx: Transaction, talk_key: str, staff_id: int | None) -> None:
    """Note that somebody took the talk outside of our words: the bot is silent in it."""
    talk = tx.talks.of(talk_key)
    if talk is None or talk.handover_id is None:
        return
    handover = tx.handovers.by_id(talk.handover_id)
    if handover.state is HandoverState.CLOSED:
        return
    tx.handovers.take(handover, staff_id)
    tx.notices.withdraw_prefix(f"handover:{handover.id}:overdue")
    tx.talks.keep(replace(talk, mute_until=tx.now + rules.SILENT_FOR))


def ended_elsewhere(tx: Transaction, talk_key: str) -> None:
    """Note that the talk was ended outside of our words; the resident was told there."""
    talk = tx.talks.of(talk_key)
    if talk is None or talk.handover_id is None:
        return
    handover = tx.handovers.by_id(talk.handover_id)
    if handover.state is not HandoverState.CLOSED:
        tx.handovers.close(handover)
        tx.notices.withdraw_prefix(f"handover:{handover.id}:overdue")
    tx.talks.keep(replace(talk, handover_id=None, mute_until=None))


def close_silent(tx: Transaction) -> int:
    """Take back every talk whose person has been silent for twelve hours; return how many."""
    closed = 0
    for handover in tx.handovers.unfinished(limit=200):
        talk = tx.talks.of(handover.talk_key)
        owned = handover.state is HandoverState.OWNED
        over = talk is None or talk.mute_until is None or talk.mute_until <= tx.now
        if owned and over:
            close(tx, handover, texts.BACK_AFTER_HOURS, at_once=False)
            closed += 1
    return closed


def _check(handover: Handover, context: Context) -> str:
    resident = context.tx.residents.by_id(handover.resident_id)
    held = [(role.role, role.scope_kind, role.scope_id) for role in context.roles()]
    role = rules.check_may_answer(held, resident.community_id, resident.estate_id)
    return texts.TITLES.get(role.value, texts.STAFF)


def _only_mine(context: Context) -> Handover | None:
    mine = [
        handover
        for handover in context.tx.handovers.unfinished()
        if handover.taken_by == context.resident.id
    ]
    return mine[0] if len(mine) == 1 else None
