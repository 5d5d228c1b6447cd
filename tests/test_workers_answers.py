"""Answers that take long, of two workers: said once, whichever of them is asked for them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.channels.wechat import texts as wechat_texts
from bot.channels.wecom import texts
from tests import wechat_house
from tests.peers.wechat.server import WeChatPeer
from tests.peers.wecom.poster import AGENT_ID, CORP_ID, sealed_file
from tests.peers.wecom.server import WeComPeer
from tests.soak.holding import STEADY
from tests.stores import Clock, Database, EngineKind, parted, until
from tests.wechat_house import APP_SECRET, WeChatHouse, a_photo, settings
from tests.wecom_house import QUICK, WeComHouse, a_house

pytestmark = pytest.mark.skipif(
    not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed"
)

LI = "LiSi"
WANG = "WangWu"


@asynccontextmanager
async def two(
    folder: Path, database: Database
) -> AsyncIterator[tuple[WeComHouse, WeComHouse, WeComPeer]]:
    """Give two workers of one street; the second looks after what a dead one left."""
    clock = Clock()
    async with (
        WeComPeer(clock) as peer,
        a_house(folder, peer, pace=STEADY, database=database, clock=clock) as one,
        a_house(folder, peer, pace=QUICK, database=database, clock=clock) as other,
    ):
        peer.members |= {LI, WANG}
        peer.files["media-in"] = a_photo()
        peer.store["p"] = sealed_file(a_photo())
        await asyncio.gather(*(parted(each.house.store, 2) for each in (one, other)))
        yield one, other, peer
        peer.gate.set()
    assert peer.violations == []


async def left_by_a_dead_worker(database: Database, clock: Clock) -> None:
    """Have a worker die with a message of WANG's in hand."""
    fields: dict[str, object] = {
        "ToUserName": CORP_ID,
        "FromUserName": WANG,
        "CreateTime": str(int(clock().timestamp())),
        "MsgType": "text",
        "Content": "我的积分",
        "MsgId": "99",
        "AgentID": str(AGENT_ID),
    }
    dead = database.open(clock)
    await dead.run(
        lambda tx: tx.late_answers.begin("wecom:99", "wecom", WANG, fields, promised=False)
    )
    dead.close()


# The app


async def test_a_message_that_a_living_worker_has_in_hand_is_taken_up_by_no_other(
    tmp_path: Path, shared: Database
) -> None:
    async with two(tmp_path, shared) as (one, _other, peer):
        peer.gate.clear()
        answer = await one.poster.send(LI, "image", MediaId="media-in")
        await left_by_a_dead_worker(shared, one.house.clock)
        one.house.clock.forward(timedelta(minutes=1))
        # What the dead one left is found at the same look.
        await peer.wait_for(lambda: bool(peer.texts_to(WANG)))
        peer.gate.set()
        await peer.wait_for(lambda: bool(peer.texts_to(LI)))

    assert (answer.status, answer.body) == (200, "")
    assert len(peer.texts_to(WANG)) == 1
    assert len(peer.texts_to(LI)) == 1


async def test_a_late_answer_is_said_once_though_the_message_came_to_both(
    tmp_path: Path, shared: Database
) -> None:
    async with two(tmp_path, shared) as (one, other, peer):
        peer.gate.clear()
        number = one.poster.number()
        for house in (one, other):
            answer = await house.poster.send(LI, "image", number=number, MediaId="media-in")
            assert (answer.status, answer.body) == (200, "")
        peer.gate.set()
        await peer.wait_for(lambda: bool(peer.texts_to(LI)))

    assert len(peer.texts_to(LI)) == 1


async def test_a_press_that_came_to_both_is_answered_by_one_message(
    tmp_path: Path, shared: Database
) -> None:
    async with two(tmp_path, shared) as (one, other, peer):
        at = int(one.house.clock().timestamp())
        pressing = [
            h.poster.press(LI, "task", "v1:a:tickets.accept:1001", at=at) for h in (one, other)
        ]
        await asyncio.gather(*pressing)
        await peer.wait_for(lambda: bool(peer.texts_to(LI)))

    assert len(peer.texts_to(LI)) == 1


# The smart robot


async def ask_with_a_picture(house: WeComHouse, peer: WeComPeer, msgid: str, code: str) -> str:
    answer = await house.poster.robot(
        LI,
        msgid=msgid,
        msgtype="image",
        image={"url": peer.address("p")},
        response_url=f"{peer.root_url}/cgi-bin/aibot/response?response_code={code}",
    )
    assert answer.stream["finish"] is False
    return str(answer.stream["id"])


async def test_an_answer_is_fetched_from_whichever_worker_is_asked(
    tmp_path: Path, shared: Database
) -> None:
    async with two(tmp_path, shared) as (one, other, peer):
        peer.gate.clear()
        stream = await ask_with_a_picture(one, peer, "m-1", "first")
        early = await other.poster.fetch(LI, stream)
        peer.gate.set()
        async with asyncio.timeout(10):
            while not (late := await other.poster.fetch(LI, stream)).stream["finish"]:
                pass

    assert early.stream["finish"] is False
    assert "照片" in late.stream["content"]
    assert peer.answered == []


