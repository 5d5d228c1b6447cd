"""`xiaoer knowledge`: checks what is shipped, and learns it anew."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands import texts
from bot.commands.options import FAILED, say

app = typer.Typer(no_args_is_help=True)


@app.command("check", help=texts.KNOWLEDGE_CHECK)
def check() -> None:
    """List the entries that may not be given as they are."""
    from bot.commands.inspection import knowledge_faults, knowledge_size

    faults = knowledge_faults()
    for fault in faults:
        say(fault)
    if faults:
        raise typer.Exit(FAILED)
    say(knowledge_size())


@app.command("train", help=texts.KNOWLEDGE_TRAIN)
def train(
    extra: Annotated[
        list[Path] | None, typer.Option("--extra", metavar="DIR", help=texts.EXTRA_OPTION)
    ] = None,
) -> None:
    """Rebuild the learned parts."""
    from knowledge import training

    training.main([word for folder in extra or [] for word in ("--extra", str(folder))])
