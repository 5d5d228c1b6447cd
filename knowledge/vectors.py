"""Places a text among others by the static vectors of its n-grams."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.index import Floats
from knowledge.model import Arrays
from knowledge.ngrams import Flags, Ints, Keys

_TINY = 1e-6
_BLOCK = 1 << 6
"""Texts embedded at once, so that memory stays small."""


def unit_rows(rows: Floats) -> Floats:
    """Return `rows` each brought to length 1; rows of nothing stay so."""
    length = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    scaled: Floats = rows / np.maximum(length, np.float32(_TINY))[:, None]
    return scaled


@dataclass(frozen=True, slots=True)
class Vectors:
    """The vector table of a model."""

    units: Keys
    table: NDArray[np.int8]
    scales: Floats

    @classmethod
    def of(cls, arrays: Arrays) -> "Vectors":
        """Return the table in `arrays`."""
        return cls(arrays.units, arrays.vectors, arrays.scales)

    def embed(self, keys: Keys, said: Floats | None) -> Floats:
        """Return the direction of the text with n-grams `keys`: length 1, or 0 if none is known.

        `said` is the weight of each n-gram if they differ.
        """
        place, known = self._find(keys)
        place = place[known]
        weights = self.scales.take(place)
        if said is not None:
            weights = weights * said[known]
        total: Floats = weights @ self.table.take(place, axis=0).astype(np.float32)
        return total / np.float32(max(math.sqrt(float(total @ total)), _TINY))

    def embed_owned(self, keys: Keys, owner: Ints, size: int) -> Floats:
        """Return the same for `size` texts at once; `owner` says whose each n-gram is."""
        place, known = self._find(keys)
        place, owner = place[known], owner[known]
        order = np.argsort(owner, kind="stable")
        place, owner = place[order], owner[order]
        total = np.zeros((size, self.table.shape[1]), np.float32)
        owners, starts = np.unique(owner, return_index=True)
        for block in range(0, len(owners), _BLOCK):
            ends = [*starts[block + 1 : block + _BLOCK + 1], len(place)]
            until = int(ends[min(len(ends), len(owners) - block, _BLOCK) - 1])
            first = int(starts[block])
            rows = self.table[place[first:until]] * self.scales[place[first:until], None]
            total[owners[block : block + _BLOCK]] = np.add.reduceat(
                rows, starts[block : block + _BLOCK] - first, axis=0
            )
        return unit_rows(total)

    def _find(self, keys: Keys) -> tuple[Ints, Flags]:
        if not len(self.units):
            return np.zeros(len(keys), np.int64), np.zeros(len(keys), np.bool_)
        place = self.units.searchsorted(keys)
        np.minimum(place, len(self.units) - 1, out=place)
        return place, self.units.take(place) == keys
