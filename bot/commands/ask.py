"""`xiaoer ask`: what the shipped entries say, without a database."""

from typing import Annotated

import typer

from bot.commands import texts
from bot.commands.options import MISTAKES, ConfigOption, configured, give_up


def ask(
    text: Annotated[
        list[str] | None, typer.Argument(metavar="TEXT", help=texts.TEXT_ARGUMENT)
    ] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help=texts.JSONL_OPTION)] = False,
    config: ConfigOption = None,
) -> None:
    """Answer one question, or one a line."""
    import sys

    if not jsonl and not text:
        give_up(texts.ASK_WHAT, MISTAKES)
    street = configured(config).facts()
    from bot.commands.answering import Answering

    answering = Answering.load(street)
    out = sys.stdout.buffer
    if text and not jsonl:
        out.write(f"{answering.in_words(' '.join(text))}\n".encode("utf-8", "replace"))
        out.flush()
        return
    try:
        for line in sys.stdin.buffer:
            if line.strip():
                out.write(answering.line(line))
                out.flush()
    except BrokenPipeError:
        # Whoever reads had enough; nothing more can be said, not even at exit.
        sys.stdout = None
        raise typer.Exit from None
