"""Writes one documented CSV a table, to be filled in."""

import csv
from pathlib import Path

from bot.importing import texts
from bot.importing.tables import TABLES, Table


def write(folder: Path) -> list[Path]:
    """Write the templates and return their paths; FileExistsError rather than overwrite one."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{table.name}.csv" for table in TABLES]
    for path in paths:
        if path.exists():
            raise FileExistsError(path)
    for table, path in zip(TABLES, paths, strict=True):
        # The mark at the beginning tells spreadsheet programs that this is UTF-8.
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerows([line] for line in explained(table))
            writer.writerow([column.name for column in table.columns])
    return paths


def explained(table: Table) -> list[str]:
    """Return the lines that say what each column is for."""
    columns = [
        texts.COLUMN_HEAD.format(
            name=column.name,
            label=column.label,
            needed=texts.REQUIRED if column.required else texts.OPTIONAL,
            help=column.help,
        )
        for column in table.columns
    ]
    return [texts.SHEET_HEAD.format(label=table.label), *columns]
