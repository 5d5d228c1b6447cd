"""Learns to guess intents from the sentences in `data/intents/` and the intent templates.

Of the extra texts everyday questions teach `other`, laypeople's legal questions teach `faq`. Their
texts stay where they are; only weights are kept.
"""

import random
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pathlib import Path

import numpy as np

from knowledge.entries import load_entries
from knowledge.hashed import HashedModel, tidy
from knowledge.hashed_learning import (
    SEED,
    composed_sentences,
    learn,
    training_set,
    written_sentences,
)
from knowledge.hashed_vectors import bucket_vectors
from knowledge.index import Floats
from knowledge.intent import Intent
from knowledge.training_texts import Sources, read_sources

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


def _composed(luck: random.Random) -> dict[str, list[str]]:
    """Return sentences from the templates, and our own of what is asked and what is talk.

    Many phrasings of the entries complain or tell without asking, and looked like reports, or like
    nothing at all.
    """
    composed = composed_sentences("intent_templates", luck)
    own = read_sources([])
    asked = [text for entry in load_entries().values() for text in entry.phrasings]
    more = {Intent.FAQ: asked + own.law_questions, Intent.OTHER: own.chatter * 3}
    return composed | {label: composed.get(label, []) + texts for label, texts in more.items()}


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
    written: Mapping[str, list[str]],
    extra: Mapping[str, list[str]],
    vectors: Floats,
    say: Callable[[str], object],
) -> float:
    """Return the sharpness under which written sentences held out surprise the model least."""
    total = dict.fromkeys(SHARPNESS, 0.0)
    right = whole = 0
    for number in range(FOLDS):
        luck = random.Random(SEED)  # noqa: S311  # noise, not a secret
        composed = _composed(luck)
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
    say(f"intents: {right} of {whole} sentences held out in turn are right")
    return min(total, key=total.__getitem__)


def train(sources: Sources, say: Callable[[str], object]) -> HashedModel:
    """Return the model learned from our sentences and the extra ones; `say` hears of each step."""
    luck = random.Random(SEED)  # noqa: S311  # noise, not a secret
    written = written_sentences(SENTENCES)
    composed = _composed(luck)
    everyday, legal = sources.everyday, sources.legal
    say("intents: vectors")
    vectors = bucket_vectors(chain(everyday, legal, *written.values(), *composed.values()))
    extra = _sample(everyday, legal, luck)
    sharpness = best_sharpness(written, extra, vectors, say)
    model = learn(training_set(written, composed, extra, luck), tuple(written), vectors)
    return model.sharpened(sharpness)
