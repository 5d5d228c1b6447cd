"""Plays a journey through WeCom's customer service; groups, which it has not, stay outside it.

Customers write on their own WeChat; the platform rings, and is asked for what they wrote. What
they wrote while the line was broken it keeps, and nobody rings for it again.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from starlette.applications import Starlette

from bot.channels.wecom.kf import KfChannel
from bot.channels.wecom.kf_reading import CHANNEL, chat_of
from bot.channels.wecom.opening import open_parts
from bot.config_wecom import WeCom
from bot.web import wecom_route
from bot.wiring import Service
from storage.faults import StoreUnavailable
from storage.store import Store
from storage.transaction import Transaction
from tests.journeys import street
from tests.journeys.journey import Journey
from tests.journeys.playing import LONGEST_SECONDS
from tests.journeys.rooms import Rooms
from tests.journeys.street import Sight, Street, served
from tests.journeys.street_house import StreetHouse
from tests.peers.telegram.wire import Line
from tests.peers.wecom.poster import Poster
from tests.peers.wecom.server import WeComPeer
from tests.stores import Database
from tests.wechat_house import a_photo
from tests.wecom_house import KF_KEY, PATIENT, settings

PACE = replace(PATIENT, look_again=timedelta(milliseconds=200))


class _Account:
    """The customer service on everybody's telephone."""

    def __init__(self, peer: WeComPeer, poster: Poster) -> None:
        self._peer = peer
        self._kf = peer.kf
        self._poster = poster
        self._line_is_broken = False
        self._heard = 0
        """How much of what the platform keeps was read when everybody was served last."""
        self._running: tuple[KfChannel, Store] | None = None

    def serve(self, channel: KfChannel, store: Store) -> None:
        """Be served by this process from now on."""
        self._running = channel, store

    def addresses(self, user: str) -> dict[str, str]:
        return {CHANNEL: chat_of(self._kf.account, user)}

    def listen(self, show: Callable[[str, str], None]) -> None:
        self._peer.on_shown = show

    async def follow(self, user: str) -> str:
        self._kf.enter(user, f"welcome-{len(self._kf.log)}")
        return await self._ring()

    async def say(self, user: str, text: str) -> str:
        if text:
            self._kf.write(user, text)
        else:
            self._kf.say(user, msgtype="video", video={"media_id": "a-film"})
        return await self._ring()

    async def show(self, user: str) -> str:
        media = f"m{len(self._kf.log)}"
        self._peer.files[media] = a_photo()
        self._kf.say(user, msgtype="image", image={"media_id": media})
        return await self._ring()

    async def again(self, user: str) -> str:
        self._kf.again(user)
        return await self._ring()

    async def press(self, user: str, label: str, last: str) -> bool:
        """What fits into a menu has entries to press."""
        [*_, said] = [one for one in self._kf.sent if one["touser"] == user]
        entries = [entry["click"] for entry in said.get("msgmenu", {}).get("list", [])]
        found = [one for one in entries if label in one["content"]]
        if not found or found[0]["content"] not in last:
            return False
        self._kf.write(user, found[0]["content"], found[0]["id"])
        await self._ring()
        return True

    async def leave(self, user: str) -> None:
        self._kf.rejecting.add(user)

    async def come_back(self, user: str) -> None:
        self._kf.rejecting.discard(user)

    async def break_line(self) -> None:
        self._line_is_broken = True
        await self._peer.stop()

    async def mend_line(self) -> None:
        self._line_is_broken = False
        await self._peer.start_listening()

    async def settled(self) -> None:
        if self._line_is_broken:
            return
        assert self._running is not None
        channel, store = self._running
        self._heard = len(self._kf.log)
        await self._peer.wait_for(lambda: self._kf.told == len(self._kf.log))
        await channel.settled()
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                while not await store.run(self._is_read):  # noqa: ASYNC110  it rings no bell
                    await asyncio.sleep(0.01)
        except StoreUnavailable:
            return

    async def objects(self) -> bool:
        # Also when nobody rang: the channel looks of itself, and may have been told already.
        if self._line_is_broken or self._heard == len(self._kf.log):
            return False
        await self._ring()
        await self.settled()
        return True

    async def _ring(self) -> str:
        """Say that there is something to fetch; nobody answers to that."""
        if not self._line_is_broken:
            answer = await self._poster.ring(self._kf.account)
            assert (answer.status, answer.body) == (200, "")
        return ""

    def _is_read(self, tx: Transaction) -> bool:
        return tx.customers.cursor(self._kf.account) in {"", str(len(self._kf.log))}


async def faults(journey: Journey, folder: Path, database: Database) -> list[str]:
    """Return what people did not see as the journey says, and what WeCom found wrong."""
    async with WeComPeer(lambda: house.clock.now) as peer:
        peer.secrets.add(KF_KEY)
        line = Line(Starlette())
        config = settings(peer, folder, app_agent_id=0, bot_token="", push_file="")
        poster = Poster("", lambda: house.clock().timestamp())
        account = _Account(peer, poster)
        house = StreetHouse(journey, folder, partial(_front, account, line, config), database)
        async with house:
            poster.root = f"http://127.0.0.1:{line.port}"
            sight = Sight(house.clock)
            try:
                people = Street(house, account, Rooms(house, sight), sight)
                found = await street.faults(journey, house, people)
            finally:
                await poster.close()
        return [*found, *peer.violations]


@asynccontextmanager
async def _front(
    account: _Account, line: Line, config: WeCom, service: Service
) -> AsyncIterator[None]:
    """Put the customer service before the process."""
    parts = open_parts(
        config, service.dispatcher, service.store, service.media, clock=service.clock, pace=PACE
    )
    assert parts.kf is not None
    account.serve(parts.kf, service.store)
    service.senders.update(parts.senders)
    async with served(line, service, wecom_route.routes(parts)):
        await parts.kf.start()
        try:
            yield
        finally:
            await parts.kf.stop()
