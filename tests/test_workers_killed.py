"""One of two workers dies of kill -9 with answers in hand: nothing is lost, little said twice."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.peers.wecom.poster import Poster, sealed_file
from tests.peers.wecom.server import WeComPeer
from tests.stores import Clock, Database, EngineKind, until
from tests.wechat_house import a_photo
from tests.wecom_house import APP_KEY, QUICK, WeComHouse, a_house

pytestmark = pytest.mark.skipif(
    not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed"
)

LI = "LiSi"
HELD = 8


@asynccontextmanager
async def a_doomed_one(
    folder: Path, database: Database, peer: WeComPeer, clock: Clock
) -> AsyncIterator[tuple[Poster, "asyncio.subprocess.Process"]]:
    """Start a worker in a process of its own; the block is to kill it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.soak.holding"),
        *(str(folder), database.url, peer.root_url),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            url = (await process.stdout.readline()).decode().strip()
        poster = Poster(url, lambda: clock().timestamp())
        yield poster, process
        await poster.close()
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.fixture
async def survivor(tmp_path: Path, shared: Database) -> AsyncIterator[WeComHouse]:
    clock = Clock()
    async with WeComPeer(clock) as peer:
        peer.secrets.add(APP_KEY)
        peer.members.add(LI)
        peer.files["media-in"] = a_photo()
        peer.store["p"] = sealed_file(a_photo())
        async with a_house(tmp_path, peer, pace=QUICK, database=shared, clock=clock) as house:
            yield house


async def until_said(house: WeComHouse, least: int) -> None:
    await house.peer.wait_for(lambda: len(house.peer.texts_to(LI)) >= least)


@pytest.mark.parametrize("said_before", [0, 1, HELD // 2])
async def test_what_a_killed_worker_had_in_hand_is_said_by_another(
    tmp_path: Path, shared: Database, survivor: WeComHouse, said_before: int
) -> None:
    peer, clock = survivor.peer, survivor.house.clock
    async with a_doomed_one(tmp_path, shared, peer, clock) as (poster, process):
        peer.gate.clear()
        posts = [
            await poster.send(LI, "image", number=number, MediaId="media-in")
            for number in range(1, HELD + 1)
        ]
        if said_before:
            peer.gate.set()
            await until_said(survivor, said_before)
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()
        peer.gate.set()
    arrived = len(peer.texts_to(LI))
    [(unmarked,)] = shared.run("SELECT count(*) FROM late_answers WHERE said_with IS NULL")
    assert isinstance(unmarked, int)
    clock.forward(timedelta(minutes=1))
    await until(lambda: not shared.run("SELECT 1 FROM late_answers WHERE said_with IS NULL"))

    assert {(post.status, post.body) for post in posts} == {(200, "")}
    assert HELD <= len(peer.texts_to(LI)) <= arrived + unmarked
    assert shared.run("SELECT count(*) FROM inbox WHERE key LIKE 'wecom:%'") == [(HELD,)]


async def test_who_waits_for_the_robot_of_a_killed_worker_is_answered_by_another(
    tmp_path: Path, shared: Database, survivor: WeComHouse
) -> None:
    peer, clock = survivor.peer, survivor.house.clock
    async with a_doomed_one(tmp_path, shared, peer, clock) as (poster, process):
        peer.gate.clear()
        opened = [
            await poster.robot(
                user, msgid=f"m-{user}", msgtype="image", image={"url": peer.address("p")}
            )
            for user in (LI, "WangWu")
        ]
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()
        peer.gate.set()
    said = []
    async with asyncio.timeout(30):
        for answer in opened:
            stream = str(answer.stream["id"])
            while not (last := await survivor.poster.fetch(LI, stream)).stream["finish"]:
                pass
            said.append(last.stream["content"])

    assert [answer.stream["finish"] for answer in opened] == [False, False]
    assert all("照片" in content for content in said)
