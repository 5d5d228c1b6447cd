"""Learns the weights of `knowledge/hashed.py` from sentences, composed ones and noisy copies.

Beside a weight for each bucket it learns a direction in the space of the buckets' vectors, so that
words never seen in an example count like those they are used like. Both are linear: in the end the
direction is added to the weights, and reading a message costs the same.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from knowledge.hashed import BUCKETS, HashedModel, buckets_of, tidy
from knowledge.index import Floats
from knowledge.texts import HOMOPHONES, LEAD_INS, LEAD_OUTS
from knowledge.words import read_words

SEED = 7
"""Two runs over the same sentences give the same weights."""
VARIANTS = 6
"""Noisy copies of each written sentence."""
COMPOSED = 1_500
"""Sentences of each label put together from patterns and lists."""
COMPOSED_SHARE, EXTRA_SHARE = 0.6, 0.6
"""What composed and extra sentences of a label weigh beside its written ones."""
EPOCHS, BATCH = 12, 256
STEP, DIRECTION_STEP, DECAY = 0.6, 0.1, 2e-5

Buckets = NDArray[np.uint32]

_SLOT = re.compile(r"\{([a-z]+)\}")


@dataclass(slots=True)
class Sentence:
    """A tidied text with its label and how much it counts."""

    text: str
    label: str
    weight: float


class _Templates(msgspec.Struct, frozen=True):
    """Patterns by label, and what their slots may hold."""

    lists: dict[str, list[str]]
    patterns: dict[str, list[str]]


def written_sentences(folder: Path) -> dict[str, list[str]]:
    """Return the sentences in `folder`, one file a label."""
    decode = msgspec.json.Decoder(list[str]).decode
    return {file.stem: decode(file.read_bytes()) for file in sorted(folder.glob("*.json"))}


def composed_sentences(name: str, luck: random.Random) -> dict[str, list[str]]:
    """Return `COMPOSED` sentences of each label from the patterns of that name."""
    templates = read_words(name, _Templates)

    def fill(found: re.Match[str]) -> str:
        chosen: str = luck.choice(templates.lists[found[1]])
        return chosen

    return {
        label: [_SLOT.sub(fill, luck.choice(patterns)) for _ in range(COMPOSED)]
        for label, patterns in templates.patterns.items()
    }


def noisy(text: str, luck: random.Random) -> str:
    """Return `text` as a hurried, dictating or polite person might have written it."""
    if luck.random() < 0.4:  # noqa: PLR2004  # how often, by feel
        text = luck.choice(LEAD_INS) + text
    if luck.random() < 0.3:  # noqa: PLR2004
        text += luck.choice(LEAD_OUTS)
    signs = list(text)
    if luck.random() < 0.4:  # noqa: PLR2004
        signs = [
            luck.choice(HOMOPHONES[sign]) if sign in HOMOPHONES and luck.random() < 0.2 else sign  # noqa: PLR2004
            for sign in signs
        ]
    if len(signs) > 4 and luck.random() < 0.25:  # noqa: PLR2004
        del signs[luck.randrange(len(signs))]
    return "".join(signs)


def training_set(
    written: Mapping[str, list[str]],
    composed: Mapping[str, list[str]],
    extra: Mapping[str, list[str]],
    luck: random.Random,
) -> list[Sentence]:
    """Return all sentences, the written ones with noisy copies, every label weighing the same."""
    sentences = []
    for label, texts in written.items():
        copies = [noisy(text, luck) for text in texts for _ in range(VARIANTS)]
        groups = [
            (texts + texts + copies, 1.0),
            ([noisy(text, luck) for text in composed.get(label, [])], COMPOSED_SHARE),
            (extra.get(label, []), EXTRA_SHARE),
        ]
        whole = sum(share for group, share in groups if group)
        for group, share in groups:
            each = share / whole / max(len(group), 1)
            sentences += [Sentence(tidy(text), label, each) for text in group]
    return [sentence for sentence in sentences if sentence.text]


@dataclass(slots=True)
class _Weights:
    """An array of weights under way and how far each has already been moved (Adagrad)."""

    value: Floats
    moved: Floats
    step: float

    @classmethod
    def zero(cls, *shape: int, step: float = STEP) -> "_Weights":
        """Return weights that know nothing yet."""
        return cls(np.zeros(shape, np.float32), np.zeros(shape, np.float32), step)

    def move(self, slope: Floats, where: NDArray[np.intp] | slice = slice(None)) -> None:
        """Go down `slope`, at `where` if not everywhere."""
        self.moved[where] += slope**2
        self.value[where] -= np.float32(self.step) * slope / np.sqrt(self.moved[where] + 1e-8)


@dataclass(slots=True)
class _Learner:
    """Everything that moves."""

    weights: _Weights
    direction: _Weights
    bias: _Weights

    def step(self, rows: Sequence[Buckets], near: Floats, wanted: Floats, counts: Floats) -> None:
        """Move once, towards `wanted`, for texts with buckets `rows` and mean vectors `near`."""
        sizes = np.array([len(row) for row in rows])
        flat = np.concatenate(rows)
        value = (1 / np.sqrt(sizes)).astype(np.float32)[:, None]
        starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
        scores = np.add.reduceat(self.weights.value[flat], starts, axis=0) * value
        scores += near @ self.direction.value + self.bias.value
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        error = (shares - wanted) * counts[:, None]
        touched, place = np.unique(flat.astype(np.intp), return_inverse=True)
        slope = np.zeros((len(touched), wanted.shape[1]), dtype=np.float32)
        np.add.at(slope, place, np.repeat(error * value, sizes, axis=0))
        self.weights.move(slope + np.float32(DECAY) * self.weights.value[touched], touched)
        self.direction.move(near.T @ error)
        self.bias.move(error.sum(axis=0))


def learn(sentences: Sequence[Sentence], labels: tuple[str, ...], vectors: Floats) -> HashedModel:
    """Return the model that these sentences teach."""
    learner = _Learner(
        _Weights.zero(BUCKETS, len(labels)),
        _Weights.zero(vectors.shape[1], len(labels), step=DIRECTION_STEP),
        _Weights.zero(len(labels)),
    )
    rows = [buckets_of(sentence.text) for sentence in sentences]
    near = np.stack([vectors[row].sum(axis=0) / np.float32(len(row)) ** 0.5 for row in rows])
    wanted = np.zeros((len(sentences), len(labels)), np.float32)
    wanted[range(len(sentences)), [labels.index(one.label) for one in sentences]] = 1
    counts = np.array([one.weight for one in sentences], np.float32)
    counts /= counts.mean()
    chance = np.random.default_rng(SEED)
    for _ in range(EPOCHS):
        order = chance.permutation(len(rows))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            learner.step([rows[one] for one in batch], near[batch], wanted[batch], counts[batch])
    weights = learner.weights.value + vectors @ learner.direction.value
    return HashedModel(labels, weights, learner.bias.value, np.ones(len(labels), np.float32))
