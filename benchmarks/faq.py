"""The FAQ matcher at 300, 2,000 and 20,000 entries of three phrasings, beside extractOne."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from rapidfuzz import fuzz, process

from benchmarks.table import quantile, show
from knowledge.entries import Entry, load_entries
from knowledge.matcher import Matcher
from knowledge.model import Model

SIZES = (300, 2_000, 20_000)
QUESTIONS = 400
PHRASINGS = 3


async def main() -> None:
    """Measure thread CPU per question."""
    rows: list[list[object]] = []
    shipped = list(load_entries().values())
    for size in SIZES:
        entries = made_up(shipped, size)
        began = time.process_time()
        matcher = Matcher({entry.id: entry for entry in entries}, Model.load())
        built = time.process_time() - began
        phrasings = [phrasing for entry in entries for phrasing in entry.phrasings]
        asked = questions(entries)
        few = asked[: max(20, QUESTIONS * 300 // size)]
        ratio = _cpu(lambda q, p=phrasings: process.extractOne(q, p, scorer=fuzz.ratio), few)  # type: ignore[misc]
        weighted = _cpu(
            lambda q, p=phrasings: process.extractOne(q, p, scorer=fuzz.WRatio),  # type: ignore[misc]
            few[:20],
        )
        ours = _cpu(matcher.match, asked)
        for name, figures in (("Matcher.match", ours), ("ratio", ratio), ("WRatio", weighted)):
            p99 = quantile(figures, 0.99)
            rows.append(
                [size, name, quantile(figures, 0.5), p99, quantile(ours, 0.99) / p99, built]
            )
    show(["entries", "matcher", "p50 CPU µs", "p99 CPU µs", "ours / it (p99)", "built s"], rows)


def made_up(shipped: Sequence[Entry], size: int) -> list[Entry]:
    """Return entries of three phrasings, the shipped ones varied until there are enough.

    Variations swap characters between phrasings, so that the vocabulary stays that of real ones.
    """
    rng = random.Random(7)  # noqa: S311  the same questions in every run
    pool = [phrasing for entry in shipped for phrasing in entry.phrasings]
    made = []
    for number in range(size):
        base = shipped[number % len(shipped)]
        phrasings = tuple(_mixed(rng, pool) for _ in range(PHRASINGS))
        if number < len(shipped):
            phrasings = base.phrasings[:PHRASINGS]
        made.append(
            replace(
                base,
                id=f"{base.id}-{number}",
                title=phrasings[0],
                phrasings=phrasings,
                tell_apart=(),
            )
        )
    return made


def questions(entries: Sequence[Entry]) -> list[str]:
    """Return questions of 10 to 40 characters: phrasings with a word dropped."""
    rng = random.Random(11)  # noqa: S311
    asked = []
    for _ in range(QUESTIONS):
        phrasing = rng.choice(rng.choice(entries).phrasings)
        cut = rng.randrange(max(1, len(phrasing) - 2))
        asked.append((phrasing[:cut] + phrasing[cut + 1 :])[:40])
    return asked


def _mixed(rng: random.Random, pool: Sequence[str]) -> str:
    first, second = rng.choice(pool), rng.choice(pool)
    return first[: len(first) // 2] + second[len(second) // 2 :]


def _cpu(match: Callable[[str], object], asked: Sequence[str]) -> list[float]:
    for question in asked[:20]:
        match(question)
    figures = []
    for question in asked:
        began = time.thread_time_ns()
        match(question)
        figures.append((time.thread_time_ns() - began) / 1000)
    return figures
