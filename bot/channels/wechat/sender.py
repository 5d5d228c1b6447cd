"""Says notices in WeChat: in an open window, else by a bell that makes the person look."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from bot.channels.tencent.errors import (
    ApiError,
    ApiTrouble,
    Todo,
    as_delivery_error,
    never_left,
)
from bot.channels.tencent.photos import MediaStore
from bot.channels.wechat import replying
from bot.channels.wechat.allowance import Allowance
from bot.channels.wechat.client import Client
from bot.channels.wechat.reading import CHANNEL
from bot.channels.wechat.replying import Piece
from handlers.delivery import DeliveryError, Kept, WayClosed
from handlers.localtime import local
from handlers.message import Reply, as_json
from handlers.told import Told
from storage.faults import StoreUnavailable
from storage.residents import address_key
from storage.store import Store
from storage.transaction import Transaction

log = logging.getLogger(__name__)

NOT_GRANTED_FOR = timedelta(hours=6)
"""Until a means is tried again that the account has not: it may have been certified meanwhile."""
NO_WINDOW = "no open window, template or consent"
NO_STORE = "nothing can be counted now"
NOT_ARRIVED = "WeChat took the template message and did not bring it"


class Sender:
    """The sending side: what Delivery uses for notices, and the channel for late answers."""

    def __init__(
        self,
        client: Client,
        store: Store,
        media: MediaStore,
        allowance: Allowance,
        clock: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._store = store
        self._media = media
        self._allowance = allowance
        self._clock = clock
        self._shut: dict[Means, datetime] = {}
        """Means that WeChat does not grant, or not any more today, and until when."""

    async def send(self, chat: str, reply: Reply) -> None:
        """Say something that is no notice; raises as `say_on` does."""
        await self.say_on(chat, reply, Told())

    async def say_on(self, chat: str, reply: Reply, told: Told) -> None:
        """Say what is left of a reply; raises DeliveryError, WayClosed when WeChat takes nothing.

        Raises Kept where nothing can be said before the person writes: they read it then.
        """
        pieces = replying.pieces([reply])
        try:
            await self._send(chat, reply, pieces, told)
        except StoreUnavailable:
            raise DeliveryError(NO_STORE, permanent=False) from None

    async def _send(self, user: str, reply: Reply, pieces: Sequence[Piece], told: Told) -> None:
        closed: WayClosed | None = None
        try:
            if await self.push(user, pieces, told):
                return
        except WayClosed as error:
            # It may be open again before the person writes.
            closed = error
        try:
            await self._ring(user, reply, pieces, told)
        except (WayClosed, Kept) as error:
            raise closed or error from None

    async def push(self, user: str, pieces: Sequence[Piece], told: Told) -> bool:
        """Say what is left of these as customer messages; False when no window is open.

        What is more than the window holds is kept for the next contact.
        Raises DeliveryError, or StoreUnavailable.
        """
        if not (self._allowance.customer_messages and self._may(Means.CUSTOMER_MESSAGE)):
            return False
        address = address_key(CHANNEL, user)
        left = pieces[told.messages :]
        taken = await self._store.run(lambda tx: tx.quotas.take(address, len(left)))
        if taken is None:
            return False
        said = 0
        try:
            for piece in left[: taken.messages]:
                await self._say(user, piece)
                said += 1
                told.messages += 1
        except ApiTrouble as trouble:
            # What may have arrived stays counted.
            unsaid = taken.messages - said - (0 if never_left(trouble) else 1)
            await self._store.run(lambda tx: tx.quotas.give_back(taken, unsaid))
            if isinstance(trouble, ApiError) and trouble.todo is Todo.CLOSED:
                # WeChat counts otherwise than we do: it is right.
                await self._store.run(lambda tx: tx.quotas.close(address))
            raise self._as_delivery_error(trouble, Means.CUSTOMER_MESSAGE) from None
        if taken.messages < len(left):
            await self._store.run(_kept(user, "rest", left[taken.messages :], promised=True))
        return True

    async def uploaded(self, name: str) -> str | None:
        """Return WeChat's id of a photograph; None when it cannot be shown, which is logged."""
        try:
            data = await asyncio.to_thread(self._media.path(name).read_bytes)
            return await self._client.upload(data)
        except (OSError, ValueError) as error:
            log.warning("photo %s cannot be read: %s", name, error)
        except ApiTrouble as trouble:
            log.warning("photo %s was not uploaded: %s", name, trouble)
        return None

    async def _say(self, user: str, piece: Piece) -> None:
        if piece.media is None:
            await self._client.say(user, piece.text)
            return
        media_id = await self.uploaded(piece.media)
        if media_id is not None:
            await self._client.show(user, media_id)

    async def _ring(self, user: str, reply: Reply, pieces: Sequence[Piece], told: Told) -> None:
        """Say the beginning by template; what is left is shown as soon as the person writes."""
        may = self._allowance
        line = replying.shortened(reply.text, may.field_length)
        if may.template and self._may(Means.TEMPLATE):
            number = await self._by_template(user, line, told)
        elif may.subscription and self._may(Means.SUBSCRIPTION):
            number = await self._by_subscription(user, line)
        else:
            raise Kept(NO_WINDOW)
        if line != reply.text or len(pieces) > 1 or reply.choices:
            # Numbers of its own mean nothing before they were read: so any number shows it first.
            # Without, it is shown before the answer to whatever the person says, numbers included.
            numbered = bool(reply.choices)
            left = pieces[told.messages :]
            await self._store.run(_kept(user, f"bell:{number[-60:]}", left, promised=numbered))

    async def _by_template(self, user: str, line: str, told: Told) -> str:
        may, address = self._allowance, address_key(CHANNEL, user)
        try:
            number = await self._client.ring(user, may.template, {may.template_field: line})
        except ApiTrouble as trouble:
            raise self._as_delivery_error(trouble, Means.TEMPLATE) from None
        is_rung = await self._store.run(
            lambda tx: tx.quotas.ring(number, address, told.notice_id, told.bounces)
        )
        if not is_rung:
            # WeChat has said so before its number could be noted.
            raise DeliveryError(NOT_ARRIVED, permanent=False)
        return number

    async def _by_subscription(self, user: str, line: str) -> str:
        may, address = self._allowance, address_key(CHANNEL, user)
        template = may.subscription
        if not await self._store.run(lambda tx: tx.quotas.use_consent(address, template)):
            raise Kept(NO_WINDOW)
        try:
            await self._client.notify(user, template, {may.subscription_field: line})
        except ApiTrouble as trouble:
            if isinstance(trouble, ApiError) and trouble.todo is Todo.NO_CONSENT:
                await self._store.run(lambda tx: tx.quotas.consent(address, template, None))
            raise self._as_delivery_error(trouble, Means.SUBSCRIPTION) from None
        return template

    def _may(self, means: "Means") -> bool:
        shut_until = self._shut.get(means)
        return self._client.can_call and (shut_until is None or shut_until <= self._clock())

    def _as_delivery_error(self, trouble: ApiTrouble, means: "Means") -> DeliveryError:
        """Return what it means for the message, and leave the means alone when it is no use."""
        if isinstance(trouble, ApiError):
            if trouble.todo is Todo.NOT_GRANTED:
                self._shut[means] = self._clock() + NOT_GRANTED_FOR
            elif trouble.todo is Todo.DAY_USED_UP:
                self._shut[means] = _midnight(self._clock())
        return as_delivery_error(trouble)


class Means(StrEnum):
    """How something can be said unasked."""

    CUSTOMER_MESSAGE = "customer_message"
    TEMPLATE = "template"
    SUBSCRIPTION = "subscription"


def _midnight(now: datetime) -> datetime:
    """Return when WeChat counts the day's calls anew."""
    here = local(now)
    return here.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _kept(
    user: str, name: str, pieces: Sequence[Piece], *, promised: bool
) -> Callable[[Transaction], None]:
    """Keep what is shown at the next contact."""
    replies = [as_json(reply) for reply in replying.as_replies(pieces)]

    def work(tx: Transaction) -> None:
        key = f"{CHANNEL}:{name}:{tx.new_id(0)}"
        tx.late_answers.keep(key, CHANNEL, user, replies, promised=promised)

    return work
