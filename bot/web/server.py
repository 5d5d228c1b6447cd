"""Builds the web application and serves it inside our own event loop."""

import asyncio
import contextlib
import errno
import logging
import socket
from collections.abc import Callable, Generator, Sequence
from datetime import datetime, timedelta

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from bot.web import admin, chat, health, live, page, photos, texts
from bot.web.assets import own_assets
from bot.web.headers import ALWAYS, Headers
from bot.web.hub import HEARTBEAT, Hub
from bot.web.parts import MediaStore, Parts
from handlers.dispatcher import Dispatcher
from handlers.street import Street
from storage.bell import Topic
from storage.faults import StoreUnavailable
from storage.store import Store

log = logging.getLogger(__name__)

BACKLOG = 2048
STOPS_WITHIN_SECONDS = 5
"""Of a message being handled; pages that only listen are let go at once."""

LAST_WORDS_SECONDS = 0.5
"""Between the last visitor a worker lets in and the end of silent connections."""


class PortUnusable(Exception):
    """Nothing can be served at this address; the message says why and what to do."""


def build_app(
    dispatcher: Dispatcher,
    store: Store,
    street: Street,
    media: MediaStore,
    *,
    clock: Callable[[], datetime],
    demo: bool,
    secure: bool,
    extra_routes: Sequence[BaseRoute] = (),
    heartbeat: timedelta = HEARTBEAT,
) -> Starlette:
    """Return the application; whatever is said in a chat, by whichever worker, wakes its pages."""
    parts = Parts(
        dispatcher=dispatcher,
        store=store,
        street=street,
        media=media,
        hub=Hub(heartbeat),
        clock=clock,
        demo=demo,
        secure=secure,
    )
    store.bell.on(Topic.CHAT, parts.hub.heard)
    assets = own_assets()
    pages = page.templates(assets)
    routes: list[BaseRoute] = [
        *page.routes(pages),
        *admin.routes(pages),
        *chat.routes(),
        *photos.routes(),
        *live.routes(),
        *health.routes(),
        *assets.routes(),
        *extra_routes,
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Headers, secure=secure)],
        exception_handlers={
            HTTPException: _refused,
            StoreUnavailable: _store_down,
            Exception: _our_mistake,
        },
    )
    app.state.parts = parts
    app.state.hub = parts.hub
    return app


class WebServer:
    """The server of one application on one address."""

    def __init__(
        self, app: Starlette, host: str, port: int, listening: socket.socket | None = None
    ) -> None:
        """`listening` is a socket that is shared with other workers; without one, one is made."""
        self._app = app
        self._host = host
        self._port = port
        self._listening = listening
        self._server = _Uvicorn(
            uvicorn.Config(
                app,
                lifespan="off",
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=STOPS_WITHIN_SECONDS,
            )
        )
        self._serving: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The port listened on; the one the system chose when 0 was asked for."""
        return self._port

    @property
    def pages(self) -> int:
        """How many pages are open now."""
        number: int = self._app.state.hub.pages
        return number

    async def start(self) -> None:
        """Listen, and return when requests are taken; raises PortUnusable."""
        listening = self._listening or listen(self._host, self._port)
        self._port = listening.getsockname()[1]
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]), name="web")
        ready = asyncio.create_task(self._server.ready.wait())
        await asyncio.wait((ready, self._serving), return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()

    async def wait(self) -> None:
        """Return when the server has stopped."""
        assert self._serving is not None
        await asyncio.shield(self._serving)

    async def stop(self) -> None:
        """Take nothing new, finish what is being handled, let listening pages go."""
        if self._listening is not None:
            # Others take the next visitors; those who just came in have a moment to speak.
            for server in self._server.servers:
                server.close()
            await asyncio.sleep(LAST_WORDS_SECONDS)
        self._app.state.hub.close()
        self._server.should_exit = True
        await self.wait()


async def serve(app: Starlette, host: str, port: int) -> None:
    """Serve until cancelled, then stop gracefully; raises PortUnusable."""
    server = WebServer(app, host, port)
    await server.start()
    try:
        await server.wait()
    finally:
        await server.stop()


class _Uvicorn(uvicorn.Server):
    """Uvicorn without its own signals: the command line decides when to stop."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there; raises PortUnusable."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        # A restarted server gets its port back while old connections still linger.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        # Two programs may bind with the option above; only one may listen.
        listening.listen(BACKLOG)
        listening.setblocking(False)
    except OSError as error:
        listening.close()
        raise PortUnusable(_why(error, host, port)) from None
    except BaseException:
        listening.close()
        raise
    return listening


def _why(error: OSError, host: str, port: int) -> str:
    if isinstance(error, socket.gaierror) or error.errno is None:
        return texts.port_refused(host, port, str(error))
    if error.errno == errno.EADDRINUSE:
        return texts.port_taken(host, port)
    return texts.port_refused(host, port, error.strerror or str(error))


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    # Starlette puts the English name of the status where nobody said anything.
    said = error.detail if not error.detail.isascii() else texts.status(error.status_code)
    return JSONResponse({"error": said}, status_code=error.status_code, headers=error.headers)


async def _store_down(_request: Request, error: Exception) -> Response:
    log.warning("a page was refused: the store is %s", error)
    return JSONResponse({"error": texts.STORE_DOWN}, status_code=503)


async def _our_mistake(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    # This answer is made outside the middleware that adds the headers.
    return JSONResponse({"error": texts.OUR_MISTAKE}, status_code=500, headers=ALWAYS)
