"""Messages to telephones, through an HTTP address of the operator's; off unless one is set."""

import hashlib
import hmac
import json
import logging

import httpx

from handlers.delivery import DeliveryError, Unsure
from handlers.message import Reply

TIMEOUT_SECONDS = 10.0
SIGNATURE_HEADER = "X-Xiaoer-Signature"
TEXT_LONGEST = 200
"""Three parts of a long message; what is longer costs more than it says."""
BUSY = {408, 425, 429}
ELLIPSIS = "\u2026"
FIRST_BAD, FIRST_OURS = 400, 500

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


class SmsSender:
    """Posts a telephone number and a text to the operator's own gateway.

    The body is JSON, `{"phone", "text"}`, signed by HMAC-SHA256 with the shared secret. 2xx says
    that the gateway took it; 4xx that it never will, anything else that it may later.
    """

    def __init__(self, url: str, secret: str) -> None:
        # It writes every address it asks for.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._url = url
        self._secret = secret.encode()
        self._client: httpx.AsyncClient | None = None

    async def send(self, chat: str, reply: Reply) -> None:
        """Have a text sent to the number `chat`; raises DeliveryError."""
        text = reply.text
        if len(text) > TEXT_LONGEST:
            text = text[: TEXT_LONGEST - 1] + ELLIPSIS
        body = json.dumps({"phone": chat, "text": text}, ensure_ascii=False).encode()
        signature = hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        headers = {"content-type": "application/json", SIGNATURE_HEADER: signature}
        try:
            answer = await self._line().post(self._url, content=body, headers=headers)
        except _NOT_SENT as error:
            # Without its words, here and below: they may quote the address.
            raise DeliveryError(type(error).__name__, permanent=False) from None
        except httpx.HTTPError as error:
            raise Unsure(type(error).__name__) from None
        status = answer.status_code
        if answer.is_success:
            return
        gone = FIRST_BAD <= status < FIRST_OURS and status not in BUSY
        message = f"the gateway answered {status}"
        raise DeliveryError(message, permanent=gone)

    async def close(self) -> None:
        """Close the connection."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _line(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(
                timeout=TIMEOUT_SECONDS,
                follow_redirects=False,
                limits=httpx.Limits(max_connections=4),
            )
        return self._client
