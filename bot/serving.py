"""Runs the service with its channels until it is told to stop."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot import clock, memory
from bot.config import Config
from bot.health.channels import channels
from bot.health.noting import watched
from bot.web import demo
from bot.web.sender import WebSender
from bot.web.server import WebServer, build_app
from bot.wiring import Service
from bot.workers import Place, Workers
from handlers import notify
from handlers.outreach.ladder import SMS
from storage.transaction import Transaction

if TYPE_CHECKING:
    from bot.channels.sms.sender import SmsSender
    from bot.channels.telegram.channel import TelegramChannel
    from bot.channels.wechat.channel import WeChatChannel
    from bot.channels.wecom.opening import Parts as WeComParts

SIGNALS = (signal.SIGTERM, signal.SIGINT)
ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  shown, not bound


async def serve(
    config: Config,
    data: Path,
    ready: Callable[[str], None],
    stopping: Callable[[], None],
    place: Place | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT; `ready` is told the address, `stopping` that it ends.

    With a `place` this is one of several workers. Raises what Service.open raises, and
    PortUnusable.
    """
    stop = stop_signal()
    if place is not None:
        place.on_orphaned(stop.set)
    async with Service.open(config, data=data) as service:
        telegram, wechat, wecom = _telegram(service), _wechat(service), _wecom(service)
        sms = _sms(service)
        server = await _web(service, telegram, wechat, wecom, place)
        await service.store.run(lambda tx: notify.note_speaking(tx, service.senders))
        await server.start()
        try:
            async with (
                _moving(service, telegram, wechat, *(wecom.running if wecom else ())),
                watched(
                    service.store,
                    channels(service.config, lambda: server.pages, telegram, wecom),
                ),
            ):
                memory.settle()
                ready(address(config.web.host, server.port))
                over = [asyncio.create_task(stop.wait()), asyncio.create_task(server.wait())]
                await asyncio.wait(over, return_when=asyncio.FIRST_COMPLETED)
                over[0].cancel()
                stopping()
        finally:
            await server.stop()
            if sms is not None:
                await sms.close()


async def serve_with_workers(
    command: Sequence[str],
    count: int,
    listening: socket.socket,
    ready: Callable[[], None],
    stopping: Callable[[], None],
) -> int:
    """Have workers serve until SIGTERM or SIGINT; SIGHUP replaces them one after another.

    Return an exit code.
    """
    stop, renew = stop_signal(), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, renew.set)
    telling = asyncio.create_task(_tell(stop, stopping))
    code = await Workers(command, count, listening).run(stop, renew, ready)
    telling.cancel()
    return code


async def _tell(stop: asyncio.Event, stopping: Callable[[], None]) -> None:
    await stop.wait()
    stopping()


def address(host: str, port: int) -> str:
    """Return what to type into a browser on this machine."""
    shown = ANY_ADDRESS.get(host, host)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def is_loopback(host: str) -> bool:
    """Return whether nobody outside this machine can reach the address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _web(
    service: Service,
    telegram: "TelegramChannel | None",
    wechat: "WeChatChannel | None",
    wecom: "WeComParts | None",
    place: Place | None,
) -> WebServer:
    config = service.config
    speak_as = config.demo and is_loopback(config.web.host)
    if speak_as:
        await service.store.run(_demo_doors)
    if telegram is not None:
        from bot.web import telegram_route  # noqa: PLC0415  it brings Telegram's library: see below
    if wechat is not None:
        from bot.web import wechat_route  # noqa: PLC0415  likewise
    if wecom is not None:
        from bot.web import wecom_route  # noqa: PLC0415  likewise
    app = build_app(
        service.dispatcher,
        service.store,
        service.street,
        service.media,
        clock=service.clock,
        demo=speak_as,
        secure=config.web.secure,
        extra_routes=(
            *(() if telegram is None else telegram_route.routes(telegram)),
            *(() if wechat is None else wechat_route.routes(wechat)),
            *(() if wecom is None else wecom_route.routes(wecom)),
        ),
    )
    service.senders["web"] = WebSender(service.store, app.state.hub)
    listening = None if place is None else place.listening
    return WebServer(app, config.web.host, config.web.port, listening)


def _demo_doors(tx: Transaction) -> None:
    demo.bind_rooms(tx)
    demo.bind_people(tx)


def _telegram(service: Service) -> "TelegramChannel | None":
    chosen = service.config.telegram
    token = chosen.bot_token()
    if not token:
        return None
    # 16 MiB of library that a street without Telegram need not carry.
    from bot.channels.telegram.channel import TelegramChannel  # noqa: PLC0415

    channel = TelegramChannel(
        token,
        service.dispatcher,
        service.store,
        service.media,
        clock=service.clock,
        api_url=chosen.api_url or None,
        mode=chosen.mode,
        webhook_url=chosen.webhook_url,
        webhook_secret=chosen.webhook_secret.get_secret_value(),
        wake_words=chosen.wake_words,
    )
    service.senders["telegram"] = channel.sender
    return channel


def _sms(service: Service) -> "SmsSender | None":
    chosen = service.config.sms
    if not chosen.url:
        return None
    # httpx is for streets that send: see above.
    from bot.channels.sms.sender import SmsSender  # noqa: PLC0415

    sender = SmsSender(chosen.url, chosen.secret.get_secret_value())
    service.senders[SMS] = sender
    return sender


def _wechat(service: Service) -> "WeChatChannel | None":
    if not service.config.wechat.is_on:
        return None
    from bot.channels.wechat.opening import open_channel  # noqa: PLC0415  as above

    channel = open_channel(
        service.config.wechat,
        service.dispatcher,
        service.store,
        service.media,
        clock=service.clock,
    )
    service.senders["wechat"] = channel.sender
    return channel


def _wecom(service: Service) -> "WeComParts | None":
    if not service.config.wecom.parts():
        return None
    from bot.channels.wecom.opening import open_parts  # noqa: PLC0415  as above

    parts = open_parts(
        service.config.wecom,
        service.dispatcher,
        service.store,
        service.media,
        clock=service.clock,
    )
    service.senders.update(parts.senders)
    return parts


class Part(Protocol):
    """A channel that is started and stopped."""

    async def start(self) -> None:
        """Begin, and return at once."""

    async def stop(self) -> None:
        """Finish what is in hand, for a moment."""


@asynccontextmanager
async def _moving(service: Service, *parts: "Part | None") -> AsyncIterator[None]:
    """Let time pass and the platforms talk; receiving ends before delivery does."""
    async with clock.running(*service.moved_by_time):
        channels = [channel for channel in parts if channel is not None]
        for channel in channels:
            await channel.start()
        try:
            yield
        finally:
            for channel in channels:
                await channel.stop()


def stop_signal() -> asyncio.Event:
    """Return what is set at the first signal to stop; a second one ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def heard() -> None:
        stop.set()
        for name in SIGNALS:
            loop.remove_signal_handler(name)

    for name in SIGNALS:
        loop.add_signal_handler(name, heard)
    return stop
