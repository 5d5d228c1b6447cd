"""Fetches the pictures people send to the smart robot: encrypted files, at an address for minutes.

They are sealed with the key of the callbacks, or one of their own, and lie in a store of the
platform's.
"""

import asyncio
import logging
from collections.abc import Sequence

from bot.channels.tencent.envelope import PADDING, Flaw, Garbled, open_file
from bot.channels.tencent.line import Line
from bot.channels.tencent.photos import Found, MediaStore, kept
from bot.channels.wecom.door import Door
from bot.channels.wecom.smart_reading import Sealed
from bot.media import BYTES_AT_MOST, MediaReason, MediaRefused
from handlers.message import Attachment

log = logging.getLogger(__name__)


class Pictures:
    """The way from the robot's files to ours."""

    def __init__(self, line: Line, door: Door | None, media: MediaStore) -> None:
        self._line = line
        self._door = door
        self._media = media

    async def fetch(self, pictures: Sequence[Sealed]) -> tuple[tuple[Attachment, ...], list[str]]:
        """Return the photographs as attachments, and what has to be said of those that failed."""
        outcomes = await asyncio.gather(*(self._one(one) for one in pictures))
        attachments = [one for found, _ in outcomes for one in found]
        return tuple(attachments), sorted({said for _, said in outcomes if said})

    async def _one(self, picture: Sealed) -> Found:
        return await kept(self._opened(picture), self._media)

    async def _opened(self, picture: Sealed) -> bytes:
        """Return what lies there, decrypted; raises ApiTrouble, or MediaRefused."""
        sealed = (await self._line.fetch(picture.url, BYTES_AT_MOST + PADDING)).data
        try:
            return await asyncio.to_thread(self._open, picture, sealed)
        except Garbled as garbled:
            log.warning("a photo was not sealed with our key: %s", garbled)
            raise MediaRefused(MediaReason.NOT_A_PHOTO) from None

    def _open(self, picture: Sealed, sealed: bytes) -> bytes:
        if picture.key:
            return open_file(picture.key, sealed)
        if self._door is None:
            raise Garbled(Flaw.NO_KEY)
        return self._door.open_file(sealed)
