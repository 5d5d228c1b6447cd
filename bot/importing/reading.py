"""Reads CSV files and spreadsheets into rows of values, and notes everything wrong with them."""

import csv
import difflib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path

from bot.importing import texts
from bot.importing.mistakes import Mistake
from bot.importing.tables import TABLES, Column, Table, table_named
from bot.importing.values import CellMistake, Value, parse

SPREADSHEET = ".xlsx"
ENCODINGS = ("utf-8-sig", "gb18030")
"""Spreadsheet programs on Chinese office PCs write the second."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands and what its cells say."""

    file: str
    number: int
    values: dict[str, Value]
    headings: dict[str, str]
    """How the file calls each column."""

    def text(self, column: str) -> str:
        """Return the text of a required column."""
        value = self.values[column]
        assert isinstance(value, str)
        return value

    def maybe(self, column: str) -> str | None:
        """Return the text of a column that may be empty."""
        value = self.values.get(column)
        assert value is None or isinstance(value, str)
        return value

    def number_in(self, column: str) -> int:
        """Return the number of a required column."""
        value = self.values[column]
        assert isinstance(value, int)
        return value

    def day(self, column: str) -> date | None:
        """Return the day of a column that may be empty."""
        value = self.values.get(column)
        assert value is None or isinstance(value, date)
        return value

    def clock(self, column: str) -> time:
        """Return the time of a required column."""
        value = self.values[column]
        assert isinstance(value, time)
        return value

    def maybe_clock(self, column: str) -> time | None:
        """Return the time of a column that may be empty."""
        value = self.values.get(column)
        assert value is None or isinstance(value, time)
        return value

    def mistake(self, column: str | None, why: str) -> Mistake:
        """Return a mistake in this row."""
        heading = self.headings.get(column, column) if column else None
        return Mistake(self.file, self.number, heading, why)


@dataclass(slots=True)
class Sheets:
    """Everything read: good rows by table, and the mistakes."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    spoiled: dict[str, set[str]] = field(default_factory=dict)
    """Texts of rows with a mistake, by table: what refers to them is not a mistake of its own."""
    mistakes: list[Mistake] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(len(rows) for rows in self.rows.values())


def read(source: Path) -> Sheets:
    """Return what stands in a folder of CSV files, in one CSV file, or in a spreadsheet."""
    sheets = Sheets()
    if not source.exists():
        sheets.mistakes.append(Mistake(str(source), None, None, texts.NO_FILE))
        return sheets
    files = [source]
    if source.is_dir():
        files = sorted(p for p in source.iterdir() if p.suffix.lower() in {".csv", SPREADSHEET})
    for file in files:
        try:
            _read_file(file, sheets)
        except OSError as error:
            why = texts.NOT_READABLE.format(reason=error.strerror or error)
            sheets.mistakes.append(Mistake(file.name, None, None, why))
    if not sheets.rows and not sheets.mistakes:
        sheets.mistakes.append(Mistake(str(source), None, None, texts.NOTHING_HERE))
    return sheets


def _read_file(file: Path, sheets: Sheets) -> None:
    if file.suffix.lower() != SPREADSHEET:
        _take(file.name, file.stem, _csv_lines(file, sheets), sheets)
        return
    # openpyxl is large; the demo street and most imports never need it.
    from bot.importing.spreadsheet import BrokenSpreadsheet, pages  # noqa: PLC0415

    try:
        found = pages(file)
    except BrokenSpreadsheet:
        sheets.mistakes.append(Mistake(file.name, None, None, texts.BAD_XLSX))
        return
    for name, lines in found:
        _take(f"{file.name}[{name}]", name, lines, sheets)


def _csv_lines(file: Path, sheets: Sheets) -> list[list[str]]:
    data = file.read_bytes()
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _parted(file, text, sheets)
    sheets.mistakes.append(Mistake(file.name, None, None, texts.BAD_TEXT))
    return []


def _parted(file: Path, text: str, sheets: Sheets) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[list[str]] = []
    try:
        for cells in reader:
            # Rows are counted as an editor shows them: a cell may run over several lines.
            lines += [[]] * (reader.line_num - 1 - len(lines))
            lines.append(cells)
    except csv.Error as error:
        why = texts.BAD_CSV.format(reason=error)
        sheets.mistakes.append(Mistake(file.name, reader.line_num, None, why))
    return lines


def _take(file: str, name: str, lines: Sequence[Sequence[str]], sheets: Sheets) -> None:
    table = table_named(name)
    if table is None:
        known = [table.name for table in TABLES]
        why = texts.UNKNOWN_TABLE.format(
            name=name, guess=_guess(name, known), tables="\u3001".join(known)
        )
        sheets.mistakes.append(Mistake(file, None, None, why))
        return
    if table.name in sheets.rows:
        why = texts.TABLE_TWICE.format(name=table.name)
        sheets.mistakes.append(Mistake(file, None, None, why))
        return
    sheets.rows[table.name] = []
    sheets.spoiled[table.name] = set()
    columns: list[Column | None] | None = None
    for number, cells in enumerate(lines, start=1):
        if not any(cell.strip() for cell in cells) or cells[0].lstrip().startswith("#"):
            continue
        if columns is None:
            columns = _header(file, number, table, cells, sheets)
        else:
            _row(file, number, table, columns, cells, sheets)
    if columns is None and lines:
        sheets.mistakes.append(Mistake(file, None, None, texts.NO_HEADER))


def _header(
    file: str, number: int, table: Table, cells: Sequence[str], sheets: Sheets
) -> list[Column | None]:
    columns: list[Column | None] = []
    for cell in cells:
        column = table.column(cell)
        if column is None and cell.strip():
            known = [known.name for known in table.columns]
            why = texts.UNKNOWN_COLUMN.format(
                name=cell.strip()[:40], guess=_guess(cell.strip(), known)
            )
            sheets.mistakes.append(Mistake(file, number, None, why))
        elif column is not None and column in columns:
            why = texts.COLUMN_TWICE.format(name=column.name)
            sheets.mistakes.append(Mistake(file, number, cell.strip(), why))
            column = None
        columns.append(column)
    sheets.mistakes += [
        Mistake(file, number, None, texts.MISSING_COLUMN.format(name=column.name))
        for column in table.columns
        if column.required and column not in columns
    ]
    return columns


def _row(
    file: str,
    number: int,
    table: Table,
    columns: Sequence[Column | None],
    cells: Sequence[str],
    sheets: Sheets,
) -> None:
    known = [column for column in columns if column is not None]
    headings = {column.name: column.name for column in known}
    row = Row(file, number, {column.name: None for column in table.columns}, headings)
    before = len(sheets.mistakes)
    extra = [cell for cell in cells[len(columns) :] if cell.strip()]
    if extra:
        why = texts.TOO_MANY_CELLS.format(count=len(extra))
        sheets.mistakes.append(row.mistake(None, why))
    for position, column in enumerate(columns):
        if column is None:
            continue
        cell = cells[position] if position < len(cells) else ""
        try:
            row.values[column.name] = parse(column, cell)
        except CellMistake as mistake:
            sheets.mistakes.append(row.mistake(column.name, str(mistake)))
    complete = all(column in known for column in table.columns if column.required)
    if len(sheets.mistakes) == before and complete:
        sheets.rows[table.name].append(row)
    else:
        sheets.spoiled[table.name].update(cell.strip() for cell in cells)


def _guess(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return texts.GUESS.format(guess=close[0]) if close else ""
