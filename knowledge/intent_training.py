"""Learns to guess intents from the sentences in `data/intents/` and the intent templates.

`python -m knowledge.intent_training [--extra FOLDER]` writes `data/model/intent.npz`. The folder
may hold `background_questions.jsonl.gz`: everyday questions teach `other`, laypeople's legal
questions teach `faq`. Their texts stay where they are; only weights are kept.
"""

import argparse
import random
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path

import numpy as np

from knowledge.hashed import HashedModel, tidy
from knowledge.hashed_learning import (
    SEED,
    background,
    composed_sentences,
    learn,
    training_set,
    written_sentences,
)
from knowledge.hashed_vectors import bucket_vectors
from knowledge.index import Floats
from knowledge.intent import MODEL, Intent

SENTENCES = Path(__file__).parent / "data" / "intents"
EXTRA_OTHER, EXTRA_LEGAL = 12_000, 6_000
"""Sentences taken from the extra folder."""
FOLDS = 5
SHARPNESS = [tenths / 10 for tenths in range(4, 25)]


def _sample(everyday: list[str], legal: list[str], luck: random.Random) -> dict[str, list[str]]:
    """Return a sample of the background questions by intent."""
    if not everyday:
        return {}
    return {
        Intent.OTHER: luck.sample(everyday, EXTRA_OTHER),
        Intent.FAQ: luck.sample(legal, EXTRA_LEGAL),
    }


def surprise(model: HashedModel, texts: Iterable[tuple[str, str]]) -> float:
    """Return the mean surprise of `model` at the right labels, in nats."""
    shares = [float(model.shares(tidy(text))[model.labels.index(label)]) for text, label in texts]
    return float(-np.log(np.maximum(shares, 1e-9)).mean())


def _part(written: Mapping[str, list[str]], number: int, *, inside: bool) -> dict[str, list[str]]:
    """Return every fold but one, or just that one."""
    return {
        label: [text for at, text in enumerate(texts) if (at % FOLDS == number) is inside]
        for label, texts in written.items()
    }


def best_sharpness(
    written: Mapping[str, list[str]], extra: Mapping[str, list[str]], vectors: Floats
) -> float:
    """Return the sharpness under which written sentences held out surprise the model least."""
    total = dict.fromkeys(SHARPNESS, 0.0)
    right = whole = 0
    for number in range(FOLDS):
        luck = random.Random(SEED)  # noqa: S311  # noise, not a secret
        composed = composed_sentences("intent_templates", luck)
        seen = training_set(_part(written, number, inside=False), composed, extra, luck)
        model = learn(seen, tuple(written), vectors)
        unseen = [
            (text, label)
            for label, texts in _part(written, number, inside=True).items()
            for text in texts
            if tidy(text)
        ]
        right += sum(model.guess(tidy(text))[0] == label for text, label in unseen)
        whole += len(unseen)
        for sharpness in SHARPNESS:
            total[sharpness] += surprise(model.sharpened(sharpness), unseen)
    print(f"{right} of {whole} held-out sentences right")  # noqa: T201  # a command's report
    return min(total, key=total.__getitem__)


def train(extra_folder: Path | None = None) -> HashedModel:
    """Learn from our sentences and, where given, the extra folder; write and return the model."""
    luck = random.Random(SEED)  # noqa: S311  # noise, not a secret
    written = written_sentences(SENTENCES)
    composed = composed_sentences("intent_templates", luck)
    everyday, legal = background(extra_folder) if extra_folder else ([], [])
    vectors = bucket_vectors(chain(everyday, legal, *written.values(), *composed.values()))
    extra = _sample(everyday, legal, luck)
    sharpness = best_sharpness(written, extra, vectors)
    model = learn(training_set(written, composed, extra, luck), tuple(written), vectors)
    model = model.sharpened(sharpness)
    print(f"sharpness {sharpness}; {model.store(MODEL)} bytes")  # noqa: T201  # a command's report
    return model


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--extra", type=Path)
    train(parser.parse_args().extra)


if __name__ == "__main__":
    main()
