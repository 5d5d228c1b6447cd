"""The door of the webhook: who posts, when, in which mode; only then is anything read."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.channels.tencent import xml
from bot.channels.tencent.envelope import Envelope, Flaw, Forged, Garbled, check, signature
from bot.channels.tencent.xml import Fields, cdata

WINDOW = timedelta(seconds=300)
"""A post signed longer ago, or later than now, is no post of the platform's."""
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
class Proof:
    """By what a plain post is known as the platform's: its signature covers no word of it.

    Who overhears one could post anything with it, so it may stand for one message alone. The same
    message again is the platform's resend.
    """

    number: str
    """Moment and nonce; the signature follows from them."""
    content: str
    """A digest of what was posted."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One post that came from the platform."""

    fields: Fields
    sealed: bool
    """Whether it was encrypted; the answer is given the same way."""
    proof: Proof | None = None
    """Of a plain one: whether it was used for something else is still to be found out."""


class Door:
    """Lets in what WeChat posts."""

    def __init__(self, mode: Mode, app_id: str, token: str, encoding_key: str) -> None:
        self._mode = mode
        self._token = token
        self._envelope = Envelope(encoding_key, app_id) if mode is not Mode.PLAIN else None

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
        if query.get("encrypt_type", "raw") == "aes":
            return Letter(self._opened(query, body), sealed=True)
        if self._mode is Mode.SAFE:
            raise Forged
        fields = xml.parse(body)
        return Letter(fields, sealed=False, proof=_proof(query, fields))

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


def _proof(query: Mapping[str, str], fields: Fields) -> Proof:
    content = hashlib.sha256(repr(sorted(fields.items())).encode("utf-8", "replace")).hexdigest()
    return Proof(f"{query['timestamp']}:{query['nonce']}", content)
