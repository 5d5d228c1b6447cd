"""Photographs on their way from the page to the media store and back."""

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from bot.media import MediaReason, MediaRefused
from bot.web import door, texts
from bot.web.parts import Parts, parts_of
from bot.web.session import person_of

KEEP = "private, max-age=31536000, immutable"
"""A photograph's name is the hash of what it shows: it never changes."""

REFUSED = {
    MediaReason.TOO_LARGE: texts.TOO_LARGE_PHOTO,
    MediaReason.TOO_MANY_PIXELS: texts.TOO_MANY_PIXELS,
    MediaReason.NOT_A_PHOTO: texts.NOT_A_PHOTO,
}


def routes() -> list[Route]:
    """Return the routes of photographs."""
    return [
        Route("/api/photos", upload, methods=["POST"]),
        Route("/api/photos/{name}", show, methods=["GET"]),
    ]


async def upload(request: Request) -> Response:
    """Keep the photograph of a form and return its name."""
    parts = parts_of(request)
    door.from_this_page(request)
    await person_of(request, parts)
    data = await _file(request)
    try:
        return JSONResponse({"name": await parts.media.keep(data)})
    except MediaRefused as refused:
        raise HTTPException(422, REFUSED[refused.reason]) from None


async def show(request: Request) -> Response:
    """Return a photograph to somebody who knows its name: a hash that cannot be guessed."""
    parts = parts_of(request)
    await person_of(request, parts)
    name = request.path_params["name"]
    try:
        known(parts, name)
    except HTTPException:
        raise HTTPException(404, texts.PHOTO_GONE) from None
    return FileResponse(
        parts.media.path(name), media_type="image/jpeg", headers={"cache-control": KEEP}
    )


def known(parts: Parts, name: str) -> str:
    """Return the name of a photograph that is kept; raises HTTPException(400)."""
    try:
        if parts.media.path(name).is_file():
            return name
    except ValueError:
        pass
    raise HTTPException(400, texts.PHOTO_GONE)


async def _file(request: Request) -> bytes:
    most = door.UPLOAD_BYTES + door.ENVELOPE_BYTES
    bounded = door.limited(request, most, texts.TOO_LARGE_PHOTO)
    async with bounded.form(max_files=1, max_fields=4) as form:
        file = form.get("photo")
        if not isinstance(file, UploadFile):
            raise HTTPException(400, texts.NO_PHOTO)
        return await file.read()
