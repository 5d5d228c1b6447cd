"""Waiting for something to become true, until a deadline, without sleeping blindly."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LOOK_AGAIN_SECONDS = 0.02
"""How often a condition is asked that the peer itself cannot ring for (the product's database)."""


class Bell:
    """Rings whenever anything in the peer changed."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake everybody who waits."""
        self._rung.set()
        self._rung = asyncio.Event()

    async def wait_for(self, predicate: Callable[[], T], timeout_seconds: float) -> T:
        """Return the first true value of `predicate`; TimeoutError when none comes in time."""
        async with asyncio.timeout(timeout_seconds):
            while True:
                rung = self._rung
                value = predicate()
                if value:
                    return value
                try:
                    async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                        await rung.wait()
                except TimeoutError:
                    continue
