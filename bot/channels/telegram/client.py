"""The line to Telegram: python-telegram-bot's client with our limits, and no token in any log."""

import logging
import os
from collections.abc import Sequence
from datetime import timedelta

import msgspec
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.channels.telegram.decode import WANTED, Myself

TELEGRAM = "https://api.telegram.org"
CONNECTIONS = 8
"""httpx slows down as its pool grows."""
TIMEOUT_SECONDS = 10.0
POOL_TIMEOUT_SECONDS = 60.0
"""Waiting for one of our own connections is no fault of the line."""
NO_TELEGRAM = "what answered is not Telegram"
READ_FILE_SECONDS = 30.0
SLACK_SECONDS = 10.0
"""What a long poll may take beyond the time it was asked to wait."""


class Client(Bot):
    """One bot's connection; usable without `initialize`, so that starting needs no network."""

    def __init__(self, token: str, api_url: str | None) -> None:
        # Read whenever a flood is met: without it PTB warns and counts in plain seconds.
        os.environ.setdefault("PTB_TIMEDELTA", "1")
        hush()
        root = (api_url or TELEGRAM).rstrip("/")
        self.__lines = talk, updates, files = (_line(root), _line(root), _line(root))
        api, store = f"{root}/bot", f"{root}/file/bot"
        super().__init__(token, api, store, request=talk, get_updates_request=updates)
        # Files that come slowly take no connection from what is said.
        self.__files = Bot(token, api, store, request=files, get_updates_request=updates)

    async def myself(self) -> Myself:
        """Ask Telegram who we are."""
        try:
            return msgspec.convert(await self._post("getMe"), Myself)
        except msgspec.ValidationError:
            raise TelegramError(NO_TELEGRAM) from None

    async def raw_updates(self, offset: int, wait: timedelta, limit: int) -> Sequence[object]:
        """Return updates as parsed JSON, waiting up to `wait` for the first."""
        found = await self._post(
            "getUpdates",
            {
                "offset": offset,
                "timeout": int(wait.total_seconds()),
                "limit": limit,
                "allowed_updates": WANTED,
            },
            read_timeout=wait.total_seconds() + SLACK_SECONDS,
        )
        return found if isinstance(found, list) else []

    async def fetch(self, file_id: str) -> bytes:
        """Return the bytes of a file; its address holds the token and is never handed on."""
        file = await self.__files.get_file(file_id)
        return bytes(await file.download_as_bytearray(read_timeout=READ_FILE_SECONDS))

    async def reconnect(self) -> None:
        """Build the connections anew: some survive a change of network half dead."""
        for line in self.__lines:
            await line.shutdown()
            await line.initialize()

    async def close_lines(self) -> None:
        """Close every connection."""
        for line in self.__lines:
            await line.shutdown()


class _Line(HTTPXRequest):
    """PTB's HTTP line, which trusts whatever answers 200; a captive portal does so as well."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, object]:
        """Return the answer; raises TelegramError unless it looks like one of Telegram's."""
        answer: object = HTTPXRequest.parse_json_payload(payload)
        if isinstance(answer, dict) and ("result" in answer or answer.get("ok") is False):
            return answer
        raise TelegramError(NO_TELEGRAM)


def hush() -> None:
    """Keep libraries from writing addresses, which hold the token, and residents' words."""
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # It logs whole answers it cannot read; a proxy's error page may quote the address.
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)


def _line(root: str) -> _Line:
    # A server without TLS is one of the operator's own: no certificates to load, no proxy to ask.
    plain = {"trust_env": False, "verify": False} if root.startswith("http://") else None
    return _Line(
        connection_pool_size=CONNECTIONS,
        read_timeout=TIMEOUT_SECONDS,
        write_timeout=TIMEOUT_SECONDS,
        connect_timeout=TIMEOUT_SECONDS,
        pool_timeout=POOL_TIMEOUT_SECONDS,
        httpx_kwargs=plain,
    )
