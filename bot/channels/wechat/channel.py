"""A WeChat account as a channel: answers while WeChat waits, and says later what took longer."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from bot.channels.tencent.envelope import Forged
from bot.channels.tencent.photos import MediaStore
from bot.channels.tencent.xml import Fields
from bot.channels.wechat import changes, reading, replying, texts
from bot.channels.wechat.allowance import Allowance, Pace
from bot.channels.wechat.client import Client
from bot.channels.wechat.door import Door, Letter
from bot.channels.wechat.late import LateAnswers
from bot.channels.wechat.noting import Noting
from bot.channels.wechat.pictures import Pictures
from bot.channels.wechat.reading import Heard, Left
from bot.channels.wechat.replays import Replays
from bot.channels.wechat.replying import Piece
from bot.channels.wechat.scenes import Scenes
from bot.channels.wechat.sender import Sender
from handlers import texts as shared
from handlers.dispatcher import Dispatcher
from handlers.message import Reply
from handlers.residents import chat as residents
from storage.store import Store

log = logging.getLogger(__name__)

NOTHING = ""
"""What `take` returns when WeChat shall show nothing."""


@dataclass(slots=True, eq=False)
class _Turn:
    """One message in hand; every post of it, the resends too, waits for the same handling."""

    heard: Heard
    fields: Fields
    handling: "asyncio.Task[list[Piece]]" = field(init=False)
    waiting: int = 0
    """Posts that wait for the answer just now."""
    kept: bool = False
    """Whether the message is in the database, to be answered although nobody waits."""
    begun: bool = False
    """Whether it was tried to be kept: a store that was late may have done it after all."""

    @property
    def key(self) -> str:
        return self.heard.message.needs.inbox

    @property
    def user(self) -> str:
        return self.heard.message.chat


class WeChatChannel:
    """One account."""

    def __init__(
        self,
        door: Door,
        client: Client,
        dispatcher: Dispatcher,
        store: Store,
        media: MediaStore,
        *,
        clock: Callable[[], datetime],
        allowance: Allowance | None = None,
        pace: Pace | None = None,
    ) -> None:
        """Prepare; nothing is sent before `start`.

        Args:
            door: what posts are checked by.
            client: the account's own calls.
            dispatcher: who answers.
            store: where late answers and quotas are counted.
            media: where photographs are kept.
            clock: tells the time.
            allowance: how the account may write unasked.
            pace: how long to wait for what.
        """
        self.door = door
        self.clock = clock
        self._client = client
        self._dispatcher = dispatcher
        self._allowance = allowance or Allowance()
        self._pace = pace or Pace()
        self._pictures = Pictures(client, media)
        self.sender = Sender(client, store, media, self._allowance, clock)
        self.scenes = Scenes(client, media, clock, self._pace.scene)
        self._noting = Noting(store, self._pace)
        self._late = LateAnswers(store, self.sender, self._pace, pushes=self._pushes)
        self._replays = Replays(store, self._pace.keep)
        self._turns: dict[str, _Turn] = {}
        self._beside: set[asyncio.Task[None]] = set()
        self._tending: asyncio.Task[None] | None = None

    @property
    def _pushes(self) -> bool:
        return self._allowance.customer_messages and self._client.can_call

    # Life

    async def start(self) -> None:
        """Begin to look for messages that a dead process left, and return at once."""
        assert self._tending is None, "start only once"
        self._tending = asyncio.create_task(self._tend())

    async def stop(self) -> None:
        """Finish what is in hand, or leave it for the next start."""
        if self._tending is None:
            return
        self._tending.cancel()
        await asyncio.gather(self._tending, return_exceptions=True)
        self._tending = None
        await self._noting.stop()
        running = {*(turn.handling for turn in self._turns.values()), *self._beside}
        if running:
            _, late = await asyncio.wait(running, timeout=self._pace.farewell.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._beside:
            await asyncio.wait(self._beside, timeout=self._pace.farewell.total_seconds())
        await self.scenes.stop()
        await self._client.close()

    # Receiving

    async def take(self, letter: Letter) -> str:
        """Return what is answered to a post, as XML; empty for nothing; raises Garbled, Forged.

        Returns within the time WeChat waits, unless the message could be neither answered nor
        kept, or what happened not be noted: then it is held, so that WeChat sends it again.
        """
        event = reading.read(letter.fields, self.clock())
        if letter.proof is not None and not await self._replays.is_first(letter.proof):
            raise Forged
        match event:
            case Heard():
                self._noting.heard(event.message.sender)
                return await self._answered(self._turn(event, letter.fields))
            case None:
                return NOTHING
            case _:
                leaver = event.user if isinstance(event, Left) else None
                await self._noting.note(event.key, changes.of(event), leaver=leaver)
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

    async def _answered(self, turn: _Turn) -> str:
        turn.waiting += 1
        try:
            if await self._is_done(turn, self._pace.answer.total_seconds()):
                if not turn.begun and await self._late.is_elsewhere(turn.key):
                    return self._promised(turn)
                return await self._passive(turn)
            turn.begun = True
            turn.kept = await self._late.begin(turn.key, turn.user, turn.fields) or turn.kept
            if turn.kept and not turn.handling.done():
                return self._promised(turn)
            # WeChat sends it again after the fifth second; that post waits for the same.
            await self._is_done(turn, self._pace.hold.total_seconds())
            return await self._passive(turn) if turn.handling.done() else NOTHING
        finally:
            turn.waiting -= 1

    @staticmethod
    async def _is_done(turn: _Turn, seconds: float) -> bool:
        done, _ = await asyncio.wait([turn.handling], timeout=seconds)
        return bool(done)

    async def _passive(self, turn: _Turn) -> str:
        """Return the answer WeChat waits for; what does not fit into it follows."""
        said = replying.turn(_pieces(turn), "" if self._pushes else texts.MORE_BEHIND)
        if turn.begun:
            await self._late.said(turn.key)
        if said.rest:
            follow = await self._late.keep_rest(turn.key, turn.user, said.rest)
            if follow is not None:
                self._do_beside(follow)
        return await self._shown(turn.heard, said.first)

    def _promised(self, turn: _Turn) -> str:
        return NOTHING if self._pushes else self._text(turn.heard, texts.LATER)

    async def _shown(self, heard: Heard, piece: Piece | None) -> str:
        if piece is None:
            return NOTHING
        if piece.media is None:
            return self._text(heard, piece.text)
        media_id = await self.sender.uploaded(piece.media) if self._client.can_call else None
        if media_id is None:
            return self._text(heard, texts.PHOTO_IS_THERE)
        at = int(self.clock().timestamp())
        return replying.image_as_xml(
            media_id, user=heard.message.chat, account=heard.account, at=at
        )

    def _text(self, heard: Heard, text: str) -> str:
        at = int(self.clock().timestamp())
        return replying.as_xml(text, user=heard.message.chat, account=heard.account, at=at)

    # Handling

    async def _handled(self, heard: Heard) -> list[Piece]:
        message = heard.message
        # Beside: who is in danger is not kept waiting while something is only counted.
        opens = changes.window(heard, self._allowance)
        if opens is not None:
            self._do_beside(self._noting.note(f"window:{message.needs.inbox}", opens))
        kept = await self._late.asked_for(message)
        if kept is not None:
            return kept
        photos, complaints = await self._pictures.fetch(heard.picture)
        message = replace(message, attachments=(*message.attachments, *photos))
        replies: Sequence[Reply] = await self._dispatcher.handle(message)
        replies = [*(Reply(complaint) for complaint in complaints), *replies]
        answer = replying.pieces(replies)
        asks = any(residents.asks(reply) for reply in replies)
        beside = await self._late.handed_out(message, asks=asks)
        if beside.first and self._dispatcher.hears_danger(message):
            return [*answer, *beside.first, *beside.last]
        return [*beside.first, *answer, *beside.last]

    def _ended(self, turn: _Turn) -> None:
        """What nobody waits for any more is said later."""
        self._turns.pop(turn.key, None)
        if turn.handling.cancelled():
            return
        if turn.handling.exception() is not None:
            log.error("message %s failed", turn.key, exc_info=turn.handling.exception())
        if turn.kept and not turn.waiting:
            self._do_beside(self._late.say(turn.key, turn.user, _pieces(turn)))

    def _do_beside(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside_ended)

    def _beside_ended(self, task: "asyncio.Task[None]") -> None:
        self._beside.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a late answer failed", exc_info=task.exception())

    async def _tend(self) -> None:
        """Take up messages whose process died while it had them in hand."""
        while True:
            for key, fields in await self._late.left_behind(self.clock()):
                if key not in self._turns:
                    self._take_up(fields)
            await asyncio.sleep(self._pace.tend.total_seconds())

    def _take_up(self, fields: Fields) -> None:
        heard = reading.read(fields, self.clock())
        if isinstance(heard, Heard):
            turn = self._turn(heard, fields)
            turn.begun = turn.kept = True


def _pieces(turn: _Turn) -> list[Piece]:
    """Return what is said to the message; an apology when a mistake of ours ate it."""
    if turn.handling.exception() is None:
        return turn.handling.result()
    reference = turn.heard.message.platform_id[-8:]
    return [Piece(shared.our_mistake(reference))]
