"""The token of a WeChat account: fetched once, shared, renewed in time, in no log."""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.wechat.opening import open_client
from handlers.delivery import WayClosed
from handlers.message import Reply
from tests.houses import House
from tests.peers.wechat.server import WeChatPeer
from tests.wechat_house import APP_SECRET, a_house
from tests.wechat_street import (
    LI,
    SEND,
    TOKEN,
    account,
    trouble,
)


async def test_a_token_is_fetched_once_however_many_ask(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        await asyncio.gather(
            *(house.channel.sender.send(LI, Reply(f"第 {n} 条")) for n in range(5))
        )

    assert peer.count(TOKEN) == 1


async def test_processes_share_one_token_and_fetch_it_once(tmp_path: Path) -> None:
    async with WeChatPeer() as peer:
        houses = [House(tmp_path) for _ in range(3)]
        clients = [open_client(account(peer), one.store, one.clock) for one in houses]
        await asyncio.gather(*(client.say(LI, "您好") for client in clients))
        for client, one in zip(clients, houses, strict=True):
            await client.close()
            one.store.close()

    assert peer.count(TOKEN) == 1
    assert len(peer.said(LI)) == 3


async def test_a_token_is_renewed_five_minutes_before_it_ends(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        await house.channel.sender.send(LI, Reply("1"))
        house.house.clock.forward(timedelta(seconds=7200 - 301))
        await house.channel.sender.send(LI, Reply("2"))
        before = peer.count(TOKEN)
        house.house.clock.forward(timedelta(seconds=2))
        await house.channel.sender.send(LI, Reply("3"))

    assert before == 1
    assert peer.count(TOKEN) == 2


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_refused_token_is_replaced_once_and_the_call_repeated_once(
    code: int, tmp_path: Path
) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        peer.fail(SEND, code)
        await house.channel.sender.send(LI, Reply("提醒"))

    assert peer.said(LI) == ["提醒"]
    assert peer.count(SEND) == 2


async def test_a_token_refused_for_ever_ends_in_an_alert_not_in_a_loop(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        peer.fail(SEND, 40001, times=1000)
        error = await trouble(house)
        noted = house.rows("SELECT last_error FROM access_tokens")

    assert isinstance(error, WayClosed)
    assert peer.count(SEND) == 2
    assert "40001" in str(noted[0][0])


async def test_another_process_that_replaced_the_token_is_believed(tmp_path: Path) -> None:
    async with WeChatPeer() as peer:
        houses = [House(tmp_path) for _ in range(2)]
        one, other = (open_client(account(peer), h.store, h.clock) for h in houses)
        await one.say(LI, "1")
        await other.say(LI, "2")
        peer.expire()
        await one.say(LI, "3")
        await other.say(LI, "4")
        for client, house in ((one, houses[0]), (other, houses[1])):
            await client.close()
            house.store.close()

    assert peer.said(LI) == ["1", "2", "3", "4"]
    assert len(peer.tokens) == 2


async def test_no_token_or_secret_stands_in_any_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        peer.fail(SEND, 99999)
        await trouble(house)
        peer.fail(SEND, 42001)
        await house.channel.sender.send(LI, Reply("提醒"))

    assert peer.tokens
    assert not [token for token in (*peer.tokens, APP_SECRET) if token in caplog.text]


async def test_a_wrong_secret_is_said_and_not_tried_again(tmp_path: Path) -> None:
    async with WeChatPeer(secret="f" * 32) as peer, a_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        error = await trouble(house)

    assert isinstance(error, WayClosed)
    assert peer.count(TOKEN) == 1


async def test_what_is_not_wechat_is_not_believed(tmp_path: Path) -> None:
    async with WeChatPeer() as peer:
        house = House(tmp_path)
        client = open_client(account(peer, api_url=f"{peer.url}/photo"), house.store, house.clock)
        with pytest.raises(Exception, match="HTTP 40"):
            await client.say(LI, "您好")
        await client.close()
        house.store.close()
