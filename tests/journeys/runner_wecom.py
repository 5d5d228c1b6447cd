"""Plays a journey through the real app of WeCom; groups stay outside it, as for WeChat."""

from datetime import datetime
from pathlib import Path

from bot.channels.wecom.opening import open_parts
from bot.config import Config
from bot.web import wecom_route
from bot.web.server import WebServer, build_app
from bot.wiring import Service
from handlers.localtime import SHANGHAI
from tests.houses import knowledge
from tests.journeys.journey import Journey
from tests.journeys.runner_wechat import Street
from tests.peers.wecom.poster import Answer, Poster
from tests.peers.wecom.server import WeComPeer
from tests.stores import Clock
from tests.wecom_house import APP_KEY, KF_KEY, settings


class _Phone(Poster):
    """The app on everybody's telephone, spoken to as the account on WeChat is."""

    async def event(
        self, user: str, name: str, key: str = "", at: int | None = None, **_: str
    ) -> Answer:
        return await super().event(user, name, key, at)


class _Platform(WeComPeer):
    """WeCom, looked at as the WeChat of the tests is."""

    photos: dict[str, bytes] = {}  # noqa: RUF012  nobody fetches by address here

    @property
    def url(self) -> str:
        return self.root_url

    @property
    def messages(self) -> list[dict[str, object]]:
        return [{"touser": one.to, one.kind: one.content} for one in self.sent]


class _Street(Street):
    channel = "wecom"


async def faults(journey: Journey, folder: Path) -> list[str]:
    """Return what people did not see as the journey says, and what WeCom found wrong."""
    clock = Clock(datetime.fromisoformat(journey.start).replace(tzinfo=SHANGHAI))
    peer = _Platform(clock)
    peer.secrets |= {APP_KEY, KF_KEY}
    peer.members |= {f"o-person-{number:04}" for number in range(100)}
    async with peer:
        config = Config(demo=True, wecom=settings(peer, folder, push_file="", kf_token=""))
        async with Service.open(config, data=folder, clock=clock, knowledge=knowledge()) as service:
            found = await _played(journey, service, peer, clock)
    return [*found, *peer.violations]


async def _played(journey: Journey, service: Service, peer: _Platform, clock: Clock) -> list[str]:
    parts = open_parts(
        service.config.wecom, service.dispatcher, service.store, service.media, clock=clock
    )
    service.senders.update(parts.senders)
    app = build_app(
        service.dispatcher,
        service.store,
        service.street,
        service.media,
        clock=clock,
        demo=False,
        secure=False,
        extra_routes=wecom_route.routes(parts),
    )
    server = WebServer(app, "127.0.0.1", 0)
    await server.start()
    phone = _Phone(f"http://127.0.0.1:{server.port}", lambda: clock().timestamp())
    try:
        street = _Street(peer, service, phone, clock)  # type: ignore[arg-type]
        await street.move_in(journey)
        found = []
        for number, step in enumerate(journey.steps, start=1):
            complaints = await street.play(step)
            found += [f"{number}: {step}\n  {complaint}" for complaint in complaints]
        return found
    finally:
        await phone.close()
        for part in parts.running:
            await part.stop()
        await server.stop()
