"""Builds the parts of WeCom that the configuration switches on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.channels.tencent.photos import MediaStore
from bot.channels.wecom.account import Account
from bot.channels.wecom.app import AppChannel
from bot.channels.wecom.door import Door
from bot.channels.wecom.kf import KfChannel
from bot.channels.wecom.kf_reading import CHANNEL as KF
from bot.channels.wecom.kf_sender import Allowance
from bot.channels.wecom.pace import Pace
from bot.channels.wecom.push import CHANNEL as PUSH
from bot.channels.wecom.push import PushSender
from bot.channels.wecom.reading import CHANNEL as APP
from bot.channels.wecom.smart import SmartBot
from bot.channels.wecom.smart_line import SmartLine
from bot.channels.wecom.smart_reading import CHANNEL as SMART
from bot.channels.wecom.smart_sender import SmartSender
from bot.config_wecom import WeCom
from handlers.delivery import Sender
from storage.store import Store

if TYPE_CHECKING:
    from handlers.dispatcher import Dispatcher


@dataclass(frozen=True, slots=True)
class Parts:
    """What is on; a part that is off is None."""

    app: AppChannel | None
    kf: KfChannel | None
    smart: SmartBot | None
    line: SmartLine | None
    """The smart robot's own; it starts and stops the robot."""
    push: PushSender | None
    says: SmartSender | None = None
    """What the smart robot says unasked; only over its line."""

    @property
    def running(self) -> list[AppChannel | KfChannel | SmartBot | SmartLine | PushSender]:
        """The parts that are on, to be started and stopped."""
        parts = (self.app, self.kf, self.line or self.smart, self.push)
        return [part for part in parts if part is not None]

    @property
    def senders(self) -> dict[str, Sender]:
        """By channel; the smart robot only answers, unless it has a line of its own."""
        found: dict[str, Sender] = {}
        if self.app is not None:
            found[APP] = self.app.sender
        if self.kf is not None:
            found[KF] = self.kf.sender
        if self.push is not None:
            found[PUSH] = self.push
        if self.says is not None:
            found[SMART] = self.says
        return found


def open_parts(
    config: WeCom,
    dispatcher: "Dispatcher",
    store: Store,
    media: MediaStore,
    *,
    clock: Callable[[], datetime],
    pace: Pace | None = None,
) -> Parts:
    """Return what is on; nothing is sent or received before it starts."""
    app = kf = smart = line = push = says = None
    if config.app_agent_id:
        app = AppChannel(
            _account("app", config, store, clock),
            config.app_agent_id,
            _door(config.app_token, config.app_encoding_aes_key, config.corp_id),
            dispatcher,
            store,
            media,
            clock=clock,
            accounts=config.app_accounts,
            pace=pace,
        )
    if config.kf_token.get_secret_value():
        kf = KfChannel(
            _account("kf", config, store, clock),
            _door(config.kf_token, config.kf_encoding_aes_key, config.corp_id),
            dispatcher,
            store,
            media,
            clock=clock,
            hands_over=config.kf_members,
            allowance=Allowance(
                config.kf_messages_per_message, timedelta(hours=config.kf_message_window_hours)
            ),
            pace=pace,
        )
    if "bot" in config.parts():
        by_line = config.bot_mode == "websocket"
        smart = SmartBot(
            None if by_line else _door(config.bot_token, config.bot_encoding_aes_key, ""),
            dispatcher,
            store,
            media,
            clock=clock,
            name=config.bot_name,
            media_hosts=config.bot_media_hosts,
            api_url=config.api_url,
            pace=pace,
        )
        if by_line:
            line = SmartLine(
                smart,
                store,
                bot_id=config.bot_id,
                secret=config.secret_of("bot"),
                url=config.bot_line_url,
                pace=pace,
            )
            says = SmartSender(line, store, config.bot_name)
    if config.push_file:
        push = PushSender(
            config.robots(),
            store,
            media,
            config.api_url,
            smart_name=None if smart is None else config.bot_name,
        )
    return Parts(app, kf, smart, line, push, says)


def _account(name: str, config: WeCom, store: Store, clock: Callable[[], datetime]) -> Account:
    secret = config.secret_of(name)
    return Account(name, config.corp_id, secret, store, clock, config.api_url)


def _door(token: SecretStr, key: SecretStr, receiver: str) -> Door:
    return Door(token.get_secret_value(), key.get_secret_value(), receiver)
