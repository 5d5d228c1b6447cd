"""The page's own files: read once, named by what is in them, kept by browsers for a year."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web import texts

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
KEEP = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file and the hash by which pages ask for it."""

    content: bytes
    kind: str
    version: str


class Assets:
    """All files of the folder."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files = {
            path.name: _read(path) for path in sorted(folder.iterdir()) if path.suffix in TYPES
        }

    def url(self, name: str) -> str:
        """Return the address of a file; another one as soon as the file changes."""
        return f"/static/{name}?v={self._files[name].version}"

    def routes(self) -> list[Route]:
        """Return the route that serves the files."""
        return [Route("/static/{name}", self._serve, methods=["GET"])]

    async def _serve(self, request: Request) -> Response:
        asset = self._files.get(request.path_params["name"])
        if asset is None:
            raise HTTPException(404, texts.NOT_FOUND)
        tag = f'"{asset.version}"'
        is_named = request.query_params.get("v") == asset.version
        headers = {"cache-control": KEEP if is_named else ASK_AGAIN, "etag": tag}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(asset.content, headers={**headers, "content-type": asset.kind})


@cache
def own_assets() -> Assets:
    """Return the page's own files, read once in a process."""
    return Assets()


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    return Asset(content, TYPES[path.suffix], hashlib.sha256(content).hexdigest()[:16])
