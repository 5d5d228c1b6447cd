"""Photographs on their way in and out: fetched from WeCom and kept, or uploaded to it."""

import asyncio
import logging
from pathlib import Path
from typing import Protocol

from bot.channels.tencent.errors import ApiTrouble
from bot.channels.wecom import texts
from bot.channels.wecom.account import Account
from bot.media import MediaReason, MediaRefused
from handlers.message import Attachment, AttachmentKind
from storage.faults import StoreUnavailable

log = logging.getLogger(__name__)


class MediaStore(Protocol):
    """Where photographs are kept (bot/media.py)."""

    async def keep(self, data: bytes) -> str:
        """Keep a photograph and return its name; raises MediaRefused, or OSError."""

    def path(self, name: str) -> Path:
        """Return the file of a photograph."""


class Photos:
    """The way between WeCom's files and ours."""

    def __init__(self, account: Account, media: MediaStore) -> None:
        self._account = account
        self._media = media

    async def fetch(self, media_id: str) -> tuple[tuple[Attachment, ...], str]:
        """Return the photograph as an attachment, and what has to be said when that failed."""
        try:
            data = await self._account.photo(media_id)
        except (ApiTrouble, StoreUnavailable) as trouble:
            log.warning("a photo was not fetched: %s", trouble)
            return LOST, texts.PHOTO_LOST
        return await kept(self._media, data)

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


LOST = (Attachment(AttachmentKind.PHOTO),)
"""A photograph that was sent and is not here: the message is still about one."""


async def kept(media: MediaStore, data: bytes) -> tuple[tuple[Attachment, ...], str]:
    """Keep a photograph; return it as an attachment, and what has to be said when it failed."""
    try:
        return (Attachment(AttachmentKind.PHOTO, media=await media.keep(data)),), ""
    except MediaRefused as refused:
        log.info("a photo of %s bytes was refused: %s", len(data), refused.reason)
        broken = refused.reason is MediaReason.NOT_A_PHOTO
        return LOST, texts.PHOTO_UNREADABLE if broken else texts.PHOTO_TOO_LARGE
    except OSError as error:
        # The words are worth more than the picture: they go on without it.
        log.error("a photo could not be kept: %s", error.strerror)  # noqa: TRY400  it is said
        return LOST, texts.PHOTO_LOST
