"""Customer service (微信客服) as the platform keeps it: messages to fetch, states, what we sent."""

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from tests.peers.wecom.server import WeComPeer

Object = dict[str, Any]

NEW, BOT, QUEUE, HUMAN, ENDED = range(5)
MAY_CHANGE = {
    NEW: {BOT, QUEUE, HUMAN, ENDED},
    BOT: {BOT, QUEUE, HUMAN, ENDED},
    QUEUE: {HUMAN, ENDED},
    HUMAN: {QUEUE, HUMAN, ENDED},
    ENDED: set(),
}
"""The table of the document; some report that a queued talk can go back to the bot: `lenient`."""
CUSTOMER, SYSTEM = 3, 4
PER_MESSAGE = 5
WINDOW_SECONDS = 48 * 3600
UNKNOWN, REJECTED = 0, 10
"""Why a message that was accepted did not arrive."""
PAGE = 3


@dataclass
class Service:
    """The customer service of one corporation."""

    peer: "WeComPeer"
    account: str = "wkAJ2GCAAASSm4"
    log: list[Object] = field(default_factory=list)
    """Everything that can be fetched, oldest first; a cursor is a place in it."""
    sent: list[Object] = field(default_factory=list)
    welcomes: dict[str, list[Object]] = field(default_factory=dict)
    """By welcome code: what was sent with it."""
    states: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    """How many messages may still be sent to a customer."""
    lenient: bool = False
    rejecting: set[str] = field(default_factory=set)
    """Those who take no messages: what is sent to them is accepted, and reported afterwards."""
    fetches: list[Object] = field(default_factory=list)
    told: int = 0
    """How much of what can be fetched was handed out."""

    def __post_init__(self) -> None:
        self._accepted: set[str] = set()
        self._last: dict[str, Object] = {}
        self._codes = itertools.count(1)
        self._entered: dict[str, str] = {}

    def routes(self) -> list[Route]:
        return [
            Route("/cgi-bin/kf/sync_msg", self._sync, methods=["POST"]),
            Route("/cgi-bin/kf/send_msg", self._send, methods=["POST"]),
            Route("/cgi-bin/kf/send_msg_on_event", self._on_event, methods=["POST"]),
            Route("/cgi-bin/kf/service_state/trans", self._change, methods=["POST"]),
        ]

    # What customers and the platform do

    def say(self, user: str, **content: object) -> str:
        """A customer writes; return the message's id."""
        if self.states.get(user, ENDED) == ENDED:
            self.states[user] = NEW
        self.left[user] = PER_MESSAGE
        number = self._add(user, CUSTOMER, **content)
        self._last[user] = self.log[-1]
        return number

    def again(self, user: str) -> None:
        """The last message of a customer is handed out once more."""
        self.log.append(self._last[user])

    def write(self, user: str, text: str, menu_id: str = "") -> str:
        words: Object = {"content": text}
        if menu_id:
            words["menu_id"] = menu_id
        return self.say(user, msgtype="text", text=words)

    def enter(self, user: str, welcome_code: str = "") -> str:
        """A customer opens the talk."""
        event: Object = {"event_type": "enter_session", "scene": "qr"}
        if welcome_code:
            event["welcome_code"] = self._code(user, welcome_code)
        return self.happens(user, **event)

    def happens(self, user: str, **event: object) -> str:
        """The platform reports something of a customer."""
        about = {"open_kfid": self.account, "external_userid": user, **event}
        return self._add("", SYSTEM, msgtype="event", event=about)

    def pick_up(self, user: str, servicer: str) -> None:
        """A member takes a queued talk in their own WeCom."""
        self.states[user] = HUMAN
        self.happens(
            user, event_type="session_status_change", change_type=1, new_servicer_userid=servicer
        )

    def end(self, user: str, servicer: str) -> None:
        """A member ends a talk."""
        self.states[user] = ENDED
        self.happens(
            user, event_type="session_status_change", change_type=3, old_servicer_userid=servicer
        )

    def texts_to(self, user: str) -> list[str]:
        return [shown(one) for one in self.sent if one["touser"] == user]

    def _code(self, user: str, code: str) -> str:
        self.welcomes[code] = []
        self._entered[code] = user
        return code

    def _add(self, user: str, origin: int, **content: object) -> str:
        number = f"msg-{len(self.log)}"
        message: Object = {
            "msgid": number,
            "open_kfid": self.account,
            "send_time": int(self.peer.now().timestamp()),
            "origin": origin,
            **content,
        }
        if user:
            message["external_userid"] = user
        self.log.append(message)
        return number

    # What we ask

    async def _sync(self, request: Request) -> Response:
        refusal = self.peer.refused(request)
        if refusal is not None:
            return refusal
        body = await request.json()
        self.fetches.append(body)
        start = int(body.get("cursor") or 0)
        page = self.log[start : start + PAGE]
        following = self.told = start + len(page)
        return _done(
            next_cursor=str(following), has_more=int(following < len(self.log)), msg_list=page
        )

    async def _send(self, request: Request) -> Response:
        refusal = self.peer.refused(request)
        if refusal is not None:
            return refusal
        body = await request.json()
        self._check(body)
        user = body["touser"]
        if self.states.get(user, ENDED) not in {NEW, BOT}:
            return _fault(95018)
        if body["msgid"] in self._accepted:
            return _fault(95004)
        if self.left.get(user, 0) <= 0:
            return _fault(95001)
        if int(self.peer.now().timestamp()) - self._last[user]["send_time"] > WINDOW_SECONDS:
            return _fault(95002)
        self.left[user] -= 1
        self._accepted.add(body["msgid"])
        if user in self.rejecting:
            failed = {"fail_msgid": body["msgid"], "fail_type": REJECTED}
            self.happens(user, event_type="msg_send_fail", **failed)
        else:
            self.sent.append(body)
            self.peer.on_shown(user, shown(body))
        return _done(msgid=body["msgid"])

    async def _on_event(self, request: Request) -> Response:
        refusal = self.peer.refused(request)
        if refusal is not None:
            return refusal
        body = await request.json()
        self._check(body)
        code = body["code"]
        if self.welcomes.get(code) != []:
            return _fault(95007)
        self.welcomes[code].append(body)
        self.peer.on_shown(self._entered[code], shown(body))
        return _done(msgid=body.get("msgid", "m"))

    async def _change(self, request: Request) -> Response:
        refusal = self.peer.refused(request)
        if refusal is not None:
            return refusal
        body = await request.json()
        user, wanted = body["external_userid"], body["service_state"]
        now = self.states.get(user, ENDED)
        allowed = MAY_CHANGE[now] | ({BOT} if self.lenient and now != ENDED else set())
        if wanted not in allowed:
            return _fault(95016)
        self.states[user] = wanted
        if wanted == BOT:
            return _done()
        return _done(msg_code=self._code(user, f"last-words-{next(self._codes)}"))

    def _check(self, body: Object) -> None:
        """Note where a message breaks the documented limits."""
        wrong = self.peer.violations
        if len(body.get("msgid", "m").encode()) > 32:
            wrong.append("a msgid of more than 32 bytes")
        if body["msgtype"] == "text" and len(body["text"]["content"].encode()) > 2048:
            wrong.append("a text of more than 2048 bytes")
        if body["msgtype"] == "image" and body["image"]["media_id"] not in self.peer.files:
            wrong.append("an image nobody uploaded")
        if body["msgtype"] == "msgmenu":
            wrong += menu_faults(body["msgmenu"])


def menu_faults(menu: Object) -> list[str]:
    """Return where a menu breaks the documented limits."""
    wrong = []
    if not 1 <= len(menu["list"]) <= 10:
        wrong.append("a menu of no or more than 10 entries")
    if len(menu.get("head_content", "").encode()) > 1024:
        wrong.append("a menu's head of more than 1024 bytes")
    for entry in menu["list"]:
        click = entry["click"]
        if len(click["id"].encode()) > 64 or len(click["content"].encode()) > 128:
            wrong.append("a menu entry that is too long")
    return wrong


def shown(body: Object) -> str:
    """Return a message as the customer reads it."""
    match body["msgtype"]:
        case "text":
            return str(body["text"]["content"])
        case "msgmenu":
            menu = body["msgmenu"]
            entries = [entry["click"]["content"] for entry in menu["list"]]
            lines = [menu.get("head_content", ""), *entries, menu.get("tail_content", "")]
            return "\n".join(line for line in lines if line)
        case kind:
            return f"[{kind}]"


def _done(**values: object) -> Response:
    return JSONResponse({"errcode": 0, "errmsg": "ok", **values})


def _fault(code: int) -> Response:
    return JSONResponse({"errcode": code, "errmsg": f"refused, hint: [{code}]"})
