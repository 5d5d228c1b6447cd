"""Learns the weights of `knowledge/intent.py` from the sentences in `data/intents/`.

`python -m knowledge.intent_training [--extra FOLDER] [--check FILE]` writes `data/model/intent.npz`.
The folder may hold `background_questions.jsonl.gz`: everyday questions teach `other`, laypeople's
legal questions teach `faq`. Their texts stay where they are; only the weights are kept.
"""

import argparse
import gzip
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from knowledge.intent import BUCKETS, MODEL, Intent, Model, buckets_of, probabilities, tidy
from knowledge.words import read_words
from knowledge.texts import HOMOPHONES, LEAD_INS, LEAD_OUTS

SENTENCES = Path(__file__).parent / "data" / "intents"
SEED = 7
"""Two runs over the same sentences give the same weights."""
VARIANTS = 6
"""Noisy copies of each own sentence."""
COMPOSED = 1_500
"""Sentences of each intent put together from `data/words/intent_templates.json`."""
COMPOSED_SHARE = 0.6
"""What they weigh beside our written ones."""
EXTRA_OTHER, EXTRA_LEGAL = 12_000, 6_000
"""Sentences taken from the extra folder."""
EXTRA_SHARE = 0.6
"""What all extra sentences of an intent weigh beside the own ones of that intent."""
EPOCHS, BATCH = 12, 256
STEP = 0.6
DECAY = 2e-5
FOLDS = 5

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A tidied text with its intent and how much it counts."""

    text: str
    intent: Intent
    weight: float


class _Row(msgspec.Struct):
    """A line of the background file."""

    text: str
    source: str
    resident: bool = False


def own_sentences(folder: Path = SENTENCES) -> dict[Intent, list[str]]:
    """Return our example sentences by intent."""
    decode = msgspec.json.Decoder(list[str]).decode
    return {Intent(file.stem): decode(file.read_bytes()) for file in sorted(folder.glob("*.json"))}


def extra_sentences(folder: Path, luck: random.Random) -> dict[Intent, list[str]]:
    """Return a sample of the background questions, as `other` and legal ones as `faq`."""
    found: dict[Intent, list[str]] = {Intent.OTHER: [], Intent.FAQ: []}
    decode = msgspec.json.Decoder(_Row).decode
    with gzip.open(folder / "background_questions.jsonl.gz", "rb") as lines:
        for line in lines:
            row = decode(line)
            if not row.resident:
                legal = row.source.startswith("AndrewZhe/lawyer-llama")
                found[Intent.FAQ if legal else Intent.OTHER].append(row.text)
    return {
        Intent.OTHER: luck.sample(found[Intent.OTHER], EXTRA_OTHER),
        Intent.FAQ: luck.sample(found[Intent.FAQ], EXTRA_LEGAL),
    }


class _Templates(msgspec.Struct, frozen=True):
    """The file `intent_templates.json`."""

    lists: dict[str, list[str]]
    patterns: dict[Intent, list[str]]


_SLOT = re.compile(r"\{([a-z]+)\}")


def composed_sentences(luck: random.Random) -> dict[Intent, list[str]]:
    """Return `COMPOSED` sentences of each intent, put together from patterns and lists."""
    templates = read_words("intent_templates", _Templates)

    def fill(found: re.Match[str]) -> str:
        return luck.choice(templates.lists[found[1]])

    return {
        intent: [_SLOT.sub(fill, luck.choice(patterns)) for _ in range(COMPOSED)]
        for intent, patterns in templates.patterns.items()
    }


def noisy(text: str, luck: random.Random) -> str:
    """Return `text` as a hurried, dictating or polite person might have written it."""
    if luck.random() < 0.4:
        text = luck.choice(LEAD_INS) + text
    if luck.random() < 0.3:
        text += luck.choice(LEAD_OUTS)
    signs = list(text)
    if luck.random() < 0.4:
        signs = [
            luck.choice(HOMOPHONES[sign]) if sign in HOMOPHONES and luck.random() < 0.2 else sign
            for sign in signs
        ]
    if len(signs) > 4 and luck.random() < 0.25:
        del signs[luck.randrange(len(signs))]
    return "".join(signs)


def training_set(
    own: dict[Intent, list[str]], extra: dict[Intent, list[str]], luck: random.Random
) -> list[Sentence]:
    """Return all sentences with noisy copies, every intent weighing the same."""
    composed = composed_sentences(luck)
    sentences = []
    for intent, texts in own.items():
        groups = [
            ([copy for text in texts for copy in _copies(text, luck)], 1.0),
            ([noisy(text, luck) for text in composed.get(intent, [])], COMPOSED_SHARE),
            (extra.get(intent, []), EXTRA_SHARE),
        ]
        whole = sum(share for group, share in groups if group)
        for group, share in groups:
            each = share / whole / max(len(group), 1)
            sentences += [Sentence(tidy(text), intent, each) for text in group]
    return [sentence for sentence in sentences if sentence.text]


def _copies(text: str, luck: random.Random) -> list[str]:
    return [text, text, *(noisy(text, luck) for _ in range(VARIANTS))]


@dataclass(slots=True)
class _Learner:
    """Weights under way and how far each has already been moved (Adagrad)."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    moved: NDArray[np.float32]
    moved_bias: NDArray[np.float32]

    def step(
        self,
        rows: Sequence[NDArray[np.uint32]],
        wanted: NDArray[np.float32],
        counts: NDArray[np.float32],
    ) -> None:
        """Move the weights once, towards `wanted` for the texts of which `rows` are the buckets."""
        sizes = np.array([len(row) for row in rows])
        flat = np.concatenate(rows)
        value = (1 / np.sqrt(sizes)).astype(np.float32)
        starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
        scores = np.add.reduceat(self.weights[flat], starts, axis=0) * value[:, None] + self.bias
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        error = (shares - wanted) * counts[:, None]
        touched, place = np.unique(flat, return_inverse=True)
        slope = np.zeros((len(touched), wanted.shape[1]), dtype=np.float32)
        np.add.at(slope, place, np.repeat(error * value[:, None], sizes, axis=0))
        slope += DECAY * self.weights[touched]
        self.moved[touched] += slope**2
        self.weights[touched] -= STEP * slope / np.sqrt(self.moved[touched] + 1e-8)
        slope_bias = error.sum(axis=0)
        self.moved_bias += slope_bias**2
        self.bias -= STEP * slope_bias / np.sqrt(self.moved_bias + 1e-8)


