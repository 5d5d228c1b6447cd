"""Answers questions from the reviewed entries, offers what may be meant, or says honestly no."""

import re

from msgspec.structs import replace

from handlers import texts as shared
from handlers.context import UNANSWERED_AT_MOST, Context
from handlers.faq import texts
from handlers.message import Choice, Message, Reply
from handlers.refusal import Refusal, Why
from knowledge.english import CERTAIN
from knowledge.entries import Entry
from knowledge.explaining import shared_words
from knowledge.intent import Intent
from knowledge.law import parse_citation
from knowledge.look_alikes import Fork, to_tell_apart
from knowledge.matcher import Decision
from knowledge.usual import usual_entries
from knowledge.writing import Writing
from storage.words import QuestionKind, Thumb, WordsKind

SHARED = 5
"""Words named when an answer is explained."""

BRANCH = "faq.apart:"
"""The action of a tell-apart question's branch, before its entry."""

PERSON_AT_MISS = 3
"""A person is offered at the third miss outside a form (contracts.md)."""


def ask(message: Message, context: Context) -> list[Reply]:
    """Answer, ask one question, offer up to three, or decline, as the match says."""
    match = context.reading.match
    fork = to_tell_apart(match, context.knowledge.entries)
    if fork is not None:
        _leave_open(message, context)
        return _with_report([_tell_apart(fork, context)], context)
    match match.decision:
        case Decision.ANSWER:
            best = match.candidates[0]
            entry = context.knowledge.entries[best.entry]
            return _with_report(_give(entry, best.confidence, context), context)
        case Decision.OFFER:
            return _offer_best(message, context)
        case Decision.HANDOVER:
            if context.reading.withheld is not None:
                return _withhold(context.reading.withheld, message, context)
            recorded = _leave_open(message, context)
            context.remember(unanswered=message.text[:UNANSWERED_AT_MOST])
            return [Reply(f"{texts.NOT_SURE}{recorded}{texts.ASK_PERSON}")]
        case Decision.DECLINE:
            return not_sure(message, context)


def _offer_best(message: Message, context: Context) -> list[Reply]:
    if _goes_on(texts.AND_THEN, message, context):
        return not_sure(message, context)
    _leave_open(message, context)
    offer = _offer([one.entry for one in context.reading.match.candidates], context)
    return _with_report([offer], context)


def ask_one_word(message: Message, context: Context) -> list[Reply]:
    """Offer what people mostly mean who say but one word."""
    usual = [it for it in usual_entries(message.text) if it in context.knowledge.entries]
    if not usual:
        return ask(message, context)
    _leave_open(message, context)
    return [_offer(usual, context)]


def not_sure(message: Message, context: Context) -> list[Reply]:
    """Say honestly that nothing fits; never twice the same sentence, the third time a person.

    Idle talk is told what is done here and how to reach a person, the first time and each time.
    """
    misses = context.count_miss()
    context.remember(unanswered=message.text[:UNANSWERED_AT_MOST])
    is_question = context.reading.intent is Intent.FAQ
    recorded = _leave_open(message, context) if is_question else ""
    if not is_question and context.roles():
        return [Reply(f"{texts.NOT_SURE}{texts.TRY_AT_WORK}")]
    if context.knowledge.is_idle(context.reading):
        return [Reply(texts.IDLE if misses % 2 else texts.IDLE_AGAIN)]
    if misses >= PERSON_AT_MISS:
        again = (misses - PERSON_AT_MISS) % 2
        return [Reply(texts.STILL_MISSED if again else texts.THIRD_MISS)]
    if misses == 1 and _goes_on(texts.FOLLOWS, message, context):
        return [Reply(texts.ALL_AT_ONCE)]
    if not is_question:
        return [Reply(f"{texts.NOT_SURE}{texts.TRY_LIKE if misses == 1 else texts.ASK_PERSON}")]
    say = texts.NOT_OURS if misses == 1 else texts.NOT_SURE
    return [Reply(f"{say}{recorded}{texts.ASK_PERSON}")]


def _goes_on(beginning: re.Pattern[str], message: Message, context: Context) -> bool:
    """Whether this only goes on from the question before, which we do not read again."""
    return bool(context.recall("question") and beginning.match(message.text))


