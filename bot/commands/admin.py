"""`xiaoer admin`: what only somebody at the machine may do."""

import typer

from bot.commands import texts
from bot.commands.options import DATA, ConfigOption, DataOption, configured, say

OPERATOR = 63
"""The worker number of whoever works beside the running service (storage/ids.py: below 64)."""

app = typer.Typer(no_args_is_help=True)


@app.callback()
def admin() -> None:
    """Keep the subcommand's name needed while there is only one."""


@app.command("invite", help=texts.INVITE)
def invite(config: ConfigOption = None, data: DataOption = DATA) -> None:
    """Print a one-time code that makes its user the first administrator."""
    settings = configured(config)
    import asyncio
    from datetime import timedelta
    from random import SystemRandom

    from bot.commands.failures import in_words
    from bot.wiring import open_store
    from handlers.residents.rules import new_code
    from storage.words import CodePurpose

    works_for = timedelta(hours=24)
    code = new_code(SystemRandom())
    with in_words():
        # The service may be running: it is not in the way of one row, and has other ids.
        store = open_store(settings, data, worker=OPERATOR)
        try:
            asyncio.run(
                store.run(
                    lambda tx: tx.codes.make(code, CodePurpose.FIRST_ADMIN, tx.now + works_for)
                )
            )
        finally:
            store.close()
    say(texts.INVITATION.format(code=code))
    say(texts.INVITATION_HOW.format(code=code))
