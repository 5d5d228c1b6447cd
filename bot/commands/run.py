"""`xiaoer run`: the service, until it is told to stop."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import texts
from bot.commands.options import (
    DATA,
    MISTAKES,
    ConfigOption,
    DataOption,
    configured,
    give_up,
    say,
)

if TYPE_CHECKING:
    from bot.config import Config

WORKERS_AT_MOST = 60
"""Of 64 numbers (storage/ids.py); the rest is for those who work beside the service."""


def run(
    config: ConfigOption = None,
    data: DataOption = DATA,
    workers: Annotated[
        int,
        typer.Option("--workers", min=1, max=WORKERS_AT_MOST, metavar="N", help=texts.WORKERS),
    ] = 1,
    place: Annotated[str, typer.Option("--place", hidden=True)] = "",
) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    settings = configured(config)
    if workers > 1 and not settings.has_workers(data):
        give_up(texts.WORKERS_NEED_POSTGRESQL, MISTAKES)
    from bot import log

    log.set_up(settings.log.level, settings.log.format, settings.secrets())
    if place:
        _as_worker(settings, data, place)
    elif workers > 1:
        _with_workers(settings, config, data, workers)
    else:
        _alone(settings, data)


def _alone(settings: "Config", data: Path) -> None:
    import asyncio

    from bot.commands.failures import in_words
    from bot.serving import serve
    from bot.web.server import PortUnusable

    with in_words():
        try:
            asyncio.run(
                serve(
                    settings,
                    data,
                    ready=lambda url: _welcome(settings, url),
                    stopping=lambda: say(texts.STOPPING),
                )
            )
        except PortUnusable as unusable:
            give_up(str(unusable))
    say(texts.STOPPED)


def _as_worker(settings: "Config", data: Path, descriptors: str) -> None:
    import asyncio

    from bot.commands.failures import in_words
    from bot.serving import serve
    from bot.workers import Place

    place = Place.inherited(descriptors)
    with in_words():
        asyncio.run(
            serve(
                settings,
                data,
                ready=lambda _url: place.serves(),
                stopping=lambda: None,
                place=place,
            )
        )


def _with_workers(settings: "Config", config: Path | None, data: Path, count: int) -> None:
    import asyncio
    import sys

    from bot.serving import address, serve_with_workers
    from bot.web.server import PortUnusable, listen

    options = ["--data", str(data), *(["--config", str(config)] if config else [])]
    # -P: what lies in the folder this was called from must not be taken for the program.
    command = [sys.executable, "-P", "-m", "bot", "run", *options]
    try:
        listening = listen(settings.web.host, settings.web.port)
    except PortUnusable as unusable:
        give_up(str(unusable))
    url = address(settings.web.host, listening.getsockname()[1])
    with listening:
        code = asyncio.run(
            serve_with_workers(
                command,
                count,
                listening,
                ready=lambda: _welcome(settings, url, count),
                stopping=lambda: say(texts.STOPPING),
            )
        )
    if code:
        raise typer.Exit(code)
    say(texts.STOPPED)


def _welcome(settings: "Config", url: str, workers: int = 1) -> None:
    say(texts.serving(url))
    if workers > 1:
        say(texts.with_workers(workers))
    if settings.demo:
        say(texts.DEMO_RUNNING)
