"""A strict Telegram on loopback, for tests.

    async with TelegramPeer() as peer:
        bot = telegram.Bot(peer.token, base_url=peer.base_url, base_file_url=peer.base_file_url)
        li = peer.user(7, "李阿姨")
        await peer.start(li)
        ...
        shown = await peer.next_message(li)
        press = await peer.press(li, shown, "确认")
        await peer.wait_for(lambda: peer.answer_to(press))
        assert peer.violations == []

Where: `token`, `root_url` (aiogram), `base_url` and `base_file_url` (python-telegram-bot), `port`;
`stop()` and `start_listening()` switch the server off and on at the same port.

People (people.py): `user`, `group`, `topic`; `start`, `say`, `edit`, `send_photo`, `send_album`,
`send_voice`, `send_document`, `send_location`, `send_contact`, `press`; `join`, `leave`, `add_bot`,
`kick_bot`, `block`, `unblock`, `deactivate`, `migrate`, `resend_last`. The circumstances of a
message are keywords: `reply_to=`, `thread_id=`, `anonymous=`, `named=`.

Looking: `messages_to(chat)` (the bot's), `messages_in(chat)` (everybody's), `answer_to(press)`,
`wait_for(predicate)`, `next_message(chat)`, `drained()`; `requests` and `calls(method)` are the
transcript, `updates` what was queued, `deliveries` the attempts on the webhook; `world.actions`,
`world.commands`, `world.reactions` what was set. `violations` lists every unknown, missing or
mistyped parameter and must stay empty; `spec.note` says against what they were checked.

Trouble: `flood(chat, seconds, times)`, `fail_next(method, trouble, times, carried_out=)`,
`make_stale(press)`, `token_is_valid = False`, `stop()`. Switches:
`world.can_read_all_group_messages`, `world.mentions_reach_bot`, `world.now`,
`world.faults.group_limit_per_minute`.

What it does not do: Markdown parse modes, inline mode, polls, payments, channels, business
accounts. A method that Telegram has and this peer has not is a violation and a 404.
"""

import time
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.peers.listening import Listening
from tests.peers.telegram import spec, wire
from tests.peers.telegram.asking import ASKING
from tests.peers.telegram.bell import Bell
from tests.peers.telegram.faults import Fault, Faults, Trouble
from tests.peers.telegram.feed import Feed, Update
from tests.peers.telegram.params import Params
from tests.peers.telegram.people import People
from tests.peers.telegram.rules import ApiError
from tests.peers.telegram.sending import SENDING
from tests.peers.telegram.shapes import Chat, Misshapen, Object, User
from tests.peers.telegram.transcript import Request
from tests.peers.telegram.webhook import Delivery
from tests.peers.telegram.world import World

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
"""The sample token of Telegram's own documentation."""

METHODS = {name.lower(): (name, method) for name, method in (SENDING | ASKING).items()}


