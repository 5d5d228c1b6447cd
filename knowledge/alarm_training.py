"""Learns to hear alarms that no pattern knows, from `data/alarms/` and the alarm templates.

What is no alarm is learned from `data/alarms/calm.json`, from every sentence of the intents, from
our own questions and texts outside our matters, and from the extra questions where they are given.
The shipped model was learned without these, so that anybody can make it again.
"""

import random
from itertools import chain
from pathlib import Path

from knowledge.emergency import CALM
from knowledge.hashed import HashedModel
from knowledge.hashed_learning import (
    SEED,
    composed_sentences,
    learn,
    training_set,
    written_sentences,
)
from knowledge.hashed_vectors import bucket_vectors
from knowledge.training_texts import Sources

DATA = Path(__file__).parent / "data"
EXTRA = 12_000
"""Sentences taken from the extra folder."""
CALM_WEIGHT = 3.0
"""How much more the calm ones count: nearly all messages are."""


def train(sources: Sources) -> HashedModel:
    """Return the model learned from our sentences and the extra ones."""
    luck = random.Random(SEED)  # noqa: S311  # noise, not a secret
    written = written_sentences(DATA / "alarms")
    composed = composed_sentences("alarm_templates", luck)
    intents = written_sentences(DATA / "intents")
    wishes = composed_sentences("intent_templates", luck)
    asked = (row.text for row in sources.asked)
    written[CALM] += chain(sources.near_misses, asked, *intents.values())
    composed[CALM] += chain.from_iterable(wishes.values())
    everyday, legal = sources.everyday, sources.legal
    extra = {CALM: luck.sample(everyday, EXTRA) + legal} if everyday else {}
    sentences = training_set(written, composed, extra, luck)
    for sentence in sentences:
        if sentence.label == CALM:
            sentence.weight *= CALM_WEIGHT
    vectors = bucket_vectors(chain(everyday, legal, *written.values(), *composed.values()))
    return learn(sentences, tuple(written), vectors)
