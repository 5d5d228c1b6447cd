"""Says to whoever watches the server whether it can still remember things."""

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.web.parts import parts_of
from storage.faults import StoreUnavailable
from storage.transaction import Transaction

WITHIN_SECONDS = 8
"""Longer than the store waits for a lock; whoever watches gives up after ten, usually."""


def routes() -> list[Route]:
    """Return the route of the health check; it takes and sets no cookies."""
    return [Route("/healthz", healthz, methods=["GET"])]


async def healthz(request: Request) -> Response:
    """Answer 200 when a unit of work still passes through the store, else 503."""
    parts = parts_of(request)
    body: dict[str, object] = {"status": "ok", "at": parts.clock().isoformat()}
    try:
        async with asyncio.timeout(WITHIN_SECONDS):
            await parts.store.run(_glance)
    except (StoreUnavailable, TimeoutError):
        return JSONResponse({**body, "status": "store unavailable"}, status_code=503)
    return JSONResponse(body)


def _glance(tx: Transaction) -> None:
    tx.reading()