class TelegramPeer(Listening, People):
    """Telegram, as one bot and the people around it see it."""

    def __init__(
        self,
        token: str = TOKEN,
        username: str = "xiaoer_test_bot",
        now: Callable[[], float] = time.time,
    ) -> None:
        """Prepare; `async with` (or `start_listening`) opens the port.

        Args:
            token: the only one that is accepted.
            username: the bot's, without @.
            now: seconds since the epoch, for dates, stale presses and the pace in groups.
        """
        self.token = token
        self.token_is_valid = True
        self.spec = spec.load()
        self.requests: list[Request] = []
        self.violations: list[str] = []
        bell = Bell()
        me = User(int(token.partition(":")[0]), "小二", username=username, is_bot=True)
        feed = Feed(bell, self.spec, self.violations)
        self.world = World(me, now, bell, feed, Faults(), self.violations, users={me.id: me})
        self.world.chats[me.id] = me.private_chat()
        feed.poster.on_reply = self._call_from_webhook
        routes = [
            Route("/bot{token}/{method}", self._answer, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._download, methods=["GET"]),
        ]
        missing = {404: _not_found}
        self._line = wire.Line(Starlette(routes=routes, exception_handlers=missing))

    # Where

    @property
    def port(self) -> int:
        """The port; it stays over `stop` and `start_listening`."""
        return self._line.port

    @property
    def root_url(self) -> str:
        """The server, as aiogram's TelegramAPIServer.from_base takes it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """The address of methods, to which python-telegram-bot adds the token."""
        return f"{self.root_url}/bot"

    @property
    def base_file_url(self) -> str:
        """The address of files, to which python-telegram-bot adds the token."""
        return f"{self.root_url}/file/bot"

    @property
    def me(self) -> User:
        """The bot."""
        return self.world.me

    async def start_listening(self) -> None:
        """Open the port, and go on posting to the webhook."""
        await super().start_listening()
        self.world.feed.poster.open()
        self.world.feed.post_everything()

    async def stop(self) -> None:
        """Close the port and cut every connection; everything is remembered."""
        await self.world.feed.poster.close()
        await super().stop()

    # Looking

    def calls(self, method: str) -> list[Request]:
        """Return the calls of one method, oldest first."""
        return [request for request in self.requests if request.method == method]

    @property
    def updates(self) -> list[Update]:
        """Every update ever queued."""
        return self.world.feed.history

    @property
    def deliveries(self) -> list[Delivery]:
        """Every attempt to post an update to the webhook."""
        return self.world.feed.poster.deliveries

    @property
    def is_polled(self) -> bool:
        """Whether a long poll is waiting at this moment."""
        return self.world.feed.is_polled

    async def drained(self) -> None:
        """Wait until the bot has confirmed every update."""
        await self.wait_for(self.world.feed.is_drained)

    # Trouble

    def flood(self, chat: Chat | User | int | None, seconds: int, times: int = 1) -> None:
        """Answer 429 to the next `times` calls for this chat; None means for any chat."""
        chat_id = chat.id if isinstance(chat, Chat | User) else chat
        self.world.faults.add_flood(chat_id, seconds, times)

    def fail_next(
        self,
        method: str | None,
        trouble: Trouble = 502,
        times: int = 1,
        *,
        carried_out: bool = False,
    ) -> None:
        """Let the next call of a method (None: of any) go wrong.

        Args:
            method: its name, as in the documentation.
            trouble: an HTTP status, "drop" (connection cut), "hang" (no answer, ever).
            times: how often.
            carried_out: Telegram does what was asked, and only the answer is lost.
        """
        self.world.faults.add(Fault(method, trouble, carried_out), times)

    def make_stale(self, callback_id: str) -> None:
        """Let the answer to this press come too late."""
        self.world.make_stale(callback_id)

    # Answering

    async def _answer(self, request: HttpRequest) -> Response:
        """One call of a method, from the first byte to the last."""
        refusal = self._check_token(request)
        if refusal is not None:
            return refusal
        name = request.path_params["method"]
        try:
            params = await wire.read_params(
                request, METHODS.get(name.lower(), (name,))[0], self.spec
            )
        except ApiError as error:
            return JSONResponse(error.render(), error.code)
        fault = self.world.faults.take(name)
        if fault is not None:
            return await self._go_wrong(request, fault, name, params)
        called = await wire.unless_gone(request, self.call(name, params))
        if called is None:
            return wire.Silence()
        return JSONResponse(called.response, called.status)

    async def call(self, name: str, params: Params) -> Request:
        """Carry out one method and note it in the transcript."""
        name, method = METHODS.get(name.lower(), (name, None))
        self.violations += self.spec.check_params(name, params.values, set(params.files))
        at, status = self.world.now(), 200
        try:
            if method is None:
                raise self._unknown(name)
            result = await method(self.world, params)
            self.violations += self.spec.check_result(name, result)
            response: Object = {"ok": True, "result": result}
        except ApiError as error:
            response, status = error.render(), error.code
        except Misshapen as error:
            response, status = ApiError(400, f"Bad Request: can't parse {error}").render(), 400
        request = Request(name, params.values, at, response, status, params.files)
        return self._note(request)

    def _note(self, request: Request) -> Request:
        self.requests.append(request)
        self.world.bell.ring()
        return request

    async def _go_wrong(
        self, request: HttpRequest, fault: Fault, name: str, params: Params
    ) -> Response:
        if fault.carried_out:
            await self.call(name, params)
        status = fault.trouble if isinstance(fault.trouble, int) else 0
        body: Object = {"ok": False, "error_code": status, "description": "Bad Gateway"}
        if not fault.carried_out:
            self._note(Request(name, params.values, self.world.now(), None, status, params.files))
        match fault.trouble:
            case "drop":
                return await self._line.cut(request)
            case "hang":
                return await wire.until_gone(request)
            case _:
                return JSONResponse(body, status)

    def _check_token(self, request: HttpRequest) -> Response | None:
        if self.token_is_valid and request.path_params["token"] == self.token:
            return None
        return JSONResponse(ApiError(401, "Unauthorized").render(), 401)

    def _unknown(self, name: str) -> ApiError:
        if name in self.spec.methods:
            self.violations.append(f"{name}: Telegram has this method, the peer has not")
        return ApiError(404, "Not Found: method not found")

    async def _download(self, request: HttpRequest) -> Response:
        refusal = self._check_token(request)
        if refusal is not None:
            return refusal
        fault = self.world.faults.take("download")
        if fault is not None:
            return await self._go_wrong(request, fault, "download", Params({}))
        for media in self.world.files.values():
            if media.path == request.path_params["path"]:
                return Response(media.data, media_type="application/octet-stream")
        return await _not_found(request, ApiError(404, "Not Found"))

    async def _call_from_webhook(self, method: str, values: Object) -> None:
        await self.call(method, Params(values))


async def _not_found(_: HttpRequest, __: Exception) -> Response:
    return JSONResponse(ApiError(404, "Not Found").render(), 404)
