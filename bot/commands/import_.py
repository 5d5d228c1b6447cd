"""`xiaoer import`: tables in, all of them or nothing."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import texts
from bot.commands.options import (
    DATA,
    FAILED,
    MISTAKES,
    ConfigOption,
    DataOption,
    configured,
    give_up,
    say,
)

if TYPE_CHECKING:
    from bot.config import Config
    from bot.importing.reading import Sheets
    from bot.importing.writing import Report
    from storage.transaction import Transaction


def import_(
    source: Annotated[
        Path | None, typer.Argument(metavar="DIR|FILE", help=texts.SOURCE_ARGUMENT)
    ] = None,
    template: Annotated[
        Path | None, typer.Option("--template", metavar="DIR", help=texts.TEMPLATE_OPTION)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=texts.DRY_RUN_OPTION)] = False,
    config: ConfigOption = None,
    data: DataOption = DATA,
) -> None:
    """Import a folder or a file, or write templates."""
    if template is not None:
        _write_template(template)
        return
    if source is None:
        give_up(texts.IMPORT_WHAT, MISTAKES)
    settings = configured(config)
    from bot.commands.failures import in_words
    from bot.importing.mistakes import ImportMistakes
    from bot.importing.reading import read

    sheets = read(source)
    with in_words():
        try:
            report = _import(settings, data, sheets, dry_run=dry_run)
        except ImportMistakes as found:
            lines = "\n".join(f"  {mistake}" for mistake in found.mistakes)
            give_up(f"{texts.IMPORT_FAILED.format(count=len(found.mistakes))}\n{lines}", FAILED)
    if not len(sheets):
        say(texts.NOTHING_TO_IMPORT)
        return
    say(texts.DRY_RUN_GOOD if dry_run else texts.IMPORTED)
    _tell(report)


def _write_template(folder: Path) -> None:
    from bot.importing import template

    try:
        paths = template.write(folder)
    except FileExistsError as error:
        give_up(texts.TEMPLATE_EXISTS.format(path=error))
    except OSError as error:
        give_up(texts.CANNOT_WRITE.format(path=folder, reason=error.strerror or error))
    say(texts.TEMPLATES_WRITTEN.format(folder=folder, count=len(paths)))


def _import(settings: "Config", data: Path, sheets: "Sheets", *, dry_run: bool) -> "Report":
    import asyncio

    from rich.console import Console
    from rich.progress import Progress

    from bot import folder
    from bot.importing.writing import Writer
    from bot.wiring import open_store

    shared = settings.has_workers(data)
    console = Console(stderr=True)
    with (
        folder.claimed(data, shared=shared),
        Progress(console=console, transient=True) as progress,
    ):
        task = progress.add_task(texts.IMPORTING, total=len(sheets))

        def work(tx: "Transaction") -> "Report":
            report = Writer(tx, progress=lambda n: progress.update(task, completed=n)).write(sheets)
            if dry_run:
                tx.undo()
            return report

        store = open_store(settings, data)
        try:
            return asyncio.run(store.run(work))
        finally:
            store.close()


def _tell(report: "Report") -> None:
    from bot.importing.tables import TABLES

    for table in TABLES:
        added, there = report.added.get(table.name, 0), report.there.get(table.name, 0)
        if added or there:
            line = texts.IMPORT_LINE.format(label=table.label, added=added, there=there)
            changed = report.changed.get(table.name, 0)
            say(line + (texts.IMPORT_CHANGED.format(changed=changed) if changed else ""))
