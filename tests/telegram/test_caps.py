"""A bot never speaks faster than Telegram lets it, and not much slower either."""

import asyncio
import heapq
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.telegram.pace import Pace
from storage.transaction import Transaction
from tests.peers.telegram.server import TelegramPeer
from tests.stores import Clock
from tests.telegram_house import QUICK, House, a_house

A_SECOND = Pace().a_second
IN_GROUP = 20
"""What Telegram takes in one group in a minute (channels.md 1.3)."""
PEOPLE = 120
IN_TIME = 1.05
"""How much longer than the cap allows it may take."""


class Moments:
    """Time that passes only for whoever waits: each is woken when its moment has come."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._number = 0

    def time(self) -> float:
        return self._clock.now.timestamp()

    async def sleep(self, seconds: float) -> None:
        self._number += 1
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (self.time() + seconds, self._number, woken))
        await woken

    def wake_first(self) -> bool:
        """Let time pass until the first one has waited long enough."""
        if not self._waiting:
            return False
        moment, _number, woken = heapq.heappop(self._waiting)
        self._clock.forward(timedelta(seconds=max(0, moment - self.time())))
        woken.set_result(None)
        return True


@pytest.fixture
def moments(clock: Clock) -> Moments:
    return Moments(clock)


@pytest.fixture
async def house(
    peer: TelegramPeer, clock: Clock, moments: Moments, tmp_path: Path
) -> AsyncIterator[House]:
    pace = replace(QUICK, a_second=A_SECOND, time=moments.time, sleep=moments.sleep)
    async with a_house(peer, clock, tmp_path, pace=pace) as house:
        yield house


async def deliver(house: House, moments: Moments) -> None:
    """Send what is due; time passes from one message to the next."""

    async def send() -> None:
        while await house.delivery.deliver_due():
            pass

    sending = asyncio.create_task(send())
    while not sending.done():
        before = len(house.peer.calls("sendMessage"))
        if moments.wake_first():
            await house.peer.wait_for(lambda b=before: len(house.peer.calls("sendMessage")) > b)  # type: ignore[misc]
        await asyncio.sleep(0)
    await sending


def most_within(at: list[float], seconds: float) -> int:
    """Return how many there were at most in any span of this length."""
    return max(sum(first <= each < first + seconds for each in at) for first in at)


async def test_a_reminder_to_all_goes_as_fast_as_the_cap_allows_and_no_faster(
    house: House, peer: TelegramPeer, moments: Moments
) -> None:
    people = [peer.user(n, f"居民{n}") for n in range(1000, 1000 + PEOPLE)]
    for person in people:
        peer.world.started.add(person.id)

    def due(tx: Transaction) -> None:
        for person in people:
            resident = tx.residents.add()
            tx.residents.bind(resident, "telegram", str(person.id), str(person.id))
            tx.notices.schedule(
                key=f"n:{person.id}", resident_id=resident.id, text="x", topic="t", urgent=True
            )

    await house.run(due)
    began = moments.time()
    await deliver(house, moments)
    sent = [call for call in peer.calls("sendMessage") if call.ok]
    took = moments.time() - began

    assert len(sent) == PEOPLE
    assert most_within([call.at for call in sent], 1) <= A_SECOND
    assert took <= PEOPLE / A_SECOND * IN_TIME


async def test_a_group_is_told_twenty_things_a_minute_and_hears_the_rest_later(
    house: House, peer: TelegramPeer, moments: Moments, clock: Clock
) -> None:
    group = peer.group(-1001234567890, "芳草苑居民群")
    peer.world.faults.group_limit_per_minute = IN_GROUP
    group_id = await house.bind_group(group)

    def due(tx: Transaction) -> None:
        for number in range(50):
            key = f"n:{number:02}"
            tx.notices.schedule(key=key, group_id=group_id, text=key, topic="t", urgent=True)

    await house.run(due)
    for _ in range(3):
        await deliver(house, moments)
        clock.forward(timedelta(seconds=61))

    sent = [call for call in peer.calls("sendMessage") if call.ok]
    assert [call.params["text"] for call in sent] == [f"n:{n:02}" for n in range(50)]
    assert [call.status for call in peer.calls("sendMessage") if not call.ok] == []
    assert most_within([call.at for call in sent], 60) <= IN_GROUP
