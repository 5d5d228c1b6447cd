"""`xiaoer chat`: a talk in the terminal."""

from typing import Annotated

import typer

from bot.commands import texts
from bot.commands.options import DATA, ConfigOption, DataOption, configured, give_up


def chat(
    speaker: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help=texts.AS_OPTION)
    ] = None,
    config: ConfigOption = None,
    data: DataOption = DATA,
) -> None:
    """Talk until the end of the input."""
    settings = configured(config)
    import asyncio

    from bot import log
    from bot.channels.terminal.talk import NoSuchSpeaker, talk
    from bot.commands.failures import in_words

    log.set_up("error")
    with in_words():
        try:
            asyncio.run(talk(settings, data, speaker))
        except NoSuchSpeaker as nobody:
            give_up(str(nobody))
