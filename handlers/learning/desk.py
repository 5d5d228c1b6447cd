"""Staff read the questions that had no good answer, and answer, link or dismiss them."""

from handlers import notify
from handlers import texts as shared
from handlers.context import Context
from handlers.handover import rules as handover_rules
from handlers.handover import texts as handover_texts
from handlers.learning import history, rules, texts
from handlers.message import Choice, Message, Reply
from handlers.refusal import Refusal, Why
from knowledge.entries import Entry
from knowledge.masking import mask_everything, without_masks
from storage.learning import Cluster
from storage.questions import Question
from storage.residents import Role
from storage.words import ClusterState, LearningEventKind, RoleWord, WordsKind

PAGE = 6
EXAMPLES = 3
TOLD_AT_ONCE = 500
"""People told by one answer; whoever is beyond stays in the list."""


def queue(message: Message, context: Context) -> list[Reply]:
    """List the open questions, those of most people first, a page at a time."""
    _check_desk(context)
    after = _page_after(context) if "more" in context.words else None
    found = context.tx.learning.open_clusters(PAGE + 1, after)
    shown = found[:PAGE]
    if not shown:
        return [Reply(texts.NO_MORE if after else texts.NOTHING_OPEN)]
    last = shown[-1]
    context.remember(queue_after=[last.askers, last.number])
    leaders = context.tx.questions.leaders([cluster.number for cluster in shown])
    lines = [
        texts.queue_line(
            cluster.number,
            _masked(leaders.get(cluster.number)),
            cluster.askers,
            shared.day(cluster.opened_at, context.now),
        )
        for cluster in shown
    ]
    return [Reply(texts.queue(lines, more=len(found) > PAGE))]


def show(message: Message, context: Context) -> list[Reply]:
    """Show examples of a question, how often it was asked, and what comes nearest."""
    _check_desk(context)
    cluster = _cluster(context)
    examples = _examples(cluster, context)
    if cluster.state is not ClusterState.OPEN:
        return [
            Reply(
                "\n".join(
                    [*examples, texts.state(cluster.state), *history.lines(context, cluster.number)]
                )
            )
        ]
    candidates = _candidates(cluster, context)
    context.remember(nearest=[str(cluster.number), *(entry for entry, _, _ in candidates)])
    choices = (
        ()
        if message.is_group
        else tuple(
            Choice(texts.link_label(title), f"learning.link:{cluster.number}={entry}")
            for entry, title, _ in candidates
        )
    )
    return [
        Reply("\n".join(examples)),
        Reply("\n".join([texts.nearest(candidates), texts.how(cluster.number)]), choices),
    ]


def answer(message: Message, context: Context) -> list[Reply]:
    """Carry a member of staff's own words to those who asked, as far as they answer for them."""
    roles = _check_desk(context)
    cluster = _cluster(context)
    rules.check_open(cluster.state, cluster.number)
    words = context.words.get("words", "").strip()
    if not words:
        raise Refusal(Why.QUESTION_ANSWER, number=cluster.number)
    if len(words) > rules.LONGEST_ANSWER:
        raise Refusal(Why.FIELD_LONG, most=rules.LONGEST_ANSWER)
    asked_first = _masked(context.tx.questions.leaders([cluster.number]).get(cluster.number))
    told = 0
    for question in context.tx.questions.waiting(cluster.number, TOLD_AT_ONCE):
        role = _role_for(question, roles)
        if role is not None:
            _tell(question, role, words, context)
            told += 1
    if not told:
        return [Reply(texts.answered(cluster.number, 0, cluster.askers))]
    words_id = context.tx.words.keep(context.resident.id, WordsKind.ANSWER, words)
    _note(LearningEventKind.ANSWERED, cluster, words_id, context)
    asked, left = context.tx.questions.count(cluster.number)
    context.tx.learning.counted(cluster.number, asked, left, cluster.last_asked_at)
    if not left:
        context.tx.learning.move_cluster(cluster.number, ClusterState.ANSWERED)
    return [Reply(texts.answered(cluster.number, told, left, asked_first))]


