"""Answers that came after WeChat stopped waiting: pushed where that is allowed, else kept."""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.channels.tencent.xml import Fields
from bot.channels.wechat import replying, texts
from bot.channels.wechat.allowance import Pace
from bot.channels.wechat.reading import CHANNEL
from bot.channels.wechat.replying import Piece
from bot.channels.wechat.sender import Sender
from handlers import menus
from handlers.delivery import DeliveryError
from handlers.message import Message, as_json, reply_of
from handlers.outreach import lying
from handlers.told import Told
from knowledge.choices import parse_choice
from storage import talks
from storage.faults import StoreUnavailable
from storage.store import Store
from storage.transaction import Needs, Transaction
from storage.words import HandoverState

log = logging.getLogger(__name__)

SHOW = 1
"""The number that shows what was kept."""
ALWAYS = {menus.BACK.number, menus.PERSON.number}
"""Numbers that mean the same everywhere, also while something is kept."""
PASSIVE, PUSHED = "passive", "pushed"


@dataclass(frozen=True, slots=True)
class Behind:
    """What was kept for somebody who writes now."""

    first: tuple[Piece, ...] = ()
    """Said before the answer."""
    last: tuple[Piece, ...] = ()
    """Asks something itself: the numbers shown last are those that count."""

    def __bool__(self) -> bool:
        return bool(self.first or self.last)


class LateAnswers:
    """The late answers of one account."""

    def __init__(self, store: Store, sender: Sender, pace: Pace, *, pushes: bool) -> None:
        """Prepare.

        Args:
            store: where they are kept.
            sender: pushes them.
            pace: how long to wait for what.
            pushes: whether the account may push.
        """
        self._store = store
        self._sender = sender
        self._pace = pace
        self._pushes = pushes

    async def begin(self, key: str, user: str, fields: Fields) -> bool:
        """Keep a message that takes too long; False when that cannot be done in time."""
        message: dict[str, object] = dict(fields)
        promised = not self._pushes
        keeping = self._store.run(
            lambda tx: tx.late_answers.begin(key, CHANNEL, user, message, promised=promised)
        )
        try:
            await asyncio.wait_for(keeping, self._pace.keep.total_seconds())
        except (TimeoutError, StoreUnavailable):
            return False
        return True

    async def said(self, key: str) -> None:
        """Note that the message was answered after all while WeChat waited."""
        try:
            await self._store.run(lambda tx: tx.late_answers.say(key, PASSIVE))
        except StoreUnavailable as unavailable:
            log.warning("answer %s may be said twice: %s", key, unavailable.kind.value)

    async def keep_rest(
        self, key: str, user: str, rest: Sequence[Piece]
    ) -> Coroutine[None, None, None] | None:
        """Keep what did not fit; return what pushes it, or None when it waits to be asked for."""
        replies = [as_json(reply) for reply in replying.as_replies(rest)]
        own = f"{key}:rest"
        try:
            is_new = await self._store.run(
                lambda tx: tx.late_answers.keep(own, CHANNEL, user, replies, promised=True)
            )
        except StoreUnavailable as unavailable:
            log.error("the rest of answer %s is lost: %s", key, unavailable.kind.value)  # noqa: TRY400
            return None
        return self._follow(own, user, rest) if is_new and self._pushes else None

    async def say(self, key: str, user: str, pieces: Sequence[Piece]) -> None:
        """Say what was finished too late, or keep it for the next contact."""
        replies = [as_json(reply) for reply in replying.as_replies(pieces)]

        def finish(tx: Transaction) -> bool:
            is_ours = tx.late_answers.take(key)
            if is_ours:
                tx.late_answers.finish(key, replies)
            return is_ours

        if await self._store.run(finish):
            await self._push(key, user, pieces)

    async def is_elsewhere(self, key: str) -> bool:
        """Return whether another worker has promised the answer; alone there is none to ask for."""
        if self._store.carriers == 1:
            return False
        looking = self._store.run(lambda tx: tx.late_answers.is_elsewhere(key))
        try:
            # An emergency that was answered without the database does not wait for it here.
            return await asyncio.wait_for(looking, self._pace.keep.total_seconds())
        except (TimeoutError, StoreUnavailable):
            return False

    async def asked_for(self, message: Message) -> list[Piece] | None:
        """Return what was kept when a number asks for it; None when the number means another."""
        number = parse_choice(message.text) if message.text else None
        if number is None or number in ALWAYS:
            return None
        try:
            ready, kept = await self._store.run(
                lambda tx: _ask(tx, message, number, pushes=self._pushes)
            )
        except StoreUnavailable:
            return None
        if kept:
            return [*kept.first, *kept.last]
        return [Piece(texts.NOT_YET)] if ready is False and number == SHOW else None

    async def handed_out(self, message: Message, *, asks: bool) -> Behind:
        """Return what is said beside the answer: what was kept, and how to see what comes.

        `asks` says that the answer has something to choose.
        """
        needs = Needs(talk=message.needs.talk, waits_at=message.needs.address)
        looking = self._store.run(
            lambda tx: (_waits(tx, message), _awaits_person(tx, message)), needs
        )
        try:
            # An emergency that was answered without the database does not wait for it here.
            waits, awaits = await asyncio.wait_for(looking, self._pace.keep.total_seconds())
            kept = Behind()
            if waits:
                _, kept = await self._store.run(lambda tx: _look(tx, message, asks=asks))
        except (TimeoutError, StoreUnavailable):
            return Behind()
        if not awaits or self._pushes:
            return kept
        return Behind(kept.first, (Piece(texts.ASK_FOR_ANSWER), *kept.last))

    async def left_behind(self, now: datetime) -> list[tuple[str, Fields]]:
        """Return the messages that were begun long ago and that nobody finished."""
        before = now - self._pace.tend
        try:
            found = await self._store.run(lambda tx: tx.late_answers.unfinished(CHANNEL, before))
        except StoreUnavailable:
            return []
        return [(row.key, row.message) for row in found]  # type: ignore[misc]

    async def _follow(self, key: str, user: str, pieces: Sequence[Piece]) -> None:
        await asyncio.sleep(self._pace.follow.total_seconds())
        await self._push(key, user, pieces)

    async def _push(self, key: str, user: str, pieces: Sequence[Piece]) -> None:
        told = Told()
        try:
            said = not pieces or await self._sender.push(user, pieces, told)
        except DeliveryError as error:
            log.warning("answer %s waits for the next contact: %s", key, error.reason)
            said = False
            if told.messages:
                replies = replying.as_replies(pieces[told.messages :])
                left = [as_json(reply) for reply in replies]
                await self._store.run(lambda tx: tx.late_answers.finish(key, left))
        if said:
            await self._store.run(lambda tx: tx.late_answers.say(key, PUSHED))