def ask_in_english(message: Message, context: Context) -> list[Reply]:
    """Answer a question in English in English where that is certain, else hand over politely."""
    found = context.reading.english
    if found is None:
        if not message.is_group:
            _leave_open(message, context)
        return [Reply(texts.ENGLISH_HANDOVER)]
    entry = context.knowledge.entries[found.entry]
    answer_id = _record(entry, CERTAIN, context)
    if message.is_group:
        return [Reply(texts.in_english_group(found.answer, entry))]
    context.remember(
        answer=answer_id,
        entry=entry.id,
        confidence=CERTAIN,
        offered=None,
        judged=None,
        question=message.text[:500],
    )
    return [Reply(found.answer), Reply(texts.in_english(entry))]


def ask_in_group(message: Message, context: Context) -> Reply | None:
    """Return one short answer for a group, or None when only a talk could find it."""
    if message.writing is Writing.LATIN:
        return ask_in_english(message, context)[0]
    match = context.reading.match
    if context.reading.withheld is not None:
        why = context.knowledge.withheld[context.reading.withheld]
        return Reply(texts.withheld_in_group(why))
    doubted = to_tell_apart(match, context.knowledge.entries) is not None
    if match.decision is not Decision.ANSWER or doubted:
        return None
    best = match.candidates[0]
    entry = context.knowledge.entries[best.entry]
    _record(entry, best.confidence, context)
    return Reply(texts.in_group(entry))


def show(message: Message, context: Context) -> list[Reply]:
    """Show the entry the person chose from an offer."""
    entry = context.knowledge.entries.get(context.argument)
    if entry is None:
        return not_sure(message, context)
    if entry.id in context.knowledge.withheld:
        return _withhold(entry.id, message, context)
    offered = _question_id("offered", context)
    if offered is not None:
        context.tx.questions.settle(offered)
    return _offering_report(_give(entry, 1.0, context), context)


def none_fits(message: Message, context: Context) -> list[Reply]:
    """The person said that no candidate is meant."""
    context.count_miss()
    offered = _question_id("offered", context)
    if offered is None:
        return [Reply(texts.ASK_PERSON)]
    context.tx.questions.turn(offered, QuestionKind.NONE_FITS)
    return [Reply(f"{texts.RECORDED}{texts.ASK_PERSON}")]


def thumb_up(message: Message, context: Context) -> list[Reply]:
    """Record that the answer helped; before anything is changed the question is asked again."""
    given = context.recall("answer")
    if not isinstance(given, int):
        return [Reply(texts.GLAD)]
    context.tx.answers.thumb(given, Thumb.UP)
    _keep_judged(QuestionKind.THUMB_UP, context)
    return [Reply(texts.THANKS_UP)]


def thumb_down(message: Message, context: Context) -> list[Reply]:
    """Record that the answer did not help; staff read such questions."""
    given = context.recall("answer")
    if not isinstance(given, int):
        return [Reply(shared.SORRY)]
    context.tx.answers.thumb(given, Thumb.DOWN)
    _keep_judged(QuestionKind.THUMB_DOWN, context)
    return [Reply(texts.SORRY_DOWN)]


def basis(message: Message, context: Context) -> list[Reply]:
    """Show the articles behind the last answer, with their texts where the operator has them."""
    entry, law = _last_entry(context), context.knowledge.law
    keys = {one: key for one in entry.citations if (key := parse_citation(one))}
    copies = context.tx.law.articles(keys.values())
    lines = []
    for number, (citation, key) in enumerate(keys.items(), start=1):
        article, copy = law.resolve(citation), copies.get(key)
        if article is None:
            continue
        lines.append(texts.article_line(number, citation, article.law, article.version))
        if copy is not None:
            changed = citation in law.changed
            lines.append(texts.article_text(copy.text, changed=changed, repealed=copy.repealed))
    shown = texts.basis(entry, lines, context.knowledge.withheld.get(entry.id))
    return [Reply(shown, verbatim=bool(copies))]


def why(message: Message, context: Context) -> list[Reply]:
    """Explain how the last answer was found, which one it is, and who stands for it."""
    entry = _last_entry(context)
    confidence = context.recall("confidence")
    assert isinstance(confidence, float | int)
    question = str(context.recall("question") or "")
    shared = shared_words(question, entry, context.knowledge.entries)[:SHARED]
    return [Reply(texts.why(entry, float(confidence), shared))]


