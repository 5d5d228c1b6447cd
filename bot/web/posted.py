"""What a platform posts to us, read no further than it ever posts."""

from starlette.requests import Request


async def posted(request: Request, bytes_at_most: int) -> bytes | None:
    """Return the body, or None as soon as it is larger."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > bytes_at_most:
            return None
    return bytes(body)
