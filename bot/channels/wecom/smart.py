"""The smart robot: answers at once, or piece by piece as WeCom fetches, or once afterwards."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qsl, urlsplit

from msgspec.structs import replace

from bot.channels.tencent.api import patiently
from bot.channels.tencent.errors import ApiTrouble
from bot.channels.tencent.line import Line
from bot.channels.tencent.photos import MediaStore
from bot.channels.wecom import smart_reading, smart_saying, texts
from bot.channels.wecom.account import WECOM
from bot.channels.wecom.door import Door
from bot.channels.wecom.pace import Pace
from bot.channels.wecom.smart_pictures import Pictures
from bot.channels.wecom.smart_reading import CHANNEL, Asked, Heard, Opened
from handlers import texts as shared
from handlers.message import Reply, reply_of
from storage import inbox
from storage.faults import StoreUnavailable
from storage.residents import address_key
from storage.store import Store
from storage.transaction import Transaction

if TYPE_CHECKING:
    from handlers.dispatcher import Dispatcher

T = TypeVar("T")

log = logging.getLogger(__name__)

Push = Callable[[str, dict[str, object]], Awaitable[bool]]

OPEN_AT_MOST = 3
"""Answers one person may have open with one robot (channels.md 4)."""
FETCHED_FOR = timedelta(minutes=6)
NOTHING = ""


@dataclass(slots=True, eq=False)
class _Turn:
    """One message in hand."""

    heard: Heard
    posted: bytes
    handling: "asyncio.Task[list[Reply]]" = field(init=False)
    opened_at: datetime | None = None
    """Since when WeCom fetches it."""
    by_address: bool = False
    """Whether WeCom fetches no more: then the answer is posted to its own address, once."""

    @property
    def stream(self) -> str:
        return self.heard.message.platform_id

    @property
    def person(self) -> str:
        return address_key(CHANNEL, self.heard.message.sender)


class SmartBot:
    """One smart robot."""

    def __init__(
        self,
        door: Door | None,
        dispatcher: "Dispatcher",
        store: Store,
        media: MediaStore,
        *,
        clock: Callable[[], datetime],
        name: str = "",
        media_hosts: Sequence[str] = (),
        api_url: str = "",
        pace: Pace | None = None,
    ) -> None:
        """Prepare.

        Args:
            door: of its callbacks; None where they come over the robot's own line.
            dispatcher: decides what is said.
            store: remembers it.
            media: where photographs are kept.
            clock: says what time it is.
            name: what the robot is called in WeCom.
            media_hosts: where the platform keeps what people send.
            api_url: where WeCom is, unless it is the real one.
            pace: how long to wait for what.
        """
        self.door = door
        self.clock = clock
        self._dispatcher = dispatcher
        self._store = store
        self._media = media
        self._name = name
        self._root = (api_url or WECOM).rstrip("/")
        self._line = Line(self._root, media_hosts)
        self._pictures = Pictures(self._line, door, media)
        self._pace = pace or Pace()
        self.push: Push | None = None
        """Says something that answers nothing, where the robot's own line can."""
        self._turns: dict[str, _Turn] = {}
        self._beside: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Nothing has to be begun: WeCom asks for everything."""

    async def stop(self) -> None:
        """Finish what is in hand, for a moment."""
        await self._finished({turn.handling for turn in self._turns.values()})
        await self._finished(self._beside)
        await self._line.close()

    async def _finished(self, tasks: "Collection[asyncio.Task[T]]") -> None:
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=self._pace.farewell.total_seconds())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def take(self, posted: bytes) -> str:
        """Return the answer to a post as JSON, empty for none; raises Garbled."""
        event = smart_reading.read(posted, self._name, self.clock())
        match event:
            case Heard():
                return await self._heard(event, posted)
            case Asked():
                return await self._asked(event)
            case Opened():
                return smart_saying.greeting(await self._dispatcher.handle(event.message))
            case None:
                return NOTHING

    async def _heard(self, heard: Heard, posted: bytes) -> str:
        turn = self._turn(heard, posted)
        await asyncio.wait({turn.handling}, timeout=self._pace.answer.total_seconds())
        if turn.handling.done():
            self._turns.pop(turn.stream, None)
            replies = _said(turn)
            return await self._whole(turn.stream, replies, "") if replies else NOTHING
        if await self._opened(turn):
            return smart_saying.going_on(turn.stream, texts.WORKING)
        turn.by_address = True
        return smart_saying.ended(turn.stream, texts.TOO_MANY_OPEN)

    def _turn(self, heard: Heard, posted: bytes) -> _Turn:
        """Return the turn of this message: the one in hand when it is sent again."""
        known = self._turns.get(heard.message.platform_id)
        if known is not None:
            return known
        turn = _Turn(heard, posted)
        self._turns[turn.stream] = turn
        turn.handling = asyncio.create_task(self._handled(heard))
        turn.handling.add_done_callback(lambda _: self._ended(turn))
        return turn

    async def _handled(self, heard: Heard) -> list[Reply]:
        message = heard.message
        if not heard.pictures or not self._dispatcher.hears_danger(message):
            photos, complaints = await self._pictures.fetch(heard.pictures)
            message = replace(message, attachments=(*message.attachments, *photos))
            replies = await self._dispatcher.handle(message)
            return [*replies, *(Reply(complaint) for complaint in complaints)]
        # Who is in danger gets the number at once, whatever the pictures take.
        replies = await self._dispatcher.handle(message)
        self._do_beside(self._add_pictures(heard))
        return replies

    async def _add_pictures(self, heard: Heard) -> None:
        """Have what came with a cry for help handled as a message of its own, after the number."""
        number = f"{heard.message.platform_id}:pictures"
        photos, complaints = await self._pictures.fetch(heard.pictures)
        message = replace(heard.message, text="", platform_id=number, attachments=photos)
        replies = await self._dispatcher.handle(message) if message.photos else []
        said = [*replies, *(Reply(complaint) for complaint in complaints)]
        await self._post(number, said, heard)

    async def _opened(self, turn: _Turn) -> bool:
        """Count one more open answer of this person; False when that is one too many."""
        if turn.opened_at is not None:
            return True
        user = turn.heard.message.sender
        others = [one for one in self._turns.values() if one.heard.message.sender == user]
        if sum(one.opened_at is not None for one in others) >= OPEN_AT_MOST:
            return False
        # At once: those that come together wait together for the database.
        turn.opened_at = self.clock()
        message = turn.posted.decode()
        counting = self._store.run(
            lambda tx: tx.streams.open(turn.stream, turn.person, OPEN_AT_MOST, FETCHED_FOR, message)
        )
        try:
            counted = await asyncio.wait_for(counting, self._pace.keep.total_seconds())
        except (TimeoutError, StoreUnavailable):
            # The database may be what takes so long; this process has counted its own.
            counted = True
        if not counted:
            turn.opened_at = None
        return counted

    # Fetched by WeCom

    async def _asked(self, asked: Asked) -> str:
        """Return the answer if it is ready; it may have been made by another process."""
        turn = self._turns.get(asked.stream)
        if turn is None:
            return await self._from_the_database(asked.stream)
        if turn.handling.done():
            self._turns.pop(turn.stream, None)
            self._note(lambda tx: tx.streams.finish(turn.stream))
            return await self._whole(turn.stream, _said(turn), texts.RECEIVED)
        began = turn.opened_at or self.clock()
        if self.clock() - began < self._pace.stream:
            return smart_saying.going_on(turn.stream, texts.WORKING)
        turn.by_address = True
        self._note(lambda tx: tx.streams.finish(turn.stream))
        return smart_saying.ended(turn.stream, texts.LATER)

    async def _from_the_database(self, stream: str) -> str:
        """Return what another process, or this one before it was restarted, answered.

        What was in hand of one that died is taken up.
        """
        key = inbox.key_of(CHANNEL, stream)
        looking = self._store.run(lambda tx: (tx.inbox.seen(key), tx.streams.of(stream)))
        try:
            recorded, opened = await asyncio.wait_for(looking, self._pace.answer.total_seconds())
        except (TimeoutError, StoreUnavailable):
            return smart_saying.going_on(stream, texts.WORKING)
        is_elsewhere = opened is not None and opened.is_elsewhere
        if recorded is None and opened is not None and opened.age < self._pace.stream:
            if not is_elsewhere and opened.message is not None:
                self._take_up(stream, opened.message.encode())
            if is_elsewhere or opened.message is not None:
                return smart_saying.going_on(stream, texts.WORKING)
        self._note(lambda tx: tx.streams.finish(stream))
        if recorded is None or (opened is not None and opened.is_posted):
            # Whoever has it in hand posts it.
            is_coming = is_elsewhere or recorded is not None
            return smart_saying.ended(stream, texts.LATER if is_coming else texts.ANSWER_LOST)
        return await self._whole(stream, [reply_of(one) for one in recorded], texts.RECEIVED)

    def _take_up(self, stream: str, posted: bytes) -> None:
        """Handle what was in hand of a process that died."""
        heard = smart_reading.read(posted, self._name, self.clock())
        assert isinstance(heard, Heard)
        self._turn(heard, posted).opened_at = self.clock()
        self._note(lambda tx: tx.streams.take(stream))

    def _note(self, work: Callable[[Transaction], None]) -> None:
        """Write something down that nobody waits for: an end lets the person open another."""
        self._do_beside(self._noted(work))

    async def _noted(self, work: Callable[[Transaction], None]) -> None:
        try:
            await self._store.run(work)
        except StoreUnavailable as unavailable:
            log.warning("a change of an answer was not stored: %s", unavailable.kind.value)

    async def _whole(self, stream: str, replies: list[Reply], empty: str) -> str:
        return await smart_saying.finished(stream, replies, self._media, empty)

    # Posted afterwards

    def _ended(self, turn: _Turn) -> None:
        if turn.opened_at is not None and self.clock() - turn.opened_at >= self._pace.stream:
            # Another process may have told WeCom that the answer is posted.
            turn.by_address = True
        if turn.by_address:
            self._turns.pop(turn.stream, None)
            self._do_beside(self._post_once(turn))
            return
        # Kept until WeCom fetches it; should it never come, the inbox still knows the answer.
        asyncio.get_running_loop().call_later(
            FETCHED_FOR.total_seconds(), self._turns.pop, turn.stream, None
        )

    def _do_beside(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _post_once(self, turn: _Turn) -> None:
        """Post the answer, unless another worker to which the message came as well has done so."""
        try:
            is_ours = await self._store.run(lambda tx: tx.streams.post(turn.stream, turn.person))
        except StoreUnavailable:
            is_ours = True
        if is_ours:
            await self._post(turn.stream, _said(turn), turn.heard)

    async def _post(self, name: str, replies: list[Reply], heard: Heard) -> None:
        """Post the answer to the address that came with the message; it works once, for an hour."""
        url = heard.response_url
        if not replies:
            return
        if not url and self.push is not None:
            if not await self.push(heard.message.chat, smart_saying.posted(replies)):
                log.warning("answer %s was not taken", name)
            return
        if not url.startswith(f"{self._root}/cgi-bin/"):
            log.warning("answer %s has no address of the platform's to go to", name)
            return
        parts = urlsplit(url)
        query, said = dict(parse_qsl(parts.query)), smart_saying.posted(replies)
        try:
            await patiently(lambda: self._line.post(parts.path, query, said))
        except ApiTrouble as trouble:
            log.warning("answer %s was not taken: %s", name, trouble)


def _said(turn: _Turn) -> list[Reply]:
    """Return what is said to the message; an apology when a mistake of ours ate it."""
    if turn.handling.cancelled():
        return []
    if turn.handling.exception() is None:
        return turn.handling.result()
    log.error("message %s failed", turn.stream, exc_info=turn.handling.exception())
    return [Reply(shared.our_mistake(turn.stream[-8:]))]
