"""Reads XLSX files as rows of texts; the only place that knows openpyxl."""

from datetime import date, datetime, time
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

ROWS_AT_MOST = 200_000
"""A sheet that claims more is broken: formatted to the last row."""


class BrokenSpreadsheet(Exception):
    """The file is no XLSX."""


def pages(file: Path) -> list[tuple[str, list[list[str]]]]:
    """Return the sheets that hold something: name and rows; raises BrokenSpreadsheet."""
    try:
        book = load_workbook(file, read_only=True, data_only=True)
        try:
            found = [
                (
                    str(sheet.title),
                    [
                        [_text(cell) for cell in row]
                        for row in sheet.iter_rows(max_row=ROWS_AT_MOST, values_only=True)
                    ],
                )
                for sheet in book.worksheets
            ]
        finally:
            book.close()
    except (BadZipFile, InvalidFileException, KeyError, ValueError, EOFError) as error:
        raise BrokenSpreadsheet from error
    return [(name, lines) for name, lines in found if any(any(line) for line in lines)]


def _text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case datetime() if cell.time() == time(0):
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case time():
            return f"{cell:%H:%M}"
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell)
