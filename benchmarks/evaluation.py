"""How well questions are answered, beside simpler matchers; writes docs/evaluation.md.

Reads ../shared/eval where it is present, and the questions of our own in tests/data/eval and in
knowledge/data/questions.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import bm25s
import numpy as np
from rapidfuzz import fuzz, process

from benchmarks.noise import COMPLAINT, noises
from bot.commands.answering import Answering
from bot.config import Config
from knowledge.entries import Entry, load_entries
from knowledge.evaluation import (
    Figures,
    Judged,
    Question,
    Share,
    auroc,
    figures,
    judge,
    macro_f1,
    read_questions,
)
from knowledge.matcher import Matcher
from knowledge.model import AROUND, OURS, Model
from knowledge.ngrams import Keys, codepoints, grams
from knowledge.text import normalise
from knowledge.training_texts import ASKED

ROOT = Path(__file__).parents[1]
OWN, SHARED = ROOT / "tests" / "data" / "eval", ROOT.parent / "shared" / "eval"
PAGE = ROOT / "docs" / "evaluation.md"
BEFORE = ROOT / "benchmarks" / "evaluation_before.md"
MISSES = ROOT / "benchmarks" / "evaluation_misses.md"
"""What people wrote, before and after the tables."""

LONG = 60
"""Characters from which a message counts as long."""

Ranking = Callable[[str], Sequence[str]]


async def main() -> None:
    """Measure, print and write the page."""
    answering = Answering.load(Config().facts())
    entries = load_entries()
    sets = _sets()
    judged = {name: judge(answering.line, rows) for name, rows in sets.items()}
    parts = [
        BEFORE.read_text("utf-8"),
        "## Questions that should be answered\n",
        _table(_INSIDE, (_inside(name, rows) for name, rows in _inside_sets(judged))),
        "## Questions that should not\n",
        _table(_OUTSIDE, _outside_rows(judged)),
        "## Intents\n",
        _table(("set", "sentences", "accuracy", "macro-F1"), [_intents(judged["own intents"])]),
        "## Noise\n\nHit@1 / hit@3 on the same questions, spoiled.\n",
        _table(("noise", *_scored(sets)), _noise_rows(entries, _scored(sets))),
        "## What each part is worth\n\nHit@1 / hit@3 with one part off, nothing learned anew.\n",
        _table(("without", *_with_complaints(sets)), _ablations(entries, _with_complaints(sets))),
        "## Beside simpler matchers\n\nHit@1 / hit@3 over the same entries in the same run.\n",
        _table(("matcher", *_scored(sets)), _others(entries, _scored(sets))),
        MISSES.read_text("utf-8"),
    ]
    page = "\n".join(parts)
    print(page)
    PAGE.write_text(page, encoding="utf-8")


_INSIDE = (
    "set", "questions", "hit@1", "hit@3", "answered singly", "of these right",
    "answered or offered", "handed over", "calibration error",
)  # fmt: skip
_OUTSIDE = ("set", "questions", "answered", "answered or offered", "AUROC against all inside")


def _sets() -> dict[str, list[Question]]:
    found = {
        "own": read_questions(OWN / "questions.jsonl"),
        "own outside": read_questions(OWN / "outside.jsonl"),
        "own intents": read_questions(OWN / "intents.jsonl"),
    }
    for fold in ("tune", "report"):
        for kind in ("lay", "complaints"):
            found[f"{kind} {fold}"] = read_questions(ASKED / f"{kind}.jsonl", fold)
    if SHARED.exists():
        for fold in ("tune", "report"):
            found[f"eval {fold}"] = read_questions(SHARED / "faq_dev.jsonl", fold)
            found[f"eval {fold} outside"] = read_questions(SHARED / "ood_dev.jsonl", fold)
    return found


def _scored(sets: Mapping[str, list[Question]]) -> dict[str, list[Question]]:
    """Return the questions of each inside set whose answer is known."""
    return {
        name: [one for one in rows if one.key or one.entries]
        for name, rows in sets.items()
        if not name.endswith(("outside", "intents"))
    }


def _inside_sets(judged: Mapping[str, list[Judged]]) -> Iterable[tuple[str, list[Judged]]]:
    for name, rows in judged.items():
        if name.endswith(("outside", "intents")):
            continue
        yield name, rows
        if name.startswith(("lay", "complaints")):
            continue
        yield f"{name}, short", [one for one in rows if len(one.question.text) <= LONG]
        yield (
            f"{name}, over {LONG} characters",
            [one for one in rows if len(one.question.text) > LONG],
        )


def _inside(name: str, rows: Sequence[Judged]) -> tuple[str, ...]:
    found: Figures = figures(rows)
    shares = (
        found.hit_first, found.hit_three, found.answered, found.answers_right,
        found.answered_or_offered, found.handed_over,
    )  # fmt: skip
    return name, str(found.questions), *map(_said, shares), f"{found.calibration_error:.3f}"


def _outside_rows(judged: Mapping[str, list[Judged]]) -> Iterable[tuple[str, ...]]:
    inside = [
        _confidence(one) for rows in judged.values() for one in rows
        if one.question.ours and not one.question.intent
    ]  # fmt: skip
    for name, rows in judged.items():
        if not name.endswith("outside"):
            continue
        for split in sorted({one.question.split for one in rows}):
            those = [one for one in rows if one.question.split == split]
            found = figures(those)
            apart = auroc(inside, [_confidence(one) for one in those])
            yield (
                f"{name}: {split}", str(found.questions), _said(found.answered),
                _said(found.answered_or_offered), f"{apart:.3f}",
            )  # fmt: skip


def _confidence(one: Judged) -> float:
    return one.answer.confidence if one.answer.decision else 0.0


def _intents(rows: Sequence[Judged]) -> tuple[str, ...]:
    pairs = [(one.question.intent, one.answer.intent) for one in rows]
    right = Share(sum(wanted == given for wanted, given in pairs), len(pairs))
    return "own intents", str(len(pairs)), _said(right), f"{macro_f1(pairs):.3f}"


def _noise_rows(
    entries: Mapping[str, Entry], sets: Mapping[str, list[Question]]
) -> Iterable[tuple[str, ...]]:
    model = Model.load()
    rank = _ranking(Matcher(entries, model))
    yield "clean", *(_hits(entries, rows, rank) for rows in sets.values())
    for name, spoil in noises(model.arrays).items():
        luck = random.Random(17)  # noqa: S311 - the same noise in every run
        spoiled = [
            [_with_text(one, spoil(one.text, luck)) for one in rows] for rows in sets.values()
        ]
        yield name, *(_hits(entries, rows, rank) for rows in spoiled)


def _with_text(question: Question, text: str) -> Question:
    return Question(question.id, text, question.key, question.entries)


def _with_complaints(sets: Mapping[str, list[Question]]) -> dict[str, list[Question]]:
    """Return the scored sets, and our own questions once more, each in a long complaint."""
    scored = _scored(sets)
    spoil = noises(Model.load().arrays)[COMPLAINT]
    luck = random.Random(17)  # noqa: S311 - the same noise in every run
    told = [_with_text(one, spoil(one.text, luck)) for one in scored["own"]]
    return {**scored, "own, 300-character complaints": told}


def _ablations(
    entries: Mapping[str, Entry], sets: Mapping[str, list[Question]]
) -> Iterable[tuple[str, ...]]:
    model = Model.load()
    changed = {"nothing": model}
    for name in model.numbers.rank:
        numbers = replace(model.numbers, rank={**model.numbers.rank, name: 0.0})
        changed[name] = replace(model, numbers=numbers)
    table = model.arrays.table.copy()
    table[:, AROUND] = table[:, OURS]
    changed["salience"] = replace(model, arrays=replace(model.arrays, table=table))
    for name, without in changed.items():
        rank = _ranking(Matcher(entries, without))
        yield name, *(_hits(entries, rows, rank) for rows in sets.values())


def _ranking(matcher: Matcher) -> Ranking:
    return lambda text: [one.entry for one in matcher.match(text).candidates]


def _others(
    entries: Mapping[str, Entry], sets: Mapping[str, list[Question]]
) -> Iterable[tuple[str, ...]]:
    matchers = {
        "ours": _ranking(Matcher(entries, Model.load())),
        "RapidFuzz ratio over phrasings": _rapidfuzz(entries),
        "BM25 (bm25s) over characters, one and two": _bm25(entries),
        "TF-IDF over characters, one and two": _tf_idf(entries),
    }
    for name, rank in matchers.items():
        yield name, *(_hits(entries, rows, rank) for rows in sets.values())


def _rapidfuzz(entries: Mapping[str, Entry]) -> Ranking:
    phrasings = {
        text: name for name, one in entries.items() for text in (one.title, *one.phrasings)
    }

    def rank(text: str) -> list[str]:
        found = process.extract(text, list(phrasings), scorer=fuzz.ratio, limit=30)
        return list(dict.fromkeys(phrasings[phrase] for phrase, *_ in found))[:3]

    return rank


def _bm25(entries: Mapping[str, Entry]) -> Ranking:
    """Return bm25s over titles and phrasings (k1 1.2, b 0.75)."""
    names = list(entries)
    index = bm25s.BM25(k1=1.2, b=0.75)
    index.index([_signs(_asked(one)) for one in entries.values()], show_progress=False)

    def rank(text: str) -> list[str]:
        found, _scores = index.retrieve([_signs(text)], k=3, show_progress=False)
        return [names[number] for number in found[0].tolist()]

    return rank


def _tf_idf(entries: Mapping[str, Entry]) -> Ranking:
    """Return the cosine of TF-IDF over titles and phrasings."""
    names = list(entries)
    documents = [_keys(_asked(one)) for one in entries.values()]
    vocabulary = np.unique(np.concatenate(documents))
    count = np.stack([
        np.bincount(np.searchsorted(vocabulary, keys), minlength=len(vocabulary))
        for keys in documents
    ])  # fmt: skip
    rarity = np.log(len(names) / (count > 0).sum(axis=0)) + 1
    weights = count * rarity
    weights /= np.linalg.norm(weights, axis=1, keepdims=True)

    def rank(text: str) -> list[str]:
        keys, said = np.unique(_keys(text), return_counts=True)
        known = np.isin(keys, vocabulary)
        place = np.searchsorted(vocabulary, keys[known])
        best = np.argsort(-(weights[:, place] @ (said[known] * rarity[place])), kind="stable")[:3]
        return [names[number] for number in best]

    return rank


def _asked(entry: Entry) -> str:
    return "\n".join((entry.title, *entry.phrasings))


def _signs(text: str) -> list[str]:
    """Return the n-grams of a text as the words that bm25s wants."""
    return [str(key) for key in _keys(text).tolist()]


def _keys(text: str) -> Keys:
    return grams(codepoints(normalise(text)), 2)


def _hits(entries: Mapping[str, Entry], rows: Sequence[Question], rank: Ranking) -> str:
    first = three = 0
    for one in rows:
        right = [
            name in one.entries or not set(one.key).isdisjoint(entries[name].citations)
            for name in rank(one.text)[:3]
        ]
        first += any(right[:1])
        three += any(right)
    return f"{first / len(rows):.3f} / {three / len(rows):.3f}"


def _said(share: Share) -> str:
    low, high = share.interval
    return f"{share.value:.3f} ({low:.2f}–{high:.2f})" if share.of else ""


def _table(head: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    every = [tuple(head), *rows]
    lines = [f"| {' | '.join(row)} |" for row in every]
    lines.insert(1, f"|{'---|' * len(every[0])}")
    return "\n".join(lines) + "\n"
