"""Fetches the pictures people send to the smart robot: encrypted files, at an address for minutes.

They are sealed with the key of the callbacks, and lie in a store of the platform's own.
"""

import asyncio
import logging
from collections.abc import Sequence

from bot.channels.tencent.envelope import PADDING, Garbled
from bot.channels.tencent.errors import ApiTrouble, Refused, Why
from bot.channels.tencent.line import Line
from bot.channels.wecom import texts
from bot.channels.wecom.door import Door
from bot.channels.wecom.photos import LOST, MediaStore, kept
from bot.media import BYTES_AT_MOST
from handlers.message import Attachment

log = logging.getLogger(__name__)


class Pictures:
    """The way from the robot's files to ours."""

    def __init__(self, line: Line, door: Door, media: MediaStore) -> None:
        self._line = line
        self._door = door
        self._media = media

    async def fetch(self, urls: Sequence[str]) -> tuple[tuple[Attachment, ...], list[str]]:
        """Return the photographs as attachments, and what has to be said of those that failed."""
        outcomes = await asyncio.gather(*(self._one(url) for url in urls))
        attachments = [one for found, _ in outcomes for one in found]
        return tuple(attachments), sorted({said for _, said in outcomes if said})

    async def _one(self, url: str) -> tuple[tuple[Attachment, ...], str]:
        try:
            sealed = (await self._line.fetch(url, BYTES_AT_MOST + PADDING)).data
            data = await asyncio.to_thread(self._door.open_file, sealed)
        except ApiTrouble as trouble:
            log.warning("a photo was not fetched: %s", trouble)
            too_large = isinstance(trouble, Refused) and trouble.why is Why.TOO_LARGE
            return LOST, texts.PHOTO_TOO_LARGE if too_large else texts.PHOTO_LOST
        except Garbled as garbled:
            log.warning("a photo was not sealed with our key: %s", garbled)
            return LOST, texts.PHOTO_UNREADABLE
        return await kept(self._media, data)
