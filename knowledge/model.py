"""What training learned, as arrays and readable numbers; made by knowledge.training."""

from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from knowledge.index import Floats
from knowledge.ngrams import Keys, Sounds

MODEL = Path(__file__).parent / "data" / "model"

TABLE_BITS = 18
"""Places in the hashed tables: 2**18 keep collisions of n-grams that matter below one in fifty."""


@dataclass(frozen=True, slots=True)
class Arrays:
    """The large part.

    `rarity`: for each hashed n-gram its inverse document frequency among ordinary questions.
    `gate`: for each hashed n-gram its weight for ours, for other law and for chatter.
    `units`, `vectors`, `scales`: n-grams with a vector; true vector = vectors * scale.
    `sounds`: the syllable of each common ideograph, 0 where unknown.
    """

    rarity: Floats
    gate: Floats
    units: Keys
    vectors: NDArray[np.int8]
    scales: Floats
    sounds: Sounds

    def save(self, file: Path) -> None:
        """Write the arrays in few bytes: bytes for rarity, signed bytes for the gate."""
        step = np.float32(np.abs(self.gate).max() / 127 or 1.0)
        np.savez(
            file,
            rarity=np.round(self.rarity * _RARITY_STEPS).astype(np.uint8),
            gate=np.round(self.gate / step).astype(np.int8),
            gate_step=step,
            units=self.units,
            vectors=self.vectors,
            scales=self.scales.astype(np.float16),
            sounds=self.sounds,
        )

    @classmethod
    def load(cls, file: Path) -> "Arrays":
        """Read what `save` wrote."""
        with np.load(file) as saved:
            return cls(
                saved["rarity"].astype(np.float32) / _RARITY_STEPS,
                saved["gate"].astype(np.float32) * saved["gate_step"],
                saved["units"],
                saved["vectors"],
                saved["scales"].astype(np.float32),
                saved["sounds"],
            )


_RARITY_STEPS = np.float32(20.0)
"""Rarity runs from 0 to about 12; a step of 0.05 fits a byte."""


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
    gate_bias: tuple[float, float, float]
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
