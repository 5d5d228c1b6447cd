"""The door of the webhook: who posts, when, in which mode; only then is anything read."""

import hashlib
import re
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.channels.tencent import xml
from bot.channels.tencent.envelope import Envelope, Flaw, Forged, Garbled, check, signature
from bot.channels.tencent.xml import Fields, cdata

WINDOW = timedelta(seconds=300)
"""A post signed longer ago, or later than now, is no post of the platform's."""
REMEMBERED = 20_000
"""Posts of the window that are remembered: more than the platform sends one street in it."""
NO_REPLY = "success"
"""What tells WeChat that a message was taken and nothing is answered."""

_MOMENT = re.compile(r"[0-9]{1,12}")
_NONCE = re.compile(r"[A-Za-z0-9_-]{1,128}")
_ECHO = re.compile(r"[\x21-\x7e]{1,1024}")


class Mode(StrEnum):
    """How messages are protected, as it is set on the platform."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


@dataclass(frozen=True, slots=True)
class Letter:
    """One post that came from the platform."""

    fields: Fields
    sealed: bool
    """Whether it was encrypted; the answer is given the same way."""


class Door:
    """Lets in what WeChat posts."""

    def __init__(self, mode: Mode, app_id: str, token: str, encoding_key: str) -> None:
        self._mode = mode
        self._token = token
        self._envelope = Envelope(encoding_key, app_id) if mode is not Mode.PLAIN else None
        self._seen: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    def knock(self, query: Mapping[str, str], now: datetime) -> None:
        """Raise Forged unless the query is signed, and lately: before any body is read."""
        moment, nonce = query.get("timestamp", ""), query.get("nonce", "")
        check(query.get("signature", ""), self._token, moment, nonce)
        if not _MOMENT.fullmatch(moment) or not _NONCE.fullmatch(nonce):
            raise Forged
        if abs(now.timestamp() - int(moment)) > WINDOW.total_seconds():
            raise Forged

    def echo(self, query: Mapping[str, str], now: datetime) -> str:
        """Return what WeChat wants back when the address is entered there; raises Forged."""
        self.knock(query, now)
        echo = query.get("echostr", "")
        if not _ECHO.fullmatch(echo):
            raise Garbled(Flaw.NO_ECHOSTR)
        return echo

    def admit(self, query: Mapping[str, str], body: bytes, now: datetime) -> Letter:
        """Return what was posted; raises Forged, or Garbled."""
        self.knock(query, now)
        sealed = query.get("encrypt_type", "raw") == "aes"
        if sealed:
            fields = self._opened(query, body)
        elif self._mode is Mode.SAFE:
            raise Forged
        else:
            fields = xml.parse(body)
            self._refuse_replay(query, fields)
        return Letter(fields, sealed)

    def answer(self, letter: Letter, said: str, now: datetime) -> str:
        """Return the answer in the mode it was asked in."""
        if not letter.sealed:
            return said
        assert self._envelope is not None
        sealed = self._envelope.seal(said)
        moment, nonce = str(int(now.timestamp())), secrets.token_hex(8)
        signed = signature(self._token, moment, nonce, sealed)
        return (
            f"<xml><Encrypt>{cdata(sealed)}</Encrypt><MsgSignature>{cdata(signed)}</MsgSignature>"
            f"<TimeStamp>{moment}</TimeStamp><Nonce>{cdata(nonce)}</Nonce></xml>"
        )

    def _opened(self, query: Mapping[str, str], body: bytes) -> Fields:
        if self._envelope is None:
            raise Garbled(Flaw.ENCRYPTED)
        sealed = xml.sealed(body)
        parts = (self._token, query["timestamp"], query["nonce"], sealed)
        check(query.get("msg_signature", ""), *parts)
        return xml.parse(self._envelope.open(sealed).encode())

    def _refuse_replay(self, query: Mapping[str, str], fields: Fields) -> None:
        """Raise Forged when a signature seen before comes with another message.

        A plain body is not signed: who overhears one query could post anything with it. The same
        message again is the platform's resend, and gets the recorded answer.
        """
        key = query["timestamp"], query["nonce"]
        content = hashlib.sha256(repr(sorted(fields.items())).encode("utf-8", "replace")).digest()
        if self._seen.setdefault(key, content) != content:
            raise Forged
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
