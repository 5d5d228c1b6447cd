"""`xiaoer knowledge`: checks what is shipped, and learns it anew."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands import texts
from bot.commands.options import FAILED, say

BESIDE = Path(__file__).parents[3] / "shared" / "law"
"""Where developers have the statutes and the topics: beside the project, never inside it."""

app = typer.Typer(no_args_is_help=True)


@app.command("check", help=texts.KNOWLEDGE_CHECK)
def check(
    law: Annotated[Path, typer.Option("--law", metavar="DIR", help=texts.LAW_OPTION)] = BESIDE,
) -> None:
    """List what is wrong with the entries, and say what could not be checked."""
    from bot.commands.inspection import knowledge_report, knowledge_size

    report = knowledge_report(law)
    for fault in report.errors:
        say(fault)
    for missing in report.unchecked:
        say(texts.KNOWLEDGE_UNCHECKED.format(check=missing, folder=law))
    if report.errors:
        say(texts.KNOWLEDGE_FAULTS.format(count=len(report.errors)))
        raise typer.Exit(FAILED)
    say(knowledge_size())


@app.command("train", help=texts.KNOWLEDGE_TRAIN)
def train(
    extra: Annotated[
        list[Path] | None, typer.Option("--extra", metavar="DIR", help=texts.EXTRA_OPTION)
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help=texts.OUT_OPTION)] = None,
) -> None:
    """Rebuild the learned parts: the matcher, the intents, the alarms."""
    from knowledge import alarm_training, intent_training, training
    from knowledge.emergency import ALARM_MODEL
    from knowledge.entries import load_entries
    from knowledge.intent import MODEL as INTENT_MODEL
    from knowledge.model import MODEL
    from knowledge.training_texts import read_sources

    folder = out or MODEL
    sources = read_sources(extra or [])
    for file, lack in texts.TRAIN_LACKS.items():
        if file not in sources.hashes:
            say(texts.TRAIN_WITHOUT.format(file=file, lack=lack))
    model = training.train(load_entries(), sources, say)
    model.save(folder)
    intent_training.train(sources, say).store(INTENT_MODEL, folder)
    say(texts.TRAIN_ALARMS)
    alarm_training.train(sources).store(ALARM_MODEL, folder)
    for name, value in model.numbers.measured.items():
        say(f"{name}: {value}")
    say(texts.TRAINED.format(folder=folder))
