"""Calls that need the access token: renewed once when refused, repeated while busy."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from bot.channels.tencent.errors import ApiError, ApiTrouble, Todo, Unsent
from bot.channels.tencent.keeper import TokenKeeper
from bot.channels.tencent.line import Download, Line

R = TypeVar("R")

TRIES = 3
BUSY_SECONDS = 0.3
"""After the first refusal for being busy; doubled after each further one."""


class Api:
    """One account's calls."""

    def __init__(self, line: Line, keeper: TokenKeeper) -> None:
        self._line = line
        self._keeper = keeper

    async def post(self, path: str, body: object) -> Mapping[str, object]:
        """Call a method with JSON; raises ApiTrouble, or StoreUnavailable."""
        return await self._with_token(lambda query: self._line.post(path, query, body))

    async def upload(
        self, path: str, query: Mapping[str, str], name: str, data: bytes, kind: str
    ) -> Mapping[str, object]:
        """Upload a file."""
        return await self._with_token(
            lambda token: self._line.upload(path, {**token, **query}, name, data, kind)
        )

    async def download(self, path: str, query: Mapping[str, str], most: int) -> Download:
        """Fetch a file."""
        return await self._with_token(
            lambda token: self._line.download(path, {**token, **query}, most)
        )

    async def _with_token(self, call: Callable[[dict[str, str]], Awaitable[R]]) -> R:
        token = await self._keeper.token()
        try:
            return await patiently(lambda: call({"access_token": token}))
        except ApiError as error:
            if error.todo is not Todo.NEW_TOKEN:
                await self._report(error)
                raise
        token = await self._keeper.replaced(token)
        try:
            return await patiently(lambda: call({"access_token": token}))
        except ApiError as error:
            await self._report(error)
            raise

    async def _report(self, error: ApiError) -> None:
        """Tell whoever looks after the account what no waiting will mend."""
        if error.todo in {Todo.NEW_TOKEN, Todo.CONFIGURE, Todo.DAY_USED_UP, Todo.NOT_GRANTED}:
            await self._keeper.alert(str(error))


async def patiently(call: Callable[[], Awaitable[R]]) -> R:
    """Repeat while the platform is busy or was not reached: then nothing was done.

    Raises ApiTrouble.
    """
    wait = BUSY_SECONDS
    for attempt in range(1, TRIES + 1):
        try:
            return await call()
        except ApiTrouble as trouble:
            busy = isinstance(trouble, ApiError) and trouble.todo is Todo.RETRY
            if attempt == TRIES or not (busy or isinstance(trouble, Unsent)):
                raise
        await asyncio.sleep(wait)
        wait *= 2
    raise AssertionError
