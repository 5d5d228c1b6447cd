"""A house with a web page: the real server on a real socket, and a small client of it."""

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from types import TracebackType

import httpx
from PIL import Image
from starlette.applications import Starlette
from starlette.routing import Route

from bot.media import MediaStore
from bot.web import demo
from bot.web.sender import WebSender
from bot.web.server import WebServer, build_app
from handlers.delivery import Delivery
from storage.transaction import Transaction
from tests.houses import House
from tests.stores import Database

Line = dict[str, object]

DEMO_PEOPLE = ("居民甲", "居民乙", "物业甲")
DEMO_GROUP = "演示居民群"


class WebHouse(House):
    """A house whose street is reached through the page."""

    def __init__(
        self,
        folder: Path,
        *,
        demo_street: bool = False,
        secure: bool = False,
        heartbeat: timedelta = timedelta(seconds=15),
        database: Database | None = None,
    ) -> None:
        super().__init__(folder, database=database, busy_timeout=timedelta(milliseconds=50))
        self.media = MediaStore(folder / "media")
        self.demo_street = demo_street
        self.secure = secure
        self.heartbeat = heartbeat
        self.server: WebServer | None = None
        self.port = 0

    async def __aenter__(self) -> "WebHouse":
        """Add the people and start serving."""
        await self.settle()
        if self.demo_street:
            await self.store.run(_demo)
        await self.serve()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop serving and close the store."""
        await self.stop()
        self.store.close()

    def build(self, *more: Route) -> Starlette:
        """Return the application, with more routes where a test has some of its own."""
        return build_app(
            self.dispatcher,
            self.store,
            self.street,
            self.media,
            clock=self.clock,
            demo=self.demo_street,
            secure=self.secure,
            extra_routes=more,
            heartbeat=self.heartbeat,
        )

    async def serve(self) -> None:
        """Serve the page; on the port it had before, if it had one."""
        self.app = self.build()
        sender = WebSender(self.store, self.app.state.hub)
        self.delivery = Delivery(self.store, {"web": sender}, self.clock)
        self.server = WebServer(self.app, "127.0.0.1", self.port)
        await self.server.start()
        self.port = self.server.port

    async def stop(self) -> None:
        """Stop serving."""
        if self.server is not None:
            await self.server.stop()
            self.server = None

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.port}"

    @asynccontextmanager
    async def visitor(self, *, as_whom: str | None = None) -> AsyncIterator["Visitor"]:
        """Give a page with a session of its own."""
        async with httpx.AsyncClient(base_url=self.url) as client:
            visitor = Visitor(client)
            state = await visitor.start()
            if as_whom is not None:
                people = state["demo"]["people"]
                wanted = next(who["id"] for who in people if who["name"] == as_whom)
                answer = await client.post("/demo/speak-as", json={"resident_id": wanted})
                assert answer.status_code == 200
            yield visitor


class Visitor:
    """One page's side of the interface."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self._number = 0

    async def start(self) -> dict[str, dict[str, list[dict[str, str]]]]:
        """Open the session; return what the page is told."""
        answer = await self.client.post("/api/session", json={})
        assert answer.status_code == 200, answer.text
        state: dict[str, dict[str, list[dict[str, str]]]] = answer.json()
        return state

    async def send(self, text: str, **more: object) -> httpx.Response:
        """Post a message; return the answer as it came."""
        self._number += 1
        body = {"id": f"m{self._number}", "text": text, **more}
        return await self.client.post("/api/messages", json=body)

    async def say(self, text: str, **more: object) -> list[Line]:
        """Post a message; return the lines it made."""
        answer = await self.send(text, **more)
        assert answer.status_code == 200, answer.text
        lines: list[Line] = answer.json()["lines"]
        return lines

    async def press(self, line: Line, label: str, **more: object) -> list[Line]:
        """Press the button with this label; return the lines it made."""
        choices = line["choices"]
        assert isinstance(choices, list)
        choice = next(c for c in choices if c["label"] == label)
        self._number += 1
        body: dict[str, object] = {"id": f"p{self._number}", **more}
        if "action" in choice:
            body["action"] = choice["action"]
        else:
            body |= {"menu": line["menu"], "number": choice["number"]}
        answer = await self.client.post("/api/press", json=body)
        assert answer.status_code == 200, answer.text
        lines: list[Line] = answer.json()["lines"]
        return lines

    async def lines(self, **query: str) -> list[Line]:
        """Return the lines of a chat."""
        answer = await self.client.get("/api/lines", params=query)
        assert answer.status_code == 200, answer.text
        lines: list[Line] = answer.json()["lines"]
        return lines

    @asynccontextmanager
    async def live(self, *, last_id: str | None = None, **query: str) -> AsyncIterator["Live"]:
        """Listen to a chat."""
        headers = {} if last_id is None else {"last-event-id": last_id}
        async with self.client.stream(
            "GET", "/api/events", params=query, headers=headers, timeout=20
        ) as answer:
            assert answer.status_code == 200
            yield Live(answer.aiter_lines())


class StreamEnded(AssertionError):
    """The server closed a stream that should have gone on."""


class Live:
    """An open event stream."""

    def __init__(self, raw: AsyncIterator[str]) -> None:
        self._raw = raw

    async def next(self) -> Line:
        """Return the next line of the chat."""
        async for text in self._raw:
            if text.startswith("data: "):
                line: Line = json.loads(text.removeprefix("data: "))
                return line
        raise StreamEnded

    async def comment(self) -> str:
        """Return the next comment of the stream."""
        async for text in self._raw:
            if text.startswith(": "):
                return text.removeprefix(": ")
        raise StreamEnded

    async def end(self) -> None:
        """Return when the server has ended the stream."""
        async for _ in self._raw:
            pass


def _demo(tx: Transaction) -> None:
    row: dict[str, object] = {"id": 9, "name": DEMO_GROUP, "kind": "residents"}
    tx.directory.add("groups", [{**row, "community_id": 1, "demo": True}])
    for name in DEMO_PEOPLE:
        person = tx.residents.add(name=name, community_id=1, estate_id=1, demo=True)
        if name != "物业甲":
            tx.directory.add("group_members", [{"group_id": 9, "resident_id": person.id}])
    demo.bind_rooms(tx)
    demo.bind_people(tx)


def a_photo(colour: str = "red", size: tuple[int, int] = (40, 30)) -> bytes:
    """Return a small picture."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def said(lines: list[Line]) -> list[tuple[object, object]]:
    """Return who said what."""
    return [(line["from"], line["text"]) for line in lines]
