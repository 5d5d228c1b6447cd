"""Seals and opens what WeChat and WeCom post: signatures, and AES with the receiver's id inside."""

import base64
import binascii
import hashlib
import hmac
import os
import re
import struct
from enum import StrEnum

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

ENCODING_KEY = re.compile(r"[A-Za-z0-9]{43}")
"""An EncodingAESKey: base64 of 32 bytes without its last sign."""

PADDING = 32
"""Tencent pads to 32 bytes, though AES has blocks of 16: so much longer may a sealed thing be."""
_AES_BLOCK = 16
_KEY = 32
_RANDOM = 16
_LENGTH = struct.Struct(">I")


class Forged(Exception):
    """The signature, the moment or the receiver is not what the platform would send."""


class Flaw(StrEnum):
    """What is wrong with a post."""

    DECLARATION = "a declaration"
    ENCRYPTED = "encrypted, but the mode is plain"
    NO_ID = "no msgid, userid or chatid"
    NO_KEY = "no key of 32 bytes"
    NO_JSON = "no JSON of a callback"
    NOT_BASE64 = "not base64"
    NOT_UTF8 = "not UTF-8"
    NOT_WHOLE_BLOCKS = "not whole blocks"
    NO_ECHOSTR = "no echostr"
    NO_MOMENT = "no CreateTime"
    NO_PLACE = "no place"
    NO_SENDER = "no MsgType or FromUserName"
    NO_ENVELOPE = "nothing encrypted"
    NO_XML = "no XML"
    OPEN_CDATA = "an open CDATA section"
    SHAPELESS = "a field without its shape"
    TOO_DEEP = "too deep or too many elements"
    TOO_LARGE = "too large"
    TOO_SHORT = "too short"
    WRONG_LENGTH = "wrong length"
    WRONG_PADDING = "wrong padding"


class Garbled(Exception):
    """A post cannot be read; the message never quotes it."""

    def __init__(self, flaw: Flaw, detail: str = "") -> None:
        super().__init__(f"{flaw.value} {detail}".strip())


def signature(*parts: str) -> str:
    """Return the platforms' signature over some parts, the shared token among them."""
    joined = "".join(sorted(parts)).encode("utf-8", "surrogatepass")
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


def check(given: str, *parts: str) -> None:
    """Raise Forged unless the signature is the one over these parts; takes the same time always."""
    wanted = signature(*parts).encode()
    if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted):
        raise Forged


class Envelope:
    """The encryption of one account."""

    def __init__(self, encoding_key: str, receiver: str) -> None:
        """Prepare.

        Args:
            encoding_key: the EncodingAESKey, 43 signs; checked with the configuration.
            receiver: AppID or CorpID; whoever else a letter is for, it is not for us.
        """
        key = base64.b64decode(encoding_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:_AES_BLOCK]))
        self._receiver = receiver.encode()

    def seal(self, text: str) -> str:
        """Return the text encrypted, in base64."""
        said = text.encode("utf-8", "replace")
        plain = os.urandom(_RANDOM) + _LENGTH.pack(len(said)) + said + self._receiver
        padding = PADDING - len(plain) % PADDING
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def open(self, sealed: str) -> str:
        """Return what is in the envelope; raises Garbled, or Forged when it is for another."""
        try:
            plain = self.open_file(base64.b64decode(sealed, validate=True))
        except (binascii.Error, ValueError):
            raise Garbled(Flaw.NOT_BASE64) from None
        start = _RANDOM + _LENGTH.size
        if len(plain) < start:
            raise Garbled(Flaw.TOO_SHORT)
        end = start + _LENGTH.unpack_from(plain, _RANDOM)[0]
        if end > len(plain):
            raise Garbled(Flaw.WRONG_LENGTH)
        if not hmac.compare_digest(plain[end:], self._receiver):
            raise Forged
        try:
            return plain[start:end].decode("utf-8")
        except UnicodeDecodeError:
            raise Garbled(Flaw.NOT_UTF8) from None

    def open_file(self, data: bytes) -> bytes:
        """Return a file that was encrypted as it is, for nobody in particular; raises Garbled."""
        return _decrypted(self._cipher, data)


def open_file(key: str, data: bytes) -> bytes:
    """Return a file that was encrypted with a key of its own, in base64; raises Garbled."""
    try:
        bare = base64.b64decode(key.rstrip("=") + "=", validate=True)
    except (binascii.Error, ValueError):
        raise Garbled(Flaw.NO_KEY) from None
    if len(bare) != _KEY:
        raise Garbled(Flaw.NO_KEY)
    return _decrypted(Cipher(algorithms.AES(bare), modes.CBC(bare[:_AES_BLOCK])), data)


def _decrypted(cipher: Cipher[modes.CBC], data: bytes) -> bytes:
    if not data or len(data) % _AES_BLOCK:
        raise Garbled(Flaw.NOT_WHOLE_BLOCKS)
    decryptor = cipher.decryptor()
    plain = decryptor.update(data) + decryptor.finalize()
    padding = plain[-1]
    if not 1 <= padding <= min(PADDING, len(plain)):
        raise Garbled(Flaw.WRONG_PADDING)
    return plain[:-padding]
