"""Lawyers decide on new phrasings, and anybody on the desk reads how one came about."""

from handlers import notify
from handlers.context import Context
from handlers.learning import history, rules, texts
from handlers.message import Message, Reply
from handlers.refusal import Refusal, Why
from storage.learning import Phrasing
from storage.words import (
    ClusterState,
    LearningEventKind,
    PhrasingState,
    RoleWord,
    WordsKind,
)

PAGE = 5


def pending(_message: Message, context: Context) -> list[Reply]:
    """List the phrasings that wait for a lawyer, oldest first, a page at a time."""
    _check_desk(context)
    last = context.recall("pending_after") if "more" in context.words else None
    after = last if isinstance(last, int) else 0
    found = context.tx.learning.in_state(PhrasingState.PROPOSED, after, PAGE + 1)
    shown = found[:PAGE]
    if not shown:
        return [Reply(texts.NO_MORE_PENDING if after else texts.NOTHING_PENDING)]
    context.remember(pending_after=shown[-1].number)
    lines = [
        texts.pending_line(
            one.number, _words(one, context), _title(one, context), _who(one.proposed_by, context)
        )
        for one in shown
    ]
    return [Reply(texts.pending(lines, more=len(found) > PAGE))]


def approve(_message: Message, context: Context) -> list[Reply]:
    """Approve a phrasing; it is published once the replay found nothing that suffers."""
    held = _check_desk(context)
    phrasing = _phrasing(context)
    rules.check_may_decide(held, phrasing.proposed_by, context.resident.id, phrasing.number)
    _check_step(phrasing, PhrasingState.APPROVED)
    if not _words(phrasing, context):
        raise Refusal(Why.PHRASING_ERASED, number=phrasing.number)
    _move(phrasing, PhrasingState.APPROVED, context)
    _note(LearningEventKind.APPROVED, phrasing, None, context)
    return [Reply(texts.approved(phrasing.number))]


def refuse(_message: Message, context: Context) -> list[Reply]:
    """Refuse a phrasing with a reason; its question is open again, its proposer is told."""
    held = _check_desk(context)
    phrasing = _phrasing(context)
    rules.check_may_decide(held, phrasing.proposed_by, context.resident.id, phrasing.number)
    _check_step(phrasing, PhrasingState.REFUSED)
    reason = context.words.get("words", "").strip()
    if not reason:
        raise Refusal(Why.PHRASING_REASON, number=phrasing.number)
    _move(phrasing, PhrasingState.REFUSED, context)
    words_id = context.tx.words.keep(context.resident.id, WordsKind.REASON, reason)
    _note(LearningEventKind.REFUSED, phrasing, words_id, context)
    context.tx.learning.move_cluster(phrasing.cluster, ClusterState.OPEN)
    notify.tell_resident(
        context.tx,
        phrasing.proposed_by,
        key=f"phrasing:{phrasing.number}:refused",
        text=texts.was_refused(phrasing.number, _words(phrasing, context), reason),
        topic="learning",
    )
    return [Reply(texts.refused(phrasing.number))]


def withdraw(_message: Message, context: Context) -> list[Reply]:
    """Take a phrasing back: a proposal, or one that is in use."""
    held = _check_desk(context)
    phrasing = _phrasing(context)
    rules.check_may_withdraw(
        held, phrasing.state, phrasing.proposed_by, context.resident.id, phrasing.number
    )
    _move(phrasing, PhrasingState.WITHDRAWN, context)
    reason = context.words.get("words", "").strip()
    words_id = (
        context.tx.words.keep(context.resident.id, WordsKind.REASON, reason) if reason else None
    )
    _note(LearningEventKind.WITHDRAWN, phrasing, words_id, context)
    if phrasing.state is PhrasingState.PUBLISHED:
        context.tx.knowledge_versions.advance()
    cluster = context.tx.learning.cluster(phrasing.cluster)
    assert cluster is not None
    if cluster.state in {ClusterState.PROPOSED, ClusterState.TELLING}:
        # Who was not told yet still has no answer.
        context.tx.learning.move_cluster(cluster.number, ClusterState.OPEN)
    return [Reply(texts.withdrawn(phrasing.number))]


def show(_message: Message, context: Context) -> list[Reply]:
    """Show a phrasing with its whole history."""
    _check_desk(context)
    phrasing = _phrasing(context)
    head = texts.phrasing(
        phrasing.number, _words(phrasing, context), _title(phrasing, context), phrasing.state
    )
    return [Reply("\n".join([head, *history.lines(context, phrasing.cluster, phrasing.number)]))]


def _check_desk(context: Context) -> list[RoleWord]:
    held = [role.role for role in context.roles()]
    rules.check_desk(held)
    return held


def _phrasing(context: Context) -> Phrasing:
    number = int(context.words["number"])
    phrasing = context.tx.learning.phrasing(number)
    if phrasing is None:
        raise Refusal(Why.PHRASING_UNKNOWN, number=number)
    return phrasing


def _check_step(phrasing: Phrasing, to: PhrasingState) -> None:
    rules.check_step(phrasing.state, to, phrasing.number)


def _move(phrasing: Phrasing, to: PhrasingState, context: Context) -> None:
    """Move the phrasing; raise Refusal when somebody else decided at the same moment."""
    approved_by = context.resident.id if to is PhrasingState.APPROVED else None
    moved = context.tx.learning.move_phrasing(
        phrasing.number, phrasing.state, to, approved_by=approved_by
    )
    if not moved:
        raise Refusal(Why.PHRASING_STEP, number=phrasing.number)


def _words(phrasing: Phrasing, context: Context) -> str:
    return phrasing.text or context.tx.words.of(phrasing.words_id).body


def _title(phrasing: Phrasing, context: Context) -> str:
    entry = context.knowledge.entries.get(phrasing.entry)
    return entry.title if entry else phrasing.entry


def _who(resident_id: int, context: Context) -> str:
    return context.tx.residents.by_id(resident_id).name or ""


def _note(
    kind: LearningEventKind, phrasing: Phrasing, words_id: int | None, context: Context
) -> None:
    context.tx.learning.note(
        kind,
        phrasing.cluster,
        phrasing=phrasing.number,
        actor_id=context.resident.id,
        words_id=words_id,
    )
