"""The gateway of WeCom's smart robots on loopback: a real WebSocket server that holds us to it.

`@wecom/aibot-node-sdk`, the platform's own client, talks to it too (test_wecom_peers.py).
"""

import asyncio
import itertools
import json
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

BOT_ID, SECRET = "aibXXXX", "bot-secret-0123456789"
CONTENT_BYTES = 20_480

Object = dict[str, Any]


@dataclass
class Gateway:
    """The platform's end of the lines; use it as `async with`."""

    secret: str = SECRET
    lines: int = 0
    """Lines that were subscribed, ever."""
    tries: list[float] = field(default_factory=list)
    """When each line was tried."""
    pings: int = 0
    answers_pings: bool = True
    answers_pushes: bool = True
    hangs_up: bool = False
    """Whether whoever subscribes is cut off instead of answered."""
    refuses: int = 0
    """How many of the next answers are refused with 846605, as for a line that is gone."""
    never_met: set[str] = field(default_factory=set)
    """Chats in which nobody has spoken to the robot: it may not begin there."""
    said: dict[str, list[Object]] = field(default_factory=dict)
    """By the id of a callback: the bodies that answered it."""
    pushed: list[Object] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._line: ServerConnection | None = None
        self._server: Server | None = None
        self._happened = asyncio.Condition()
        self._numbers = itertools.count(1)
        self._known: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        self._server = await serve(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"ws://127.0.0.1:{next(iter(self._server.sockets)).getsockname()[1]}"

    async def until(self, count_of_lines: int) -> None:
        """Return once so many lines were subscribed."""
        await self._wait(lambda: self.lines >= count_of_lines)

    async def tried(self, times: int) -> list[float]:
        """Return when lines were tried, once that was done so many times."""
        await self._wait(lambda: len(self.tries) >= times)
        return self.tries[:times]

    async def _wait(self, ready: Any) -> None:
        async with asyncio.timeout(10), self._happened:
            await self._happened.wait_for(ready)

    # What people do

    async def ask(self, user: str, text: str, *, group: str = "", **more: object) -> str:
        """Say something to the robot; return the id of the callback."""
        return await self.robot(user, group=group, msgtype="text", text={"content": text}, **more)

    async def robot(self, user: str, *, group: str = "", **more: object) -> str:
        number = next(self._numbers)
        body = {
            "msgid": f"m{number}",
            "aibotid": BOT_ID,
            "chattype": "group" if group else "single",
            **({"chatid": group} if group else {}),
            "from": {"userid": user},
            **more,
        }
        is_event = more.get("msgtype") == "event"
        cmd = "aibot_event_callback" if is_event else "aibot_msg_callback"
        return await self.call(cmd, body)

    async def call(self, cmd: str, body: Object) -> str:
        """Post a callback over the line; return its id."""
        assert self._line is not None
        req_id = f"req-{next(self._numbers)}"
        self._known[req_id] = cmd
        headers = {"req_id": req_id}
        await self._line.send(json.dumps({"cmd": cmd, "headers": headers, "body": body}))
        return req_id

    def expect(self, req_id: str) -> None:
        """Know a callback that is posted by hand."""
        self._known[req_id] = "aibot_msg_callback"

    async def raw(self, text: str) -> None:
        assert self._line is not None
        await self._line.send(text)

    async def answer(self, req_id: str) -> Object:
        """Return the last body that answered a callback, once it is whole."""
        await self._wait(lambda: any(_is_whole(one) for one in self.said.get(req_id, [])))
        return self.said[req_id][-1]

    async def first(self, req_id: str) -> Object:
        await self._wait(lambda: self.said.get(req_id))
        return self.said[req_id][0]

    async def pushes(self, count: int = 1) -> list[Object]:
        await self._wait(lambda: len(self.pushed) >= count)
        return self.pushed

    async def ping_again(self) -> None:
        now = self.pings
        await self._wait(lambda: self.pings > now)

    async def cut(self) -> None:
        """Lose the line as a network does."""
        assert self._line is not None
        self._line.transport.abort()

    # The line

    async def _serve(self, line: ServerConnection) -> None:
        try:
            async for said in line:
                frame = json.loads(said)
                await self._take(line, frame)
                async with self._happened:
                    self._happened.notify_all()
        except ConnectionClosed:
            pass
        finally:
            if self._line is line:
                self._line = None

    async def _take(self, line: ServerConnection, frame: Object) -> None:
        cmd, req_id, body = frame["cmd"], frame["headers"]["req_id"], frame.get("body")
        if cmd == "aibot_subscribe":
            await self._subscribed(line, req_id, body)
            return
        if line is not self._line:
            self.violations.append(f"{cmd} before the line was subscribed")
            await line.close()
            return
        if cmd == "ping":
            self.pings += 1
            if self.answers_pings:
                await self._acknowledge(line, req_id, 0)
            return
        code = self._said(cmd, req_id, body)
        if self.answers_pushes or cmd != "aibot_send_msg":
            await self._acknowledge(line, req_id, code)

    async def _subscribed(self, line: ServerConnection, req_id: str, body: Any) -> None:
        self.tries.append(asyncio.get_running_loop().time())
        if self.hangs_up:
            await line.close()
            return
        if body != {"bot_id": BOT_ID, "secret": self.secret}:
            await self._acknowledge(line, req_id, 853000)
            return
        former, self._line = self._line, line
        self.lines += 1
        await self._acknowledge(line, req_id, 0)
        if former is not None:
            event = {"eventtype": "disconnected_event"}
            gone = {"msgid": "gone", "aibotid": BOT_ID, "msgtype": "event", "event": event}
            headers = {"req_id": "gone"}
            await former.send(
                json.dumps({"cmd": "aibot_event_callback", "headers": headers, "body": gone})
            )
            await former.close()

    def _said(self, cmd: str, req_id: str, body: Any) -> int:
        """Take what is said over the line; return the code it is answered with."""
        if self.refuses:
            self.refuses -= 1
            return 846605
        if cmd == "aibot_send_msg":
            if not body.get("chatid") or body.get("msgtype") != "markdown":
                self.violations.append(f"pushed: {body}")
            if body.get("chatid") in self.never_met:
                return 846607
            self.pushed.append(body)
            return 0
        wanted = {
            "aibot_msg_callback": "aibot_respond_msg",
            "aibot_event_callback": "aibot_respond_welcome_msg",
        }
        if wanted.get(self._known.get(req_id, "")) != cmd:
            self.violations.append(f"{cmd} to {req_id}")
            return 846605
        before = self.said.setdefault(req_id, [])
        self.violations += [f"{req_id} after its end"] if any(map(_is_whole, before)) else []
        stream = body.get("stream", {})
        if len(stream.get("content", "").encode()) > CONTENT_BYTES:
            self.violations.append(f"{req_id} is too long")
        if before and before[0]["stream"]["id"] != stream.get("id"):
            self.violations.append(f"{req_id} goes on under another name")
        before.append(body)
        return 0

    async def _acknowledge(self, line: ServerConnection, req_id: str, code: int) -> None:
        message = "ok" if code == 0 else "refused"
        answer = {"headers": {"req_id": req_id}, "errcode": code, "errmsg": message}
        await line.send(json.dumps(answer))


def _is_whole(body: Object) -> bool:
    return bool(body["msgtype"] != "stream" or body["stream"]["finish"])


def subscribed(secret: str) -> Object:
    """Return the first frame of a line."""
    headers = {"req_id": "aibot_subscribe_1"}
    body = {"bot_id": BOT_ID, "secret": secret}
    return {"cmd": "aibot_subscribe", "headers": headers, "body": body}
