"""Limits of the platforms that hold for the street: two workers count together."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.channels.tencent.errors import ApiError
from bot.channels.wechat.client import Client
from bot.channels.wechat.opening import open_client
from tests.peers.wechat.server import WeChatPeer
from tests.stores import Clock, Database, EngineKind
from tests.wechat_street import SEND, TOKEN, account

pytestmark = pytest.mark.skipif(
    not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed"
)

LI = "LiSi"


@pytest.fixture
async def peer() -> AsyncIterator[WeChatPeer]:
    async with WeChatPeer() as peer:
        yield peer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def pair(
    shared: Database, peer: WeChatPeer, clock: Clock
) -> AsyncIterator[tuple[Client, Client]]:
    """Two workers that call for the same account."""
    stores = shared.open(clock), shared.open(clock)
    one, other = (open_client(account(peer), store, clock) for store in stores)
    yield one, other
    for client in (one, other):
        await client.close()
    for store in stores:
        store.close()


def insisted(peer: WeChatPeer) -> int:
    """Return how often another token was insisted on."""
    return sum(call.body == {"force_refresh": True} for call in peer.calls if call.path == TOKEN)


async def refused(client: Client) -> None:
    with pytest.raises(ApiError, match="40001"):
        await client.say(LI, "您好")


async def test_two_whose_token_is_refused_at_once_insist_on_another_once(
    pair: tuple[Client, Client], peer: WeChatPeer
) -> None:
    await asyncio.gather(*(client.say(LI, "您好") for client in pair))
    peer.fail(SEND, 40001, times=2)

    await asyncio.gather(*(client.say(LI, "您好") for client in pair))

    assert insisted(peer) == 1
    assert len(peer.said(LI)) == 4


async def test_workers_together_insist_no_more_than_one_alone_may(
    pair: tuple[Client, Client], peer: WeChatPeer, clock: Clock
) -> None:
    peer.fail(SEND, 40001, times=1000)
    for client in (*pair, *pair):
        await refused(client)
    within_30_seconds = insisted(peer)

    for _ in range(25):
        for client in pair:
            clock.forward(timedelta(seconds=30))
            await refused(client)

    assert within_30_seconds == 1
    assert insisted(peer) == 20


async def test_a_restart_forgets_nothing_of_what_was_insisted_on(
    pair: tuple[Client, Client], peer: WeChatPeer, clock: Clock, shared: Database
) -> None:
    peer.fail(SEND, 40001, times=1000)
    await refused(pair[0])
    store = shared.open(clock)
    restarted = open_client(account(peer), store, clock)

    await refused(restarted)

    await restarted.close()
    store.close()
    assert insisted(peer) == 1
