"""The demo street with the page as its only channel: it can be killed, and its clock is moved."""

from datetime import datetime
from pathlib import Path

from bot.config import Config
from bot.script.clock import ManualClock
from bot.script.hours import Hours
from bot.script.house import House
from bot.web import demo
from bot.web.sender import WebSender
from bot.web.server import WebServer, build_app
from storage.transaction import Transaction
from tests.stores import a_database


class BrowserHouse:
    """The process behind the pages; after a restart it is found where it was."""

    def __init__(self, folder: Path, start: datetime) -> None:
        a_database(folder)  # migrated already: every journey begins with an empty one
        self.clock = ManualClock(start)
        self.house = House(Config(demo=True), folder, self.clock)
        self.hours = Hours(self.house, self.clock)
        self._server: WebServer | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> "BrowserHouse":
        await self._open()
        return self

    async def __aexit__(self, *_error: object) -> None:
        self.house.outage.end()
        await self._stop()
        await self.house.close()

    async def restart(self) -> None:
        """Kill the process and start it again on what is stored."""
        await self._stop()
        await self.house.kill()
        await self._open()

    async def _open(self) -> None:
        service = await self.house.open()
        await service.store.run(_bind)
        app = build_app(
            service.dispatcher,
            service.store,
            service.street,
            service.media,
            clock=self.clock,
            demo=True,
            secure=False,
        )
        service.senders["web"] = WebSender(service.store, app.state.hub)
        self._server = WebServer(app, "127.0.0.1", self._port)
        await self._server.start()
        self._port = self._server.port
        await self.hours.tick()

    async def _stop(self) -> None:
        if self._server is not None:
            await self._server.stop()
            self._server = None


def _bind(tx: Transaction) -> None:
    demo.bind_rooms(tx)
    demo.bind_people(tx)
