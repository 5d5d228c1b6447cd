"""`xiaoer law`: the operator's own copy of the statutes."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import texts
from bot.commands.admin import OPERATOR
from bot.commands.options import DATA, ConfigOption, DataOption, configured, give_up, say

if TYPE_CHECKING:
    from datetime import date

    from bot.config import Config
    from knowledge.collecting import Collection
    from knowledge.entries import Entry
    from knowledge.law import LawIndex
    from storage.transaction import Transaction

app = typer.Typer(no_args_is_help=True)

NAMED = 10
"""Files and articles listed by name before only their number is said."""


@app.callback()
def law() -> None:
    """Keep the subcommand's name needed while there is only one."""


@app.command("import", help=texts.LAW_IMPORT)
def import_(
    sources: Annotated[list[Path], typer.Argument(metavar="FILE|DIR…", help=texts.LAW_SOURCES)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=texts.DRY_RUN_OPTION)] = False,
    config: ConfigOption = None,
    data: DataOption = DATA,
) -> None:
    """Read statutes, compare them with what the answers were checked against, keep them."""
    settings = configured(config)
    from bot.commands.failures import in_words
    from bot.importing.statutes import NoFiles

    with in_words():
        try:
            _import(settings, data, sources, dry_run=dry_run)
        except NoFiles as nothing:
            give_up(texts.LAW_NO_FILES.format(path=nothing))


def _import(settings: "Config", data: Path, sources: list[Path], *, dry_run: bool) -> None:
    import asyncio
    from datetime import UTC, datetime

    from bot.wiring import open_store
    from handlers.law import changes
    from handlers.localtime import local
    from knowledge.law import LawIndex
    from knowledge.reading import Knowledge

    today = local(datetime.now(UTC)).date()
    collection = _gathered(sources, LawIndex.load(), today)
    shipped = Knowledge.load()

    def work(tx: "Transaction") -> "list[Entry]":
        frozen = changes.take_over(tx, shipped, collection.texts)
        if dry_run:
            tx.undo()
        return frozen

    # The service may be running: it takes over what changed within seconds.
    store = open_store(settings, data, worker=OPERATOR)
    try:
        frozen = asyncio.run(store.run(work))
    finally:
        store.close()
    _tell(collection, shipped.law)
    if frozen:
        say(texts.LAW_FROZEN.format(count=len(frozen)))
    for entry in frozen:
        say(texts.LAW_FROZEN_LINE.format(entry=entry.id, title=entry.title))
    say(texts.DRY_RUN_GOOD if dry_run else texts.IMPORTED)


def _gathered(sources: list[Path], index: "LawIndex", today: "date") -> "Collection":
    """Return what the files say, or end with everything that is wrong in them."""
    from rich.console import Console
    from rich.progress import Progress

    from bot.importing import statutes

    files = statutes.find(sources)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(texts.LAW_READING, total=len(files))
        collection = statutes.gather(
            files, index, today, lambda count: progress.update(task, completed=count)
        )
    if collection.faults:
        lines = "\n".join(
            texts.law_fault(file, fault.line, fault.wrong, fault.detail)
            for file, fault in collection.faults
        )
        give_up(f"{texts.IMPORT_FAILED.format(count=len(collection.faults))}\n{lines}")
    _tell_left_out(collection)
    if not collection.texts:
        give_up(texts.LAW_NOTHING)
    return collection


def _tell_left_out(collection: "Collection") -> None:
    for why, count in sorted(Counter(why for _, why in collection.left_out).items()):
        names = [file for file, reason in collection.left_out if reason is why][:NAMED]
        say(texts.law_left_out(why, count, names))


def _tell(collection: "Collection", index: "LawIndex") -> None:
    same, changed, unknown = 0, [], 0
    for text in collection.texts:
        article = None if text.inserted else index.articles.get((text.short, text.number))
        if article is None:
            unknown += 1
        elif text.sha256 == article.text_sha256 and text.repealed is not article.in_force:
            same += 1
        else:
            changed.append(article.citation)
    laws = len({text.short for text in collection.texts})
    say(texts.law_read(laws, len(collection.texts), same, unknown))
    if changed:
        say(texts.law_changed(len(changed), changed[:NAMED]))
