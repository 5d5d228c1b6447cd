"""What training learned, as arrays and readable numbers; made by knowledge.training."""

from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from knowledge.index import Floats
from knowledge.ngrams import Ints, Keys, Sounds

MODEL = Path(__file__).parent / "data" / "model"

TABLE_BITS = 18
"""Places in the hashed tables: 2**18 keep collisions of n-grams that matter below one in fifty."""


OURS, OTHER_LAW, CHATTER, AROUND, OFFICE = range(5)
"""The kinds of talk the gate knows; AROUND is what stands around a matter in a long message, OFFICE
what only the office can say or do: hours, papers, somebody's own case."""

KINDS = 5
"""So many kinds there are; the rarity stands behind them in the table."""


@dataclass(frozen=True, slots=True)
class Arrays:
    """The large part.

    `table`: for each hashed n-gram, in one row so that it is fetched at once, its gate weight for
    each of KINDS and its rarity (inverse document frequency among ordinary questions);
    true value = table * steps.
    `units`, `vectors`, `scales`: n-grams with a vector; true vector = vectors * scale.
    `sounds`: the syllable of each common ideograph, 0 where unknown, and a 0 for all beyond.
    """

    table: NDArray[np.int8]
    steps: Floats
    units: Keys
    vectors: NDArray[np.int8]
    scales: Floats
    sounds: Sounds

    def rarity(self, places: Ints) -> Floats:
        """Return the rarity of the n-grams at `places` in the table."""
        rarity: Floats = self.table[:, KINDS].take(places) * self.steps[KINDS]
        return rarity

    def save(self, file: Path) -> None:
        """Write the arrays."""
        np.savez(
            file,
            table=self.table,
            steps=self.steps,
            units=self.units,
            vectors=self.vectors,
            scales=self.scales.astype(np.float16),
            sounds=self.sounds[:-1],
        )

    @classmethod
    def load(cls, file: Path) -> "Arrays":
        """Read what `save` wrote."""
        with np.load(file) as saved:
            return cls(
                saved["table"],
                saved["steps"],
                saved["units"],
                saved["vectors"],
                saved["scales"].astype(np.float32),
                np.append(saved["sounds"], np.uint16(0)),
            )


def small_table(gate: Floats, rarity: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return the table of `gate` and `rarity` in signed bytes, and the step of each column."""
    table = np.column_stack([gate, rarity])
    steps = np.maximum(np.abs(table).max(axis=0), 1e-6) / 127
    steps[:KINDS] = steps[:KINDS].max()
    return np.round(table / steps).astype(np.int8), steps.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression: one weight for each named feature, and a bias."""

    weights: dict[str, float]
    bias: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which confidence on an answer is given, or candidates are offered."""

    answer: float
    offer: float
    ours: float


@dataclass(frozen=True, slots=True)
class Numbers:
    """The small, readable part, with the hashes of everything it was learned from."""

    rank: dict[str, float]
    right: Logistic
    among: Logistic
    ours: Logistic
    thresholds: Thresholds
    gate_bias: tuple[float, ...]
    learned_from: dict[str, str]
    measured: dict[str, float]


@dataclass(frozen=True, slots=True)
class Model:
    """Everything learned."""

    arrays: Arrays
    numbers: Numbers

    @classmethod
    def load(cls, folder: Path = MODEL) -> "Model":
        """Read the model in `folder`."""
        numbers = msgspec.json.decode((folder / "model.json").read_bytes(), type=Numbers)
        return cls(Arrays.load(folder / "arrays.npz"), numbers)

    def save(self, folder: Path) -> None:
        """Write the model to `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        self.arrays.save(folder / "arrays.npz")
        readable = msgspec.json.format(msgspec.json.encode(self.numbers), indent=1)
        (folder / "model.json").write_bytes(readable + b"\n")
