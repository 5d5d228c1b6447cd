"""Photographs on their way in and out: fetched from WeCom and kept, or uploaded to it."""

import asyncio
import logging

from bot.channels.tencent.errors import ApiTrouble
from bot.channels.tencent.photos import Found, MediaStore, kept
from bot.channels.wecom.account import Account

log = logging.getLogger(__name__)


class Photos:
    """The way between WeCom's files and ours."""

    def __init__(self, account: Account, media: MediaStore) -> None:
        self._account = account
        self._media = media

    async def fetch(self, media_id: str) -> Found:
        """Return the photograph as an attachment, and what has to be said when that failed."""
        return await kept(self._account.photo(media_id), self._media)

    async def upload(self, name: str) -> str | None:
        """Return WeCom's id of a photograph; None when it cannot be shown, which is logged."""
        try:
            data = await asyncio.to_thread(self._media.path(name).read_bytes)
            return await self._account.upload(data)
        except (OSError, ValueError) as error:
            log.warning("photo %s cannot be read: %s", name, error)
        except ApiTrouble as trouble:
            log.warning("photo %s was not uploaded: %s", name, trouble)
        return None
