"""Reads the word lists in `data/words/`, each once, into the shape its user names."""

from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

WORDS = Path(__file__).parent / "data" / "words"

_Shape = TypeVar("_Shape")


@cache
def read_words(name: str, shape: type[_Shape]) -> _Shape:
    """Return the list `data/words/<name>.json`; a list of another shape is our mistake."""
    return msgspec.json.decode((WORDS / f"{name}.json").read_bytes(), type=shape)
