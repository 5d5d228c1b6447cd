"""The door of a callback: who posts and when; only then is anything opened and read."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from bot.channels.tencent import xml
from bot.channels.tencent.envelope import Envelope, Flaw, Forged, Garbled, check, signature
from bot.channels.tencent.xml import BODY_BYTES, Fields, cdata

WINDOW = timedelta(seconds=300)
"""A post signed longer ago, or later than now, is no post of the platform's."""

_MOMENT = re.compile(r"[0-9]{1,12}")
_NONCE = re.compile(r"[A-Za-z0-9_-]{1,128}")


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted answer and what it is signed with."""

    text: str
    signature: str
    moment: str
    nonce: str


class _Wrapped(msgspec.Struct, frozen=True):
    """How a JSON callback wraps what it encrypts."""

    encrypt: str


class Door:
    """Lets in what WeCom posts to one address."""

    def __init__(self, token: str, encoding_key: str, receiver: str) -> None:
        """Prepare; `receiver` is the CorpID, and empty for the smart robot."""
        self._token = token
        self._envelope = Envelope(encoding_key, receiver)

    def echo(self, query: Mapping[str, str], now: datetime) -> str:
        """Return what WeCom wants back when the address is entered there.

        Raises Forged, or Garbled. The echostr comes encrypted and goes back plain.
        """
        return self._opened(query, query.get("echostr", ""), now)

    def admit_xml(self, query: Mapping[str, str], body: bytes, now: datetime) -> Fields:
        """Return the elements that were posted; raises Forged, or Garbled."""
        sealed = xml.text(xml.parse(body), "Encrypt")
        return xml.parse(self._opened(query, sealed, now).encode())

    def admit_json(self, query: Mapping[str, str], body: bytes, now: datetime) -> bytes:
        """Return the JSON that was posted; raises Forged, or Garbled."""
        if len(body) > BODY_BYTES:
            raise Garbled(Flaw.TOO_LARGE)
        try:
            wrapped = msgspec.json.decode(body, type=_Wrapped)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Garbled(Flaw.NO_JSON) from None
        return self._opened(query, wrapped.encrypt, now).encode()

    def open_file(self, data: bytes) -> bytes:
        """Return what somebody sent as a file, encrypted with the same key; raises Garbled."""
        return self._envelope.open_file(data)

    def seal_xml(self, said: str, now: datetime) -> str:
        """Return a passive answer, encrypted."""
        sealed = self._sealed(said, now)
        return (
            f"<xml><Encrypt>{cdata(sealed.text)}</Encrypt>"
            f"<MsgSignature>{cdata(sealed.signature)}</MsgSignature>"
            f"<TimeStamp>{sealed.moment}</TimeStamp><Nonce>{cdata(sealed.nonce)}</Nonce></xml>"
        )

    def seal_json(self, said: str, now: datetime) -> str:
        """Return an answer to a JSON callback, encrypted."""
        sealed = self._sealed(said, now)
        return msgspec.json.encode(
            {
                "encrypt": sealed.text,
                "msgsignature": sealed.signature,
                "timestamp": int(sealed.moment),
                "nonce": sealed.nonce,
            }
        ).decode()

    def _opened(self, query: Mapping[str, str], sealed: str, now: datetime) -> str:
        moment, nonce = query.get("timestamp", ""), query.get("nonce", "")
        check(query.get("msg_signature", ""), self._token, moment, nonce, sealed)
        if not _MOMENT.fullmatch(moment) or not _NONCE.fullmatch(nonce):
            raise Forged
        if abs(now.timestamp() - int(moment)) > WINDOW.total_seconds():
            raise Forged
        return self._envelope.open(sealed)

    def _sealed(self, said: str, now: datetime) -> Sealed:
        text = self._envelope.seal(said)
        moment, nonce = str(int(now.timestamp())), secrets.token_hex(8)
        return Sealed(text, signature(self._token, moment, nonce, text), moment, nonce)
