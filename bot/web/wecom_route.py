"""The addresses WeCom posts to: the app, the customer service, and the smart robot."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.tencent.envelope import Forged, Garbled
from bot.channels.tencent.xml import BODY_BYTES
from bot.channels.wecom.app import AppChannel
from bot.channels.wecom.door import Door
from bot.channels.wecom.kf import KfChannel
from bot.channels.wecom.opening import Parts
from bot.channels.wecom.smart import SmartBot
from bot.web.posted import posted

log = logging.getLogger(__name__)

APP_PATH = "/wecom/app"
KF_PATH = "/wecom/kf"
SMART_PATH = "/wecom/bot"

BAD_SHAPE = 400
FORGED = 403
TOO_LARGE = 413

Receive = Callable[[Request, bytes], Awaitable[Response]]


def routes(parts: Parts) -> list[Route]:
    """Return the routes of the parts that are on."""
    found = []
    if parts.app is not None:
        found.append(app_route(parts.app))
    if parts.kf is not None:
        found.append(kf_route(parts.kf))
    if parts.smart is not None and parts.smart.door is not None:
        found.append(smart_route(parts.smart, parts.smart.door))
    return found


def app_route(channel: AppChannel) -> Route:
    """Return the route of the app."""

    async def receive(request: Request, body: bytes) -> Response:
        fields = channel.door.admit_xml(request.query_params, body, channel.clock())
        said = await channel.take(fields)
        # An empty answer tells WeCom that we have the message.
        return _xml(channel.door.seal_xml(said, channel.clock()) if said else "")

    return _route(APP_PATH, channel.door, channel.clock, receive)


def kf_route(channel: KfChannel) -> Route:
    """Return the route of the customer service: it only says that something is to be fetched."""

    async def receive(request: Request, body: bytes) -> Response:
        channel.ring(channel.door.admit_xml(request.query_params, body, channel.clock()))
        return _xml("")

    return _route(KF_PATH, channel.door, channel.clock, receive)


def smart_route(channel: SmartBot, door: Door) -> Route:
    """Return the route of the smart robot."""

    async def receive(request: Request, body: bytes) -> Response:
        posted = door.admit_json(request.query_params, body, channel.clock())
        said = await channel.take(posted)
        sealed = door.seal_json(said, channel.clock()) if said else ""
        return Response(sealed, media_type="application/json")

    return _route(SMART_PATH, door, channel.clock, receive)


def _route(path: str, door: Door, clock: Callable[[], datetime], receive: Receive) -> Route:
    async def serve(request: Request) -> Response:
        try:
            if request.method == "POST":
                body = await posted(request, BODY_BYTES)
                if body is None:
                    return Response(status_code=TOO_LARGE)
                return await receive(request, body)
            return PlainTextResponse(door.echo(request.query_params, clock()))
        except Forged:
            log.warning("a post to %s that WeCom did not sign was refused", path)
            return Response(status_code=FORGED)
        except Garbled as garbled:
            log.warning("a post to %s cannot be read: %s", path, garbled)
            return Response(status_code=BAD_SHAPE)

    return Route(path, serve, methods=["GET", "POST"])


def _xml(said: str) -> Response:
    return Response(said, media_type="application/xml")