def correct(message: Message, context: Context) -> list[Reply]:
    """Say the sender's answer anew to those who were given it; what waits is put right unseen."""
    roles = _check_desk(context)
    cluster = _cluster(context)
    words = context.words.get("words", "").strip()
    given = [
        event.happened_at
        for event in context.tx.learning.history(cluster.number)
        if event.kind is LearningEventKind.ANSWERED and event.actor_id == context.resident.id
    ]
    rules.check_correct(cluster.number, words, given=bool(given))
    told = context.tx.questions.settled_at(cluster.number, given)
    for question in told:
        role = _role_for(question, roles)
        if role is not None:
            _tell_anew(question, role, words, context)
    words_id = context.tx.words.keep(context.resident.id, WordsKind.ANSWER, words)
    _note(LearningEventKind.CORRECTED, cluster, words_id, context)
    asked_first = _masked(context.tx.questions.leaders([cluster.number]).get(cluster.number))
    return [Reply(texts.corrected(cluster.number, len(told), asked_first))]


def dismiss(message: Message, context: Context) -> list[Reply]:
    """Take a question from the list, with a reason that stays in its history."""
    _check_desk(context)
    cluster = _cluster(context)
    rules.check_open(cluster.state, cluster.number)
    reason = context.words.get("words", "").strip()
    if not reason:
        raise Refusal(Why.QUESTION_REASON, number=cluster.number)
    words_id = context.tx.words.keep(context.resident.id, WordsKind.REASON, reason)
    context.tx.questions.settle_of(cluster.number)
    context.tx.learning.move_cluster(cluster.number, ClusterState.DISMISSED)
    _note(LearningEventKind.DISMISSED, cluster, words_id, context)
    return [Reply(texts.dismissed(cluster.number))]


def link(message: Message, context: Context) -> list[Reply]:
    """Propose the question, or a sentence written for it, as a new phrasing of an entry."""
    _check_desk(context)
    number, _, chosen = context.argument.partition("=")
    if chosen:
        context.words = {"number": number, "entry": chosen}
    cluster = _cluster(context)
    rules.check_open(cluster.state, cluster.number)
    entry = _entry(cluster, context)
    leader = context.tx.questions.leaders([cluster.number]).get(cluster.number)
    own = context.words.get("words", "").strip()
    text = own or without_masks(_masked(leader))
    rules.check_phrasing(text, mask_everything(text), cluster.number)
    if text in {entry.title, *entry.phrasings}:
        raise Refusal(Why.PHRASING_KNOWN, title=entry.title, number=cluster.number)
    # The resident's words stay theirs, to be erased with them, until a lawyer takes them over.
    owner = context.resident.id if own or leader is None else leader.resident_id
    phrasing = context.tx.learning.propose(
        cluster.number,
        entry.id,
        context.tx.words.keep(owner, WordsKind.PHRASING, text),
        context.resident.id,
    )
    context.tx.learning.move_cluster(cluster.number, ClusterState.PROPOSED)
    _note(LearningEventKind.PROPOSED, cluster, None, context, phrasing)
    _tell_lawyers(phrasing, text, entry, context)
    return [Reply(texts.proposed(cluster.number, phrasing, text, entry.title))]


def _check_desk(context: Context) -> list[Role]:
    roles = context.roles()
    rules.check_desk([role.role for role in roles])
    return roles


def _cluster(context: Context) -> Cluster:
    number = int(context.words["number"])
    cluster = context.tx.learning.cluster(number)
    if cluster is None:
        raise Refusal(Why.QUESTION_UNKNOWN, number=number)
    return cluster


def _page_after(context: Context) -> tuple[int, int] | None:
    after = context.recall("queue_after")
    if not isinstance(after, list):
        return None
    askers, number = after
    return int(askers), int(number)


def _masked(question: Question | None) -> str:
    return "" if question is None else mask_everything(question.body, question.name)


