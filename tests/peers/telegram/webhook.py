"""Posting updates to the bot's webhook: each chat in order, different chats side by side."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

import httpx

from tests.peers.telegram.bell import Bell
from tests.peers.telegram.shapes import Json, Object

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
POST_TIMEOUT_SECONDS = 30.0
FIRST_BACK_OFF_SECONDS = 0.02
"""Telegram waits a second, then doubles; tests have no such time."""
LONGEST_BACK_OFF_SECONDS = 0.5
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
NEVER_IN_A_REPLY = ("get", "setwebhook", "deletewebhook", "close", "logout")


class Postable(Protocol):
    """What a poster needs to know of an update."""

    @property
    def body(self) -> Object: ...

    @property
    def lane(self) -> int: ...


class Queue(Protocol):
    """Where updates wait, and are crossed out."""

    def is_waiting(self, update: Postable) -> bool: ...

    def settle(self, update: Postable) -> None: ...


@dataclass(frozen=True, slots=True)
class Hook:
    """Where to post, as set by setWebhook."""

    url: str
    secret_token: str = ""
    max_connections: int = 40
    allowed_updates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt: the status that came back, 0 when the connection failed."""

    update_id: Json
    status: int
    at: float


@dataclass(slots=True)
class Poster:
    """Posts until a 2xx comes back."""

    queue: Queue
    bell: Bell
    hook: Hook | None = None
    deliveries: list[Delivery] = field(default_factory=list)
    last_error: tuple[int, str] | None = None
    on_reply: Callable[[str, Object], Awaitable[None]] | None = None
    _lanes: dict[int, list[Postable]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _client: httpx.AsyncClient | None = None
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(40))
    _is_open: bool = False

    def open(self) -> None:
        """Begin to post."""
        # Plain HTTP on loopback: no certificates to load, no proxy to ask.
        self._client = httpx.AsyncClient(
            trust_env=False, verify=False, timeout=POST_TIMEOUT_SECONDS
        )
        self._is_open = True

    async def close(self) -> None:
        """Stop in the middle of whatever is under way; the updates stay pending."""
        self._is_open = False
        await self._stop_lanes()
        if self._client is not None:
            await self._client.aclose()

    def aim(self, hook: Hook | None) -> None:
        """Post to this address from now on."""
        for task in self._tasks:
            task.cancel()
        self._lanes.clear()
        self.hook = hook
        self.last_error = None
        self._slots = asyncio.Semaphore(hook.max_connections if hook else 1)

    def offer(self, update: Postable) -> None:
        """Post this update when its turn in its chat has come."""
        if self.hook is None or not self._is_open:
            return
        if update.lane in self._lanes:
            self._lanes[update.lane].append(update)
            return
        lane = [update]
        self._lanes[update.lane] = lane
        task = asyncio.create_task(self._run(self.hook, update.lane, lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, hook: Hook, name: int, lane: list[Postable]) -> None:
        while lane:
            await self._post_until_taken(hook, lane[0])
            lane.pop(0)
        del self._lanes[name]

    async def _post_until_taken(self, hook: Hook, update: Postable) -> None:
        pause = FIRST_BACK_OFF_SECONDS
        while self.queue.is_waiting(update):
            response = await self._post(hook, update)
            status = response.status_code if response else 0
            self.deliveries.append(Delivery(update.body["update_id"], status, time.time()))
            if response is not None and response.is_success:
                self.queue.settle(update)
                await self._obey(response)
                return
            self.bell.ring()
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_BACK_OFF_SECONDS)

    async def _post(self, hook: Hook, update: Postable) -> httpx.Response | None:
        assert self._client is not None
        if httpx.URL(hook.url).host not in LOOPBACK:
            self.last_error = (int(time.time()), "Connection refused")  # the peer stays on loopback
            return None
        headers = {SECRET_HEADER: hook.secret_token} if hook.secret_token else {}
        try:
            async with self._slots:
                response = await self._client.post(hook.url, json=update.body, headers=headers)
        except httpx.HTTPError as failure:
            self.last_error = (int(time.time()), str(failure) or "Webhook connection closed")
            return None
        if not response.is_success:
            told = f"{response.status_code} {response.reason_phrase}"
            self.last_error = (int(time.time()), f"Wrong response from the webhook: {told}")
        return response

    async def _obey(self, response: httpx.Response) -> None:
        """Carry out a method named in the answer to a webhook, as Telegram does."""
        try:
            body: Json = response.json()
        except ValueError:
            return
        if not isinstance(body, dict) or self.on_reply is None:
            return
        method = str(body.pop("method", ""))
        if method and not method.lower().startswith(NEVER_IN_A_REPLY):
            await self.on_reply(method, body)

    async def _stop_lanes(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._lanes.clear()
