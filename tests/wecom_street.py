"""Who writes in WeCom, what its groups are told, and a database that is busy."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from handlers.message import Choice
from storage.transaction import Transaction
from tests.houses import STAFF_GROUP
from tests.wecom_house import WeComHouse

LI = "LiSi"
SECRETARY = "ShuJi.Jia"
GROUP = "wrOgQhDgAAMYQiS5ol9G7gK9JVAAAA"
"""A chat that the smart robot is in."""


async def staff(house: WeComHouse) -> None:
    """Let both be members, one of them the secretary."""
    await house.bind("wecom", SECRETARY, "书记甲")
    house.peer.members |= {SECRETARY, LI}


async def tell(house: WeComHouse, words: str, *choices: Choice) -> None:
    """Put a notice to the staff of 建港 into the outbox; deliver what is due."""
    kept: list[dict[str, object]] = [
        {"label": c.label, "action": c.action, "number": None, "anybody": True, "say": c.say}
        for c in choices
    ]

    def work(tx: Transaction) -> None:
        tx.notices.schedule(key=words[:60], group_id=1, text=words, topic="test", choices=kept)

    await house.run(work)
    await house.deliver()


def told(house: WeComHouse) -> list[str]:
    """Return what the group robot said."""
    return [str(one["text"]["content"]) for one in house.peer.pushed]


async def by_robot_only(house: WeComHouse) -> None:
    """Take the group's other chat away."""
    await house.run(lambda tx: tx.directory.leave_group(f"terminal:{STAFF_GROUP}"))


@asynccontextmanager
async def slow(house: WeComHouse) -> AsyncIterator[None]:
    """Let every answer take longer than WeCom waits: the database is busy."""
    go_on = threading.Event()
    busy = asyncio.create_task(house.run(lambda _tx: go_on.wait(10)))
    await asyncio.sleep(0)
    try:
        yield
    finally:
        go_on.set()
        await busy
