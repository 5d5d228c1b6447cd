"""A plain post of WeChat at two workers: its signature brings no other message to either."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.peers.wechat.phone import ACCOUNT, TOKEN, Answer, signed, xml
from tests.stores import Clock, Database, EngineKind, parted
from tests.wechat_house import WeChatHouse, a_house

pytestmark = pytest.mark.skipif(
    not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed"
)

LI = "LiSi"
NONCE = "77"


@pytest.fixture
async def workers(
    tmp_path: Path, shared: Database
) -> AsyncIterator[tuple[WeChatHouse, WeChatHouse]]:
    clock = Clock()
    async with (
        a_house(tmp_path, mode="plain", database=shared, clock=clock) as one,
        a_house(tmp_path, mode="plain", database=shared, clock=clock) as other,
    ):
        await asyncio.gather(*(parted(each.house.store, 2) for each in (one, other)))
        yield one, other


async def post(house: WeChatHouse, **fields: str | int) -> Answer:
    """Post something of LI's under the one signature that was overheard."""
    moment = str(int(house.house.clock().timestamp()))
    query = {"signature": signed(TOKEN, moment, NONCE), "timestamp": moment, "nonce": NONCE}
    body = xml(ToUserName=ACCOUNT, FromUserName=LI, CreateTime=int(moment), **fields)
    return await house.phone.raw(body.encode(), query)


def says(house: WeChatHouse, text: str, number: int) -> asyncio.Task[Answer]:
    return asyncio.create_task(post(house, MsgType="text", Content=text, MsgId=number))


async def test_a_signature_one_worker_saw_brings_nothing_else_to_the_other(
    workers: tuple[WeChatHouse, WeChatHouse],
) -> None:
    one, other = workers
    heard = await says(one, "你好", 1)
    again = await says(other, "你好", 1)
    replayed = await says(other, "三栋二单元电梯坏了", 2)
    left = await post(other, MsgType="event", Event="unsubscribe")

    assert heard.status == again.status == 200
    assert again.text == heard.text != ""
    assert (replayed.status, left.status) == (403, 403)
    assert one.rows("SELECT form FROM talks WHERE form IS NOT NULL") == []
    assert one.rows("SELECT key FROM addresses WHERE unreachable_since IS NOT NULL") == []


async def test_of_two_messages_under_one_signature_at_the_same_moment_one_is_taken(
    workers: tuple[WeChatHouse, WeChatHouse],
) -> None:
    one, other = workers
    answers = await asyncio.gather(says(one, "你好", 1), says(other, "我的积分", 2))

    assert sorted(answer.status for answer in answers) == [200, 403]


async def test_a_restart_forgets_no_signature(tmp_path: Path) -> None:
    clock = Clock()
    async with a_house(tmp_path, mode="plain", clock=clock) as house:
        heard = await says(house, "你好", 1)
    async with a_house(tmp_path, mode="plain", clock=clock) as house:
        replayed = await says(house, "我的积分", 2)

    assert (heard.status, replayed.status) == (200, 403)
