"""The web page as the only channel of the demo street."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.web import demo
from bot.web.sender import WebSender
from bot.web.server import WebServer, build_app
from bot.wiring import Service
from storage.transaction import Transaction


class PageFront:
    """Where the page is; after a restart it is found where it was."""

    def __init__(self) -> None:
        self._port = 0

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://127.0.0.1:{self._port}"

    @asynccontextmanager
    async def open(self, service: Service) -> AsyncIterator[None]:
        """Serve it while the block runs."""
        await service.store.run(_bind)
        app = build_app(
            service.dispatcher,
            service.store,
            service.street,
            service.media,
            clock=service.clock,
            demo=True,
            secure=False,
        )
        service.senders["web"] = WebSender(service.store, app.state.hub)
        server = WebServer(app, "127.0.0.1", self._port)
        await server.start()
        self._port = server.port
        try:
            yield
        finally:
            await server.stop()


def _bind(tx: Transaction) -> None:
    demo.bind_rooms(tx)
    demo.bind_people(tx)
