"""`xiaoer migrate`: brings the database to the layout this program needs."""

from bot.commands import texts
from bot.commands.options import DATA, ConfigOption, DataOption, configured, say


def migrate(config: ConfigOption = None, data: DataOption = DATA) -> None:
    """Upgrade the database."""
    settings = configured(config)
    from bot import folder
    from bot.commands.failures import in_words
    from storage.opening import open_newest, revision

    url = settings.database_url(data)
    with in_words(), folder.claimed(data, shared=settings.has_workers(data)):
        before, _ = revision(url)
        open_newest(url).dispose()
        after, _ = revision(url)
    if before == after:
        say(texts.MIGRATED_ALREADY.format(after=after))
    else:
        say(texts.MIGRATED.format(before=before or texts.EMPTY_DATABASE, after=after))
