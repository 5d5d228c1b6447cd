"""One secret of the corporation: its access token, and the calls every part of WeCom shares."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.channels.tencent.accounts import wecom_account
from bot.channels.tencent.api import Api
from bot.channels.tencent.errors import ApiError, ApiTrouble, Refused, Why, as_delivery_error
from bot.channels.tencent.keeper import TokenKeeper
from bot.channels.tencent.line import Line
from handlers.delivery import DeliveryError
from storage.store import Store

WECOM = "https://qyapi.weixin.qq.com"
PHOTO_BYTES = 20 * 1024 * 1024
TOO_OFTEN = 45009
"""In WeCom a limit by the minute or the hour; in WeChat one by the day."""
AFTER_TOO_OFTEN = timedelta(minutes=1)

_MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Account:
    """What holds one secret: the app, or the customer service."""

    def __init__(
        self,
        name: str,
        corp_id: str,
        secret: str,
        store: Store,
        clock: Callable[[], datetime],
        api_url: str = "",
    ) -> None:
        self._corp_id = corp_id
        self._secret = secret
        self._line = Line(api_url or WECOM, media_hosts=())
        keeper = TokenKeeper(wecom_account(name, corp_id), store, self._fetch, clock)
        self._api = Api(self._line, keeper)

    async def close(self) -> None:
        """Close every connection."""
        await self._line.close()

    async def post(self, path: str, body: object) -> Mapping[str, object]:
        """Call a method; raises ApiTrouble, or StoreUnavailable."""
        return await self._api.post(path, body)

    async def upload(self, data: bytes) -> str:
        """Upload a photograph; return its id, good for three days; raises ApiTrouble."""
        answer = await self._api.upload(
            "/cgi-bin/media/upload", {"type": "image"}, "photo.jpg", data, "image/jpeg"
        )
        media_id = answer.get("media_id")
        if not isinstance(media_id, str):
            raise Refused(Why.NO_MEDIA_ID)
        return media_id

    async def photo(self, media_id: str) -> bytes:
        """Return a photograph somebody sent; raises ApiTrouble."""
        if not _MEDIA_ID.fullmatch(media_id):
            raise Refused(Why.NO_MEDIA_ID)
        query = {"media_id": media_id}
        return (await self._api.download("/cgi-bin/media/get", query, PHOTO_BYTES)).data

    async def _fetch(self, insist: bool) -> tuple[str, timedelta]:
        """Ask for the token; WeCom gives another one only when the old one has ended."""
        del insist
        query = {"corpid": self._corp_id, "corpsecret": self._secret}
        answer = await self._line.get("/cgi-bin/gettoken", query)
        token, lasts = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(lasts, int):
            raise Refused(Why.NO_TOKEN)
        return token, timedelta(seconds=lasts)


def delivery_error(trouble: ApiTrouble) -> DeliveryError:
    """Return what the trouble means for a message that was to be sent."""
    if isinstance(trouble, ApiError) and trouble.code == TOO_OFTEN:
        return DeliveryError(str(trouble), permanent=False, retry_after=AFTER_TOO_OFTEN)
    return as_delivery_error(trouble)
