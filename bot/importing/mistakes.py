"""A mistake in what is imported: file, row, column and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.importing import texts


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to correct; `row` counts from 1 as a spreadsheet shows it."""

    file: str
    row: int | None
    column: str | None
    why: str

    def __str__(self) -> str:
        return texts.at(texts.where(self.file, self.row, self.column), self.why)


class ImportMistakes(Exception):
    """Nothing was imported; `mistakes` lists everything to correct."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__(f"{len(mistakes)} mistakes, the first: {mistakes[0]}")
        self.mistakes = tuple(mistakes)
