"""Plays a journey through the real WeChat webhook; groups, which it has not, stay outside."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from starlette.applications import Starlette

from bot.channels.wechat.opening import open_channel
from bot.channels.wechat.reading import CHANNEL
from bot.config_wechat import WeChat
from bot.web import wechat_route
from bot.wiring import Service
from tests.journeys import street
from tests.journeys.journey import Journey
from tests.journeys.posted import Posted
from tests.journeys.rooms import Rooms
from tests.journeys.street import Sight, Street, served
from tests.journeys.street_house import StreetHouse
from tests.peers.telegram.wire import Line
from tests.peers.wechat.phone import Phone
from tests.peers.wechat.server import WeChatPeer
from tests.stores import Database
from tests.wechat_house import APP_SECRET, PATIENT, a_photo, settings

MODES = ("safe", "compatible", "plain")


class _Account(Posted):
    """The account on everybody's telephone."""

    def __init__(self, phone: Phone, peer: WeChatPeer) -> None:
        super().__init__(phone, peer)
        self._post = phone
        self._peer = peer

    def addresses(self, user: str) -> dict[str, str]:
        return {CHANNEL: user}

    def listen(self, show: Callable[[str, str], None]) -> None:
        self._peer.on_shown = show

    async def follow(self, user: str) -> str:
        return (await self._post.event(user, "subscribe", EventKey="")).text

    def _pictured(self, media: str) -> dict[str, str]:
        self._peer.photos[media] = a_photo()
        return {"PicUrl": f"{self._peer.url}/photo/{media}"}

    async def leave(self, user: str) -> None:
        self._peer.unknown.add(user)
        await self._post.event(user, "unsubscribe", EventKey="")

    async def come_back(self, user: str) -> None:
        self._peer.unknown.discard(user)


async def faults(
    journey: Journey,
    folder: Path,
    database: Database,
    mode: str = "safe",
    *,
    certified: bool = True,
) -> list[str]:
    """Return what people did not see as the journey says.

    An account that is not `certified` only answers: it has neither customer messages nor templates.
    """
    async with WeChatPeer() as peer:
        line = Line(Starlette())
        means = {
            "secret": APP_SECRET,
            "customer_messages": True,
            "template_id": "TM00000001",
        }
        config = settings(mode=mode, api_url=peer.url, **(means if certified else {}))
        async with StreetHouse(journey, folder, partial(_front, line, config), database) as house:
            url = f"http://127.0.0.1:{line.port}{wechat_route.PATH}"
            phone = Phone(url, mode, lambda: house.clock().timestamp())
            sight = Sight(house.clock)
            account = _Account(phone, peer)
            try:
                people = Street(house, account, Rooms(house, sight), sight, pushes=certified)
                return await street.faults(journey, house, people)
            finally:
                await phone.close()


@asynccontextmanager
async def _front(line: Line, config: WeChat, service: Service) -> AsyncIterator[None]:
    """Put the account before the process."""
    channel = open_channel(
        config,
        service.dispatcher,
        service.store,
        service.media,
        clock=service.clock,
        pace=PATIENT,
    )
    service.senders[CHANNEL] = channel.sender
    async with served(line, service, wechat_route.routes(channel)):
        await channel.start()
        try:
            yield
        finally:
            await channel.stop()
