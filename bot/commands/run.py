"""`xiaoer run`: the service, until it is told to stop."""

from bot.commands import texts
from bot.commands.options import DATA, ConfigOption, DataOption, configured, give_up, say


def run(config: ConfigOption = None, data: DataOption = DATA) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    settings = configured(config)
    import asyncio

    from bot import log
    from bot.commands.failures import in_words
    from bot.serving import serve
    from bot.web.server import PortUnusable

    log.set_up(settings.log.level, settings.log.format, settings.secrets())

    def ready(url: str) -> None:
        say(texts.serving(url))
        if settings.demo:
            say(texts.DEMO_RUNNING)

    with in_words():
        try:
            asyncio.run(serve(settings, data, ready, lambda: say(texts.STOPPING)))
        except PortUnusable as unusable:
            give_up(str(unusable))
    say(texts.STOPPED)
