"""What time does for learning: questions are sorted, phrasings rehearsed, askers told."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from handlers import notify
from handlers import texts as shared
from handlers.current import Current
from handlers.faq import texts as faq_texts
from handlers.learning import rules, texts
from handlers.localtime import is_quiet
from handlers.message import Choice
from knowledge.clusters import place
from knowledge.masking import mask_everything
from knowledge.reading import Knowledge
from knowledge.replay import Case, Outcome
from storage.learning import Cluster, Phrasing
from storage.questions import Question
from storage.store import Store
from storage.transaction import Transaction
from storage.words import ClusterState, LearningEventKind, PhrasingState

AT_ONCE = 200
"""Questions sorted, or people told, in one minute."""

COMPARED = 1000
"""Clusters a new question is compared with, the newest."""

REMEMBERED = 500
"""Questions with a thumb up that are asked again, the newest."""


async def sort(store: Store, knowledge: Knowledge) -> None:
    """Put new questions to those that ask the same; comparing happens beside the event loop."""
    questions, leaders = await store.run(_to_sort)
    if not questions:
        return
    numbers = await asyncio.to_thread(_placed, knowledge, questions, leaders)
    await store.run(lambda tx: _put(tx, questions, leaders, numbers))


Leader = tuple[Cluster, Question]
Placed = list[tuple[int, str]]
"""For each question the place of its leader, and its nearest entry."""


def _to_sort(tx: Transaction) -> tuple[list[Question], list[Leader]]:
    questions = tx.questions.unsorted(tx.now - rules.OFFER_STANDS_FOR, AT_ONCE)
    if not questions:
        return [], []
    clusters = tx.learning.joinable(tx.now - rules.DISMISSED_FOR, COMPARED)
    first = tx.questions.leaders([cluster.number for cluster in clusters])
    return questions, [(one, first[one.number]) for one in clusters if one.number in first]


def _placed(
    knowledge: Knowledge, questions: Sequence[Question], leaders: Sequence[Leader]
) -> Placed:
    known = [knowledge.sketch(_masked(first), cluster.nearest) for cluster, first in leaders]
    new = [knowledge.sketch(_masked(question)) for question in questions]
    return list(zip(place(new, known), (one.nearest for one in new), strict=True))


def _put(
    tx: Transaction, questions: Sequence[Question], leaders: Sequence[Leader], placed: Placed
) -> None:
    """Write where the questions belong, unless something about that changed meanwhile."""
    free = tx.questions.lock_unsorted([question.id for question in questions])
    joinable = {
        one.number: one for one in tx.learning.joinable(tx.now - rules.DISMISSED_FOR, COMPARED)
    }
    numbers = {at: cluster.number for at, (cluster, _) in enumerate(leaders)}
    changed: dict[int, Question] = {}
    for question, (at, nearest) in zip(questions, placed, strict=True):
        if question.id not in free:
            continue
        if not question.body:
            tx.questions.settle(question.id)
            continue
        if at not in numbers:
            numbers[at] = tx.learning.open_cluster(nearest, question.asked_at)
        elif at < len(leaders) and numbers[at] not in joinable:
            continue  # Decided meanwhile: the next minute finds it another place.
        number = numbers[at]
        tx.questions.put_in(question.id, number)
        if number in joinable and joinable[number].state is ClusterState.DISMISSED:
            tx.questions.settle(question.id)
        changed[number] = question
    for number, last in changed.items():
        asked, askers = tx.questions.count(number)
        tx.learning.counted(number, asked, askers, last.asked_at)


async def rehearse(store: Store, current: Current, clock: Callable[[], datetime]) -> None:
    """Publish an approved phrasing that harms nothing; else send it back with what would suffer.

    It is judged by the knowledge in force, beside the event loop; one at a time, as the next one
    must be judged together with it.
    """
    await current.refresh(store, clock())
    version, phrasing, text, remembered = await store.run(_to_rehearse)
    if phrasing is None or version != current.version:
        return
    knowledge = current.knowledge
    outcome = None
    if text and knowledge.is_given(phrasing.entry):
        new = Case(text, phrasing.entry)
        outcome = await asyncio.to_thread(knowledge.rehearse, new, remembered)
    await store.run(lambda tx: _settle(tx, knowledge, phrasing, text, outcome, version))
    await current.refresh(store, clock())


def _to_rehearse(tx: Transaction) -> tuple[int, Phrasing | None, str, list[Case]]:
    approved = tx.learning.in_state(PhrasingState.APPROVED, limit=1)
    if not approved:
        return 0, None, "", []
    liked = tx.questions.liked(REMEMBERED)
    published = tx.learning.in_state(PhrasingState.PUBLISHED)
    remembered = [
        *(Case(question.body, question.entry) for question in liked),
        *(Case(one.text, one.entry) for one in published if one.text is not None),
    ]
    return (
        tx.knowledge_versions.current(),
        approved[0],
        tx.words.of(approved[0].words_id).body,
        remembered,
    )


def _settle(
    tx: Transaction,
    knowledge: Knowledge,
    phrasing: Phrasing,
    text: str,
    outcome: Outcome | None,
    version: int,
) -> None:
    """Publish the phrasing or send it back, unless the knowledge changed during the replay.

    Without an outcome nothing was asked: its words were erased, or its entry is stopped.
    """
    if tx.knowledge_versions.current() != version:
        return
    is_good = outcome is not None and outcome.is_good
    to = PhrasingState.PUBLISHED if is_good else PhrasingState.WORSE
    kept = text if is_good else None
    if not tx.learning.move_phrasing(phrasing.number, PhrasingState.APPROVED, to, text=kept):
        return
    if is_good:
        tx.knowledge_versions.advance()
        tx.learning.move_cluster(phrasing.cluster, ClusterState.TELLING)
        kind = LearningEventKind.PUBLISHED
    else:
        tx.learning.move_cluster(phrasing.cluster, ClusterState.OPEN)
        kind = LearningEventKind.WORSE
    tx.learning.note(kind, phrasing.cluster, phrasing=phrasing.number)
    _report(tx, knowledge, phrasing, text, outcome)


def _report(
    tx: Transaction, knowledge: Knowledge, phrasing: Phrasing, text: str, outcome: Outcome | None
) -> None:
    """Tell who approved and who proposed what came of it."""
    say = _said_of(tx, knowledge, phrasing, text, outcome)
    for person in {phrasing.proposed_by, phrasing.approved_by}:
        if person is not None:
            notify.tell_resident(
                tx,
                person,
                key=f"phrasing:{phrasing.number}:replayed:{person}",
                text=say,
                topic="learning",
                asked_for=person == phrasing.approved_by,
            )


def _said_of(
    tx: Transaction, knowledge: Knowledge, phrasing: Phrasing, text: str, outcome: Outcome | None
) -> str:
    title = _title(knowledge, phrasing.entry)
    if outcome is None:
        return texts.not_possible(phrasing.number, text, title)
    if outcome.is_good:
        _, askers = tx.questions.count(phrasing.cluster)
        weaker = len(outcome.weaker)
        return texts.published(phrasing.number, text, title, askers, outcome.asked, weaker)
    worse = [*outcome.suffered, *outcome.weaker]
    worst = min(worse, key=lambda one: one.after)
    change = texts.change(
        worst.before,
        worst.after,
        _title(knowledge, worst.case.entry) if worst.case.entry else None,
        _title(knowledge, worst.instead) if worst.instead else None,
    )
    case = mask_everything(worst.case.text)
    return texts.worse(phrasing.number, text, len(worse), case, change)


def recount(tx: Transaction) -> None:
    """Count anew who waits for what; close what nobody waits for: erased, or liked after all."""
    for cluster in tx.learning.open_clusters(COMPARED):
        asked, askers = tx.questions.count(cluster.number)
        if (asked, askers) != (cluster.asked, cluster.askers):
            tx.learning.counted(cluster.number, asked, askers, cluster.last_asked_at)
        if not asked:
            tx.learning.move_cluster(cluster.number, ClusterState.LEARNED)


def tell_askers(tx: Transaction, knowledge: Knowledge) -> None:
    """Tell whoever asked what is answered by now; each person once, when people are awake.

    An entry that is frozen or past its date is not given to anybody: they wait until it is.
    """
    if is_quiet(tx.now):
        return
    for cluster in tx.learning.telling():
        phrasing = _published(tx, cluster)
        if phrasing is None or _is_over(tx, cluster):
            tx.questions.settle_of(cluster.number)
            tx.learning.move_cluster(cluster.number, ClusterState.LEARNED)
        elif knowledge.is_given(phrasing.entry):
            waiting = tx.questions.waiting(cluster.number, AT_ONCE)
            for question in waiting:
                _tell(tx, knowledge, phrasing, question)
            if len(waiting) < AT_ONCE:
                tx.learning.move_cluster(cluster.number, ClusterState.LEARNED)


def _tell(tx: Transaction, knowledge: Knowledge, phrasing: Phrasing, question: Question) -> None:
    entry = knowledge.entries[phrasing.entry]
    asked = shared.day(question.asked_at, tx.now)
    caution = faq_texts.caution(entry)
    notify.tell_resident(
        tx,
        question.resident_id,
        key=f"learned:{phrasing.number}:{question.resident_id}",
        text=texts.learned(asked, question.body, entry, caution, phrasing.number),
        topic="learning",
        choices=[
            Choice(
                texts.WHOLE_LABEL,
                f"faq.show:{entry.id}",
                say=texts.whole_words(phrasing.number),
            )
        ],
    )
    tx.answers.record(question.resident_id, entry.id, entry.version, 1.0)
    tx.questions.settle_of(phrasing.cluster, question.resident_id)


def _published(tx: Transaction, cluster: Cluster) -> Phrasing | None:
    found = tx.learning.phrasings_of(cluster.number)
    published = [one for one in found if one.state is PhrasingState.PUBLISHED]
    return published[-1] if published else None


def _is_over(tx: Transaction, cluster: Cluster) -> bool:
    return cluster.closed_at is not None and tx.now > cluster.closed_at + rules.TELL_WITHIN


def _masked(question: Question) -> str:
    return mask_everything(question.body, question.name)


def _title(knowledge: Knowledge, entry: str) -> str:
    known = knowledge.entries.get(entry)
    return known.title if known else entry
