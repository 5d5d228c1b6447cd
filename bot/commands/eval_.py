"""`xiaoer eval`: how well labelled questions are answered, measured through `ask`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import texts
from bot.commands.options import MISTAKES, ConfigOption, configured, give_up, say

if TYPE_CHECKING:
    from bot.evaluating.tables import Table
    from knowledge.evaluation import Question


def evaluate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help=texts.EVAL_ARGUMENT)],
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help=texts.HTML_OPTION)
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Print the tables, and write the report where one is wanted."""
    questions = [question for file in files for question in _read(file)]
    street = configured(config).facts()
    from bot.commands.answering import Answering
    from bot.evaluating import texts as words
    from bot.evaluating.page import page
    from bot.evaluating.tables import misses, tables
    from knowledge.evaluation import judge

    judged = judge(Answering.load(street).line, questions)
    found = tables(judged)
    for table in found:
        _show(table)
    say(words.NOTE)
    if html is not None:
        html.write_text(page(found, misses(judged)), encoding="utf-8")
        say(words.WRITTEN.format(file=html))


def _read(file: Path) -> "list[Question]":
    from msgspec import DecodeError

    from bot.evaluating import texts as words
    from knowledge.evaluation import read_questions

    if not file.is_file():
        give_up(words.NO_FILE.format(file=file), MISTAKES)
    try:
        return read_questions(file)
    except DecodeError as error:
        give_up(words.BAD_FILE.format(file=file, reason=error), MISTAKES)


def _show(table: "Table") -> None:
    """Print a table as Markdown: it can be read as it stands, and pasted."""
    say(f"\n## {table.title}\n")
    say(f"| {' | '.join(table.head)} |")
    say(f"|{' --- |' * len(table.head)}")
    for row in table.rows:
        say(f"| {' | '.join(row)} |")
