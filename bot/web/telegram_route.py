"""The address Telegram posts updates to, when the channel does not poll."""

import asyncio
import logging

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.telegram import webhook
from bot.channels.telegram.channel import Mode, TelegramChannel
from bot.channels.telegram.decode import Unreadable, Update
from bot.channels.telegram.inbound import album_of
from bot.channels.telegram.webhook import WrongSecret
from bot.web.posted import posted

log = logging.getLogger(__name__)

PATH = "/telegram/webhook"

DONE = 200
BAD_SHAPE = 400
WRONG_SECRET = 403
TOO_LARGE = 413
NOT_READY = 503


def routes(channel: TelegramChannel | None) -> list[Route]:
    """Return the route of this channel; none when there is no channel or it polls."""
    if channel is None or channel.mode is Mode.POLL:
        return []

    async def receive(request: Request) -> Response:
        return Response(status_code=await _receive(request, channel))

    return [Route(PATH, receive, methods=["POST"])]


async def _receive(request: Request, channel: TelegramChannel) -> int:
    """Return the status: anything but 200 makes Telegram send the update again."""
    given = request.headers.get(webhook.SECRET_HEADER, "")
    try:
        webhook.check_secret(given, channel.secret)
        body = await posted(request, webhook.BODY_BYTES)
        if body is None:
            return TOO_LARGE
        update = webhook.receive(body, given, channel.secret)
    except WrongSecret:
        return WRONG_SECRET
    except Unreadable as error:
        log.warning("update %s cannot be read: %s", error.update_id, error)
        # What Telegram itself numbered would come again for a day, whatever we think of it.
        return BAD_SHAPE if error.update_id is None else DONE
    return await _take(update, channel) if channel.is_ready else NOT_READY


async def _take(update: Update, channel: TelegramChannel) -> int:
    if album_of(update):
        # Telegram sends the next part of an album only after the answer to this one.
        return DONE if await channel.take_part(update) else NOT_READY
    task = channel.take(update)
    if task is None:
        return DONE
    await asyncio.wait([task])
    return NOT_READY if task.cancelled() else DONE
