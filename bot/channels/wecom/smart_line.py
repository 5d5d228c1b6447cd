"""The smart robot's own line: a WebSocket that we open, for an office without a public address."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Coroutine
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import Literal
from urllib.parse import urlsplit

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from bot.channels.tencent.envelope import Garbled
from bot.channels.wecom import smart_frames, texts
from bot.channels.wecom.pace import Pace
from bot.channels.wecom.smart import SmartBot
from bot.channels.wecom.smart_frames import (
    EVENT,
    MESSAGE,
    PING,
    RESPOND,
    SEND,
    SUBSCRIBE,
    WELCOME,
    Frame,
    Stream,
    asker_of,
    is_replaced,
    stream_of,
)
from storage.bell import Topic
from storage.faults import StoreUnavailable
from storage.seats import Lease
from storage.store import Store
from storage.transaction import Transaction

log = logging.getLogger(__name__)

GATEWAY = "wss://openws.work.weixin.qq.com"
FRAME_BYTES = 1024 * 1024
UNANSWERED = -1
"""In place of a code: it was sent, and no answer came. A frame said unasked bears nothing by which
the platform would know it again, so it may be said already."""
MISSED = 2
"""Heartbeats without an answer, one after the other, after which the line is taken for dead."""


class Why(StrEnum):
    """Why the platform does not want the line."""

    CREDENTIALS = "its id or secret is refused"
    REPLACED = "another program opened it"


_CLOSED = {Why.CREDENTIALS: texts.LINE_REFUSED, Why.REPLACED: texts.LINE_REPLACED}


class Refused(Exception):
    """The platform does not want the line; it is not opened again at once."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"{why.value} {detail}".strip())
        self.why = why


