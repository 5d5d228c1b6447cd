"""HTTP on loopback: reads requests in every form Telegram takes, and can cut the line."""

import asyncio
import socket
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import TypeVar

from starlette.datastructures import Address, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from tests.peers.telegram.params import Params
from tests.peers.telegram.rules import refuse
from tests.peers.telegram.shapes import Object
from tests.peers.telegram.spec import Spec
from tests.peers.telegram.transcript import Upload

T = TypeVar("T")


class Silence(Response):
    """No answer at all."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...


@dataclass(slots=True)
class Line:
    """A listening socket that keeps its port over stops and starts.

    It drives uvicorn's protocol without uvicorn's server: that one takes the process's signals and
    needs a fifth of a second to stop.
    """

    app: ASGIApp
    port: int = 0
    loses: dict[str, int] = field(default_factory=dict)
    """By path: how many of the next requests are carried out and get no answer."""
    _server: asyncio.Server | None = None
    _state: ServerState = field(default_factory=ServerState)

    async def open(self) -> None:
        """Listen."""
        config = Config(
            self._serve,
            interface="asgi3",
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            proxy_headers=False,
        )
        config.load()
        # Named as TCP, else asyncio does not switch Nagle's delay off: 40 ms for every answer.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        self._server = await asyncio.get_running_loop().create_server(
            lambda: H11Protocol(config, self._state, {}), sock=listener
        )

    async def close(self) -> None:
        """Refuse new connections, cut the open ones, and wait until their work has ended."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for connection in list(self._state.connections):
            connection.transport.abort()
        await asyncio.gather(*self._state.tasks, return_exceptions=True)

    async def cut(self, request: Request) -> Silence:
        """Abort the connection this request came on."""
        assert request.client is not None
        self._abort(request.client)
        return await until_gone(request)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        left = self.loses.get(scope["path"], 0)
        if not left:
            await self.app(scope, receive, send)
            return
        self.loses[scope["path"]] = left - 1
        await self.app(scope, receive, _unheard)
        self._abort(scope["client"])
        while (await receive())["type"] != "http.disconnect":
            continue

    def _abort(self, client: tuple[str, int] | Address) -> None:
        for connection in list(self._state.connections):
            if isinstance(connection, H11Protocol) and connection.client == client:
                connection.transport.abort()


async def _unheard(_message: Message) -> None:
    """Take what is said on a line that is lost."""


async def until_gone(request: Request) -> Silence:
    """Wait until the client hangs up."""
    while (await request.receive())["type"] != "http.disconnect":
        continue
    return Silence()


async def unless_gone(request: Request, work: Awaitable[T]) -> T | None:
    """Do the work, but stop as soon as the client hangs up; None then."""
    doing = asyncio.ensure_future(work)
    watching = asyncio.ensure_future(until_gone(request))
    try:
        await asyncio.wait({doing, watching}, return_when=asyncio.FIRST_COMPLETED)
        return await doing if doing.done() else None
    finally:
        for task in (doing, watching):
            task.cancel()
        await asyncio.gather(doing, watching, return_exceptions=True)


async def read_params(request: Request, method: str, spec: Spec) -> Params:
    """Return the parameters from query, form, multipart or JSON, decoded by the spec."""
    values: Object = dict(request.query_params)
    files: dict[str, Upload] = {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        values |= await _json_body(request)
    elif kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        form = await request.form(max_files=100, max_fields=1000)
        for name, part in form.multi_items():
            if isinstance(part, UploadFile):
                content_type = part.content_type or "application/octet-stream"
                files[name] = Upload(part.filename or "", content_type, await part.read())
            else:
                values[name] = part
        await form.close()
    elif await request.body():
        refuse(f"can't parse request: content type {kind or 'missing'}")
    decoded = {
        name: spec.decode(method, name, value) if isinstance(value, str) else value
        for name, value in values.items()
    }
    return Params(decoded, files)


async def _json_body(request: Request) -> Object:
    if not await request.body():
        return {}
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        refuse("can't parse request: JSON object expected")
    return body