def _ask(
    tx: Transaction, message: Message, number: int, *, pushes: bool
) -> tuple[bool | None, Behind]:
    """Look for what was kept, unless the number means what it did before."""
    if tx.inbox.seen(message.needs.inbox) is not None:
        return None, Behind()
    is_promised = tx.late_answers.waiting(CHANNEL, message.chat) is not None
    is_resend = tx.late_answers.were_shown(CHANNEL, message.chat, message.needs.inbox)
    if not is_promised and not is_resend and _means_something(tx, message, number):
        return None, Behind()
    ready, kept = _look(tx, message)
    if ready is None and not pushes and _awaits_person(tx, message):
        ready = False
    return ready, kept


def _awaits_person(tx: Transaction, message: Message) -> bool:
    """Whether a person is to answer, or answers, in this talk."""
    talk = tx.talks.of(talks.key_of(CHANNEL, message.chat, message.sender))
    if talk is None or talk.handover_id is None:
        return False
    return tx.handovers.by_id(talk.handover_id).state is not HandoverState.CLOSED


def _means_something(tx: Transaction, message: Message, number: int) -> bool:
    """Whether the number answers what the person was last asked."""
    talk = tx.talks.of(talks.key_of(CHANNEL, message.chat, message.sender))
    if talk is None:
        return False
    return menus.action_of(talk.menu, number) is not None or talk.form is not None


def _waits(tx: Transaction, message: Message) -> bool:
    """Whether anything was kept for this chat, said or not, or a notice lies there."""
    kept = tx.late_answers.has(CHANNEL, message.chat)
    return kept or tx.reaching.waits_at(message.needs.address)


def _look(tx: Transaction, message: Message, *, asks: bool = False) -> tuple[bool | None, Behind]:
    ready = tx.late_answers.waiting(CHANNEL, message.chat)
    for number, notice in enumerate(lying.read(tx, message.needs.address, asks=asks)):
        key = f"{message.needs.inbox}:lay:{number}"
        tx.late_answers.keep(key, CHANNEL, message.chat, [as_json(notice)], promised=False)
    kept = tx.late_answers.hand_out(CHANNEL, message.chat, message.needs.inbox)
    replies = [reply_of(reply) for some in kept for reply in some]
    return ready, Behind(
        tuple(replying.pieces([reply for reply in replies if not reply.choices])),
        tuple(replying.pieces([reply for reply in replies if reply.choices])),
    )
