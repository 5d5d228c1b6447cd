"""One worker of a street behind WeCom, in a process of its own: to be killed with answers in hand.

    python -m tests.soak.holding FOLDER DATABASE PLATFORM

prints where it is posted to, and serves until it is killed.
"""

import asyncio
import sys
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from tests.peers.wecom.server import WeComPeer
from tests.stores import Clock, Database, EngineKind
from tests.wecom_house import QUICK, a_house

STEADY = replace(QUICK, tend=timedelta(hours=1))
"""Looks after no messages but its own."""


@dataclass
class FarPeer(WeComPeer):
    """A platform that another process plays."""

    url: str = ""

    @property
    def root_url(self) -> str:
        return self.url


async def serve(folder: Path, database: str, platform: str) -> None:
    """Serve until killed."""
    shared = Database(EngineKind.POSTGRESQL, folder, database)
    clock = Clock()
    peer = FarPeer(clock, url=platform)
    async with a_house(folder, peer, pace=STEADY, database=shared, clock=clock) as house:
        print(house.poster.root, flush=True)  # noqa: T201  for whoever started it
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
