"""Says under a one-time code where its QR picture is, once the code is stored.

The picture is made by a platform, over the network: so not by a handler, and never before the
unit of work is done. The code itself always stands there.
"""

from collections.abc import Sequence
from typing import Protocol

from msgspec.structs import replace

from handlers.message import Reply, Scene


class Scenes(Protocol):
    """Who can make such pictures: the channel of the account that hears when one is scanned."""

    async def words(self, scene: Scene) -> str:
        """Return where the picture is, or in plain words why there is none; empty for nothing."""


async def shown(replies: Sequence[Reply], scenes: Scenes) -> list[Reply]:
    """Return the replies, those with a code with their picture."""
    return [await _with_picture(reply, scenes) for reply in replies]


async def _with_picture(reply: Reply, scenes: Scenes) -> Reply:
    if reply.scene is None:
        return reply
    words = await scenes.words(reply.scene)
    return replace(reply, text=f"{reply.text}\n{words}") if words else reply
