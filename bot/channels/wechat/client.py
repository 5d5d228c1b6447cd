"""The calls of a service account that we make: messages, templates, files, the menu."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.tencent.accounts import wechat_account
from bot.channels.tencent.api import Api
from bot.channels.tencent.errors import Refused, Why
from bot.channels.tencent.keeper import TokenKeeper
from bot.channels.tencent.line import Download, Line
from storage.store import Store

WECHAT = "https://api.weixin.qq.com"
PHOTO_BYTES = 20 * 1024 * 1024
CONTENT_AT_MOST = 500
"""Characters of a QR picture; the platform's have some 45."""


@dataclass(frozen=True, slots=True)
class Made:
    """A temporary QR picture."""

    ticket: str
    """Whoever has it can look at the picture on the platform."""
    content: str
    """What scanning the picture gives; empty where the platform did not say."""


class Client:
    """One account on the platform."""

    def __init__(
        self,
        app_id: str,
        secret: str,
        store: Store,
        clock: Callable[[], datetime],
        api_url: str = "",
    ) -> None:
        self._app_id = app_id
        self._secret = secret
        self._line = Line(api_url or WECHAT)
        self._api = Api(self._line, TokenKeeper(wechat_account(app_id), store, self._fetch, clock))

    @property
    def can_call(self) -> bool:
        """Whether the account's secret is known: without it only answers are possible."""
        return bool(self._secret)

    async def close(self) -> None:
        """Close every connection."""
        await self._line.close()

    async def say(self, user: str, text: str) -> None:
        """Send a customer message; raises ApiTrouble."""
        await self._api.post(
            "/cgi-bin/message/custom/send",
            {"touser": user, "msgtype": "text", "text": {"content": text}},
        )

    async def show(self, user: str, media_id: str) -> None:
        """Send a photograph as a customer message; raises ApiTrouble."""
        await self._api.post(
            "/cgi-bin/message/custom/send",
            {"touser": user, "msgtype": "image", "image": {"media_id": media_id}},
        )

    async def ring(self, user: str, template: str, words: Mapping[str, str]) -> str:
        """Send a template message; return its number; raises ApiTrouble."""
        answer = await self._api.post(
            "/cgi-bin/message/template/send",
            {"touser": user, "template_id": template, "data": _data(words)},
        )
        return str(answer.get("msgid", ""))

    async def notify(self, user: str, template: str, words: Mapping[str, str]) -> None:
        """Send a message the person subscribed to; raises ApiTrouble."""
        await self._api.post(
            "/cgi-bin/message/subscribe/bizsend",
            {"touser": user, "template_id": template, "data": _data(words)},
        )

    async def upload(self, data: bytes) -> str:
        """Upload a photograph; return its id, good for three days; raises ApiTrouble."""
        answer = await self._api.upload(
            "/cgi-bin/media/upload", {"type": "image"}, "photo.jpg", data, "image/jpeg"
        )
        media_id = answer.get("media_id")
        if not isinstance(media_id, str):
            raise Refused(Why.NO_MEDIA_ID)
        return media_id

    async def photo(self, media_id: str, url: str) -> Download:
        """Return a photograph somebody sent; raises ApiTrouble."""
        if self.can_call and media_id:
            return await self._api.download(
                "/cgi-bin/media/get", {"media_id": media_id}, PHOTO_BYTES
            )
        return await self._line.fetch(url, PHOTO_BYTES)

    async def set_menu(self, menu: Mapping[str, object]) -> None:
        """Show this menu to everybody; raises ApiTrouble."""
        await self._api.post("/cgi-bin/menu/create", menu)

    async def scene(self, key: str, lasts: timedelta) -> Made:
        """Have a temporary QR picture made that carries this key.

        Raises ApiTrouble.
        """
        answer = await self._api.post(
            "/cgi-bin/qrcode/create",
            {
                "expire_seconds": int(lasts.total_seconds()),
                "action_name": "QR_STR_SCENE",
                "action_info": {"scene": {"scene_str": key}},
            },
        )
        ticket = answer.get("ticket")
        if not isinstance(ticket, str) or not ticket:
            raise Refused(Why.NO_TICKET)
        content = answer.get("url")
        is_short = isinstance(content, str) and len(content) <= CONTENT_AT_MOST
        return Made(ticket, content if isinstance(content, str) and is_short else "")

    async def _fetch(self, insist: bool) -> tuple[str, timedelta]:
        answer = await self._line.post(
            "/cgi-bin/stable_token",
            {},
            {
                "grant_type": "client_credential",
                "appid": self._app_id,
                "secret": self._secret,
                "force_refresh": insist,
            },
        )
        token, lasts = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(lasts, int):
            raise Refused(Why.NO_TOKEN)
        return token, timedelta(seconds=lasts)


def _data(words: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {name: {"value": value} for name, value in words.items()}
