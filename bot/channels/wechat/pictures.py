"""Fetches the photograph somebody sent and keeps it with the others, drawn anew."""

from bot.channels.tencent.photos import MediaStore, kept
from bot.channels.wechat.client import Client
from bot.channels.wechat.reading import Picture
from handlers.message import Attachment


class Pictures:
    """The way from WeChat's files to ours."""

    def __init__(self, client: Client, media: MediaStore) -> None:
        self._client = client
        self._media = media

    async def fetch(self, picture: Picture | None) -> tuple[tuple[Attachment, ...], list[str]]:
        """Return the photograph as an attachment, and what has to be said when it failed."""
        if picture is None:
            return (), []
        attachments, complaint = await kept(self._data(picture), self._media)
        return attachments, [complaint] if complaint else []

    async def _data(self, picture: Picture) -> bytes:
        return (await self._client.photo(picture.media_id, picture.url)).data
