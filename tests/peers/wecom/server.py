"""WeCom's side on loopback: tokens, app messages, files, robots, customer service.

It keeps what it was asked, holds us to the documented limits, and fails on demand.
"""

import asyncio
import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.peers.listening import Listening
from tests.peers.telegram.wire import Line
from tests.peers.wecom.service import Service

TEXT_BYTES = 2048
MARKDOWN_BYTES = 4096
ROBOT_PHOTO_BYTES = 2 * 1024 * 1024
TASK_ID = re.compile(r"[A-Za-z0-9_@-]{1,128}")
SIGNED = "sign=q-sign-algorithm%3Dsha1%26q-sign-time%3D1733467811%3B1733468111"

Object = dict[str, Any]


@dataclass
class Sent:
    """One message the corporation got from us."""

    to: str
    kind: str
    content: Object

    @property
    def text(self) -> str:
        return str(self.content.get("content", ""))


@dataclass
class WeComPeer(Listening):
    """The platform; use it as `async with`."""

    now: Callable[[], datetime]
    corp_id: str = "ww0123456789abcdef"
    secrets: set[str] = field(default_factory=lambda: {"app-secret", "kf-secret"})
    members: set[str] = field(default_factory=set)
    robots: set[str] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    store: dict[str, bytes] = field(default_factory=dict)
    """What was sent to the smart robot, encrypted, by the name in its address."""
    sent: list[Sent] = field(default_factory=list)
    dropped: list[Sent] = field(default_factory=list)
    """What WeCom swallowed without a word: too many for one member."""
    pushed: list[Object] = field(default_factory=list)
    answered: list[Object] = field(default_factory=list)
    """What came to a response address."""
    codes: dict[str, str] = field(default_factory=dict)
    """By the code of a press, which works once: the card's task id."""
    chosen: dict[str, str] = field(default_factory=dict)
    """By task id: what a card shows since it was pressed; nobody can press it any more."""
    on_shown: Callable[[str, str], None] = lambda _user, _text: None
    """Told which member or customer is shown what text, the moment it comes."""
    on_told: Callable[[str, str], None] = lambda _key, _text: None
    """Told which robot says what text."""
    calls: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    violations: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """Files are given out only while it is set; it is, unless a test closes it."""
    failures: dict[str, list[int]] = field(default_factory=dict)
    """By path: the error codes of the next calls."""

    def __post_init__(self) -> None:
        self.gate.set()
        self.kf = Service(self)
        self._times: dict[str, list[datetime]] = {}
        self._cards: set[str] = set()
        self._answered = asyncio.Event()
        app = Starlette(
            routes=[
                Route("/cgi-bin/gettoken", self._token),
                Route("/cgi-bin/message/send", self._message, methods=["POST"]),
                Route("/cgi-bin/message/update_template_card", self._update, methods=["POST"]),
                Route("/cgi-bin/media/upload", self._upload, methods=["POST"]),
                Route("/cgi-bin/media/get", self._download),
                Route("/cgi-bin/webhook/send", self._push, methods=["POST"]),
                Route("/cgi-bin/aibot/response", self._response, methods=["POST"]),
                Route("/store/{name}", self._stored),
                Route("/moved/{name}", self._moved),
                *self.kf.routes(),
            ]
        )

        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            await app(scope, receive, send)
            self._answered.set()

        self._line = Line(serve)

    @property
    def root_url(self) -> str:
        return f"http://127.0.0.1:{self._line.port}"

    def address(self, name: str, path: str = "store") -> str:
        """Return where something sent to the robot lies."""
        return f"{self.root_url}/{path}/{name}?{SIGNED}"

    def fail(self, path: str, *codes: int) -> None:
        """Refuse the next calls to this path with these codes; 0 lets one pass."""
        self.failures.setdefault(path, []).extend(codes)

    def lose_answers(self, path: str, times: int) -> None:
        """Do what the next calls ask for, and cut the line instead of answering."""
        self._line.loses[path] = times

    def expire_tokens(self) -> None:
        """End every token, as a restart of the platform does."""
        self.tokens.clear()

    async def wait_for(self, ready: Callable[[], bool]) -> None:
        """Return once it is so; it is looked at after every call."""
        async with asyncio.timeout(10):
            while not ready():
                self._answered.clear()
                await self._answered.wait()

    def texts_to(self, user: str) -> list[str]:
        return [one.text for one in self.sent if one.to == user and one.kind == "text"]

    def card_of(self, user: str, label: str) -> Object | None:
        """Return the button with this label under the last message of this member, or None."""
        mine = [one for one in self.sent if one.to == user]
        if not mine or mine[-1].kind != "template_card":
            return None
        card = mine[-1].content
        if card["task_id"] in self.chosen:
            return None
        found = [one for one in card["button_list"] if label in one["text"]]
        return {"task": card["task_id"], "key": found[0]["key"]} if found else None

    # What every method begins with

    def refused(self, request: Request) -> Response | None:
        """Return the refusal that is due, or None."""
        path = request.url.path
        self.calls.append(path)
        planned = self.failures.get(path, [])
        if planned and (code := planned.pop(0)):
            return fault(code)
        if request.query_params.get("access_token") not in self.tokens:
            return fault(40014 if not self.tokens else 42001)
        return None

    async def _token(self, request: Request) -> Response:
        self.calls.append(request.url.path)
        query = request.query_params
        if query.get("corpid") != self.corp_id:
            return fault(40013)
        if query.get("corpsecret") not in self.secrets:
            return fault(40001)
        token = f"token-{len(self.calls)}-{query['corpsecret']}"
        self.tokens.add(token)
        return done(access_token=token, expires_in=7200)

    async def _message(self, request: Request) -> Response:
        refusal = self.refused(request)
        if refusal is not None:
            return refusal
        body = await request.json()
        if body.get("agentid") != 1000002:
            return fault(40056)
        wanted = str(body["touser"]).split("|")
        invalid = [user for user in wanted if user not in self.members]
        if len(invalid) == len(wanted):
            return fault(81013)
        for user in wanted:
            if user not in invalid:
                self._keep(user, body["msgtype"], body[body["msgtype"]])
        return done(invaliduser="|".join(user.lower() for user in invalid), msgid="m")

    def _keep(self, user: str, kind: str, content: Object) -> None:
        one = Sent(user, kind, content)
        if kind == "text" and len(one.text.encode()) > TEXT_BYTES:
            self.violations.append(f"a text of {len(one.text.encode())} bytes was cut")
        if kind == "image" and content.get("media_id") not in self.files:
            self.violations.append("an image nobody uploaded")
        if kind == "template_card":
            self.violations += card_faults(content, self._cards)
        times = self._times.setdefault(user, [])
        times[:] = [at for at in times if (self.now() - at).total_seconds() < 60]
        if len(times) >= 30:
            self.dropped.append(one)
            return
        times.append(self.now())
        self.sent.append(one)
        if kind == "text":
            self.on_shown(user, one.text)

    async def _update(self, request: Request) -> Response:
        refusal = self.refused(request)
        if refusal is not None:
            return refusal
        body = await request.json()
        if body.get("agentid") != 1000002 or not body.get("userids"):
            return fault(40056)
        task = self.codes.pop(body.get("response_code", ""), None)
        if task is None:
            return fault(40188)
        self.chosen[task] = body["button"]["replace_name"]
        return done(invaliduser="")

    async def _upload(self, request: Request) -> Response:
        refusal = self.refused(request)
        if refusal is not None:
            return refusal
        async with request.form() as form:
            part = form["media"]
            assert not isinstance(part, str)
            data = await part.read()
        name = f"media-{len(self.files)}"
        self.files[name] = data
        return done(type=request.query_params["type"], media_id=name)

    async def _download(self, request: Request) -> Response:
        refusal = self.refused(request)
        if refusal is not None:
            return refusal
        await self.gate.wait()
        data = self.files.get(request.query_params["media_id"])
        return fault(40007) if data is None else Response(data, media_type="image/jpeg")

    async def _stored(self, request: Request) -> Response:
        self.calls.append(request.url.path)
        # The address is signed: what is signed must come back as it was given out.
        if request.url.query != SIGNED:
            return Response(status_code=403)
        await self.gate.wait()
        data = self.store.get(request.path_params["name"])
        return Response(status_code=404) if data is None else Response(data)

    async def _moved(self, request: Request) -> Response:
        self.calls.append(request.url.path)
        there = self.address(request.path_params["name"])
        return Response(status_code=302, headers={"location": there})

    async def _push(self, request: Request) -> Response:
        self.calls.append(request.url.path)
        planned = self.failures.get(request.url.path, [])
        if planned and (code := planned.pop(0)):
            return fault(code)
        key = request.query_params.get("key", "")
        if key not in self.robots:
            return fault(93000)
        times = self._times.setdefault(f"robot {key}", [])
        times[:] = [at for at in times if (self.now() - at).total_seconds() < 60]
        if len(times) >= 20:
            return fault(45009)
        times.append(self.now())
        body = await request.json()
        self.violations += robot_faults(body)
        self.pushed.append({"key": key, **body})
        if "text" in body:
            self.on_told(key, str(body["text"]["content"]))
        return done()

    async def _response(self, request: Request) -> Response:
        self.calls.append(request.url.path)
        planned = self.failures.get(request.url.path, [])
        if planned and (refusal := planned.pop(0)):
            return fault(refusal)
        code = request.query_params.get("response_code", "")
        if any(one["code"] == code for one in self.answered):
            return fault(846604)
        self.answered.append({"code": code, **await request.json()})
        return done()


