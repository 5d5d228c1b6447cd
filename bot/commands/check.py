"""`xiaoer check`: looks at everything a start needs, and says what is wrong."""

import typer

from bot.commands import texts
from bot.commands.options import DATA, FAILED, ConfigOption, DataOption, configured, say


def check(config: ConfigOption = None, data: DataOption = DATA) -> None:
    """Print one line a part; exit 1 when one of them is not in order."""
    settings = configured(config)
    from bot.commands.inspection import inspect

    findings = inspect(settings, data)
    for finding in findings:
        mark = texts.CHECK_GOOD if finding.good else texts.CHECK_BAD
        say(f"{finding.part}\uff1a{mark}\uff1b{finding.words}")
    if not all(finding.good for finding in findings):
        raise typer.Exit(FAILED)
    say(texts.ALL_GOOD)
