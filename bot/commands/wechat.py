"""`xiaoer wechat`: what is set up once for the account."""

from typing import Annotated

import typer

from bot.commands import texts
from bot.commands.options import DATA, ConfigOption, DataOption, configured, give_up, say

app = typer.Typer(no_args_is_help=True)


@app.callback()
def wechat() -> None:
    """Keep the subcommand's name needed while there is only one."""


@app.command("menu", help=texts.WECHAT_MENU)
def menu(
    push: Annotated[bool, typer.Option("--push", help=texts.PUSH_OPTION)] = False,
    config: ConfigOption = None,
    data: DataOption = DATA,
) -> None:
    """Show the menu under the talk; with `--push` set it on the platform."""
    settings = configured(config)
    from bot.channels.wechat import menu as account_menu

    for line in account_menu.as_lines():
        say(line)
    if not push:
        say(texts.MENU_HOW)
        return
    if not settings.wechat.is_on or not settings.wechat.app_secret():
        give_up(texts.MENU_NEEDS_ACCOUNT)
    import asyncio

    from bot.channels.tencent.errors import ApiTrouble
    from bot.channels.tencent.texts import advice
    from bot.channels.wechat.opening import open_client
    from bot.commands.admin import OPERATOR
    from bot.commands.failures import in_words
    from bot.wiring import now, open_store

    async def push_it() -> None:
        client = open_client(settings.wechat, store, now)
        try:
            await client.set_menu(account_menu.as_json())
        finally:
            await client.close()

    with in_words():
        # The service may be running: they share the token.
        store = open_store(settings, data, worker=OPERATOR)
        try:
            asyncio.run(push_it())
        except ApiTrouble as trouble:
            give_up(texts.menu_refused(advice(str(trouble))))
        finally:
            store.close()
    say(texts.MENU_PUSHED)