def robot_faults(body: Object) -> list[str]:
    """Return what WeCom's document forbids in what a group's robot says."""
    content = body[body["msgtype"]]
    if body["msgtype"] == "image":
        data = base64.b64decode(content["base64"], validate=True)
        fits = len(data) <= ROBOT_PHOTO_BYTES
        same = hashlib.md5(data, usedforsecurity=False).hexdigest() == content["md5"]
        return [] if fits and same else [f"a robot's picture of {len(data)} bytes"]
    most = MARKDOWN_BYTES if body["msgtype"] == "markdown" else TEXT_BYTES
    size = len(content["content"].encode())
    return [f"a robot's text of {size} bytes"] if size > most else []


def card_faults(card: Object, known: set[str]) -> list[str]:
    """Return what WeCom's document forbids in a card with buttons; notes its name as used."""
    task, buttons = str(card.get("task_id")), card.get("button_list", [])
    used = task in known
    known.add(task)
    keys = [one.get("key") for one in buttons]
    fits = {
        "a card without buttons": card.get("card_type") == "button_interaction",
        f"a card's name {task}": TASK_ID.fullmatch(task) is not None,
        f"a card's name used before: {task}": not used,
        "a card that says nothing": bool(card["main_title"].get("title")),
        f"a card of {len(buttons)} buttons": 1 <= len(buttons) <= 6,
        "a button without words": all(one.get("text") for one in buttons),
        f"keys of buttons: {keys}": len(set(keys)) == len(keys)
        and all(key and len(str(key).encode()) <= 1024 for key in keys),
    }
    return [fault for fault, is_right in fits.items() if not is_right]


def done(**values: object) -> Response:
    """Answer that a call was carried out."""
    return JSONResponse({"errcode": 0, "errmsg": "ok", **values})


def fault(code: int) -> Response:
    """Refuse a call."""
    return JSONResponse(
        json.loads(json.dumps({"errcode": code, "errmsg": f"refused, hint: [{code}]"}))
    )
