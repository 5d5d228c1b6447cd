"""Builds the channel of one account from its configuration."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.channels.tencent.photos import MediaStore
from bot.channels.wechat.allowance import Allowance, Pace
from bot.channels.wechat.channel import WeChatChannel
from bot.channels.wechat.client import Client
from bot.channels.wechat.door import Door, Mode
from bot.config_wechat import WeChat
from handlers.dispatcher import Dispatcher
from storage.store import Store


def open_channel(
    config: WeChat,
    dispatcher: Dispatcher,
    store: Store,
    media: MediaStore,
    *,
    clock: Callable[[], datetime],
    pace: Pace | None = None,
) -> WeChatChannel:
    """Return the channel; nothing is sent or received before it starts."""
    channel = WeChatChannel(
        Door(
            Mode(config.mode),
            config.app_id,
            config.token.get_secret_value(),
            config.encoding_aes_key.get_secret_value(),
        ),
        open_client(config, store, clock),
        dispatcher,
        store,
        media,
        clock=clock,
        allowance=allowance(config),
        pace=pace,
    )
    if config.qr_codes and config.app_secret():
        dispatcher.scenes = channel.scenes
    return channel


def open_client(config: WeChat, store: Store, clock: Callable[[], datetime]) -> Client:
    """Return the account's own calls."""
    return Client(config.app_id, config.app_secret(), store, clock, config.api_url)


def allowance(config: WeChat) -> Allowance:
    """Return what the account may say unasked."""
    return Allowance(
        customer_messages=config.customer_messages,
        per_message=config.messages_per_message,
        message_window=timedelta(hours=config.message_window_hours),
        per_action=config.messages_per_action,
        action_window=timedelta(minutes=config.action_window_minutes),
        template=config.template_id,
        template_field=config.template_field,
        subscription=config.subscribe_template_id,
        subscription_field=config.subscribe_field,
    )
