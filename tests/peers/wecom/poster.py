"""WeCom's side of the callbacks: encrypts, signs, posts, and opens what comes back.

The encryption is wechatpy's, which is not what the channels open it with.
"""

import base64
import itertools
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.crypto.base import WeChatCipher
from wechatpy.crypto.pkcs7 import PKCS7Encoder

from tests.peers.wechat.phone import xml

CORP_ID = "ww0123456789abcdef"
AGENT_ID = 1000002
TOKEN = "QDG6eK"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
"""Tencent's own example; all three callbacks of the tests share it."""
TEXT_BYTES = 2048
"""What a passive answer may hold."""


@dataclass(frozen=True)
class Answer:
    """What came back to a post."""

    status: int
    body: str
    said: dict[str, Any] = field(default_factory=dict)
    """The passive answer, decrypted and checked; empty for none."""

    @property
    def text(self) -> str:
        return str(self.said.get("Content", ""))

    @property
    def stream(self) -> dict[str, Any]:
        found = self.said.get("stream", {})
        assert isinstance(found, dict)
        return found


class Poster:
    """Posts to our three addresses."""

    def __init__(self, root: str, now: Callable[[], float]) -> None:
        self.root = root
        self.now = now
        self.codes: dict[str, str] = {}
        """By the code of a press: the task id of the card it can change."""
        self._numbers = itertools.count(7_000_000_000_000_001)
        # Nothing here has TLS, and reading all authorities takes 70 ms.
        self._client = httpx.AsyncClient(timeout=30, verify=False)

    async def close(self) -> None:
        await self._client.aclose()

    def number(self) -> int:
        """Return a fresh MsgId."""
        return next(self._numbers)

    # The app

    async def say(self, user: str, text: str, number: int | None = None) -> Answer:
        return await self.send(user, "text", number=number, Content=text)

    async def send(
        self, user: str, kind: str, *, number: int | None = None, **fields: str | int
    ) -> Answer:
        document = xml(
            ToUserName=CORP_ID,
            FromUserName=user,
            CreateTime=int(self.now()),
            MsgType=kind,
            **fields,
            MsgId=number or self.number(),
            AgentID=AGENT_ID,
        )
        return await self.post_xml("/wecom/app", document)

    async def event(self, user: str, name: str, key: str = "", at: int | None = None) -> Answer:
        document = xml(
            ToUserName=CORP_ID,
            FromUserName=user,
            CreateTime=int(self.now()) if at is None else at,
            MsgType="event",
            Event=name,
            EventKey=key,
            AgentID=AGENT_ID,
        )
        return await self.post_xml("/wecom/app", document)

    async def press(
        self, user: str, task: str, key: str, at: int | None = None, code: str | None = None
    ) -> Answer:
        """Press a button of a card; anything but a new card, or nothing, is no answer to it."""
        if code is None:
            code = secrets.token_hex(16)
            self.codes[code] = task
        document = xml(
            ToUserName=CORP_ID,
            FromUserName=user,
            CreateTime=int(self.now()) if at is None else at,
            MsgType="event",
            Event="template_card_event",
            EventKey=key,
            TaskId=task,
            CardType="button_interaction",
            ResponseCode=code,
            AgentID=AGENT_ID,
        )
        answer = await self.post_xml("/wecom/app", document)
        assert answer.body == "", answer.said
        return answer

    # The customer service

    async def ring(self, account: str, token: str = "ENCApHxn") -> Answer:
        document = xml(
            ToUserName=CORP_ID,
            CreateTime=int(self.now()),
            MsgType="event",
            Event="kf_msg_or_event",
            Token=token,
            OpenKfId=account,
        )
        return await self.post_xml("/wecom/kf", document)

    # The smart robot

    async def ask(
        self, user: str, text: str, *, group: str = "", msgid: str = "", **more: object
    ) -> Answer:
        return await self.robot(user, group=group, msgid=msgid, text={"content": text}, **more)

    async def robot(self, user: str, *, group: str = "", msgid: str = "", **more: object) -> Answer:
        return await self.post_json(
            {
                "msgid": msgid or f"b{self.number()}",
                "aibotid": "aib-1",
                "chattype": "group" if group else "single",
                **({"chatid": group} if group else {}),
                "from": {"userid": user},
                "msgtype": "text",
                **more,
            }
        )

    async def fetch(self, user: str, stream: str) -> Answer:
        """Ask for the rest of an answer, as WeCom does again and again."""
        return await self.post_json(
            {
                "msgid": f"b{self.number()}",
                "aibotid": "aib-1",
                "chattype": "single",
                "from": {"userid": user},
                "msgtype": "stream",
                "stream": {"id": stream},
            }
        )

    # Envelopes

    async def post_xml(self, path: str, document: str, **query: str) -> Answer:
        sealed = self._sealed(document, CORP_ID)
        body = (
            f"<xml><ToUserName>{CORP_ID}</ToUserName><Encrypt>{sealed['Encrypt']}</Encrypt></xml>"
        )
        answer = await self.raw(path, body.encode(), {**asked(sealed), **query})
        if answer.status_code != 200 or not answer.text:
            return Answer(answer.status_code, answer.text)
        outer = xmltodict.parse(answer.text)["xml"]
        plain = WeChatCrypto(TOKEN, AES_KEY, CORP_ID).decrypt_message(
            answer.text, outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"]
        )
        said = xmltodict.parse(plain)["xml"]
        assert len(str(said.get("Content", "")).encode()) <= TEXT_BYTES, "WeCom cuts the rest off"
        return Answer(answer.status_code, answer.text, said)

    async def post_json(self, posted: dict[str, object], **query: str) -> Answer:
        sealed = self._sealed(json.dumps(posted), "")
        body = json.dumps({"encrypt": sealed["Encrypt"]}).encode()
        answer = await self.raw("/wecom/bot", body, {**asked(sealed), **query})
        if answer.status_code != 200 or not answer.text:
            return Answer(answer.status_code, answer.text)
        outer = json.loads(answer.text)
        wrapped = xml(Encrypt=outer["encrypt"])
        plain = WeChatCrypto(TOKEN, AES_KEY, "").decrypt_message(
            wrapped, outer["msgsignature"], str(outer["timestamp"]), outer["nonce"]
        )
        return Answer(answer.status_code, answer.text, json.loads(plain))

    async def raw(self, path: str, body: bytes, query: dict[str, str]) -> httpx.Response:
        return await self._client.post(f"{self.root}{path}", params=query, content=body)

    async def enter(self, path: str, echo: str, receiver: str) -> httpx.Response:
        """Ask as the platform does when the address is entered there."""
        sealed = self._sealed(echo, receiver)
        query = {**asked(sealed), "echostr": sealed["Encrypt"]}
        return await self._client.get(f"{self.root}{path}", params=query)

    def _sealed(self, text: str, receiver: str) -> dict[str, str]:
        moment, nonce = str(int(self.now())), secrets.token_hex(5)
        crypto = WeChatCrypto(TOKEN, AES_KEY, receiver)
        sealed: dict[str, str] = xmltodict.parse(crypto.encrypt_message(text, nonce, moment))["xml"]
        return sealed


def sealed_file(data: bytes, key: str = AES_KEY) -> bytes:
    """Encrypt what a person sends to the robot: padded to 32 bytes, and nothing put before it."""
    sealed = WeChatCipher(base64.b64decode(key + "=")).encrypt(PKCS7Encoder.encode(data))
    assert isinstance(sealed, bytes)
    return sealed


def asked(sealed: dict[str, str]) -> dict[str, str]:
    """Return the query that comes with an envelope."""
    return {
        "msg_signature": sealed["MsgSignature"],
        "timestamp": sealed["TimeStamp"],
        "nonce": sealed["Nonce"],
    }
