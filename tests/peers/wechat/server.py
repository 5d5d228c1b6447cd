"""WeChat's interface for accounts on loopback, strict, with a transcript and errors on demand.

    async with WeChatPeer() as peer:
        ...
        assert peer.said("oLiAyi…") == ["您好"]

`client` (co-wechat-api, npm) talks to the same server in test_wechat_peers.py: a peer that only
our own client could use would prove nothing.
"""

import itertools
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.peers.listening import Listening
from tests.peers.telegram.wire import Line

APP_ID = "wx5823bf96d3bd56c7"
SECRET = "0123456789abcdef0123456789abcdef"
TEXT_BYTES = 2048
SCENE_SECONDS = 30 * 24 * 3600
PHOTO_BYTES = 10 * 1024 * 1024

Object = dict[str, object]
Handler = Callable[[Request, Object], Awaitable[Response]]


@dataclass(frozen=True)
class Call:
    """One request that was carried out or refused."""

    path: str
    body: Object
    code: int


@dataclass
class Trouble:
    """An error code to give, so many times."""

    code: int
    times: int


@dataclass
class WeChatPeer(Listening):
    """The platform, as one account sees it."""

    secret: str = SECRET
    lifetime: int = 7200
    calls: list[Call] = field(default_factory=list)
    messages: list[Object] = field(default_factory=list)
    bells: list[Object] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    photos: dict[str, bytes] = field(default_factory=dict)
    menu: Object | None = None
    scenes: dict[str, Object] = field(default_factory=dict)
    """By ticket: what each QR picture was asked for with."""
    pictures: dict[str, str] = field(default_factory=dict)
    """By what scanning a picture gives: its ticket."""
    tells_content: bool = True
    """Whether it says what a picture holds, beside its ticket."""
    unknown: set[str] = field(default_factory=set)
    windows: dict[str, int] = field(default_factory=dict)
    """Customer messages each person may still get; whoever is not named here may get any number."""
    consents: dict[str, int] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)
    """Every token given out, the newest last; only that and the one before it work."""
    expired: set[str] = field(default_factory=set)
    on_shown: Callable[[str, str], None] = lambda _user, _text: None
    """Told who is shown what, the moment it comes."""
    pause: Callable[[str], Awaitable[None]] | None = None
    """Waits before a request is carried out, where a test wants that."""
    before_answer: Callable[[str, Response], Awaitable[None]] | None = None
    """Told what is answered to a request that was carried out, before we are."""

    def __post_init__(self) -> None:
        self._troubles: dict[str, Trouble] = {}
        self._numbers = itertools.count(1)
        self._line = Line(Starlette(routes=self._routes()))

    # Where

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._line.port}"

    # Looking

    def said(self, user: str) -> list[str]:
        """Return the texts of the customer messages to this person."""
        texts = [m["text"] for m in self.messages if m["touser"] == user and "text" in m]
        return [str(text["content"]) for text in texts if isinstance(text, dict)]

    def count(self, path: str) -> int:
        return sum(call.path == path for call in self.calls)

    # Trouble

    def fail(self, path: str, code: int, times: int = 1) -> None:
        self._troubles[path] = Trouble(code, times)

    def lose_answers(self, path: str, times: int) -> None:
        """Do what the next calls ask for, and cut the line instead of answering."""
        self._line.loses[path] = times

    def expire(self) -> None:
        """Let every token given out so far be refused."""
        self.expired.update(self.tokens)

    # Answering

    def _routes(self) -> list[Route]:
        post: dict[str, Handler] = {
            "/cgi-bin/message/custom/send": self._send,
            "/cgi-bin/message/template/send": self._ring,
            "/cgi-bin/message/subscribe/bizsend": self._notify,
            "/cgi-bin/media/upload": self._upload,
            "/cgi-bin/menu/create": self._create_menu,
            "/cgi-bin/qrcode/create": self._create_scene,
        }
        get: dict[str, Handler] = {
            "/cgi-bin/media/get": self._download,
            "/cgi-bin/menu/get": self._get_menu,
        }
        return [
            Route("/cgi-bin/stable_token", self._stable_token, methods=["POST"]),
            Route("/cgi-bin/token", self._token, methods=["GET"]),
            Route("/photo/{name}", self._photo, methods=["GET"]),
            Route("/redirect", self._redirect, methods=["GET"]),
            *(
                Route(path, self._guarded(handler), methods=["POST"])
                for path, handler in post.items()
            ),
            *(
                Route(path, self._guarded(handler), methods=["GET"])
                for path, handler in get.items()
            ),
        ]

    def _guarded(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            path = request.url.path
            body = await self._body(request)
            if self.pause is not None:
                await self.pause(path)
            code = self._refusal(path, request.query_params.get("access_token", ""))
            if code:
                return self._refused(path, body, code)
            done = await handler(request, body)
            if self.before_answer is not None:
                await self.before_answer(path, done)
            return done

        return answer

    async def _body(self, request: Request) -> Object:
        if request.method == "GET" or "multipart" in request.headers.get("content-type", ""):
            return {}
        found = json.loads(await request.body())
        assert isinstance(found, dict)
        return found

    def _refusal(self, path: str, token: str) -> int:
        trouble = self._troubles.get(path)
        if trouble is not None and trouble.times > 0:
            trouble.times -= 1
            return trouble.code
        if token not in self.tokens:
            return 40001
        return 42001 if token in self.expired or token not in self.tokens[-2:] else 0

    def _refused(self, path: str, body: Object, code: int) -> Response:
        self.calls.append(Call(path, body, code))
        return JSONResponse({"errcode": code, "errmsg": f"refused rid: made-up-{code}"})

    def _done(self, path: str, body: Object, **more: object) -> Response:
        self.calls.append(Call(path, body, 0))
        return JSONResponse({"errcode": 0, "errmsg": "ok", **more})

    # Tokens

    async def _stable_token(self, request: Request) -> Response:
        body = await self._body(request)
        path = request.url.path
        if self.pause is not None:
            await self.pause(path)
        if body.get("appid") != APP_ID or body.get("secret") != self.secret:
            return self._refused(path, {}, 40125)
        trouble = self._troubles.get(path)
        if trouble is not None and trouble.times > 0:
            trouble.times -= 1
            return self._refused(path, {}, trouble.code)
        is_good = bool(self.tokens) and self.tokens[-1] not in self.expired
        if body.get("force_refresh") is True or not is_good:
            self._give_token()
        self.calls.append(Call(path, {"force_refresh": body.get("force_refresh")}, 0))
        return JSONResponse({"access_token": self.tokens[-1], "expires_in": self.lifetime})

    async def _token(self, request: Request) -> Response:
        asked = request.query_params
        if asked.get("appid") != APP_ID or asked.get("secret") != self.secret:
            return self._refused(request.url.path, {}, 40125)
        self._give_token()
        self.calls.append(Call(request.url.path, {}, 0))
        return JSONResponse({"access_token": self.tokens[-1], "expires_in": self.lifetime})

    def _give_token(self) -> None:
        self.tokens.append(f"token-{next(self._numbers)}-" + "t" * 512)

    # Messages

    async def _send(self, request: Request, body: Object) -> Response:
        path, user = request.url.path, str(body.get("touser"))
        kind = str(body.get("msgtype"))
        content = body.get(kind)
        assert set(body) == {"touser", "msgtype", kind}, body
        assert isinstance(content, dict)
        if user in self.unknown:
            return self._refused(path, body, 40003)
        if kind == "text" and len(str(content["content"]).encode()) > TEXT_BYTES:
            return self._refused(path, body, 45002)
        if kind == "image" and content["media_id"] not in self.files:
            return self._refused(path, body, 40007)
        if self.windows.get(user, 1) <= 0:
            return self._refused(path, body, 45047)
        if user in self.windows:
            self.windows[user] -= 1
        self.messages.append(body)
        self.on_shown(user, str(content.get("content", "")))
        return self._done(path, body)

    async def _ring(self, request: Request, body: Object) -> Response:
        path = request.url.path
        if body.get("touser") in self.unknown:
            return self._refused(path, body, 43004)
        self._hear(body)
        return self._done(path, body, msgid=next(self._numbers) + 10**18)

    async def _notify(self, request: Request, body: Object) -> Response:
        path, user = request.url.path, str(body.get("touser"))
        if self.consents.get(user, 0) <= 0:
            return self._refused(path, body, 43101)
        self.consents[user] -= 1
        self._hear(body)
        return self._done(path, body)

    def _hear(self, body: Object) -> None:
        data = body["data"]
        assert isinstance(data, dict)
        for value in data.values():
            assert 0 < len(value["value"]) <= 20, "a field of a template takes 20 characters"
        self.bells.append(body)
        self.on_shown(str(body["touser"]), "\n".join(value["value"] for value in data.values()))

    # Files

    async def _upload(self, request: Request, body: Object) -> Response:
        form = await request.form()
        file = form["media"]
        assert isinstance(file, UploadFile)
        data = await file.read()
        await form.close()
        if len(data) > PHOTO_BYTES or request.query_params.get("type") != "image":
            return self._refused(request.url.path, body, 40004)
        media_id = f"media-{next(self._numbers)}"
        self.files[media_id] = data
        return self._done(
            request.url.path, body, type="image", media_id=media_id, created_at=1_700_000_000
        )

    async def _download(self, request: Request, body: Object) -> Response:
        data = self.files.get(request.query_params.get("media_id", ""))
        if data is None:
            return self._refused(request.url.path, body, 40007)
        self.calls.append(Call(request.url.path, body, 0))
        return Response(data, media_type="image/jpeg")

    async def _photo(self, request: Request) -> Response:
        path = request.url.path
        if self.pause is not None:
            await self.pause(path)
        self.calls.append(Call(path, {}, 0))
        data = self.photos.get(request.path_params["name"])
        return Response(data, media_type="image/jpeg") if data else Response(status_code=404)

    async def _redirect(self, request: Request) -> Response:
        self.calls.append(Call(request.url.path, {}, 0))
        return Response(status_code=302, headers={"location": f"{self.url}/photo/other"})

    # QR pictures

    async def _create_scene(self, request: Request, body: Object) -> Response:
        path = request.url.path
        assert set(body) == {"expire_seconds", "action_name", "action_info"}, body
        assert body["action_name"] == "QR_STR_SCENE", body
        info, lasts = body["action_info"], body["expire_seconds"]
        assert isinstance(info, dict), body
        assert set(info) == {"scene"}, body
        assert set(info["scene"]) == {"scene_str"}, body
        key = info["scene"]["scene_str"]
        assert isinstance(key, str), body
        # A boolean is no number of seconds, though Python takes it for one.
        if type(lasts) is not int or not 1 <= lasts <= SCENE_SECONDS:
            return self._refused(path, body, 40097)
        if not 1 <= len(key) <= 64 or not key.isascii():
            return self._refused(path, body, 40053)
        # Real tickets are base64: what shows the picture must be asked with them escaped.
        ticket = f"gQH+8/{next(self._numbers)}=="
        self.scenes[ticket] = body
        url = f"http://weixin.qq.com/q/{next(self._numbers)}"
        self.pictures[url] = ticket
        if not self.tells_content:
            return self._done(path, body, ticket=ticket, expire_seconds=lasts)
        return self._done(path, body, ticket=ticket, expire_seconds=lasts, url=url)

    # The menu

    async def _create_menu(self, request: Request, body: Object) -> Response:
        buttons = body["button"]
        assert isinstance(buttons, list)
        assert 1 <= len(buttons) <= 3
        for button in buttons:
            assert len(button["name"].encode()) <= 16
            inside = button.get("sub_button", [])
            assert len(inside) <= 5
            assert all(len(one["name"].encode()) <= 60 for one in inside)
            assert all(len(one["key"].encode()) <= 128 for one in inside)
        self.menu = body
        return self._done(request.url.path, body)

    async def _get_menu(self, request: Request, body: Object) -> Response:
        if self.menu is None:
            return self._refused(request.url.path, body, 46003)
        self.calls.append(Call(request.url.path, body, 0))
        return JSONResponse({"menu": self.menu})
