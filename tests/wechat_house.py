"""The whole house behind a WeChat account: real route, channel, dispatcher, delivery and file."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from PIL import Image
from PIL.ExifTags import IFD

from bot.channels.wechat.allowance import Pace
from bot.channels.wechat.channel import WeChatChannel
from bot.channels.wechat.opening import open_channel
from bot.config_wechat import WeChat
from bot.media import BYTES_AT_MOST, PIXELS_AT_MOST, MediaStore
from bot.web import wechat_route
from bot.web.server import build_app
from handlers.delivery import Delivery
from handlers.message import Choice
from handlers.residents.texts import newcomer_line
from storage.residents import address_key
from storage.transaction import Transaction
from tests.houses import House, a_reminder
from tests.peers.telegram.wire import Line
from tests.peers.wechat.phone import AES_KEY, APP_ID, TOKEN, Phone
from tests.stores import Clock, Database

R = TypeVar("R")


async def until(found: Callable[[], object], seconds: float = 10) -> None:
    """Return once something is so."""
    async with asyncio.timeout(seconds):
        while not found():  # noqa: ASYNC110  what is waited for rings no bell
            await asyncio.sleep(0.01)


def too_large(kind: str) -> bytes:
    """Return a file of too many bytes, or a small one that claims too many pixels."""
    if kind == "bytes":
        return bytes(BYTES_AT_MOST + 1)
    held = BytesIO()
    Image.new("1", (10_000, PIXELS_AT_MOST // 10_000 + 1)).save(held, "PNG")
    return held.getvalue()


def a_photo(colour: str = "red", *, located: bool = False) -> bytes:
    """Return a real photograph, with the place it was taken at where that is asked for."""
    data = BytesIO()
    exif = Image.Exif()
    if located:
        exif.get_ifd(IFD.GPSInfo)[1] = "N"
    Image.new("RGB", (16, 16), colour).save(data, "JPEG", exif=exif)
    return data.getvalue()


QUICK = Pace(
    answer=timedelta(milliseconds=400),
    keep=timedelta(milliseconds=300),
    hold=timedelta(seconds=15),
    note=timedelta(milliseconds=10),
    follow=timedelta(milliseconds=10),
    tend=timedelta(milliseconds=100),
    farewell=timedelta(seconds=1),
)
PATIENT = replace(QUICK, answer=timedelta(seconds=20), scene=timedelta(seconds=20))
"""A busy machine may need long for an answer; only what is held up on purpose comes late."""
APP_SECRET = "0123456789abcdef0123456789abcdef"


def settings(**values: object) -> WeChat:
    """Return a configuration of the made-up account."""
    given = {"app_id": APP_ID, "token": TOKEN, "encoding_aes_key": AES_KEY, **values}
    return WeChat.model_validate(given)


@dataclass
class WeChatHouse:
    """One running service, and the phones that write to it."""

    house: House
    channel: WeChatChannel
    delivery: Delivery
    phone: Phone
    media: MediaStore
    folder: Path

    async def run(self, work: Callable[[Transaction], R]) -> R:
        return await self.house.store.run(work)

    async def say(self, user: str, text: str, number: int | None = None) -> str:
        """Say something; return the passive answer without the newcomer's line."""
        answer = await self.phone.say(user, text, number)
        assert answer.status == 200
        return answer.text.removeprefix(newcomer_line(self.house.street.name) + "\n")

    async def bind(self, user: str, name: str) -> None:
        """Let this account belong to somebody the street knows."""

        def work(tx: Transaction) -> None:
            [person] = tx.residents.named(name)
            tx.residents.bind(person, "wechat", user, user)

        await self.run(work)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Look into the database from outside."""
        return [tuple(row) for row in self.house.database.run(query)]

    async def remind(
        self,
        user: str,
        words: str,
        *choices: Choice,
        expires_at: datetime | None = None,
        by: Delivery | None = None,
    ) -> None:
        """Put a notice to this person into the outbox and deliver what is due."""
        await self.run(
            a_reminder(address_key("wechat", user), words, choices, expires_at=expires_at)
        )
        await (by or self.delivery).deliver_due()


@asynccontextmanager
async def a_house(
    folder: Path,
    config: WeChat | None = None,
    *,
    mode: str = "safe",
    pace: Pace = PATIENT,
    busy_timeout: timedelta = timedelta(seconds=5),
    database: Database | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[WeChatHouse]:
    """Open the house on this folder; entering it again is a restart, on a database a worker."""
    house = House(folder, busy_timeout=busy_timeout, database=database, clock=clock)
    if await house.store.run(lambda tx: tx.directory.is_empty()):
        await house.settle()
    media = MediaStore(folder / "media")
    channel = open_channel(
        config or settings(mode=mode),
        house.dispatcher,
        house.store,
        media,
        clock=house.clock,
        pace=pace,
    )
    app = build_app(
        house.dispatcher,
        house.store,
        house.street,
        media,
        clock=house.clock,
        demo=False,
        secure=False,
        extra_routes=wechat_route.routes(channel),
    )
    line = Line(app)
    await line.open()
    url = f"http://127.0.0.1:{line.port}{wechat_route.PATH}"
    phone = Phone(url, mode, lambda: house.clock().timestamp())
    delivery = Delivery(house.store, {"wechat": channel.sender}, house.clock)
    await channel.start()
    try:
        yield WeChatHouse(house, channel, delivery, phone, media, folder)
    finally:
        await phone.close()
        await channel.stop()
        await line.close()
        house.store.close()
