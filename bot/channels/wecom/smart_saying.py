"""What is said through the smart robot: one text for all replies, with their numbers."""

import asyncio
import base64
import hashlib
import logging
from collections.abc import Sequence

import msgspec

from bot.channels.rendering import split, utf8_bytes
from bot.channels.tencent.photos import MediaStore
from bot.channels.wecom.pieces import BETWEEN, pieces
from handlers.message import Reply

log = logging.getLogger(__name__)

CONTENT_BYTES = 20_480
PHOTOS = 10


async def finished(stream: str, replies: Sequence[Reply], media: MediaStore, empty: str) -> str:
    """Return the end of an answer: everything that is said, photographs included."""
    said = pieces(replies)
    photos = [await _photo(media, one.media) for one in said if one.media is not None]
    ended: dict[str, object] = {
        "id": stream,
        "finish": True,
        "content": markdown([one.text for one in said if one.text]) or empty,
    }
    shown = [photo for photo in photos if photo is not None][:PHOTOS]
    if shown:
        ended["msg_item"] = shown
    return _as_json({"msgtype": "stream", "stream": ended})


def going_on(stream: str, so_far: str) -> str:
    """Return that more is to come; WeCom fetches it."""
    return _as_json(
        {"msgtype": "stream", "stream": {"id": stream, "finish": False, "content": so_far}}
    )


def ended(stream: str, said: str) -> str:
    """Return the end of an answer in these words."""
    return _as_json(
        {"msgtype": "stream", "stream": {"id": stream, "finish": True, "content": said}}
    )


def greeting(replies: Sequence[Reply]) -> str:
    """Return what greets somebody who opened the talk."""
    text = BETWEEN.join(one.text for one in pieces(replies) if one.text)
    return _as_json({"msgtype": "text", "text": {"content": text}}) if text else ""


def posted(replies: Sequence[Reply]) -> dict[str, object]:
    """Return the answer as it is posted to its own address."""
    text = markdown([one.text for one in pieces(replies) if one.text])
    return {"msgtype": "markdown", "markdown": {"content": text}}


def markdown(texts: Sequence[str]) -> str:
    """Return texts so that WeCom shows them as they are: nobody's words become a link."""
    whole = BETWEEN.join(texts).replace("](", "] (").replace("<", "\uff1c")
    return split(whole, CONTENT_BYTES, utf8_bytes)[0]


async def _photo(media: MediaStore, name: str) -> dict[str, object] | None:
    try:
        data = await asyncio.to_thread(media.path(name).read_bytes)
    except (OSError, ValueError) as error:
        log.warning("photo %s cannot be read: %s", name, error)
        return None
    return {
        "msgtype": "image",
        "image": {
            "base64": base64.b64encode(data).decode(),
            # The platform's own check of what arrived, not a seal.
            "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        },
    }


def _as_json(value: dict[str, object]) -> str:
    return msgspec.json.encode(value).decode()
