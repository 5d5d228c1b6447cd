"""Makes temporary QR pictures that carry a one-time code: who scans one sends us the code."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

from bot import qr
from bot.channels.tencent.errors import QUOTA_AGAIN, ApiError, ApiTrouble, Todo
from bot.channels.tencent.photos import MediaStore
from bot.channels.wechat import texts
from bot.channels.wechat.client import Client, Made
from bot.channels.wechat.reading import CHANNEL
from handlers.message import Scene
from handlers.scenes import Picture
from storage.faults import StoreUnavailable

log = logging.getLogger(__name__)

LONGEST = timedelta(days=30)
"""WeChat keeps a temporary picture no longer."""
SHOWN_AT = "https://mp.weixin.qq.com/cgi-bin/showqrcode"
"""Shows the picture to whoever has its ticket; the account's token is not needed."""


class Scenes:
    """The pictures of one account."""

    channel = CHANNEL

    def __init__(
        self,
        client: Client,
        media: MediaStore,
        clock: Callable[[], datetime],
        patience: timedelta,
    ) -> None:
        """Prepare; `patience` is how long a reply waits for its picture."""
        self._client = client
        self._media = media
        self._clock = clock
        self._patience = patience
        self._making: set[asyncio.Task[Picture]] = set()
        self._resting = ""
        self._rests_until: datetime | None = None

    async def picture(self, scene: Scene) -> Picture:
        """Return the picture, or in plain words why there is none."""
        lasts = min(scene.expires_at - self._clock(), LONGEST)
        if lasts < timedelta(seconds=1):
            return Picture()
        if self._rests_until is not None and self._clock() < self._rests_until:
            return _without(scene, self._resting)
        # Not cut short: others may wait for the token that it fetches.
        making = asyncio.create_task(self._made(scene, lasts))
        self._making.add(making)
        making.add_done_callback(self._making.discard)
        done, _ = await asyncio.wait({making}, timeout=self._patience.total_seconds())
        return making.result() if done else _without(scene, texts.SCENE_LATE)

    async def stop(self) -> None:
        """Give up what nobody waits for any more."""
        for task in self._making:
            task.cancel()
        await asyncio.gather(*self._making, return_exceptions=True)

    async def _made(self, scene: Scene, lasts: timedelta) -> Picture:
        try:
            made = await self._client.scene(scene.key, lasts)
        except (ApiTrouble, StoreUnavailable) as trouble:
            log.warning("a QR picture was not made: %s", trouble)
            return _without(scene, self._excuse(trouble))
        name = await self._drawn(made)
        if name is not None:
            return Picture(texts.scene(own=scene.own), (name,))
        link = f"{SHOWN_AT}?{urlencode({'ticket': made.ticket})}"
        return Picture(texts.scene_link(link, own=scene.own))

    async def _drawn(self, made: Made) -> str | None:
        """Return the picture's name; None where it can only be looked at on the platform."""
        if not made.content:
            return None
        try:
            return await self._media.keep(await asyncio.to_thread(qr.png, made.content))
        except OSError as error:
            log.error("a QR picture could not be kept: %s", error.strerror)  # noqa: TRY400  linked
            return None

    def _excuse(self, trouble: ApiTrouble | StoreUnavailable) -> str:
        if not isinstance(trouble, ApiError):
            return texts.SCENE_LATE
        match trouble.todo:
            case Todo.NOT_GRANTED:
                return self._rest(texts.SCENE_NOT_GRANTED)
            case Todo.DAY_USED_UP:
                return self._rest(texts.SCENE_TOMORROW)
            case Todo.CONFIGURE | Todo.NEW_TOKEN:
                return texts.SCENE_MISCONFIGURED
            case (
                Todo.RETRY | Todo.UNREACHABLE | Todo.UPLOAD_AGAIN | Todo.NO_CONSENT
                | Todo.TOO_LONG | Todo.CLOSED | Todo.UNKNOWN
            ):  # fmt: skip
                return texts.SCENE_LATE

    def _rest(self, words: str) -> str:
        """Ask no more for a while: the answer would be the same."""
        self._resting, self._rests_until = words, self._clock() + QUOTA_AGAIN
        return words


def _without(scene: Scene, excuse: str) -> Picture:
    """Say to staff why there is no picture; to residents the code alone is enough."""
    return Picture() if scene.own else Picture(excuse)
