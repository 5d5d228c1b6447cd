"""Takes turns: who writes faster than we answer is answered in the order of writing."""

import asyncio


class Turns:
    """Lets messages of one person in one chat pass one after another."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[asyncio.Lock, int]] = {}

    async def come(self, key: str) -> None:
        """Wait for the turn."""
        lock, waiting = self._waiting.get(key) or (asyncio.Lock(), 0)
        self._waiting[key] = (lock, waiting + 1)
        try:
            await lock.acquire()
        except BaseException:
            self._leave(key)
            raise

    def go(self, key: str) -> None:
        """Let the next one pass."""
        self._waiting[key][0].release()
        self._leave(key)

    def _leave(self, key: str) -> None:
        lock, waiting = self._waiting.pop(key)
        if waiting > 1:
            self._waiting[key] = (lock, waiting - 1)
