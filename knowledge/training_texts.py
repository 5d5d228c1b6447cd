"""Reads what can be learned from: own phrasings, and the extra folders where they are present.

Texts of the extra folders are counted and trained on here and never written anywhere.
"""

import gzip
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import msgspec

from knowledge.entries import Entry
from knowledge.text import BREAK, normalise
from knowledge.words import read_words

QUESTIONS, LAW_TEXTS = "background_questions.jsonl.gz", "legal_text.jsonl.gz"
INSIDE, OUTSIDE = "faq_dev.jsonl", "ood_dev.jsonl"
"""The files that are looked for in the extra folders."""

ASKED = Path(__file__).parent / "data" / "questions"
"""Our own questions and complaints, written without a look at the entries."""

VAGUE = ASKED / "vague.json"

LAW_CHARACTERS = {
    "consultation": 9_000_000,
    "statute": 2_500_000,
    "exam question": 1_200_000,
    "case or exam text": 1_200_000,
}
"""How much is read of each kind: laypeople's words whole, officials' words in part."""

LAW_SOURCE = "lawyer-llama"
"""Questions of laypeople about any law come from this source of the background questions."""

AROUND_ALONE, AROUND_TOGETHER = 8, 3_000
"""How often each piece of talk around a matter stands alone, and how many runs there are."""

NEAR_COPIES = 10
"""How often a text of our own that no entry answers counts for the gate."""

TEXT_READ = 1_500
"""Characters read of one long text."""


class Row(msgspec.Struct, frozen=True):
    """One line of any extra file; absent keys are empty."""

    text: str
    id: str = ""
    source: str = ""
    kind: str = ""
    resident: bool = False
    key: tuple[str, ...] = ()
    split: str = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """All texts, and the hashes of the files they came from.

    `everyday` and `legal` are the chatter and law questions without our own; `asked` are our own
    questions with the articles that decide them, `inside` those of the extra folders. `vague` are
    words too few to tell which entry of a group is meant, by group.
    """

    law_questions: list[str] = field(default_factory=list)
    chatter: list[str] = field(default_factory=list)
    around: list[str] = field(default_factory=list)
    person: list[str] = field(default_factory=list)
    near_misses: list[str] = field(default_factory=list)
    everyday: list[str] = field(default_factory=list)
    legal: list[str] = field(default_factory=list)
    law_texts: list[Row] = field(default_factory=list)
    inside: list[Row] = field(default_factory=list)
    asked: list[Row] = field(default_factory=list)
    outside: list[Row] = field(default_factory=list)
    vague: dict[str, list[str]] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Outside:
    """Our own texts that no entry answers; those for a `person` are ours all the same.

    They stand near our matters, closer than most of the extra texts.
    """

    law: list[str]
    chatter: list[str]
    person: list[str]


def fold_of(row_id: str) -> str:
    """Return the fold of an evaluation row: "tune", or a quarter kept apart, "report"."""
    return "report" if sha256(row_id.encode()).digest()[0] % 4 == 1 else "tune"


def is_held(text: str) -> bool:
    """Return whether a phrasing is in the quarter left out while coefficients are learned."""
    return sha256(text.encode()).digest()[0] % 4 == 0


def without_held(entries: Mapping[str, Entry]) -> dict[str, Entry]:
    """Return the entries without their held phrasings."""
    return {
        name: replace(one, phrasings=tuple(text for text in one.phrasings if not is_held(text)))
        for name, one in entries.items()
    }


def read_rows(file: Path) -> list[Row]:
    """Return the rows of a JSONL file, packed or not."""
    raw = file.read_bytes()
    lines = (gzip.decompress(raw) if file.suffix == ".gz" else raw).splitlines()
    decoder = msgspec.json.Decoder(Row)
    return [decoder.decode(line) for line in lines if line.strip()]


