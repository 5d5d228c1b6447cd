"""Answers questions from the reviewed entries, offers what may be meant, or says honestly no."""

from dataclasses import replace

from handlers.context import Context
from handlers.faq import texts
from handlers.message import Choice, Message, Reply
from handlers.refusal import Refusal, Why
from knowledge.entries import Entry
from knowledge.explaining import shared_words
from knowledge.intent import Intent
from knowledge.law import parse_citation
from knowledge.matcher import Decision
from storage.words import Thumb, WordsKind

SHARED = 5
"""Words named when an answer is explained."""

PERSON_AT_MISS = 3
"""A person is offered at the third miss outside a form (contracts.md)."""


def ask(message: Message, context: Context) -> list[Reply]:
    """Answer, offer up to three, or decline, as the match says."""
    match = context.reading.match
    match match.decision:
        case Decision.ANSWER:
            best = match.candidates[0]
            return _give(context.knowledge.entries[best.entry], best.confidence, context)
        case Decision.OFFER:
            _leave_open(message, context)
            return [_offer([candidate.entry for candidate in match.candidates], context)]
        case Decision.HANDOVER:
            if context.reading.withheld is not None:
                return _withhold(context.reading.withheld, message, context)
            _leave_open(message, context)
            return [Reply(f"{texts.NOT_SURE}{texts.RECORDED}{texts.ASK_PERSON}")]
        case Decision.DECLINE:
            return not_sure(message, context)


def not_sure(message: Message, context: Context) -> list[Reply]:
    """Say honestly that nothing fits; never twice the same sentence, the third time a person."""
    misses = context.count_miss()
    if misses >= PERSON_AT_MISS:
        again = (misses - PERSON_AT_MISS) % 2
        return [Reply(texts.STILL_MISSED if again else texts.THIRD_MISS)]
    if context.reading.intent is not Intent.FAQ:
        return [Reply(f"{texts.NOT_SURE}{texts.TRY_LIKE if misses == 1 else texts.ASK_PERSON}")]
    _leave_open(message, context)
    say = texts.NOT_OURS if misses == 1 else texts.NOT_SURE
    return [Reply(f"{say}{texts.RECORDED}{texts.ASK_PERSON}")]


def ask_in_group(message: Message, context: Context) -> Reply | None:
    """Return one short answer for a group, or None when only a talk could find it."""
    match = context.reading.match
    if context.reading.withheld is not None:
        why = context.knowledge.withheld[context.reading.withheld]
        return Reply(texts.withheld_in_group(why))
    if match.decision is not Decision.ANSWER:
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
    return _give(entry, 1.0, context)


def none_fits(message: Message, context: Context) -> list[Reply]:
    """The person said that no candidate is meant."""
    context.count_miss()
    return [Reply(f"{texts.RECORDED}{texts.ASK_PERSON}")]


def thumb_up(message: Message, context: Context) -> list[Reply]:
    """Record that the answer helped."""
    context.tx.answers.thumb(_last_answer(context), Thumb.UP)
    return [Reply(texts.THANKS_UP)]


def thumb_down(message: Message, context: Context) -> list[Reply]:
    """Record that the answer did not help; staff read such questions."""
    context.tx.answers.thumb(_last_answer(context), Thumb.DOWN)
    question = context.recall("question")
    if isinstance(question, str):
        words_id = context.tx.words.keep(context.resident.id, WordsKind.QUESTION, question)
        context.tx.answers.leave_open(context.resident.id, words_id, "thumb_down")
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
    return [Reply(texts.basis(entry, lines, context.knowledge.withheld.get(entry.id)))]


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


def _offer(entries: list[str], context: Context) -> Reply:
    context.remember(question=context.reading.text[:500])
    titles = [(entry, context.knowledge.entries[entry].title) for entry in entries]
    choices = [Choice(title, f"faq.show:{entry}") for entry, title in titles]
    return Reply(texts.WHICH, (*choices, Choice(texts.NONE_LABEL, "faq.none")))


def _record(entry: Entry, confidence: float, context: Context) -> int:
    return context.tx.answers.record(context.resident.id, entry.id, entry.version, confidence)


def _leave_open(message: Message, context: Context) -> None:
    words_id = context.tx.words.keep(context.resident.id, WordsKind.QUESTION, message.text)
    decision = context.reading.match.decision.value
    context.tx.answers.leave_open(context.resident.id, words_id, decision)


def _last_answer(context: Context) -> int:
    answer = context.recall("answer")
    if not isinstance(answer, int):
        raise Refusal(Why.ANSWER_NONE)
    return answer


def _last_entry(context: Context) -> Entry:
    entry = context.knowledge.entries.get(str(context.recall("entry")))
    if entry is None:
        raise Refusal(Why.ANSWER_NONE)
    return entry
