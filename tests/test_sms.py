"""Messages to telephones go through the operator's gateway, signed, and fail as it says."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.channels.sms.sender import SmsSender
from handlers.delivery import DeliveryError, Unsure
from handlers.message import Reply

SECRET = "a secret of both"


class Gateway:
    """An operator's gateway: takes one request a connection and answers as it is told."""

    def __init__(self) -> None:
        self.answer: str | None = "200 OK"
        """None: the line breaks when everything was taken."""
        self.heads: list[str] = []
        self.bodies: list[bytes] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            int(line.split(":")[1])
            for line in head.splitlines()
            if line.lower().startswith("content-length")
        )
        self.heads.append(head)
        self.bodies.append(await reader.readexactly(length))
        if self.answer is not None:
            writer.write(
                f"HTTP/1.1 {self.answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode()
            )
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def a_gateway() -> AsyncIterator[tuple[Gateway, SmsSender]]:
    gateway = Gateway()
    server = await asyncio.start_server(gateway.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    sender = SmsSender(f"http://127.0.0.1:{port}/sms", SECRET)
    try:
        yield gateway, sender
    finally:
        await sender.close()
        server.close()
        await server.wait_closed()


async def test_the_gateway_gets_number_and_text_and_can_tell_that_it_is_us() -> None:
    async with a_gateway() as (gateway, sender):
        await sender.send("00000000001", Reply("您的报修修好了" + "。" * 300))

    [body] = gateway.bodies
    sent = json.loads(body)
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert sent["phone"] == "00000000001"
    assert len(sent["text"]) == 200
    assert f"x-xiaoer-signature: {signature}" in gateway.heads[0].lower()


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        ("400 Bad Request", True),
        ("404 Not Found", True),
        ("429 Too Many Requests", False),
        ("302 Found", False),
        ("500 Internal Server Error", False),
    ],
)
async def test_what_the_gateway_refuses_is_tried_again_only_where_that_helps(
    answer: str, *, permanent: bool
) -> None:
    async with a_gateway() as (gateway, sender):
        gateway.answer = answer

        with pytest.raises(DeliveryError) as refused:
            await sender.send("00000000001", Reply("您好"))

    assert refused.value.permanent is permanent
    assert "00000000001" not in refused.value.reason


async def test_a_gateway_whose_answer_got_lost_may_have_sent_the_message() -> None:
    async with a_gateway() as (gateway, sender):
        gateway.answer = None

        with pytest.raises(Unsure) as lost:
            await sender.send("00000000001", Reply("您好"))

    assert len(gateway.bodies) == 1
    assert "00000000001" not in lost.value.reason


async def test_a_gateway_that_is_away_is_tried_again() -> None:
    async with a_gateway() as (_gateway, sender):
        pass

    with pytest.raises(DeliveryError) as away:
        await sender.send("00000000001", Reply("您好"))
    await sender.close()

    assert not away.value.permanent
    assert not isinstance(away.value, Unsure)
