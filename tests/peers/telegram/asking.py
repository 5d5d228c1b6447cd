"""The remaining methods: who am I, updates and webhook, buttons, files, chats, commands."""

import json
import re

from tests.peers.telegram import rules
from tests.peers.telegram.params import Params
from tests.peers.telegram.rules import refuse
from tests.peers.telegram.shapes import Json, Object, as_object, without_none
from tests.peers.telegram.transcript import Answer
from tests.peers.telegram.webhook import LOOPBACK, Hook
from tests.peers.telegram.world import World

SECRET_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,256}")
COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")
COMMANDS_LIMIT = 100
WEBHOOK_URL = re.compile(r"(https?)://([^/:]+)(?::(\d+))?(?:/.*)?")
WEBHOOK_PORTS = frozenset({"443", "80", "88", "8443"})


async def get_me(world: World, _: Params) -> Json:
    """Return the bot itself."""
    return world.me.render() | {
        "can_join_groups": True,
        "can_read_all_group_messages": world.can_read_all_group_messages,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(world: World, params: Params) -> Json:
    """Return updates, waiting for the first one up to `timeout` seconds."""
    _remember_wishes(world, params)
    limit = min(max(params.number("limit", 100), 1), 100)
    batch = await world.feed.get_updates(params.number("offset"), limit, params.number("timeout"))
    return [update.body for update in batch]


async def set_webhook(world: World, params: Params) -> Json:
    """Post updates to an address from now on; an empty one means polling again."""
    url, secret = params.text("url"), params.text("secret_token")
    if not url:
        return await delete_webhook(world, params)
    _check_url(url)
    if secret and not SECRET_TOKEN.fullmatch(secret):
        refuse("secret token contains unallowed characters")
    _remember_wishes(world, params)
    if params.flag("drop_pending_updates"):
        world.feed.drop_pending()
    world.feed.set_webhook(
        Hook(
            url=url,
            secret_token=secret,
            max_connections=min(max(params.number("max_connections", 40), 1), 100),
            allowed_updates=tuple(sorted(world.feed.allowed)),
        )
    )
    return True


async def delete_webhook(world: World, params: Params) -> Json:
    """Keep updates for pollers from now on."""
    if params.flag("drop_pending_updates"):
        world.feed.drop_pending()
    world.feed.set_webhook(None)
    return True


async def get_webhook_info(world: World, _: Params) -> Json:
    """Return where updates go and what went wrong there last."""
    poster = world.feed.poster
    hook = poster.hook or Hook("")
    error_at, error = poster.last_error or (None, None)
    return without_none(
        url=hook.url,
        has_custom_certificate=False,
        pending_update_count=len(world.feed.pending),
        max_connections=hook.max_connections if poster.hook else None,
        ip_address="127.0.0.1" if poster.hook else None,
        last_error_date=error_at,
        last_error_message=error,
        allowed_updates=list(hook.allowed_updates) or None,
    )


async def answer_callback_query(world: World, params: Params) -> Json:
    """End the spinner on a pressed button, with a notice if there is a text."""
    text = params.text("text")
    if len(text) > rules.CALLBACK_ANSWER_LIMIT:
        refuse("MESSAGE_TOO_LONG")
    press = world.live_press(params.text("callback_query_id"))
    world.answers[press.callback_id] = Answer(text, show_alert=params.flag("show_alert"))
    world.bell.ring()
    return True


async def get_file(world: World, params: Params) -> Json:
    """Return where a file can be fetched."""
    media = world.files.get(params.text("file_id"))
    if media is None:
        refuse("invalid file_id")
    if len(media.data) > rules.DOWNLOAD_BYTES:
        refuse("file is too big")
    return {
        "file_id": media.file_id,
        "file_unique_id": media.file_unique_id,
        "file_size": len(media.data),
        "file_path": media.path,
    }


async def set_my_commands(world: World, params: Params) -> Json:
    """Fill the command menu of one scope and language."""
    commands = [as_object(command) for command in params.array("commands") or []]
    if len(commands) > COMMANDS_LIMIT:
        refuse("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND_NAME.fullmatch(str(command.get("command", "")).removeprefix("/")):
            refuse("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            refuse("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_scope(params)] = list(commands)
    return True


async def delete_my_commands(world: World, params: Params) -> Json:
    """Empty the command menu of one scope and language."""
    world.commands.pop(_scope(params), None)
    return True


async def get_my_commands(world: World, params: Params) -> Json:
    """Return the command menu of one scope and language."""
    return world.commands.get(_scope(params), [])


async def get_chat(world: World, params: Params) -> Json:
    """Return everything about a chat."""
    chat = world.chat_of(params)
    return chat.render() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": True,
            "limited_gifts": True,
            "unique_gifts": True,
            "premium_subscription": True,
            "gifts_from_channels": True,
        },
    }


async def get_chat_member(world: World, params: Params) -> Json:
    """Return somebody's part in a chat."""
    chat = world.chat_of(params)
    user_id = params.number("user_id")
    if user_id not in world.users:
        refuse("invalid user_id specified")
    return world.member(chat, user_id)


async def leave_chat(world: World, params: Params) -> Json:
    """Leave a group."""
    chat = world.chat_of(params)
    if chat.is_private:
        refuse("chat member status can't be changed in private chats")
    world.writable_chat(params)
    world.set_status(chat, world.me, "left", world.me)
    return True


def _remember_wishes(world: World, params: Params) -> None:
    """Keep allowed_updates; a call without it leaves the earlier wish."""
    allowed = params.array("allowed_updates")
    if allowed is not None:
        world.feed.allowed = frozenset(str(kind) for kind in allowed)


def _check_url(url: str) -> None:
    match = WEBHOOK_URL.fullmatch(url)
    if match is None:
        refuse("invalid webhook URL specified")
    scheme, host, port = match.groups()
    if host in LOOPBACK:
        return  # tests listen on loopback, without TLS and on any port
    if scheme != "https":
        refuse("bad webhook: An HTTPS URL must be provided for webhook")
    if (port or "443") not in WEBHOOK_PORTS:
        refuse("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _scope(params: Params) -> str:
    scope: Object = params.object("scope") or {"type": "default"}
    return json.dumps([scope, params.text("language_code")], sort_keys=True)


ASKING = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "answerCallbackQuery": answer_callback_query,
    "getFile": get_file,
    "setMyCommands": set_my_commands,
    "deleteMyCommands": delete_my_commands,
    "getMyCommands": get_my_commands,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "leaveChat": leave_chat,
}