def learn(sentences: Sequence[Sentence], intents: tuple[Intent, ...]) -> Model:
    """Return the model that these sentences teach."""
    size = (BUCKETS, len(intents))
    learner = _Learner(
        np.zeros(size, np.float32),
        np.zeros(size[1], np.float32),
        np.zeros(size, np.float32),
        np.zeros(size[1], np.float32),
    )
    rows = [buckets_of(sentence.text) for sentence in sentences]
    wanted = np.zeros((len(sentences), len(intents)), np.float32)
    wanted[range(len(sentences)), [intents.index(one.intent) for one in sentences]] = 1
    counts = np.array([one.weight for one in sentences], np.float32)
    counts /= counts.mean()
    chance = np.random.default_rng(SEED)
    for _ in range(EPOCHS):
        order = chance.permutation(len(rows))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            learner.step([rows[one] for one in batch], wanted[batch], counts[batch])
    return Model(intents, learner.weights, learner.bias)


def sharpened(model: Model, sharpness: float) -> Model:
    """Return `model` with its scores multiplied, so that its confidence fits what it knows."""
    factor = np.float32(sharpness)
    return Model(model.intents, model.weights * factor, model.bias * factor)


def loss(model: Model, texts: Iterable[tuple[str, Intent]]) -> float:
    """Return the mean surprise of `model` at the right intents, in nats."""
    shares = [
        float(probabilities(model, tidied)[model.intents.index(intent)])
        for text, intent in texts
        if (tidied := tidy(text))
    ]
    return float(-np.log(np.maximum(shares, 1e-9)).mean())


def _fold_of(own: dict[Intent, list[_Item]], number: int, *, inside: bool) -> dict[Intent, list[_Item]]:
    return {
        intent: [text for at, text in enumerate(texts) if (at % FOLDS == number) is inside]
        for intent, texts in own.items()
    }


def best_sharpness(own: dict[Intent, list[str]], extra: dict[Intent, list[str]]) -> float:
    """Return the sharpness under which unseen sentences surprise the model least."""
    intents = tuple(own)
    surprise: Counter[float] = Counter()
    for number in range(FOLDS):
        seen = training_set(_fold_of(own, number, inside=False), extra, random.Random(SEED))  # noqa: S311  # noise
        model = learn(seen, intents)
        unseen = _pairs(_fold_of(own, number, inside=True))
        right = sum(_guess(model, text) is intent for text, intent in unseen)
        print(f"fold {number}: {right} of {len(unseen)} right")  # noqa: T201  # a command's report
        for tenths in range(4, 25):
            surprise[tenths / 10] += loss(sharpened(model, tenths / 10), unseen)  # type: ignore[assignment]
    return min(surprise, key=surprise.__getitem__)


def _guess(model: Model, text: str) -> Intent:
    return model.intents[int(probabilities(model, tidy(text) or " ").argmax())]


def _pairs(own: dict[Intent, list[str]]) -> list[tuple[str, Intent]]:
    return [(text, intent) for intent, texts in own.items() for text in texts]


def store(model: Model, path: Path = MODEL) -> None:
    """Write the weights as bytes with one factor per intent."""
    scale = np.abs(model.weights).max(axis=0) / np.float32(127)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        weights=np.rint(model.weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=model.bias,
        intents=np.array([str(intent) for intent in model.intents]),
    )


def train(extra_folder: Path | None = None, path: Path = MODEL) -> Model:
    """Learn from our sentences and, where given, the extra folder; write and return the model."""
    luck = random.Random(SEED)  # noqa: S311  # noise, not a secret
    own = own_sentences()
    extra = extra_sentences(extra_folder, luck) if extra_folder else {}
    sharpness = best_sharpness(own, extra)
    model = sharpened(learn(training_set(own, extra, luck), tuple(own)), sharpness)
    store(model, path)
    print(f"sharpness {sharpness}; {path.stat().st_size} bytes")  # noqa: T201  # a command's report
    return model


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--extra", type=Path)
    train(parser.parse_args().extra)


if __name__ == "__main__":
    main()
