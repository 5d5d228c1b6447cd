"""The address WeChat posts messages to."""

import logging

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.tencent.envelope import Forged, Garbled
from bot.channels.tencent.xml import BODY_BYTES
from bot.channels.wechat.channel import WeChatChannel
from bot.channels.wechat.door import NO_REPLY
from bot.web.posted import posted

log = logging.getLogger(__name__)

PATH = "/wechat/webhook"

BAD_SHAPE = 400
FORGED = 403
TOO_LARGE = 413


def routes(channel: WeChatChannel) -> list[Route]:
    """Return the route of this channel."""

    async def serve(request: Request) -> Response:
        try:
            if request.method == "POST":
                return await _receive(request, channel)
            echo = channel.door.echo(request.query_params, channel.clock())
            return PlainTextResponse(echo)
        except Forged:
            log.warning("a post that WeChat did not sign was refused")
            return Response(status_code=FORGED)
        except Garbled as garbled:
            log.warning("a post cannot be read: %s", garbled)
            return Response(status_code=BAD_SHAPE)

    return [Route(PATH, serve, methods=["GET", "POST"])]


async def _receive(request: Request, channel: WeChatChannel) -> Response:
    channel.door.knock(request.query_params, channel.clock())
    body = await posted(request, BODY_BYTES)
    if body is None:
        return Response(status_code=TOO_LARGE)
    letter = channel.door.admit(request.query_params, body, channel.clock())
    said = await channel.take(letter)
    if not said:
        return PlainTextResponse(NO_REPLY)
    answer = channel.door.answer(letter, said, channel.clock())
    return Response(answer, media_type="application/xml")
