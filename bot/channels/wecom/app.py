"""The app for members: answers in the same request where it can, else by a message of its own."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from bot.channels.tencent.photos import MediaStore
from bot.channels.tencent.xml import Fields, cdata
from bot.channels.wecom import reading
from bot.channels.wecom.account import Account
from bot.channels.wecom.app_sender import AppSender
from bot.channels.wecom.door import Door
from bot.channels.wecom.pace import Pace
from bot.channels.wecom.photos import Photos
from bot.channels.wecom.pieces import Piece, as_one, pieces
from bot.channels.wecom.reading import CHANNEL, Heard
from handlers import texts as shared
from handlers.delivery import DeliveryError
from handlers.message import Reply
from handlers.told import Told
from storage.faults import StoreUnavailable
from storage.late_answers import Unfinished
from storage.store import Store
from storage.transaction import Transaction

if TYPE_CHECKING:
    from handlers.dispatcher import Dispatcher

T = TypeVar("T")

log = logging.getLogger(__name__)

TRIED_FOR = timedelta(days=1)
"""How old a message may be whose answer WeCom still refuses: as long as a notice is tried."""
PASSIVE, BY_MESSAGE = "passive", "message"
NOTHING = ""
"""What `take` returns when WeCom shall show nothing; an empty body tells it that we have it."""


@dataclass(slots=True, eq=False)
class _Turn:
    """One message in hand; every post of it, the resends too, waits for the same handling."""

    heard: Heard
    fields: Fields
    handling: "asyncio.Task[list[Piece]]" = field(init=False)
    saying: "asyncio.Task[None] | None" = None
    """Says the answer by message, because it came too late or is too much for one request."""
    begun: bool = False
    """Whether it was tried to be noted: a store that was late may have done it after all."""

    @property
    def key(self) -> str:
        return self.heard.message.needs.inbox


class AppChannel:
    """One app of the corporation."""

    def __init__(
        self,
        account: Account,
        agent_id: int,
        door: Door,
        dispatcher: "Dispatcher",
        store: Store,
        media: MediaStore,
        *,
        clock: Callable[[], datetime],
        accounts: int = 0,
        pace: Pace | None = None,
    ) -> None:
        """Prepare; nothing is sent before something is said or due."""
        self.door = door
        self.clock = clock
        self._account = account
        self._agent_id = agent_id
        self._dispatcher = dispatcher
        self._store = store
        self._pace = pace or Pace()
        self._photos = Photos(account, media)
        self.sender = AppSender(account, agent_id, store, self._photos, accounts=accounts)
        self._turns: dict[str, _Turn] = {}
        self._taken: dict[str, int] = {}
        """How many messages of an answer WeCom took before it refused one."""
        self._tending: asyncio.Task[None] | None = None

    # Life

    async def start(self) -> None:
        """Begin to look after answers that were not said, and return at once."""
        assert self._tending is None, "start only once"
        self._tending = asyncio.create_task(self._tend())

    async def stop(self) -> None:
        """Finish what is in hand, for a moment; the rest is kept for the next start."""
        if self._tending is not None:
            self._tending.cancel()
            await asyncio.gather(self._tending, return_exceptions=True)
            self._tending = None
        await _finished({turn.handling for turn in self._turns.values()}, self._pace)
        await _finished({turn.saying for turn in self._turns.values() if turn.saying}, self._pace)
        await self._account.close()

    # Receiving

    async def take(self, fields: Fields) -> str:
        """Have what was posted handled; return the answer as XML, empty for none.

        Returns within the time WeCom waits; raises Garbled.
        """
        heard = reading.read(fields, str(self._agent_id), self.clock())
        if heard is None:
            return NOTHING
        turn = self._turn(heard, fields)
        if await _is_done(turn, self._pace.answer):
            return await self._answered(turn)
        if turn.saying is not None or await self._kept(turn):
            self._say_later(turn)
            return NOTHING
        # WeCom sends it again after the fifth second; that post waits for the same.
        return await self._answered(turn) if await _is_done(turn, self._pace.hold) else NOTHING

    async def _answered(self, turn: _Turn) -> str:
        """Return what one request can hold; more than that is said in order, by message."""
        said = _said(turn)
        text = as_one(said)
        if turn.saying is not None or not said or await self._is_elsewhere(turn):
            return NOTHING
        if text is not None and not turn.heard.is_press:
            if turn.begun:
                await self._note_said(turn, PASSIVE)
            return self._passive(turn.heard, text)
        await self._kept(turn)
        self._say_later(turn)
        return NOTHING

    def _turn(self, heard: Heard, fields: Fields) -> _Turn:
        """Return the turn of this message: the one in hand when it is sent again."""
        known = self._turns.get(heard.message.needs.inbox)
        if known is not None:
            return known
        turn = _Turn(heard, fields)
        self._turns[turn.key] = turn
        turn.handling = asyncio.create_task(self._handled(heard))
        turn.handling.add_done_callback(lambda _: self._ended(turn))
        return turn

    async def _handled(self, heard: Heard) -> list[Piece]:
        message, complaint = heard.message, ""
        if heard.media_id is not None:
            photos, complaint = await self._photos.fetch(heard.media_id)
            message = replace(message, attachments=(*message.attachments, *photos))
        replies = await self._dispatcher.handle(message)
        return pieces([Reply(complaint), *replies] if complaint else replies)

    def _ended(self, turn: _Turn) -> None:
        if turn.saying is None or turn.saying.done():
            self._turns.pop(turn.key, None)

    def _passive(self, heard: Heard, text: str) -> str:
        moment = int(self.clock().timestamp())
        return (
            f"<xml><ToUserName>{cdata(heard.message.sender)}</ToUserName>"
            f"<FromUserName>{cdata(heard.corp)}</FromUserName><CreateTime>{moment}</CreateTime>"
            f"<MsgType>{cdata('text')}</MsgType><Content>{cdata(text)}</Content></xml>"
        )

    # Answers by message

    async def _kept(self, turn: _Turn) -> bool:
        """Note the message before WeCom is told that we have it; False when that takes too long."""
        turn.begun = True
        fields: dict[str, object] = dict(turn.fields)
        user = turn.heard.message.chat
        keeping = self._store.run(
            lambda tx: tx.late_answers.begin(turn.key, CHANNEL, user, fields, promised=False)
        )
        try:
            await asyncio.wait_for(keeping, self._pace.keep.total_seconds())
        except (TimeoutError, StoreUnavailable):
            return False
        return True

    def _say_later(self, turn: _Turn) -> None:
        if turn.saying is None:
            self._turns[turn.key] = turn
            turn.saying = asyncio.create_task(self._say(turn))

    async def _say(self, turn: _Turn) -> None:
        """Say the answer; what cannot be said now stays noted, and is tried again."""
        try:
            await asyncio.wait({turn.handling})
            said = _said(turn)
            if not await self._is_ours(turn):
                return
            await self._say_the_rest(turn, said)
            if turn.heard.chosen is not None:
                await self.sender.show_chosen(turn.heard.message.chat, turn.heard.chosen)
            await self._note_said(turn, BY_MESSAGE)
        except DeliveryError as error:
            log.warning("answer %s was not taken: %s", turn.key, error.reason)
            if error.permanent or turn.heard.message.age_seconds > TRIED_FOR.total_seconds():
                log.error("answer %s is given up", turn.key)  # noqa: TRY400  it is said above
                await self._note_said(turn, BY_MESSAGE)
        finally:
            self._turns.pop(turn.key, None)

    async def _say_the_rest(self, turn: _Turn, said: Sequence[Piece]) -> None:
        """Say what was not taken before: a part that was is not said again.

        Raises DeliveryError.
        """
        for piece in said[self._taken.get(turn.key, 0) :]:
            await self.sender.say(turn.heard.message.chat, [piece], Told())
            self._taken[turn.key] = self._taken.get(turn.key, 0) + 1

    async def _is_ours(self, turn: _Turn) -> bool:
        """Return whether no other worker says it, or has said it."""
        try:
            return await self._store.run(lambda tx: tx.late_answers.take(turn.key))
        except StoreUnavailable:
            return True

    async def _is_elsewhere(self, turn: _Turn) -> bool:
        """Return whether another worker has promised the answer; alone there is none to ask for."""
        if turn.begun or self._store.carriers == 1:
            return False
        looking = self._store.run(lambda tx: tx.late_answers.is_elsewhere(turn.key))
        try:
            return await asyncio.wait_for(looking, self._pace.keep.total_seconds())
        except (TimeoutError, StoreUnavailable):
            return False

    async def _note_said(self, turn: _Turn, how: str) -> None:
        self._taken.pop(turn.key, None)
        try:
            await self._store.run(lambda tx: tx.late_answers.say(turn.key, how))
        except StoreUnavailable as unavailable:
            log.warning("answer %s may be said twice: %s", turn.key, unavailable.kind.value)

    async def _tend(self) -> None:
        """Say what a dead process had in hand, and what could not be said at first."""
        while True:
            await asyncio.sleep(self._pace.tend.total_seconds())
            before = self.clock() - self._pace.tend
            try:
                found = await self._store.run(_unfinished(before))
            except StoreUnavailable:
                continue
            for row in found:
                if row.key not in self._turns:
                    self._take_up(row.message)

    def _take_up(self, fields: dict[str, object]) -> None:
        kept: Fields = {name: str(value) for name, value in fields.items()}
        heard = reading.read(kept, str(self._agent_id), self.clock())
        if heard is not None:
            turn = self._turn(heard, kept)
            turn.saying = asyncio.create_task(self._say(turn))


def _unfinished(before: datetime) -> Callable[[Transaction], list[Unfinished]]:
    return lambda tx: tx.late_answers.unfinished(CHANNEL, before)


def _said(turn: _Turn) -> list[Piece]:
    """Return what is said to the message; an apology when a mistake of ours ate it."""
    if turn.handling.cancelled():
        return []
    if turn.handling.exception() is None:
        return turn.handling.result()
    log.error("message %s failed", turn.key, exc_info=turn.handling.exception())
    return [Piece(shared.our_mistake(turn.heard.message.platform_id[-8:]))]


async def _is_done(turn: _Turn, within: timedelta) -> bool:
    done, _ = await asyncio.wait({turn.handling}, timeout=within.total_seconds())
    return bool(done)


async def _finished(tasks: "set[asyncio.Task[T]]", pace: Pace) -> None:
    """Wait a little for these, then stop them."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=pace.farewell.total_seconds())
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
