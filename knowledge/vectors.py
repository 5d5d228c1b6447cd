"""Places a text among others by the static vectors of its n-grams."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.index import Floats
from knowledge.model import Arrays
from knowledge.ngrams import Ints, Keys, runs

_TINY = 1e-6


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

    def embed_owned(self, keys: Keys, owner: Ints, size: int, said: Floats | None = None) -> Floats:
        """Return the direction of each of `size` texts: length 1, or 0 if nothing of it is known.

        `owner` says whose each n-gram is, in order; `said` is its weight where they differ.
        """
        total = np.zeros((size, self.table.shape[1]), np.float32)
        if not len(self.units) or not len(keys):
            return total
        place = self.units.searchsorted(keys)
        np.minimum(place, len(self.units) - 1, out=place)
        scales = self.scales.take(place)
        scales *= self.units.take(place) == keys
        if said is not None:
            scales *= said
        starts = runs(owner)
        ends = [*starts[1:].tolist(), len(place)]
        for text, first, until in zip(
            owner.take(starts).tolist(), starts.tolist(), ends, strict=True
        ):
            rows = self.table.take(place[first:until], axis=0).astype(np.float32)
            total[text] = scales[first:until] @ rows
        return unit_rows(total)
