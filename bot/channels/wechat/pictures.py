"""Fetches the photograph somebody sent and keeps it with the others, drawn anew."""

import logging

from bot.channels.tencent.errors import ApiTrouble
from bot.channels.wechat import texts
from bot.channels.wechat.client import Client
from bot.channels.wechat.reading import Picture
from bot.channels.wechat.sender import MediaStore
from bot.media import MediaReason, MediaRefused
from handlers.message import Attachment, AttachmentKind
from storage.faults import StoreUnavailable

log = logging.getLogger(__name__)


class Pictures:
    """The way from WeChat's files to ours."""

    def __init__(self, client: Client, media: MediaStore) -> None:
        self._client = client
        self._media = media

    async def fetch(self, picture: Picture | None) -> tuple[tuple[Attachment, ...], list[str]]:
        """Return the photograph as an attachment, and what has to be said when it failed."""
        if picture is None:
            return (), []
        try:
            found = await self._client.photo(picture.media_id, picture.url)
            name = await self._media.keep(found.data)
        except (ApiTrouble, StoreUnavailable) as trouble:
            log.warning("a photo: %s", trouble)
            return _lost(texts.PHOTO_LOST)
        except MediaRefused as refused:
            log.info("a photo was refused: %s", refused.reason)
            broken = refused.reason is MediaReason.NOT_A_PHOTO
            return _lost(texts.PHOTO_UNREADABLE if broken else texts.PHOTO_TOO_LARGE)
        except OSError as error:
            log.error("a photo could not be kept: %s", error.strerror)  # noqa: TRY400  it is said
            return _lost(texts.PHOTO_LOST)
        return (Attachment(AttachmentKind.PHOTO, media=name),), []


def _lost(complaint: str) -> tuple[tuple[Attachment, ...], list[str]]:
    return (), [complaint]
