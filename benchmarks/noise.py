"""Spoils questions as hurried, dictating, angry or Taiwanese writers do."""

import json
import random
from collections.abc import Callable, Mapping
from pathlib import Path

from knowledge.model import Arrays
from knowledge.training_cases import homophones, misheard
from knowledge.words import read_words

AROUND = Path(__file__).parents[1] / "tests" / "data" / "eval" / "around.json"
"""Talk around a matter that nothing was trained on."""

FILLERS = "嗯那个|就是说|然后呢|我问一哈|怎么说呢|啊"
MARKS = "，。！？；：、,.!?;: "
COMPLAINT = "300-character complaint"

LONG = 300
"""Characters of a whole complaint."""

Noise = Callable[[str, random.Random], str]


def noises(arrays: Arrays) -> Mapping[str, Noise]:
    """Return every kind of noise by name."""
    alike = homophones(arrays.sounds)
    pair = read_words("simplify", dict[str, str])
    written = dict(zip(pair["simplified"], pair["traditional"], strict=True))
    around: list[str] = json.loads(AROUND.read_text("utf-8"))

    def traditional(text: str, _: random.Random) -> str:
        return "".join(written.get(one, one) for one in text)

    def homophone(text: str, luck: random.Random) -> str:
        return misheard(text, alike, luck)

    def complaint(text: str, luck: random.Random) -> str:
        talk = luck.sample(around, len(around))
        before: list[str] = []
        after: list[str] = []
        while talk and len("，".join([*before, text, *after])) < LONG:
            luck.choice((before, after)).append(talk.pop())
        return "，".join([*before, text, *after])

    def voice(text: str, luck: random.Random) -> str:
        return unmarked(filled(homophone(text, luck), luck), luck)

    return {
        "traditional": traditional,
        "homophones": homophone,
        "typo": typo,
        "no punctuation": unmarked,
        "fillers": filled,
        COMPLAINT: complaint,
        "voice (homophones, fillers, no punctuation)": voice,
    }


def typo(text: str, luck: random.Random) -> str:
    """Return `text` with one character lost and two others swapped."""
    signs = list(text)
    if len(signs) > 4:  # noqa: PLR2004 - nothing would be left
        del signs[luck.randrange(len(signs))]
        at = luck.randrange(len(signs) - 1)
        signs[at], signs[at + 1] = signs[at + 1], signs[at]
    return "".join(signs)


def unmarked(text: str, _: random.Random) -> str:
    """Return `text` without punctuation."""
    return "".join(one for one in text if one not in MARKS)


def filled(text: str, luck: random.Random) -> str:
    """Return `text` with what people say while they think."""
    fillers = FILLERS.split("|")
    at = luck.randrange(len(text) + 1)
    return f"{luck.choice(fillers)}{text[:at]}{luck.choice(fillers)}{text[at:]}"
