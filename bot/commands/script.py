"""`xiaoer script`: plays a conversation from a file."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.commands import texts
from bot.commands.options import ConfigOption


class Channel(StrEnum):
    """Whose limits and rendering apply."""

    WEB = "web"
    TELEGRAM = "telegram"
    WECHAT = "wechat"
    TERMINAL = "terminal"


def script(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help=texts.FILE_ARGUMENT)],
    at: Annotated[str | None, typer.Option("--at", metavar="TIME", help=texts.AT_OPTION)] = None,
    channel: Annotated[Channel, typer.Option("--channel", help=texts.CHANNEL_OPTION)] = Channel.WEB,
    as_json: Annotated[bool, typer.Option("--json", help=texts.JSON_OPTION)] = False,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="DIR", help=texts.SCRIPT_DATA_OPTION)
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Play the script."""
    from bot import log
    from bot.commands.failures import in_words
    from bot.commands.options import configured
    from bot.script.command import play

    settings = configured(config)
    log.set_up("error")
    with in_words():
        code = play(file, at, channel.value, data, as_json, config=settings)
    raise typer.Exit(code)
