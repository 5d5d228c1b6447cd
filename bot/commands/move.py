"""`xiaoer move`: a street from SQLite to PostgreSQL, all of it or nothing."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import texts
from bot.commands.options import DATA, MISTAKES, ConfigOption, DataOption, configured, give_up, say

if TYPE_CHECKING:
    from storage.moving import Moved


def move(
    to: Annotated[str, typer.Option("--to", metavar="URL", help=texts.MOVE_TO)],
    config: ConfigOption = None,
    data: DataOption = DATA,
) -> None:
    """Carry everything over; the SQLite file, photographs and kept alarms stay where they are."""
    settings = configured(config)
    source = settings.database_url(data)
    if settings.has_workers(data):
        give_up(texts.MOVE_FROM_SQLITE, MISTAKES)
    if not to.startswith("postgresql+psycopg://"):
        give_up(texts.MOVE_TO_POSTGRESQL, MISTAKES)
    if not Path(source.removeprefix("sqlite:///")).exists():
        give_up(texts.MOVE_NOTHING.format(source=source))
    from bot.commands.failures import in_words
    from storage.moving import MoveRefused

    with in_words():
        try:
            moved = _move(source, to, data)
        except MoveRefused as refused:
            give_up(texts.move_refused(refused.obstacle.value, refused.detail))
    say(texts.MOVED.format(tables=moved.tables, rows=moved.rows))
    say(texts.MOVED_NEXT)


def _move(source: str, target: str, data: Path) -> "Moved":
    from rich.console import Console
    from rich.progress import Progress

    from bot import folder
    from storage.moving import move as carry

    console = Console(stderr=True)
    with folder.claimed(data), Progress(console=console, transient=True) as progress:
        task = progress.add_task(texts.MOVING)
        return carry(
            source,
            target,
            lambda table, done, total: progress.update(
                task, description=f"{texts.MOVING} {table}", completed=done, total=total
            ),
        )
