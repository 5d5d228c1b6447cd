"""Keeps the photographs people send through WeChat and WeCom, and says what became of the rest."""

import logging
from collections.abc import Awaitable
from pathlib import Path
from typing import Protocol

from bot.channels import texts
from bot.channels.tencent.errors import ApiTrouble, Refused, Why
from bot.media import MediaReason, MediaRefused
from handlers.message import Attachment, AttachmentKind
from storage.faults import StoreUnavailable

log = logging.getLogger(__name__)

LOST = (Attachment(AttachmentKind.PHOTO),)
"""A photograph that was sent and is not here: the message is still about one."""

Found = tuple[tuple[Attachment, ...], str]
"""The photograph as an attachment, and what has to be said when it is not here."""


class MediaStore(Protocol):
    """Where photographs are kept (bot/media.py)."""

    async def keep(self, data: bytes) -> str:
        """Keep a photograph and return its name; raises MediaRefused, or OSError."""

    def path(self, name: str) -> Path:
        """Return the file of a photograph."""


async def kept(fetching: Awaitable[bytes], media: MediaStore) -> Found:
    """Keep what is fetched."""
    try:
        name = await media.keep(await fetching)
    except (ApiTrouble, StoreUnavailable) as trouble:
        log.warning("a photo was not fetched: %s", trouble)
        return LOST, texts.PHOTO_TOO_LARGE if _is_too_large(trouble) else texts.PHOTO_LOST
    except MediaRefused as refused:
        log.info("a photo was refused: %s", refused.reason)
        broken = refused.reason is MediaReason.NOT_A_PHOTO
        return LOST, texts.PHOTO_UNREADABLE if broken else texts.PHOTO_TOO_LARGE
    except OSError as error:
        # The words are worth more than the picture: they go on without it.
        log.error("a photo could not be kept: %s", error.strerror)  # noqa: TRY400  it is said
        return LOST, texts.PHOTO_LOST
    return (Attachment(AttachmentKind.PHOTO, media=name),), ""


def _is_too_large(trouble: ApiTrouble | StoreUnavailable) -> bool:
    return isinstance(trouble, Refused) and trouble.why is Why.TOO_LARGE