def _examples(cluster: Cluster, context: Context) -> list[str]:
    lines = [
        texts.cluster(
            cluster.number,
            cluster.askers,
            cluster.asked,
            shared.day(cluster.opened_at, context.now),
            shared.when(cluster.last_asked_at, context.now),
        )
    ]
    for question in context.tx.questions.newest(cluster.number, EXAMPLES):
        given = context.knowledge.entries.get(question.entry or "")
        title = given.title if given else ""
        lines.append(texts.example(_masked(question), question.kind, title))
    return lines


def _candidates(cluster: Cluster, context: Context) -> list[tuple[str, str, float]]:
    """Return id, title and confidence of the entries nearest to the cluster's first question."""
    leader = context.tx.questions.leaders([cluster.number]).get(cluster.number)
    if leader is None:
        return []
    match = context.knowledge.read(_masked(leader)).match
    return [
        (one.entry, context.knowledge.entries[one.entry].title, one.confidence)
        for one in match.candidates
    ]


def _entry(cluster: Cluster, context: Context) -> Entry:
    """Return the entry named by its id, or by its number in what was shown."""
    named = context.words.get("entry", "")
    if not named:
        raise Refusal(Why.QUESTION_ENTRY, number=cluster.number)
    if named.isdecimal():
        shown = context.recall("nearest")
        if not isinstance(shown, list) or shown[0] != str(cluster.number):
            raise Refusal(Why.QUESTION_ENTRY, number=cluster.number)
        named = str(shown[int(named)]) if int(named) < len(shown) else named
    entry = context.knowledge.entries.get(named)
    if entry is None:
        raise Refusal(Why.QUESTION_NO_ENTRY, entry=named, number=cluster.number)
    if not context.knowledge.is_given(entry.id):
        raise Refusal(Why.ENTRY_NOT_GIVEN, title=entry.title, number=cluster.number)
    return entry


def _role_for(question: Question, roles: list[Role]) -> RoleWord | None:
    held = [(r.role, r.scope_kind, r.scope_id) for r in roles if r.role in rules.DESK]
    try:
        return handover_rules.check_may_answer(held, question.community_id, question.estate_id)
    except Refusal:
        return None


def _tell_anew(question: Question, role: RoleWord, words: str, context: Context) -> None:
    key, tx = f"staff_answer:{question.id}", context.tx
    unheard = tx.notices.withdraw(key) > 0
    tx.notices.withdraw_prefix(f"{key}:")
    say = texts.by_staff if unheard else texts.corrected_by_staff
    title, asked = handover_texts.TITLES[role.value], shared.day(question.asked_at, context.now)
    notify.tell_resident(
        tx,
        question.resident_id,
        key=f"{key}:{context.message_key}",
        text=say(title, asked, question.body, words),
        topic="learning",
    )


def _tell(question: Question, role: RoleWord, words: str, context: Context) -> None:
    asked = shared.day(question.asked_at, context.now)
    title = handover_texts.TITLES[role.value]
    notify.tell_resident(
        context.tx,
        question.resident_id,
        key=f"staff_answer:{question.id}",
        text=texts.by_staff(title, asked, question.body, words),
        topic="learning",
    )
    assert question.cluster is not None
    context.tx.questions.settle_of(question.cluster, question.resident_id)


def _tell_lawyers(phrasing: int, text: str, entry: Entry, context: Context) -> None:
    for lawyer in context.tx.law.lawyers():
        if lawyer != context.resident.id:
            notify.tell_resident(
                context.tx,
                lawyer,
                key=f"phrasing:{phrasing}:decide:{lawyer}",
                text=texts.to_decide(phrasing, text, entry.title, context.resident.name or ""),
                topic="learning",
            )


def _note(
    kind: LearningEventKind,
    cluster: Cluster,
    words_id: int | None,
    context: Context,
    phrasing: int | None = None,
) -> None:
    context.tx.learning.note(
        kind,
        cluster.number,
        phrasing=phrasing,
        actor_id=context.resident.id,
        words_id=words_id,
    )
