"""What Telegram's refusals mean, as python-telegram-bot raises them."""

from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from handlers.delivery import DeliveryError, Unsure

AFTER_FLOOD = timedelta(milliseconds=100)
"""Telegram counts whole seconds: coming back exactly in time is sometimes too early."""
TOKEN_REFUSED_FOR = timedelta(minutes=10)

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_UNREACHABLE = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "chat_write_forbidden",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "topic_closed",
    "group chat was deactivated",
    "bot is not a member",
    "bot was kicked",
    "chat_restricted",
)
"""Parts of refusals (400) after which nothing will arrive in this chat; all in lower case."""


class Flooded(DeliveryError):
    """Too much was sent to this chat; it takes messages again after `retry_after`."""


class Refused(DeliveryError):
    """Telegram does not take this message as it is, from us or to this chat: our mistake.

    Not permanent, as it says nothing about the person: they must not become unreachable.
    """


def says(error: TelegramError, *parts: str) -> bool:
    """Return whether the refusal contains one of these words; its capitals are PTB's own."""
    text = error.message.casefold()
    return any(part in text for part in parts)


def seconds(error: RetryAfter) -> timedelta:
    """Return how long Telegram wants to be left alone; an int before PTB_TIMEDELTA."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)


def describe(error: TelegramError, token: str) -> str:
    """Return the refusal for a log: never with the token, of which some texts are full."""
    if isinstance(error, InvalidToken):
        return "InvalidToken"
    return f"{type(error).__name__}: {error.message.replace(token, '***')[:200]}"


def as_delivery_error(error: TelegramError, token: str) -> DeliveryError:
    """Return what the refusal means for a message that was to be sent."""
    why = describe(error, token)
    match error:
        case RetryAfter():
            return Flooded(why, permanent=False, retry_after=seconds(error) + AFTER_FLOOD)
        case InvalidToken():
            return DeliveryError(why, permanent=False, retry_after=TOKEN_REFUSED_FOR)
        case Forbidden() | BadRequest() if _is_gone(error):
            return DeliveryError(why, permanent=True)
        case BadRequest() | ChatMigrated():
            # Before NetworkError, which it is a kind of for PTB.
            return Refused(why, permanent=False)
        case NetworkError() if _may_have_arrived(error):
            return Unsure(why)
        case _:
            return DeliveryError(why, permanent=False)


def _is_gone(error: TelegramError) -> bool:
    return isinstance(error, Forbidden) or says(error, *_UNREACHABLE)


def _may_have_arrived(error: NetworkError) -> bool:
    """A 5xx answer has no cause: then Telegram itself says that nothing was done."""
    cause = error.__cause__
    return isinstance(cause, httpx.HTTPError) and not isinstance(cause, _NOT_SENT)
