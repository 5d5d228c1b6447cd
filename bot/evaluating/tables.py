"""Groups judged questions and lays out what was measured as rows of text."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.evaluating import texts
from knowledge.evaluation import Figures, Judged, Share, auroc, figures, macro_f1

LONG = 60
"""Characters from which a message counts as long."""

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is shown."""

    title: str
    head: Row
    rows: list[Row]


def tables(every: Sequence[Judged]) -> list[Table]:
    """Return all tables that these questions allow."""
    asked = [one for one in every if not one.question.intent]
    inside = [one for one in asked if one.question.ours]
    outside = [one for one in asked if not one.question.ours]
    labelled = [one for one in every if one.question.intent]
    found = [
        Table(
            texts.INSIDE, texts.INSIDE_HEAD, [_inside(*group) for group in _inside_groups(inside)]
        ),
        Table(
            texts.OUTSIDE,
            texts.OUTSIDE_HEAD,
            [_outside(*group, inside) for group in _outside_groups(outside)],
        ),
        Table(
            texts.INTENTS, texts.INTENT_HEAD, [_intents(*group) for group in _intents_by(labelled)]
        ),
    ]
    return [table for table in found if table.rows]


def _inside_groups(inside: Sequence[Judged]) -> Iterable[tuple[str, list[Judged]]]:
    if not inside:
        return
    yield texts.ALL, list(inside)
    yield from _by(inside, lambda one: one.question.split)
    yield from _by(inside, lambda one: texts.FOLDS[one.question.fold])
    yield from _by(inside, lambda one: texts.KINDS.get(one.question.kind, ""))
    yield from _by(inside, lambda one: _length(one.question.text))
    yield from _by(inside, lambda one: one.question.topic)


def _outside_groups(outside: Sequence[Judged]) -> Iterable[tuple[str, list[Judged]]]:
    if outside:
        yield texts.ALL, list(outside)
    yield from _by(outside, lambda one: one.question.split)
    yield from _by(outside, lambda one: f"{one.question.split} {texts.FOLDS[one.question.fold]}")
    yield from _by(outside, lambda one: one.question.area)


def _intents_by(labelled: Sequence[Judged]) -> Iterable[tuple[str, list[Judged]]]:
    if labelled:
        yield texts.ALL, list(labelled)
        yield from _by(labelled, lambda one: one.question.intent)


def _by(
    every: Sequence[Judged], name: Callable[[Judged], str]
) -> Iterable[tuple[str, list[Judged]]]:
    """Return the questions by a name of theirs, if there is more than one."""
    groups: dict[str, list[Judged]] = {}
    for one in every:
        groups.setdefault(name(one), []).append(one)
    named = sorted(group for group in groups.items() if group[0])
    return named if len(named) > 1 or "" in groups else []


def _length(text: str) -> str:
    return texts.LONG if len(text) > LONG else texts.SHORT


def _inside(name: str, group: Sequence[Judged]) -> Row:
    found: Figures = figures(group)
    return (
        name, str(found.questions), said(found.hit_first), said(found.hit_three),
        said(found.answered), said(found.answers_right), said(found.wrong),
        said(found.answered_or_offered), said(found.handed_over), f"{found.calibration_error:.3f}",
    )  # fmt: skip


def _outside(name: str, group: Sequence[Judged], inside: Sequence[Judged]) -> Row:
    found = figures(group)
    apart = auroc([confidence(one) for one in inside], [confidence(one) for one in group])
    return (
        name, str(found.questions), said(found.answered), said(found.answered_or_offered),
        said(found.handed_over), "" if math.isnan(apart) else f"{apart:.3f}",
    )  # fmt: skip


def _intents(name: str, group: Sequence[Judged]) -> Row:
    pairs = [(one.question.intent, one.answer.intent) for one in group]
    right = Share(sum(wanted == given for wanted, given in pairs), len(pairs))
    return name, str(len(pairs)), said(right), f"{macro_f1(pairs):.3f}"


def confidence(one: Judged) -> float:
    """Return how sure an answer is that its entry fits; nothing is said at all for other wishes."""
    return one.answer.confidence if one.answer.decision else 0.0


def said(share: Share) -> str:
    """Return a share as it is shown."""
    if not share.of:
        return ""
    return texts.share(share.value, *share.interval)


def misses(every: Sequence[Judged]) -> list[Judged]:
    """Return what went wrong, the surest first: misses, answers to others, wrong intents."""
    return sorted(filter(_is_miss, every), key=lambda one: -one.answer.confidence)


def _is_miss(one: Judged) -> bool:
    question, decision = one.question, one.answer.decision
    if question.intent:
        return question.intent != one.answer.intent
    if not question.ours:
        return decision in {"answer", "offer"}
    return (one.scored and not one.first) or decision not in {"answer", "offer"}
