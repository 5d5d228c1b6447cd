"""The line to Telegram breaks in every way it can; people notice as little of it as possible."""

import logging
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.line import State
from handlers.delivery import DeliveryError
from handlers.message import Reply
from tests.peers.telegram.ptb import a_bot
from tests.peers.telegram.server import TelegramPeer
from tests.peers.telegram.shapes import User
from tests.peers.telegram.wire import Line
from tests.stores import Clock
from tests.telegram_house import QUICK, WELCOME, House, a_house, a_photo


async def test_telegram_out_of_reach_at_the_start_is_tried_again(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, li: User
) -> None:
    await peer.stop()
    async with a_house(peer, clock, tmp_path) as house:
        await peer.wait_for(lambda: "已连续失败 4 次" in house.channel.status)
        assert house.channel.status.startswith("连不上 Telegram")
        assert not house.channel.is_ready
        await peer.start_listening()
        await peer.start(li)

        assert await house.heard(li) == WELCOME
        assert house.channel.state is State.WORKING


async def test_a_line_that_breaks_and_heals_loses_nothing(house: House, greeted: User) -> None:
    await house.peer.stop()
    await house.peer.wait_for(lambda: house.channel.state is State.UNREACHABLE)
    await house.peer.start_listening()
    for trouble in (502, "drop", 500, 502):
        house.peer.fail_next("getUpdates", trouble)
    await house.peer.say(greeted, greeted, "/help")

    assert await house.heard(greeted, after=1) == WELCOME


async def test_after_three_failures_the_connections_themselves_are_built_anew(
    house: House, greeted: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await house.peer.stop()
    await house.peer.wait_for(lambda: "built anew" in caplog.text)
    await house.peer.start_listening()
    await house.peer.say(greeted, greeted, "/help")

    assert await house.heard(greeted, after=1) == WELCOME


async def test_a_token_telegram_does_not_know_is_told_in_words(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, li: User
) -> None:
    peer.token_is_valid = False
    async with a_house(peer, clock, tmp_path) as house:
        await peer.wait_for(lambda: house.channel.state is State.REFUSED)
        assert "telegram.token" in house.channel.status
        assert peer.token not in house.channel.status
        peer.token_is_valid = True
        await peer.start(li)

        assert await house.heard(li) == WELCOME


async def test_a_second_program_with_our_token_is_told_in_words(
    house: House, greeted: User
) -> None:
    await house.peer.wait_for(lambda: house.peer.is_polled)
    seen: list[State] = []
    async with a_bot(house.peer) as twin:
        await twin.get_updates(timeout=0)
        await house.peer.wait_for(lambda: house.channel.state is State.CONFLICT)
        seen.append(house.channel.state)
        assert "另一个程序" in house.channel.status

    await house.peer.say(greeted, greeted, "/help")
    assert await house.heard(greeted, after=1) == WELCOME


async def test_a_webhook_left_from_before_is_taken_away(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, li: User
) -> None:
    async with a_bot(peer) as bot:
        await bot.set_webhook("http://127.0.0.1:9/hook")
    await peer.start(li)

    async with a_house(peer, clock, tmp_path) as house:
        assert await house.heard(li) == WELCOME


@pytest.mark.parametrize("answer", ["<html>log in</html>", "{}", "[]", '{"result": 5}', "null"])
async def test_a_stranger_that_answers_for_telegram_is_not_believed(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, answer: str
) -> None:
    async def portal(_: Request) -> Response:
        return PlainTextResponse(answer)

    line = Line(Starlette(routes=[Route("/{path:path}", portal, methods=["GET", "POST"])]))
    await line.open()
    async with a_house(peer, clock, tmp_path, started=False) as house:
        stranger = TelegramChannel(
            peer.token,
            None,  # type: ignore[arg-type]
            house.store,
            house.media,
            clock=house.clock,
            api_url=f"http://127.0.0.1:{line.port}",
            pace=QUICK,
        )
        await stranger.start()
        await peer.wait_for(lambda: stranger.state is State.UNREACHABLE)
        await stranger.stop()
    await line.close()


async def test_the_end_does_not_wait_for_a_telegram_that_hangs(house: House, greeted: User) -> None:
    house.peer.fail_next("sendMessage", "hang")
    await house.peer.say(greeted, greeted, "/help")
    await house.peer.wait_for(lambda: house.rows("SELECT key FROM inbox")[1:])

    await house.channel.stop()

    assert house.channel.state is State.STOPPED


async def test_the_token_is_in_no_log(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, li: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await peer.stop()
    async with a_house(peer, clock, tmp_path) as house:
        await peer.wait_for(lambda: house.channel.state is State.UNREACHABLE)
        peer.token_is_valid = False
        await peer.start_listening()
        await peer.wait_for(lambda: house.channel.state is State.REFUSED)
        peer.token_is_valid = True
        peer.fail_next("getMe", 502)
        await peer.start(li)
        shown = await peer.next_message(li)
        for method in ("getUpdates", "sendMessage", "answerCallbackQuery", "getFile", "download"):
            peer.fail_next(method, 502)
        await peer.press(li, shown, "9 人工")
        await peer.send_photo(li, li, a_photo())
        await peer.next_message(li, after=2)
        with pytest.raises(DeliveryError):
            await house.channel.sender.send("999", Reply("您好"))

    secret = peer.token.partition(":")[2]
    assert caplog.records
    assert secret not in caplog.text
    assert all(secret not in repr(record.__dict__) for record in caplog.records)