class SmartLine:
    """The one line of one smart robot; only the worker that holds the lease has it."""

    def __init__(
        self,
        bot: SmartBot,
        store: Store,
        *,
        bot_id: str,
        secret: str,
        url: str = "",
        pace: Pace | None = None,
    ) -> None:
        """Prepare; nothing is opened before `start`."""
        # At DEBUG it logs whole frames: the secret, and what people say.
        logging.getLogger("websockets.client").setLevel(logging.INFO)
        self._bot = bot
        self._store = store
        self._credentials = {"bot_id": bot_id, "secret": secret}
        self._url = url or GATEWAY
        self._pace = pace or Pace()
        self._open: ClientConnection | None = None
        self._is_open = asyncio.Event()
        self._answers: dict[str, asyncio.Future[int]] = {}
        """By the id of a frame of ours: the code the platform answers it with."""
        self._beside: set[asyncio.Task[None]] = set()
        self._keeping: asyncio.Task[None] | None = None
        self._trouble: str | None = None
        self._is_mine = False
        """Whether this worker has the line, or tries to open it."""
        self._asked = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        store.bell.on(Topic.LINE, self._on_asked)
        bot.push = self.push

    async def start(self) -> None:
        """Begin to keep the line open, and return at once."""
        assert self._keeping is None, "start only once"
        await self._bot.start()
        self._loop = asyncio.get_running_loop()
        self._is_mine = await self._store.holds(Lease.WECOM)
        self._keeping = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Finish what is in hand, for a moment, and close."""
        if self._beside:
            await asyncio.wait(self._beside, timeout=self._pace.farewell.total_seconds())
        await self._bot.stop()
        tasks = {*self._beside, *([self._keeping] if self._keeping is not None else [])}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._keeping = None

    @property
    def works(self) -> bool:
        """Whether the line is open, or only just being opened."""
        return self._is_open.is_set() or self._trouble is None

    @property
    def status(self) -> str | None:
        """How the line is doing, in plain words; None while another worker has it."""
        if not self._is_mine:
            return None
        if self._is_open.is_set():
            return texts.LINE_OPEN
        return self._trouble or texts.LINE_OPENS

    async def push(self, chat: str, body: dict[str, object]) -> bool:
        """Say something that answers nothing; False when it was not taken."""
        return await self._sent(SEND, {"chatid": chat, **body})

    async def say(self, chat: str, body: dict[str, object]) -> int | None:
        """Say something unasked, through the worker that has the line; return the code.

        None when it was not sent, as far as is known; UNANSWERED when it may have been said.
        Raises StoreUnavailable.
        """
        said = {"chatid": chat, **body}
        if self._is_mine or not self._store.is_shared:
            return await self._said(said)
        number = await self._store.run(lambda tx: tx.line_messages.ask(chat, said))
        try:
            async with asyncio.timeout(2 * self._pace.acknowledge.total_seconds()):
                while True:
                    code = await self._store.run(lambda tx: tx.line_messages.outcome(number))
                    if code is not None:
                        return code
                    await asyncio.sleep(self._pace.refresh.total_seconds())
        except TimeoutError:
            return None
        finally:
            await self._store.run(lambda tx: tx.line_messages.take_back(number))

    async def _keep_saying(self) -> None:
        """Say what other workers ask for, for as long as the line is open."""
        while self._store.is_shared:
            self._asked.clear()
            try:
                await self._say_for_others()
            except StoreUnavailable as unavailable:
                log.warning("nothing is said for other workers: %s", unavailable.kind.value)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pace.ping.total_seconds()):
                    await self._asked.wait()

    async def _say_for_others(self) -> None:
        for asked in await self._store.run(lambda tx: tx.line_messages.waiting()):
            code = await self._said(asked.body)
            if code is not None:
                await self._store.run(partial(_note_said, number=asked.id, code=code))

    async def _said(self, body: dict[str, object]) -> int | None:
        if not self._is_open.is_set():
            return None
        code = await self._answered(SEND, body)
        return UNANSWERED if code is None else code

    def _on_asked(self, _about: str) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._asked.set)

    # Keeping it open

    async def _keep(self) -> None:
        wait = self._pace.reconnect
        while True:
            self._is_mine = await self._store.holds(Lease.WECOM)
            if not self._is_mine:
                await asyncio.sleep(self._pace.ping.total_seconds())
                continue
            pause = await self._stayed()
            if self._is_open.is_set():
                wait = self._pace.reconnect
            self._shut()
            await asyncio.sleep((pause or wait).total_seconds())
            wait = min(wait * 2, self._pace.reconnect_at_most)

    async def _stayed(self) -> timedelta | None:
        """Stay on the line; return how long to rest when it is over, where that is long."""
        try:
            await self._stay()
        except Refused as refused:
            log.error("the smart robot's line is closed: %s", refused)  # noqa: TRY400  it is said
            self._trouble = _CLOSED[refused.why]
            return self._pace.refused
        except (OSError, WebSocketException) as error:
            log.warning("the smart robot's line was lost: %s", type(error).__name__)
            self._trouble = texts.LINE_LOST
        return None

    async def _stay(self) -> None:
        """Open the line and stay on it; returns or raises when it is over."""
        # A gateway without TLS is one of the operator's own: no proxy to ask.
        proxy: Literal[True] | None = None if urlsplit(self._url).scheme == "ws" else True
        async with connect(
            self._url, ping_interval=None, max_size=FRAME_BYTES, proxy=proxy
        ) as line:
            self._open = line
            running = [asyncio.create_task(work) for work in (self._read(line), self._live())]
            try:
                done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            finally:
                for task in running:
                    task.cancel()
                await asyncio.gather(*running, return_exceptions=True)

    async def _live(self) -> None:
        """Say who we are, then that we are still here; returns when nobody answers any more."""
        code = await self._answered(SUBSCRIBE, self._credentials)
        if code is None:
            return
        if code:
            raise Refused(Why.CREDENTIALS, str(code))
        self._is_open.set()
        log.info("the smart robot's line is open")
        saying = asyncio.create_task(self._keep_saying())
        try:
            await self._stay_alive()
        finally:
            saying.cancel()
            await asyncio.gather(saying, return_exceptions=True)

    async def _stay_alive(self) -> None:
        missed = 0
        while missed < MISSED:
            await asyncio.sleep(self._pace.ping.total_seconds())
            if not await self._store.holds(Lease.WECOM):
                return
            missed = 0 if await self._answered(PING, None) == 0 else missed + 1

    def _shut(self) -> None:
        self._open = None
        self._is_open.clear()
        for answer in self._answers.values():
            answer.cancel()

    # Receiving

    async def _read(self, line: ClientConnection) -> None:
        async for said in line:
            text = said if isinstance(said, str) else said.decode("utf-8", "replace")
            try:
                frame = smart_frames.read(text)
            except msgspec.DecodeError:
                log.warning("a frame of the smart robot's line cannot be read")
                continue
            self._take(frame)

    def _take(self, frame: Frame) -> None:
        if not frame.cmd:
            answer = self._answers.get(frame.headers.req_id)
            if answer is not None and not answer.done():
                answer.set_result(frame.errcode)
        elif frame.cmd == MESSAGE:
            self._do_beside(self._answer(frame, RESPOND))
        elif frame.cmd == EVENT:
            if is_replaced(frame):
                raise Refused(Why.REPLACED)
            self._do_beside(self._answer(frame, WELCOME))

    async def _answer(self, frame: Frame, cmd: str) -> None:
        """Say what the robot says, and the rest of it when that is ready."""
        number = frame.headers.req_id
        try:
            said = await self._bot.take(bytes(frame.body))
        except Garbled as garbled:
            log.warning("a callback of the smart robot's line cannot be read: %s", garbled)
            return
        while said:
            stream = stream_of(said)
            taken = await self._sent(cmd, msgspec.json.decode(said), number)
            if stream is None or stream.finish:
                if not (taken or (stream is not None and await self._said_anew(stream, frame))):
                    log.warning("answer %s was not taken", number)
                return
            said = await self._rest(stream.id, frame)

    async def _said_anew(self, stream: Stream, frame: Frame) -> bool:
        """Say an answer by itself: the line on which it was asked for may be gone."""
        asker = asker_of(frame)
        body: dict[str, object] = {"msgtype": "markdown", "markdown": {"content": stream.content}}
        return await self.push(asker.chatid or asker.sender.userid, body)

    async def _rest(self, stream: str, frame: Frame) -> str:
        """Return the end of an answer, asked for as WeCom does over its other way."""
        sender = asker_of(frame).sender.userid
        asked = {
            "msgid": f"rest-{stream}"[:100],
            "from": {"userid": sender},
            "msgtype": "stream",
            "stream": {"id": stream},
        }
        while True:
            await asyncio.sleep(self._pace.refresh.total_seconds())
            said = await self._bot.take(msgspec.json.encode(asked))
            found = stream_of(said)
            if found is None or found.finish:
                return said

    # Sending

    async def _sent(self, cmd: str, body: object, number: str = "") -> bool:
        """Send a frame and return whether it was taken; waits a while for a line that is lost."""
        try:
            async with asyncio.timeout(self._pace.repair.total_seconds()):
                await self._is_open.wait()
            return await self._answered(cmd, body, number) == 0
        except TimeoutError:
            return False

    async def _answered(self, cmd: str, body: object, number: str = "") -> int | None:
        """Send a frame and return the code it is answered with; None when it is not."""
        number = number or f"{cmd}_{secrets.token_hex(8)}"
        line = self._open
        if line is None:
            return None
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        try:
            await line.send(smart_frames.write(cmd, number, body))
            async with asyncio.timeout(self._pace.acknowledge.total_seconds()):
                await asyncio.wait({answer})
            return None if answer.cancelled() else answer.result()
        except (TimeoutError, WebSocketException):
            return None
        finally:
            del self._answers[number]

    def _do_beside(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._beside.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("answering over the smart robot's line failed", exc_info=task.exception())


def _note_said(tx: Transaction, number: int, code: int) -> None:
    tx.line_messages.said(number, code)
