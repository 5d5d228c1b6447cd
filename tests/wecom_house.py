"""The whole house behind WeCom: real routes, channels, dispatcher, delivery and file."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from bot.channels.wecom.opening import Parts, open_parts
from bot.channels.wecom.pace import Pace
from bot.config_wecom import WeCom
from bot.media import MediaStore
from bot.web import wecom_route
from bot.web.server import WebServer, build_app
from handlers.delivery import Delivery
from handlers.message import Choice
from handlers.notify import note_speaking
from handlers.residents.texts import newcomer_line
from storage.residents import address_key
from storage.transaction import Transaction
from tests.houses import House, a_reminder
from tests.peers.wecom.poster import AES_KEY, AGENT_ID, CORP_ID, TOKEN, Poster
from tests.peers.wecom.server import WeComPeer
from tests.stores import Clock, Database

R = TypeVar("R")

PATIENT = Pace(tend=timedelta(milliseconds=100), farewell=timedelta(seconds=1))
"""A busy machine may need long for an answer; only what is held up on purpose comes late."""
QUICK = replace(
    PATIENT,
    answer=timedelta(milliseconds=400),
    keep=timedelta(milliseconds=300),
    hold=timedelta(seconds=15),
)
ROBOT = "693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"
APP_KEY = "app-secret-0123456789"
KF_KEY = "kf-secret-01234567890"


def settings(peer: WeComPeer, folder: Path, **values: object) -> WeCom:
    """Return a configuration with every part on."""
    robots = folder / "robots.toml"
    url = f"{peer.root_url}/cgi-bin/webhook/send?key={ROBOT}"
    robots.write_text(f'"建港社区工作群" = "{url}"\n', "utf-8")
    given = {
        "corp_id": CORP_ID,
        "api_url": peer.root_url,
        "app_agent_id": AGENT_ID,
        "app_token": TOKEN,
        "app_encoding_aes_key": AES_KEY,
        "app_secret": APP_KEY,
        "kf_token": TOKEN,
        "kf_encoding_aes_key": AES_KEY,
        "kf_secret": KF_KEY,
        "bot_token": TOKEN,
        "bot_encoding_aes_key": AES_KEY,
        "bot_name": "小二",
        "push_file": str(robots),
    }
    return WeCom.model_validate({**given, **values})


@dataclass
class WeComHouse:
    """One running service, the platform beside it, and everybody who writes."""

    house: House
    peer: WeComPeer
    parts: Parts
    delivery: Delivery
    poster: Poster
    media: MediaStore

    async def run(self, work: Callable[[Transaction], R]) -> R:
        return await self.house.store.run(work)

    async def say(self, user: str, text: str, number: int | None = None) -> str:
        """Say something to the app; return the passive answer without the newcomer's line."""
        self.house.clock.forward(timedelta(seconds=5))
        answer = await self.poster.say(user, text, number)
        assert answer.status == 200
        return answer.text.removeprefix(newcomer_line(self.house.street.name) + "\n")

    async def customer(self, user: str, text: str) -> list[str]:
        """Have a customer write and the customer service ring; return what they newly read."""
        before = len(self.peer.kf.texts_to(user))
        self.house.clock.forward(timedelta(seconds=5))
        self.peer.kf.write(user, text)
        await self.ring()
        return self.peer.kf.texts_to(user)[before:]

    async def ring(self) -> None:
        """Tell the customer service that there is something to fetch, and wait for it."""
        answer = await self.poster.ring(self.peer.kf.account)
        assert (answer.status, answer.body) == (200, "")
        assert self.parts.kf is not None
        await self.parts.kf.settled()

    async def bind(self, channel: str, user: str, name: str, chat: str = "") -> None:
        """Let an address speak for somebody of the street, as a binding code does."""

        def work(tx: Transaction) -> None:
            [person] = tx.residents.named(name)
            tx.residents.bind(person, channel, user, chat or user)

        await self.run(work)

    async def remind(self, channel: str, user: str, words: str, *choices: Choice) -> None:
        """Put a notice to this person into the outbox and deliver what is due."""
        await self.run(a_reminder(address_key(channel, user), words, choices))
        await self.deliver()

    async def deliver(self) -> None:
        while await self.delivery.deliver_due():
            pass


@asynccontextmanager
async def a_house(
    folder: Path,
    peer: WeComPeer | None = None,
    *,
    pace: Pace = PATIENT,
    busy_timeout: timedelta = timedelta(seconds=5),
    database: Database | None = None,
    clock: Clock | None = None,
    **values: object,
) -> AsyncIterator[WeComHouse]:
    """Open the house on this folder; entering it again is a restart, on a database a worker."""
    house = House(folder, busy_timeout=busy_timeout, database=database, clock=clock)
    if await house.store.run(lambda tx: tx.directory.is_empty()):
        await house.settle()
    own = peer or WeComPeer(house.clock)
    own.now = house.clock
    own.secrets |= {APP_KEY, KF_KEY}
    own.robots.add(ROBOT)
    if peer is None:
        await own.__aenter__()
    media = MediaStore(folder / "media")
    config = settings(own, folder, **values)
    parts = open_parts(config, house.dispatcher, house.store, media, clock=house.clock, pace=pace)
    app = build_app(
        house.dispatcher,
        house.store,
        house.street,
        media,
        clock=house.clock,
        demo=False,
        secure=False,
        extra_routes=wecom_route.routes(parts),
    )
    server = WebServer(app, "127.0.0.1", 0)
    await server.start()
    poster = Poster(f"http://127.0.0.1:{server.port}", lambda: house.clock().timestamp())
    poster.codes = own.codes
    senders = {"terminal": house.recorder, **parts.senders}
    delivery = Delivery(house.store, senders, house.clock)
    await house.store.run(lambda tx: note_speaking(tx, senders))
    for part in parts.running:
        await part.start()
    try:
        yield WeComHouse(house, own, parts, delivery, poster, media)
    finally:
        await poster.close()
        for part in parts.running:
            await part.stop()
        await server.stop()
        house.store.close()
        if peer is None:
            await own.__aexit__(None, None, None)
            assert own.violations == []
