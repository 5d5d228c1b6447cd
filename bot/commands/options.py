"""What the commands share: their two options, reading the configuration, giving up politely."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.commands import texts

if TYPE_CHECKING:
    from bot.config import Config

ConfigOption = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help=texts.CONFIG_OPTION)
]
DataOption = Annotated[Path, typer.Option("--data", metavar="DIR", help=texts.DATA_OPTION)]

DATA = Path("data")
FAILED = 1
MISTAKES = 2
"""Exit code when what was typed or configured is wrong."""


def configured(file: Path | None) -> "Config":
    """Return the configuration, or end with every mistake in it."""
    from bot.config import ConfigMistakes, load

    try:
        return load(file)
    except ConfigMistakes as mistakes:
        give_up(str(mistakes), MISTAKES)


def say(text: str) -> None:
    """Print a line for the operator."""
    typer.echo(text)


def give_up(text: str, code: int = FAILED) -> NoReturn:
    """Print why on standard error and end."""
    typer.echo(text, err=True)
    sys.stdout.flush()
    raise typer.Exit(code)
