"""How to ask each channel of the running service how it is doing."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.channels.tencent.accounts import wechat_account, wecom_account
from bot.health import texts
from bot.health.noting import Standing
from handlers.outreach.ladder import SMS

if TYPE_CHECKING:
    from bot.channels.telegram.channel import TelegramChannel
    from bot.channels.wecom.opening import Parts
    from bot.config import Config

Asking = Callable[[], Standing | None]


def channels(
    config: "Config",
    pages: Callable[[], int],
    telegram: "TelegramChannel | None",
    wecom: "Parts | None",
) -> dict[str, Asking]:
    """Return how to ask each channel that is on; `pages` counts those open at this worker."""
    found: dict[str, Asking] = {"web": lambda: Standing(True, texts.WEB_SERVES, pages=pages())}
    if telegram is not None:
        found["telegram"] = lambda: Standing(telegram.works, telegram.status, has_token=True)
    if config.wechat.is_on:
        found["wechat"] = lambda: _wechat(config)
    if wecom is not None:
        found |= _wecom(wecom, config.wecom.corp_id, len(config.wecom.robots()))
    if config.sms.url:
        found[SMS] = lambda: Standing(True, texts.SMS_SET)
    return found


def _wechat(config: "Config") -> Standing:
    if not config.wechat.app_secret():
        return Standing(True, texts.ONLY_ANSWERS)
    return Standing(True, texts.WAITS, account=wechat_account(config.wechat.app_id))


def _wecom(parts: "Parts", corp_id: str, robots: int) -> dict[str, Asking]:
    app, kf, push = parts.app, parts.kf, parts.push
    waits: dict[str, Asking] = {}
    if app is not None:
        waits["wecom"] = lambda: Standing(
            True, texts.WAITS, account=wecom_account("app", corp_id), a_minute=app.sender.a_minute
        )
    if kf is not None:
        waits["wecom_kf"] = lambda: Standing(
            True, texts.WAITS, account=wecom_account("kf", corp_id)
        )
    if parts.line is not None:
        line = parts.line
        most = None if parts.says is None else parts.says.a_minute
        waits["wecom_bot"] = lambda: (
            Standing(line.works, line.status, a_minute=most) if line.status else None
        )
    elif parts.smart is not None:
        waits["wecom_bot"] = lambda: Standing(True, texts.WAITS)
    if push is not None:
        waits["wecom_push"] = lambda: Standing(True, texts.robots(robots), a_minute=push.a_minute)
    return waits