async def test_what_takes_longer_than_wecom_fetches_is_posted_once_by_whoever_has_it(
    tmp_path: Path, shared: Database
) -> None:
    async with two(tmp_path, shared) as (one, other, peer):
        peer.gate.clear()
        stream = await ask_with_a_picture(one, peer, "m-1", "first")
        await ask_with_a_picture(other, peer, "m-1", "again")
        one.house.clock.forward(timedelta(minutes=5, seconds=40))
        clock = one.house.clock
        async with a_house(tmp_path, peer, pace=STEADY, database=shared, clock=clock) as third:
            asked = await third.poster.fetch(LI, stream)
        peer.gate.set()
        await peer.wait_for(lambda: bool(peer.answered))
        async with asyncio.timeout(10):
            # That it was posted is noted a moment after WeCom has it.
            while "照片" in (after := await other.poster.fetch(LI, stream)).stream["content"]:
                pass

    assert asked.stream["finish"] is True
    assert asked.stream["content"] == texts.LATER
    assert after.stream["finish"] is True
    assert len(peer.answered) == 1
    assert "照片" in peer.answered[0]["markdown"]["content"]


async def test_a_message_whose_worker_died_is_handled_by_the_one_that_is_asked_for_it(
    tmp_path: Path, shared: Database
) -> None:
    async with two(tmp_path, shared) as (one, other, _peer):
        posted = json.dumps(
            {
                "msgid": "m-9",
                "from": {"userid": LI},
                "msgtype": "text",
                "text": {"content": "我的积分"},
            }
        )
        dead = shared.open(one.house.clock)
        await dead.run(
            lambda tx: tx.streams.open("m-9", f"wecom_bot:{LI}", 3, timedelta(minutes=6), posted)
        )
        dead.close()
        async with asyncio.timeout(10):
            while not (answer := await other.poster.fetch(LI, "m-9")).stream["finish"]:
                pass

    assert "积分" in answer.stream["content"]


# The official account


@asynccontextmanager
async def two_accounts(
    folder: Path, database: Database, *, pushes: bool
) -> AsyncIterator[tuple[WeChatHouse, WeChatHouse, WeChatPeer, asyncio.Event]]:
    """Give two workers behind one account; photographs are given out while the gate is open."""
    clock, gate = Clock(), asyncio.Event()
    async with WeChatPeer() as peer:
        peer.files["m"] = peer.photos["p"] = a_photo()

        async def wait(path: str) -> None:
            if path == "/cgi-bin/media/get" or path.startswith("/photo/"):
                await gate.wait()

        peer.pause = wait
        config = settings(
            api_url=peer.url, secret=APP_SECRET if pushes else "", customer_messages=pushes
        )
        a_worker = partial(
            wechat_house.a_house, folder, config,
            pace=replace(wechat_house.QUICK, keep=timedelta(seconds=5)),
            database=database, clock=clock,
        )  # fmt: skip
        async with (
            a_worker() as one,
            a_worker() as other,
        ):
            await one.bind(LI, "居民甲")
            # The first message of a process takes longer than WeChat waits here.
            await asyncio.gather(*(each.phone.say(WANG, "你好") for each in (one, other)))
            await asyncio.gather(*(parted(each.house.store, 2) for each in (one, other)))
            yield one, other, peer, gate
            gate.set()


async def both_get_a_photo(one: WeChatHouse, other: WeChatHouse, peer: WeChatPeer) -> list[str]:
    number, url = one.phone.number(), f"{peer.url}/photo/p"
    answers = [
        await house.phone.send(LI, "image", number=number, PicUrl=url, MediaId="m")
        for house in (one, other)
    ]
    return [answer.text or answer.body for answer in answers]


async def test_a_late_answer_is_pushed_once_though_both_workers_had_the_message(
    tmp_path: Path, shared: Database
) -> None:
    async with two_accounts(tmp_path, shared, pushes=True) as (one, other, peer, gate):
        first = await both_get_a_photo(one, other, peer)
        one.house.clock.forward(timedelta(minutes=1))
        gate.set()
        await until(lambda: peer.said(LI))

    assert first == ["success", "success"]
    assert len(peer.said(LI)) == 1
    assert "照片" in peer.said(LI)[0]


async def test_a_promised_answer_is_shown_once_by_whichever_worker_is_asked(
    tmp_path: Path, shared: Database
) -> None:
    async with two_accounts(tmp_path, shared, pushes=False) as (one, other, peer, gate):
        first = await both_get_a_photo(one, other, peer)
        early = await other.say(LI, "1", 500)
        gate.set()
        await until(lambda: shared.run("SELECT 1 FROM late_answers WHERE replies IS NOT NULL"))
        shown = [await house.say(LI, "1", number) for house, number in ((other, 501), (one, 502))]

    assert first == [wechat_texts.LATER] * 2
    assert early == wechat_texts.NOT_YET
    assert ["照片" in text for text in shown] == [True, False]


async def test_a_worker_that_is_quick_does_not_say_what_another_has_promised(
    tmp_path: Path, shared: Database
) -> None:
    async with two_accounts(tmp_path, shared, pushes=False) as (one, other, _peer, _gate):
        fields: dict[str, object] = {}
        await one.run(
            lambda tx: tx.late_answers.begin("wechat:77", "wechat", LI, fields, promised=True)
        )
        said = await other.say(LI, "我的积分", 77)

    assert said == wechat_texts.LATER
