"""A reminder to many over Telegram: never above its cap, and how near to what the cap allows."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.table import show
from bot.channels.telegram.pace import Pace
from storage.transaction import Transaction
from tests.peers.telegram.server import TelegramPeer
from tests.stores import Clock
from tests.telegram_house import QUICK, a_house

A_SECOND = Pace().a_second
SIZES = (30, 150, 450)
FREE = 10_000.0
"""So many a second that nothing waits: what the line and the client can do."""


async def main() -> None:
    """Send over HTTP to the peer, in real time."""
    rows: list[list[object]] = []
    for people, cap in [*((size, A_SECOND) for size in SIZES), (SIZES[-1], FREE)]:
        took, at = await _sent(people, cap)
        shown: list[object] = [people, "none" if cap == FREE else cap, took]
        allowed = people / A_SECOND
        rows.append([*shown, allowed, took / allowed, _most_in_a_second(at)])
    show(["people", "cap/s", "took s", "n/30 s", "ratio", "most within 1 s"], rows)


async def _sent(people: int, a_second: float) -> tuple[float, Sequence[float]]:
    """Remind so many people; return how long it took and when each message arrived."""
    clock = Clock(datetime.now(UTC))
    pace = replace(QUICK, a_second=a_second)
    with TemporaryDirectory() as folder:
        async with TelegramPeer() as peer, a_house(peer, clock, Path(folder), pace=pace) as house:
            known = [peer.user(1000 + n, "x") for n in range(people)]
            peer.world.started |= {person.id for person in known}

            def due(tx: Transaction) -> None:
                for person in known:
                    resident = tx.residents.add()
                    tx.residents.bind(resident, "telegram", str(person.id), str(person.id))
                    key = f"n:{person.id}"
                    tx.notices.schedule(
                        key=key, resident_id=resident.id, text=key, topic="t", urgent=True
                    )

            await house.run(due)
            began = time.perf_counter()
            while await house.delivery.deliver_due():
                clock.now = datetime.now(UTC)
            took = time.perf_counter() - began
            at = [call.at for call in peer.calls("sendMessage") if call.ok]
    assert len(at) == people
    return took, at


def _most_in_a_second(at: Sequence[float]) -> int:
    return max(sum(first <= each < first + 1 for each in at) for first in at)
