"""Checks what is posted to the webhook: the secret first, then the shape."""

import hmac
import re

from bot.channels.telegram import decode
from bot.channels.telegram.decode import Update

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
"""What Telegram takes as a secret."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the name of a header
BODY_BYTES = 64 * 1024
"""The largest body that is read, as for every platform."""


class WrongSecret(Exception):
    """The post does not come from Telegram."""


def check_secret(given: str, secret: str) -> None:
    """Raise WrongSecret unless the header holds our secret."""
    if not hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode()):
        raise WrongSecret


def receive(body: bytes, given: str, secret: str) -> Update:
    """Return the update that Telegram posted; raises WrongSecret, or Unreadable for its shape."""
    check_secret(given, secret)
    return decode.parse(body)
