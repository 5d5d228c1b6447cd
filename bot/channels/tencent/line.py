"""The line to Tencent's servers: few connections, short patience, no other host, no redirects."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import SplitResult, urlsplit

import httpx
import msgspec

from bot.channels.tencent.errors import ApiError, Refused, Unsent, Unsure, Why

CONNECTIONS = 8
"""httpx slows down as its pool grows."""
PATIENCE = timedelta(seconds=8)
POOL_TIMEOUT_SECONDS = 30.0
"""Waiting for one of our own connections is no fault of the line."""
ANSWER_BYTES = 256 * 1024
MEDIA_HOSTS = frozenset({"mmbiz.qpic.cn", "mmsns.qpic.cn", "mmbiz.qlogo.cn", "wx.qlogo.cn"})
"""Where the platform keeps what people send (PicUrl)."""

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_OK = 200


@dataclass(frozen=True, slots=True)
class Download:
    """What was fetched."""

    data: bytes
    kind: str
    """The media type, as it was said."""


class Line:
    """Speaks HTTP with the platform, and with nobody else."""

    def __init__(
        self,
        api_url: str,
        media_hosts: Iterable[str] = MEDIA_HOSTS,
        patience: timedelta = PATIENCE,
    ) -> None:
        # httpx logs every address at INFO, and tokens stand in them.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._root = api_url.rstrip("/")
        self._origin = _origin(urlsplit(self._root))
        self._media_hosts = frozenset(media_hosts)
        # A server without TLS is one of the operator's own: no proxy to ask.
        own = self._root.startswith("http://")
        self._client = httpx.AsyncClient(
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            timeout=httpx.Timeout(patience.total_seconds(), pool=POOL_TIMEOUT_SECONDS),
            follow_redirects=False,
            trust_env=not own,
            verify=not own,
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def post(self, path: str, query: Mapping[str, str], body: object) -> Mapping[str, object]:
        """Post JSON to a method of the interface and return its answer; raises ApiTrouble."""
        request = self._client.build_request(
            "POST",
            f"{self._root}{path}",
            params=dict(query),
            content=msgspec.json.encode(body),
            headers={"content-type": "application/json"},
        )
        return _answer(await self._sent(request, ANSWER_BYTES))

    async def get(self, path: str, query: Mapping[str, str]) -> Mapping[str, object]:
        """Ask a method of the interface; raises ApiTrouble."""
        request = self._client.build_request("GET", f"{self._root}{path}", params=dict(query))
        return _answer(await self._sent(request, ANSWER_BYTES))

    async def upload(
        self, path: str, query: Mapping[str, str], name: str, data: bytes, kind: str
    ) -> Mapping[str, object]:
        """Upload a file and return the answer; raises ApiTrouble."""
        request = self._client.build_request(
            "POST",
            f"{self._root}{path}",
            params=dict(query),
            files={"media": (name, data, kind)},
        )
        return _answer(await self._sent(request, ANSWER_BYTES))

    async def download(self, path: str, query: Mapping[str, str], most: int) -> Download:
        """Fetch a file through a method of the interface; raises ApiTrouble."""
        request = self._client.build_request("GET", f"{self._root}{path}", params=dict(query))
        found = await self._sent(request, most)
        if found.kind.startswith(("application/json", "text/plain")):
            _answer(found)
            raise Refused(Why.NO_FILE)
        return found

    async def fetch(self, url: str, most: int) -> Download:
        """Fetch what lies at an address of the platform's; raises ApiTrouble for any other."""
        try:
            parts = urlsplit(url)
            origin = _origin(parts)
        except ValueError:
            raise Refused(Why.NO_ADDRESS) from None
        if origin != self._origin:
            if parts.hostname not in self._media_hosts or parts.port is not None:
                raise Refused(Why.OTHER_HOST)
            # The platform writes http, and serves https.
            parts = parts._replace(scheme="https")
        request = self._client.build_request("GET", parts.geturl())
        return await self._sent(request, most)

    async def _sent(self, request: httpx.Request, most: int) -> Download:
        try:
            answer = await self._client.send(request, stream=True)
            try:
                return await _read(answer, most)
            finally:
                await answer.aclose()
        except _NOT_SENT as error:
            raise Unsent(type(error).__name__) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unsure(type(error).__name__) from None


async def _read(answer: httpx.Response, most: int) -> Download:
    if answer.status_code != _OK:
        raise Refused(Why.STATUS, str(answer.status_code))
    data = bytearray()
    async for chunk in answer.aiter_bytes():
        data += chunk
        if len(data) > most:
            raise Refused(Why.TOO_LARGE)
    return Download(bytes(data), answer.headers.get("content-type", "").lower())


def _answer(found: Download) -> Mapping[str, object]:
    """Return the answer; raises ApiError with the platform's code."""
    try:
        answer = msgspec.json.decode(found.data, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refused(Why.NOT_THE_PLATFORM) from None
    code = answer.get("errcode", 0)
    if not isinstance(code, int):
        raise Refused(Why.NOT_THE_PLATFORM)
    if code:
        raise ApiError(code, str(answer.get("errmsg", "")))
    return answer


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port