def read_sources(extras: Sequence[Path]) -> Sources:
    """Return the repository's own texts outside our matters and whatever `extras` hold."""
    own = read_words("outside", _Outside)
    around = read_words("around", list[str])
    sources = Sources(list(own.law), list(own.chatter), around, own.person, own.law + own.chatter)
    for file in sorted(ASKED.glob("*.jsonl")):
        sources.hashes[file.name] = sha256(file.read_bytes()).hexdigest()
        sources.asked.extend(row for row in read_rows(file) if fold_of(row.id) == "tune")
    sources.hashes[VAGUE.name] = sha256(VAGUE.read_bytes()).hexdigest()
    sources.vague.update(msgspec.json.decode(VAGUE.read_bytes(), type=dict[str, list[str]]))
    for folder in extras:
        for name in (QUESTIONS, LAW_TEXTS, INSIDE, OUTSIDE):
            file = folder / name
            if file.is_file():
                sources.hashes[name] = sha256(file.read_bytes()).hexdigest()
                _sort_in(sources, name, read_rows(file))
    return sources


def _sort_in(sources: Sources, name: str, rows: list[Row]) -> None:
    if name == QUESTIONS:
        for row in rows:
            if not row.resident:
                of_law = LAW_SOURCE in row.source
                (sources.law_questions if of_law else sources.chatter).append(row.text)
                (sources.legal if of_law else sources.everyday).append(row.text)
    elif name == LAW_TEXTS:
        left = dict(LAW_CHARACTERS)
        for row in rows:
            if left.get(row.kind, 0) > 0:
                left[row.kind] -= min(len(row.text), TEXT_READ)
                sources.law_texts.append(row)
    elif name == INSIDE:
        sources.inside.extend(row for row in rows if fold_of(row.id) == "tune")
    else:
        sources.outside.extend(row for row in rows if fold_of(row.id) == "tune")


def long_messages(
    texts: Sequence[str], glue: Sequence[str], count: int, rng: random.Random
) -> Iterable[str]:
    """Return `count` made-up long messages of two or three of `texts` with other talk around."""
    for _ in range(count):
        parts = rng.sample(texts, min(len(texts), rng.choice((2, 2, 3))))
        if glue and rng.random() < 0.5:  # noqa: PLR2004 - every other message
            parts.insert(rng.randrange(len(parts) + 1), rng.choice(glue))
        yield ",".join(normalise(part) for part in parts)


def complaint(text: str, around: Sequence[str], rng: random.Random) -> str:
    """Return `text` as people write to an office: with talk around it, long or short."""
    talk = rng.sample(around, min(len(around), rng.choice((2, 4, 6, 10, 15))))
    before = rng.randrange(len(talk) + 1)
    parts = [*talk[:before], text, *talk[before:]]
    return rng.choice((",", BREAK)).join(parts)


def in_first_part(text: str) -> bool:
    """Return whether an outside text trains the first pass; the rest measures what was learned."""
    return sha256(text.encode()).digest()[1] % 10 < 7  # noqa: PLR2004 - seven tenths


def law_talk(sources: Sources) -> list[str]:
    """Return what laypeople ask about other law, short and long."""
    told = [row.text.split("\n")[0] for row in sources.law_texts if row.kind == "consultation"]
    return sources.law_questions + told


def gate_texts(
    entries: Mapping[str, Entry], sources: Sources, *, part: bool
) -> tuple[list[str], ...]:
    """Return normalised texts of each of the gate's KINDS; in `part`, the first pass's share."""
    chance = random.Random(7)  # noqa: S311 - draws texts, guards nothing
    asked = [text for one in entries.values() for text in (one.title, *one.phrasings)]
    told = [text for one in entries.values() for text in (one.short, *(f.say for f in one.facts))]
    ours = [normalise(text) for text in asked * 2 + told]
    for one in entries.values():
        ours.extend(long_messages(one.phrasings, sources.chatter, 6, chance))
    near = set(sources.near_misses)
    law, chatter = (
        [copy for text in texts for copy in [text] * (NEAR_COPIES if text in near else 1)]
        for texts in (law_talk(sources), sources.chatter)
    )
    person = sources.person
    if part:
        person = [text for text in person if in_first_part(text)]
        law = [text for text in law if in_first_part(text)]
        chatter = [text for text in chatter if in_first_part(text)]
    around = [normalise(text) for text in sources.around * AROUND_ALONE]
    around.extend(long_messages(sources.around, [], AROUND_TOGETHER, chance))
    return (
        ours,
        [normalise(text) for text in law],
        [normalise(text) for text in chatter],
        around,
        [normalise(text) for text in person],
    )
