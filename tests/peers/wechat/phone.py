"""WeChat's side of the webhook: signs, encrypts, posts, cuts after 5 s, sends again.

The encryption is wechatpy's, which is not what the channel opens it with.
"""

import hashlib
import itertools
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

import httpx
import xmltodict
from wechatpy.crypto import WeChatCrypto

APP_ID = "wx5823bf96d3bd56c7"
TOKEN = "QDG6eK"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
"""Tencent's own example."""
ACCOUNT = "gh_made_up_account"


@dataclass(frozen=True)
class Answer:
    """What came back to a post."""

    status: int
    body: str
    fields: dict[str, str] = field(default_factory=dict)
    """Of a passive reply, decrypted and checked; empty for `success`."""

    @property
    def text(self) -> str:
        return self.fields.get("Content", "")


def signed(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def xml(**fields: str | int) -> str:
    """Return a message as WeChat writes it: numbers bare, words in CDATA."""
    lines = [
        f"<{name}>{value}</{name}>"
        if isinstance(value, int)
        else f"<{name}><![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"
        for name, value in fields.items()
    ]
    return "<xml>" + "".join(lines) + "</xml>"


class Phone:
    """Everybody who writes to the account, and the platform between."""

    def __init__(self, url: str, mode: str = "safe", now: Callable[[], float] = time.time) -> None:
        self.url = url
        self.mode = mode
        self._now = now
        self._numbers = itertools.count(7_000_000_000_000_001)
        self._crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)
        # Nothing here has TLS, and reading all authorities takes 70 ms.
        self._client = httpx.AsyncClient(timeout=30, verify=False)

    async def close(self) -> None:
        await self._client.aclose()

    def number(self) -> int:
        """Return a fresh MsgId."""
        return next(self._numbers)

    async def say(self, user: str, text: str, number: int | None = None, **more: str) -> Answer:
        return await self.send(user, "text", number=number, Content=text, **more)

    async def send(
        self, user: str, kind: str, *, number: int | None = None, **fields: str | int
    ) -> Answer:
        return await self.post(
            xml(
                ToUserName=ACCOUNT,
                FromUserName=user,
                CreateTime=int(self._now()),
                MsgType=kind,
                **fields,
                MsgId=number or self.number(),
            )
        )

    async def event(
        self, user: str, name: str, *, at: int | None = None, inside: str = "", **fields: str
    ) -> Answer:
        document = xml(
            ToUserName=ACCOUNT,
            FromUserName=user,
            CreateTime=int(self._now()) if at is None else at,
            MsgType="event",
            Event=name,
            **fields,
        )
        return await self.post(document.replace("</xml>", f"{inside}</xml>"))

    async def post(self, document: str, beside: str = "", **query: str) -> Answer:
        """Post as WeChat does in this mode; what stands in `query` is said instead.

        In the compatible mode `beside` stands in the plain form instead of the document.
        """
        moment, nonce = str(int(self._now())), secrets.token_hex(5)
        asked = {"signature": signed(TOKEN, moment, nonce), "timestamp": moment, "nonce": nonce}
        asked["openid"] = "o-somebody"
        body = document
        if self.mode != "plain":
            sealed = xmltodict.parse(self._crypto.encrypt_message(document, nonce, moment))["xml"]
            asked |= {"encrypt_type": "aes", "msg_signature": sealed["MsgSignature"]}
            encrypt = f"<Encrypt><![CDATA[{sealed['Encrypt']}]]></Encrypt>"
            inner = (beside or document).removeprefix("<xml>").removesuffix("</xml>")
            kept = inner if self.mode == "compatible" else f"<ToUserName>{ACCOUNT}</ToUserName>"
            body = f"<xml>{kept}{encrypt}</xml>"
        return await self.raw(body.encode(), {**asked, **query})

    async def raw(self, body: bytes, query: dict[str, str]) -> Answer:
        answer = await self._client.post(self.url, params=query, content=body)
        return self.read(answer)

    async def enter(self, echo: str, **query: str) -> Answer:
        """Ask as the platform does when the address is entered there."""
        moment, nonce = str(int(self._now())), secrets.token_hex(5)
        asked = {"signature": signed(TOKEN, moment, nonce), "timestamp": moment, "nonce": nonce}
        answer = await self._client.get(self.url, params={**asked, "echostr": echo, **query})
        return Answer(answer.status_code, answer.text)

    def read(self, answer: httpx.Response) -> Answer:
        """Check and open what was answered."""
        if answer.status_code != 200 or answer.text in {"success", ""}:
            return Answer(answer.status_code, answer.text)
        document = answer.text
        outer = xmltodict.parse(document)["xml"]
        assert ("Encrypt" in outer) == (self.mode != "plain"), "answered in another mode"
        if self.mode != "plain":
            document = self._crypto.decrypt_message(
                document, outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"]
            )
        fields = xmltodict.parse(document)["xml"]
        return Answer(answer.status_code, answer.text, fields)


def plain(text: str) -> str:
    """Return a text as it stands outside CDATA."""
    return escape(text, quote=False)
