"""Learns to hear alarms that no pattern knows, from `data/alarms/` and the alarm templates.

`python -m knowledge.alarm_training [--extra FOLDER]` writes `data/model/alarm.npz`. What is no
alarm is learned from `data/alarms/calm.json`, from every sentence of the intents, and from the
background questions of the folder, whose texts stay where they are.
"""

import argparse
import random
from itertools import chain
from pathlib import Path

from knowledge.emergency import ALARM_MODEL, CALM
from knowledge.hashed import HashedModel
from knowledge.hashed_learning import (
    SEED,
    background,
    composed_sentences,
    learn,
    training_set,
    written_sentences,
)
from knowledge.hashed_vectors import bucket_vectors

DATA = Path(__file__).parent / "data"
EXTRA = 12_000
"""Sentences taken from the extra folder."""
CALM_WEIGHT = 3.0
"""How much more the calm ones count: nearly all messages are."""


def train(extra_folder: Path | None = None) -> HashedModel:
    """Learn from our sentences and, where given, the extra folder; write and return the model."""
    luck = random.Random(SEED)  # noqa: S311  # noise, not a secret
    written = written_sentences(DATA / "alarms")
    composed = composed_sentences("alarm_templates", luck)
    intents = written_sentences(DATA / "intents")
    wishes = composed_sentences("intent_templates", luck)
    written[CALM] += chain.from_iterable(intents.values())
    composed[CALM] += chain.from_iterable(wishes.values())
    everyday, legal = background(extra_folder) if extra_folder else ([], [])
    extra = {CALM: luck.sample(everyday, EXTRA) + legal} if everyday else {}
    sentences = training_set(written, composed, extra, luck)
    for sentence in sentences:
        if sentence.label == CALM:
            sentence.weight *= CALM_WEIGHT
    vectors = bucket_vectors(chain(everyday, legal, *written.values(), *composed.values()))
    model = learn(sentences, tuple(written), vectors)
    print(f"{model.store(ALARM_MODEL)} bytes")  # noqa: T201  # a command's report
    return model


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--extra", type=Path)
    train(parser.parse_args().extra)


if __name__ == "__main__":
    main()
