"""Telegram posts to our door: what is its own is taken, whatever else comes is refused."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.telegram.channel import Mode, TelegramChannel
from bot.channels.telegram.webhook import BODY_BYTES, SECRET_HEADER
from bot.web import telegram_route
from tests.peers.telegram.server import TelegramPeer
from tests.peers.telegram.shapes import User
from tests.peers.telegram.wire import Line
from tests.stores import Clock
from tests.telegram_house import House, a_house, a_photo

SECRET = "a-secret_7"


class Door:
    """Our route on a real socket, before and after there is a channel behind it."""

    def __init__(self) -> None:
        self.line = Line(Starlette())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.line.port}{telegram_route.PATH}"

    def lead_to(self, channel: TelegramChannel) -> None:
        app = self.line.app
        assert isinstance(app, Starlette)
        app.router.routes[:] = telegram_route.routes(channel)

    async def post(self, body: bytes, secret: str = SECRET) -> int:
        async with httpx.AsyncClient(trust_env=False, verify=False) as http:
            answer = await http.post(self.url, content=body, headers={SECRET_HEADER: secret})
        return answer.status_code


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    door = Door()
    await door.line.open()
    yield door
    await door.line.close()


@pytest.fixture
async def hooked(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, door: Door
) -> AsyncIterator[House]:
    options = {"mode": Mode.WEBHOOK, "webhook_url": door.url, "webhook_secret": SECRET}
    async with a_house(peer, clock, tmp_path, started=False, **options) as house:  # type: ignore[arg-type]
        door.lead_to(house.channel)
        await house.channel.start()
        yield house


async def test_the_webhook_carries_a_talk(hooked: House, li: User) -> None:
    await hooked.peer.start(li)
    shown = await hooked.peer.next_message(li)
    press = await hooked.peer.press(li, shown, "9 人工")
    await hooked.peer.next_message(li, after=1)
    await hooked.peer.send_album(li, li, [a_photo(), a_photo("blue")], "还在漏水")
    await hooked.peer.next_message(li, after=2)
    await hooked.settled()

    assert (await hooked.answer_to(press)).text == ""
    assert len(hooked.photos_kept()) == 2
    assert len(hooked.rows("SELECT key FROM inbox")) == 3
    assert {delivery.status for delivery in hooked.peer.deliveries} <= {200, 503}
    assert hooked.peer.calls("getUpdates") == []


async def test_a_post_without_the_secret_is_refused(hooked: House, door: Door) -> None:
    update = b'{"update_id": 1, "message": {"message_id": 1, "date": 1}}'
    await hooked.peer.wait_for(lambda: hooked.channel.is_ready)

    assert await door.post(update, secret="") == 403
    assert await door.post(update, secret=SECRET + "x") == 403
    assert await door.post(b"{", secret="x") == 403
    assert hooked.rows("SELECT key FROM inbox") == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"\xff\xfe", 400),
        (b"[" * 50_000, 400),
        (b'{"message": {}}', 400),
        (b'{"update_id": 5, "message": {"message_id": "x"}}', 200),
        (b'{"update_id": 6, "poll_of_the_future": {"id": 1}}', 200),
        (b" " * (BODY_BYTES + 1), 413),
    ],
)
async def test_a_post_that_is_no_update_is_survived(
    hooked: House, door: Door, body: bytes, status: int
) -> None:
    await hooked.peer.wait_for(lambda: hooked.channel.is_ready)

    assert await door.post(body) == status


async def test_what_comes_before_we_know_ourselves_must_come_again(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, door: Door
) -> None:
    options = {"mode": Mode.WEBHOOK, "webhook_url": door.url, "webhook_secret": SECRET}
    async with a_house(peer, clock, tmp_path, started=False, **options) as house:  # type: ignore[arg-type]
        door.lead_to(house.channel)

        assert await door.post(b'{"update_id": 1}') == 503


async def test_a_channel_that_polls_has_no_webhook(house: House) -> None:
    assert telegram_route.routes(house.channel) == []
    assert telegram_route.routes(None) == []


@pytest.mark.parametrize("secret", ["", "字", "a b", "x" * 257])
async def test_a_webhook_without_a_good_secret_is_refused_at_once(
    house: House, secret: str
) -> None:
    with pytest.raises(ValueError, match="secret"):
        TelegramChannel(
            house.peer.token,
            None,  # type: ignore[arg-type]
            house.store,
            house.media,
            clock=house.clock,
            mode="webhook",
            webhook_url="https://example.org/telegram/webhook",
            webhook_secret=secret,
        )
