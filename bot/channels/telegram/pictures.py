"""Fetches photographs from Telegram and keeps them with the others."""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from telegram.error import BadRequest, TelegramError

from bot.channels import texts
from bot.channels.telegram import errors
from bot.channels.telegram.client import Client
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.reading import Picture
from bot.media import MediaReason, MediaRefused
from handlers.message import Attachment, AttachmentKind

log = logging.getLogger(__name__)

TRIES = 3


class MediaStore(Protocol):
    """Where photographs are kept (bot/media.py)."""

    async def keep(self, data: bytes) -> str:
        """Keep a photograph and return its name; raises MediaRefused, or OSError."""

    def path(self, name: str) -> Path:
        """Return the file of a photograph."""


class Pictures:
    """The way from Telegram's files to ours."""

    def __init__(self, client: Client, media: MediaStore, pace: Pace) -> None:
        self._client = client
        self._media = media
        self._pace = pace

    async def fetch(self, wanted: Sequence[Picture]) -> tuple[tuple[Attachment, ...], list[str]]:
        """Return the photographs as attachments, and what has to be said of those that failed."""
        outcomes = await asyncio.gather(*(self._one(picture) for picture in wanted))
        kept = [Attachment(AttachmentKind.PHOTO, media=name) for name, _ in outcomes]
        return tuple(kept), sorted({complaint for _, complaint in outcomes if complaint})

    async def _one(self, picture: Picture) -> tuple[str | None, str]:
        if picture.file_id is None:
            return None, texts.PHOTO_TOO_LARGE
        data = await self._download(picture.file_id)
        if data is None:
            return None, texts.PHOTO_LOST
        try:
            return await self._media.keep(data), ""
        except MediaRefused as refused:
            log.info("a photo of %s bytes was refused: %s", len(data), refused.reason)
            broken = refused.reason is MediaReason.NOT_A_PHOTO
            return None, texts.PHOTO_UNREADABLE if broken else texts.PHOTO_TOO_LARGE
        except OSError as error:
            # The words are worth more than the picture: they go on without it.
            log.error("a photo could not be kept: %s", error.strerror)  # noqa: TRY400  it is said
            return None, texts.PHOTO_LOST

    async def _download(self, file_id: str) -> bytes | None:
        for attempt in range(1, TRIES + 1):
            try:
                return await self._client.fetch(file_id)
            except TelegramError as error:
                log.warning("a photo: %s", errors.describe(error, self._client.token))
                if isinstance(error, BadRequest) or attempt == TRIES:
                    break
                await asyncio.sleep(self._pace.retry(attempt).total_seconds())
        return None
