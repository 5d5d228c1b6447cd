"""Learns static vectors of character n-grams: texts about the same things get near vectors.

Latent semantic analysis over short pieces of text, by subspace iteration in numpy alone. No text
can be read back from the result: it holds hashed n-grams and rounded numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.index import Floats
from knowledge.ngrams import Ints, Keys, codepoints, grams

PIECE = 48
"""Characters that are read as being about one thing."""

ROUNDS = 2
"""Subspace iterations; a third changed no figure."""

BLOCK = 1 << 14
"""Cells multiplied at once, so that they stay in the processor cache."""


@dataclass(frozen=True, slots=True)
class _Cells:
    """A sparse matrix by rows: each cell's column and value, and where each row starts."""

    starts: Ints
    columns: NDArray[np.int32]
    values: Floats

    def times(self, dense: Floats) -> Floats:
        """Return this matrix times `dense`, block of rows by block of rows."""
        rows = len(self.starts) - 1
        out = np.zeros((rows, dense.shape[1]), np.float32)
        row = 0
        while row < rows:
            until = int(np.searchsorted(self.starts, self.starts[row] + BLOCK, "right")) - 1
            until = min(rows, max(until, row + 1))
            first, last = self.starts[row], self.starts[until]
            filled = np.flatnonzero(np.diff(self.starts[row : until + 1])) + row
            if len(filled):
                cells = dense[self.columns[first:last]] * self.values[first:last, None]
                out[filled] = np.add.reduceat(cells, self.starts[filled] - first, axis=0)
            row = until
        return out


def pieces(text: str) -> list[str]:
    """Return normalised `text` cut into pieces of `PIECE` characters."""
    return [text[at : at + PIECE] for at in range(0, len(text), PIECE)]


def choose_units(texts: Iterable[str], longest: int, most: int, least: int) -> Keys:
    """Return the sorted keys of the `most` frequent n-grams seen at least `least` times."""
    keys, counts = np.zeros(0, np.uint64), np.zeros(0, np.int64)
    for block in _blocks(texts, 20_000):
        new, seen = np.unique(grams(codepoints("\n".join(block)), longest), return_counts=True)
        both = np.concatenate([keys, new])
        keys, place = np.unique(both, return_inverse=True)
        counts = np.bincount(place, np.concatenate([counts, seen])).astype(np.int64)
    order = np.argsort(-counts, kind="stable")[:most]
    return np.sort(keys[order[counts[order] >= least]])


def _blocks(texts: Iterable[str], size: int) -> Iterable[list[str]]:
    block: list[str] = []
    for text in texts:
        block.append(text)
        if len(block) == size:
            yield block
            block = []
    yield block


def _count(texts: Sequence[str], units: Keys, longest: int) -> tuple[Ints, Ints, Floats]:
    """Return rows, columns and counts of the units in `texts`."""
    rows, columns = [], []
    for number, text in enumerate(texts):
        keys = grams(codepoints(text), longest)
        place = np.minimum(np.searchsorted(units, keys), len(units) - 1)
        place = place[units[place] == keys]
        columns.append(place.astype(np.int32))
        rows.append(np.full(len(place), number, np.int32))
    cell = np.concatenate(rows).astype(np.int64) * len(units) + np.concatenate(columns)
    cell, count = np.unique(cell, return_counts=True)
    return cell // len(units), cell % len(units), count.astype(np.float32)


def learn(texts: Sequence[str], units: Keys, longest: int, width: int) -> tuple[Floats, Floats]:
    """Return the vectors of `units` (without scale) and the strength of each direction."""
    rows, columns, values = _count(texts, units, longest)
    pieces_with = np.bincount(columns, minlength=len(units))
    rarity = np.log((len(texts) + 1) / (pieces_with + 1)).astype(np.float32)
    values = np.log1p(values) * rarity[columns]
    norm = np.sqrt(np.bincount(rows, values**2, len(texts)))
    values = (values / norm[rows]).astype(np.float32)
    forward = _by_row(rows, columns, values, len(texts))
    backward = _by_row(columns, rows, values, len(units))
    random = np.random.default_rng(20261123)
    basis = random.standard_normal((len(units), width + 16)).astype(np.float32)
    for _ in range(ROUNDS):
        basis = np.linalg.qr(backward.times(forward.times(basis)))[0].astype(np.float32)
    small = forward.times(basis)
    strength, turn = np.linalg.eigh((small.T @ small).astype(np.float64))
    strongest = np.argsort(-strength)[:width]
    return (
        (basis @ turn[:, strongest].astype(np.float32)),
        np.sqrt(strength[strongest]).astype(np.float32),
    )


def _by_row(rows: Ints, columns: Ints, values: Floats, count: int) -> _Cells:
    order = np.argsort(rows, kind="stable")
    starts = np.searchsorted(rows[order], np.arange(count + 1))
    return _Cells(starts, columns[order].astype(np.int32), values[order])