def _withhold(entry_id: str, message: Message, context: Context) -> list[Reply]:
    """Say that the answer may not be given now, and lead to a person."""
    entry = context.knowledge.entries[entry_id]
    _leave_open(message, context)
    return [Reply(texts.withheld(entry.title, context.knowledge.withheld[entry_id]))]


def _give(entry: Entry, confidence: float, context: Context) -> list[Reply]:
    """Answer in two messages: the conclusion, then the facts and what to do."""
    answer_id = _record(entry, confidence, context)
    context.remember(
        answer=answer_id,
        entry=entry.id,
        confidence=round(confidence, 3),
        offered=None,
        judged=None,
        unanswered=None,
        question=context.reading.text[:500] if confidence < 1 else context.recall("question"),
    )
    if context.talk.misses:
        context.talk = replace(context.talk, misses=0)
    choices = (
        Choice(texts.UP_LABEL, "faq.up"),
        Choice(texts.DOWN_LABEL, "faq.down"),
        Choice(texts.BASIS_LABEL, "faq.basis"),
    )
    return [Reply(texts.conclusion(entry)), Reply(texts.answer(entry), choices)]


def _tell_apart(fork: Fork, context: Context) -> Reply:
    """Ask the one question that decides; a number chooses, and so do words of one's own."""
    context.remember(question=context.reading.text[:500], unanswered=None)
    choices = [Choice(label, f"{BRANCH}{entry}") for label, entry in fork.branches]
    return Reply(fork.ask, (*choices, Choice(texts.NONE_LABEL, "faq.none")))


def _with_report(replies: list[Reply], context: Context) -> list[Reply]:
    """Offer to report as well what the message says is broken; nothing is opened unasked."""
    wishes = context.reading.wishes
    said = wishes.report if wishes is not None else context.reading.complaint
    report = said if context.talk.form is None else None
    if report != context.recall("to_report"):
        context.remember(to_report=report)
    return _offering_report(replies, context)


def _offering_report(replies: list[Reply], context: Context) -> list[Reply]:
    """Add the choice to report what the question's message said was broken."""
    if not context.recall("to_report"):
        return replies
    *before, last = replies
    report = Choice(texts.REPORT_LABEL, "tickets.report_said")
    return [*before, last.with_choices(*last.choices, report)]


def _offer(entries: list[str], context: Context) -> Reply:
    context.remember(question=context.reading.text[:500], unanswered=None)
    titles = [(entry, context.knowledge.entries[entry].title) for entry in entries]
    choices = [Choice(title, f"faq.show:{entry}") for entry, title in titles]
    return Reply(texts.WHICH, (*choices, Choice(texts.NONE_LABEL, "faq.none")))


def _record(entry: Entry, confidence: float, context: Context) -> int:
    return context.tx.answers.record(context.resident.id, entry.id, entry.version, confidence)


def _leave_open(message: Message, context: Context) -> str:
    """Keep a question for staff to read and say so; chatter is neither kept nor said to be."""
    if not context.knowledge.is_about_something(context.reading):
        context.remember(offered=None)
        return ""
    words_id = context.tx.words.keep(context.resident.id, WordsKind.QUESTION, message.text)
    decision = context.reading.match.decision
    # An answer whose look-alike is near is asked back first: until then it is an offer.
    asked_back = decision is Decision.ANSWER
    kind = QuestionKind.OFFER if asked_back else QuestionKind(decision.value)
    context.remember(offered=context.tx.questions.keep(context.resident.id, words_id, kind))
    return texts.RECORDED


def _keep_judged(kind: QuestionKind, context: Context) -> None:
    """Keep the question of the last answer with what the person thinks of it: the last word."""
    judged = _question_id("judged", context)
    if judged is not None:
        context.tx.questions.turn(judged, kind)
        return
    question = context.recall("question")
    if isinstance(question, str):
        words_id = context.tx.words.keep(context.resident.id, WordsKind.QUESTION, question)
        entry = str(context.recall("entry"))
        judged = context.tx.questions.keep(context.resident.id, words_id, kind, entry)
        context.remember(judged=judged)


def _question_id(name: str, context: Context) -> int | None:
    kept = context.recall(name)
    return kept if isinstance(kept, int) else None


def _last_entry(context: Context) -> Entry:
    entry = context.knowledge.entries.get(str(context.recall("entry")))
    if entry is None:
        raise Refusal(Why.ANSWER_NONE)
    return entry
