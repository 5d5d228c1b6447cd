"""Server-sent events: the lines of a chat as they are written, from where the page left off."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from bot.web import chat, demo, lines, texts
from bot.web.lines import Chat, Shown
from bot.web.parts import Parts, parts_of
from storage.faults import StoreUnavailable

log = logging.getLogger(__name__)

COME_BACK_MS = 2000
HELLO = f"retry: {COME_BACK_MS}\n: open\n\n"
BEAT = ": still here\n\n"


def routes() -> list[Route]:
    """Return the route that streams."""
    return [Route("/api/events", events, methods=["GET"])]


async def events(request: Request) -> Response:
    """Stream the lines after the last one the page has, then every new one."""
    parts = parts_of(request)
    query = request.query_params
    person = await chat.the_same_person(request, parts, query.get("me"))
    place = await lines.chat_of(parts, person, query.get("chat", ""))
    seen = request.headers.get("last-event-id") or query.get("after") or "0"
    line_id = demo.number_in(seen)
    if line_id is None:
        raise HTTPException(400, texts.WRONG_SHAPE)
    if parts.hub.is_full:
        raise HTTPException(503, texts.BUSY)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(
        _stream(parts, place, line_id), media_type="text/event-stream", headers=headers
    )


async def _stream(parts: Parts, place: Chat, line_id: int) -> AsyncIterator[str]:
    yield HELLO
    try:
        with parts.hub.listen(place.id) as bell:
            while not parts.hub.is_closed:
                bell.clear()
                try:
                    found = await lines.watched(parts, place, line_id)
                except StoreUnavailable:
                    # The page stays; what was said meanwhile is found at a later beat.
                    found = []
                for line in found:
                    line_id = int(str(line["id"]))
                    yield _event(line)
                if len(found) < lines.AT_ONCE and not await _rings(parts, bell):
                    yield BEAT
    finally:
        if parts.store.is_shared and not parts.hub.has_listeners(place.id):
            parts.hub.do_beside(_closed(parts, place))


async def _closed(parts: Parts, place: Chat) -> None:
    """Let other workers know that no page is left here; should that fail, our number goes too."""
    with suppress(StoreUnavailable):
        await parts.store.run(lambda tx: tx.open_pages.close(place.id))


async def _rings(parts: Parts, bell: asyncio.Event) -> bool:
    """Wait for the bell; return False when a heartbeat passed in silence."""
    try:
        async with asyncio.timeout(parts.hub.heartbeat.total_seconds()):
            await bell.wait()
    except TimeoutError:
        return False
    return True


def _event(line: Shown) -> str:
    data = msgspec.json.encode(line).decode()
    return f"id: {line['id']}\nevent: line\ndata: {data}\n\n"
