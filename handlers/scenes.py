"""Says under a one-time code how to scan it, and shows its QR picture, once the code is stored.

The picture is made by a platform, over the network: so not by a handler, and never before the
unit of work is done. The code itself always stands there.
"""

from collections.abc import Sequence
from typing import Protocol

import msgspec
from msgspec.structs import replace

from handlers.message import Reply, Scene
from handlers.residents import texts


class Picture(msgspec.Struct, frozen=True):
    """A QR picture, or in plain words why there is none; empty for nothing to say."""

    words: str = ""
    media: tuple[str, ...] = ()
    """Its name in the media store."""


class Scenes(Protocol):
    """Who can make such pictures: the channel of the account that hears when one is scanned."""

    @property
    def channel(self) -> str:
        """The channel on which scanning one is heard."""

    async def picture(self, scene: Scene) -> Picture:
        """Return the picture of a code."""


async def shown(replies: Sequence[Reply], scenes: Scenes, channel: str) -> list[Reply]:
    """Return the replies, those with a code with their picture."""
    return [await _with_picture(reply, scenes, channel) for reply in replies]


async def beside(replies: Sequence[Reply], scenes: Scenes, channel: str) -> list[Reply]:
    """Return the pictures alone, each with its code: the replies were written down before."""
    found = []
    for reply in replies:
        picture = await _picture(reply, scenes, channel)
        if reply.scene is not None and picture.words:
            key = reply.scene.key
            words = f"{texts.code_of_picture(key, own=reply.scene.own)}\n{picture.words}"
            alt = texts.picture_of_code(key) if picture.media else ""
            found.append(Reply(words, media=picture.media, alt=alt))
    return found


async def _with_picture(reply: Reply, scenes: Scenes, channel: str) -> Reply:
    picture = await _picture(reply, scenes, channel)
    if not picture.words:
        return reply
    text = f"{reply.text}\n{picture.words}"
    return replace(reply, text=text, media=(*reply.media, *picture.media))


async def _picture(reply: Reply, scenes: Scenes, channel: str) -> Picture:
    if reply.scene is None or (reply.scene.own and channel == scenes.channel):
        # Whoever is there already would only come back to where they are.
        return Picture()
    return await scenes.picture(reply.scene)
