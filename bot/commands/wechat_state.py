"""How the WeChat account is doing, in words for whoever looks after it."""

from bot.channels.tencent.texts import advice
from bot.commands import texts
from bot.config_wechat import WeChat
from handlers.localtime import local
from storage.tokens import AccessToken


def means(config: WeChat) -> str:
    """Say how the account may write to people."""
    if not config.app_secret():
        return texts.WECHAT_PASSIVE
    named = [say for key, say in texts.WECHAT_MEANS.items() if getattr(config, key)]
    if not named:
        return texts.WECHAT_NO_MEANS
    return texts.WECHAT_CALLS.format(means="\u3001".join(named))


def trouble(token: AccessToken | None) -> str | None:
    """Say what went wrong last, or None when nothing is."""
    if token is None or token.last_error is None or token.failed_at is None:
        return None
    at = f"{local(token.failed_at):%Y-%m-%d %H:%M}"
    return texts.WECHAT_TROUBLE.format(at=at, error=advice(token.last_error))


def age(token: AccessToken | None) -> str:
    """Say how old the access token is."""
    if token is None or token.fetched_at is None or token.expires_at is None:
        return texts.WECHAT_NEVER_ASKED
    return texts.WECHAT_SINCE.format(
        at=f"{local(token.fetched_at):%Y-%m-%d %H:%M}", until=f"{local(token.expires_at):%H:%M}"
    )
