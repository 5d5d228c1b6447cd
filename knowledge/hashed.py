"""A small learned reader: hashed characters, alone and in twos and threes, and a weight for each.

`knowledge/hashed_learning.py` makes the weights; the intents and the alarms use them.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.folding import fold

MODELS = Path(__file__).parent / "data" / "model"

BUCKET_BITS = 16
BUCKETS = 1 << BUCKET_BITS
"""Weights per label; hashed features that meet share one."""
HEAD, TAIL = 300, 120
"""Characters read of a long message: who writes more says what he wants first or last."""

_DIGITS = re.compile(r"[0-9]+")
_LEFT_OUT = re.compile(r"[^\u4e00-\u9fff\u3400-\u4dbfa-z0-9?]+")
_START, _END = "\x02", "\x03"
_FACTORS = (np.uint32(2654435761), np.uint32(2246822519), np.uint32(3266489917))
"""Odd numbers of Knuth and of xxHash that spread the characters over the buckets."""


@dataclass(frozen=True, slots=True)
class HashedModel:
    """The learned weights, one row a bucket, one column a label.

    Once shipped they are bytes, `scale` of each label times as large: what one message reads of
    them is scattered, and a quarter of the size stays in the processor's cache.
    """

    labels: tuple[str, ...]
    weights: NDArray[np.float32] | NDArray[np.int8]
    bias: NDArray[np.float32]
    scale: NDArray[np.float32]

    def shares(self, tidied: str) -> NDArray[np.float32]:
        """Return the probability of each label for a tidied text."""
        found = buckets_of(tidied)
        scores = np.add.reduce(self.weights.take(found, axis=0), axis=0, dtype=np.float32)
        shares: NDArray[np.float32] = self._shares(scores[None], np.array([len(found)]))[0]
        return shares

    def shares_along(self, tidied: str, step: int, steps: int) -> NDArray[np.float32]:
        """Return the probabilities for each piece of `steps` times `step` characters in a row.

        A piece begins every `step` characters. In a long message what is said in one place is lost
        among the rest. One reading of the text serves all pieces.
        """
        weights = self.weights.take(buckets_of(tidied), axis=0).astype(np.float32)
        length = (len(weights) + 3) // 3
        at, pairs, threes = np.split(weights, (length, 2 * length - 1))
        at[:-1] += pairs
        at[:-2] += threes
        summed = np.add.reduceat(at, np.arange(0, length, step), axis=0)
        until = np.concatenate((np.zeros_like(summed[:1]), summed.cumsum(axis=0)))
        pieces = until[steps:] - until[:-steps]
        return self._shares(pieces, np.full(len(pieces), 3 * step * steps))

    def _shares(self, sums: NDArray[np.float32], counts: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the probabilities, a row for each row of summed weights of so many buckets."""
        scores = sums * (self.scale / np.sqrt(counts)[:, None].astype(np.float32)) + self.bias
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: NDArray[np.float32] = raised / raised.sum(axis=1, keepdims=True)
        return shares

    def guess(self, tidied: str) -> tuple[str, float]:
        """Return the likeliest label of a tidied text and its probability."""
        shares = self.shares(tidied)
        best = int(shares.argmax())
        return self.labels[best], float(shares[best])

    def sharpened(self, sharpness: float) -> "HashedModel":
        """Return this model with its scores multiplied, so that its confidence fits."""
        factor = np.float32(sharpness)
        return HashedModel(self.labels, self.weights, self.bias * factor, self.scale * factor)

    def store(self, name: str, folder: Path) -> None:
        """Write the weights to `folder`, as bytes with one factor a label."""
        weights = self.weights * self.scale
        scale = np.abs(weights).max(axis=0) / np.float32(127)
        folder.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            folder / f"{name}.npz",
            weights=np.rint(weights / scale).astype(np.int8),
            scale=scale.astype(np.float32),
            bias=self.bias,
            labels=np.array(self.labels),
        )


@cache
def load_hashed(name: str) -> HashedModel:
    """Return the shipped model of that name; read once."""
    with np.load(MODELS / f"{name}.npz", allow_pickle=False) as stored:
        labels = tuple(str(label) for label in stored["labels"])
        bias, scale = (stored[name].astype(np.float32) for name in ("bias", "scale"))
        return HashedModel(labels, stored["weights"], bias, scale)


def tidy(text: str) -> str:
    """Return what a model sees of `text`: folded, numbers as one 0, no signs but `?`."""
    if len(text) > HEAD + TAIL:
        text = text[:HEAD] + text[-TAIL:]
    return _DIGITS.sub("0", _LEFT_OUT.sub("", fold(text)))


@lru_cache(maxsize=64)
def buckets_of(tidied: str) -> NDArray[np.uint32]:
    """Return the buckets of the characters in a row, by one, two and three; not to be written to.

    Kept for a moment, because several models read the same message.
    """
    signs = np.frombuffer(f"{_START}{tidied}{_END}".encode("utf-32-le"), dtype=np.uint32)
    one, two, three = hashes(signs)
    return to_buckets(np.concatenate((one, two, three)))


def hashes(signs: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], ...]:
    """Return the hashes of all one, two and three code points in a row."""
    one, two, three = _FACTORS
    pairs = ((signs[:-1] * one) ^ (signs[1:] + two)) * two
    return signs * one, pairs, (pairs[:-1] ^ (signs[2:] + three)) * three


def to_buckets(hashed: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the buckets of hashes: the upper bits, once they are stirred."""
    return (hashed ^ (hashed >> np.uint32(15))) * _FACTORS[1] >> np.uint32(32 - BUCKET_BITS)
