"""What is checked of every request before anything is done: where it comes from, how long it is."""

from typing import TypeVar
from urllib.parse import urlsplit

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive

from bot.web import texts

T = TypeVar("T")

JSON_BYTES = 64 * 1024
UPLOAD_BYTES = 20 * 1024 * 1024
"""Both from contracts.md, request body."""
ENVELOPE_BYTES = 16 * 1024
"""What a form adds around its file."""


def from_this_page(request: Request) -> None:
    """Raise HTTPException(403) when another site made the browser send this.

    Browsers say so themselves; old ones send only Origin, and programs neither. A request with
    neither carries no cookie from another site either (SameSite) and cannot be JSON.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site == "same-origin":
            return
        raise HTTPException(403, texts.OTHER_SITE)
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, texts.OTHER_SITE)


async def read_json(request: Request, shape: type[T]) -> T:
    """Return the body in its shape; raises HTTPException when it is anything else."""
    from_this_page(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(415, texts.WRONG_SHAPE)
    body = bytearray()
    async for chunk in limited(request, JSON_BYTES, texts.TOO_LARGE_TEXT).stream():
        body += chunk
    try:
        return msgspec.json.decode(bytes(body), type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise HTTPException(400, texts.WRONG_SHAPE) from None


def limited(request: Request, most: int, otherwise: str) -> Request:
    """Return the request, reading no further than this many bytes of its body."""
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > most:
        raise HTTPException(413, otherwise)
    return Request(request.scope, _counting(request.receive, most, otherwise))


def _counting(receive: Receive, most: int, otherwise: str) -> Receive:
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            raise HTTPException(413, otherwise)
        return message

    return counted
