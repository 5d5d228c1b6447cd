"""Says notices in WeChat: in an open window, else by a bell that makes the person look."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from bot.channels.tencent.errors import ApiError, ApiTrouble, Todo, as_delivery_error
from bot.channels.wechat import replying
from bot.channels.wechat.allowance import Allowance
from bot.channels.wechat.client import Client
from bot.channels.wechat.reading import CHANNEL
from bot.channels.wechat.replying import Piece
from handlers.delivery import DeliveryError, WayClosed
from handlers.message import Reply, as_json
from storage.faults import StoreUnavailable
from storage.residents import address_key
from storage.store import Store
from storage.transaction import Transaction

log = logging.getLogger(__name__)

BY_CUSTOMER_MESSAGE = "customer message"
NO_WINDOW = "no open window, template or consent"
NO_STORE = "nothing can be counted now"


class MediaStore(Protocol):
    """Where photographs are kept (bot/media.py)."""

    async def keep(self, data: bytes) -> str:
        """Keep a photograph and return its name; raises MediaRefused, or OSError."""

    def path(self, name: str) -> Path:
        """Return the file of a photograph."""


class Sender:
    """The sending side: what Delivery uses for notices, and the channel for late answers."""

    def __init__(
        self, client: Client, store: Store, media: MediaStore, allowance: Allowance
    ) -> None:
        self._client = client
        self._store = store
        self._media = media
        self._allowance = allowance

    async def send(self, chat: str, reply: Reply) -> None:
        """Say something to a person; raises DeliveryError, WayClosed when WeChat takes nothing."""
        pieces = replying.pieces([reply])
        try:
            if not await self.push(chat, pieces):
                await self._ring(chat, reply, pieces)
        except StoreUnavailable:
            raise DeliveryError(NO_STORE, permanent=False) from None

    async def push(self, user: str, pieces: Sequence[Piece]) -> bool:
        """Say these as customer messages; False when no window has room for all of them.

        Raises DeliveryError, or StoreUnavailable.
        """
        if not (self._allowance.customer_messages and self._client.can_call):
            return False
        address = address_key(CHANNEL, user)
        if not await self._store.run(lambda tx: tx.quotas.take(address, len(pieces))):
            return False
        try:
            for piece in pieces:
                await self._say(user, piece)
        except ApiTrouble as trouble:
            if isinstance(trouble, ApiError) and trouble.todo is Todo.CLOSED:
                # WeChat counts otherwise than we do: it is right.
                await self._store.run(lambda tx: tx.quotas.close(address))
            raise as_delivery_error(trouble) from None
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

    async def _ring(self, user: str, reply: Reply, pieces: Sequence[Piece]) -> None:
        """Say the beginning by template; the whole is shown as soon as the person writes."""
        address = address_key(CHANNEL, user)
        line = replying.shortened(reply.text, self._allowance.field_length)
        try:
            number = await self._rung(user, address, line)
        except ApiTrouble as trouble:
            raise as_delivery_error(trouble) from None
        if line != reply.text or len(pieces) > 1 or reply.choices:
            await self._store.run(_kept_whole(user, number, pieces))

    async def _rung(self, user: str, address: str, line: str) -> str:
        """Return what the bell is known by; raises ApiTrouble, or WayClosed without any means."""
        may = self._allowance
        if may.template and self._client.can_call:
            number = await self._client.ring(user, may.template, {may.template_field: line})
            await self._store.run(lambda tx: tx.quotas.ring(number, address))
            return number
        if may.subscription and self._client.can_call:
            template = may.subscription
            if await self._store.run(lambda tx: tx.quotas.use_consent(address, template)):
                await self._notify(user, address, line)
                return f"{address}:{line}"
        raise WayClosed(NO_WINDOW, permanent=False)

    async def _notify(self, user: str, address: str, line: str) -> None:
        may = self._allowance
        try:
            await self._client.notify(user, may.subscription, {may.subscription_field: line})
        except ApiError as error:
            if error.todo is Todo.NO_CONSENT:
                await self._store.run(lambda tx: tx.quotas.consent(address, may.subscription, None))
            raise


def _kept_whole(user: str, number: str, pieces: Sequence[Piece]) -> Callable[[Transaction], None]:
    replies = [as_json(reply) for reply in replying.as_replies(pieces)]

    def work(tx: Transaction) -> None:
        key = f"{CHANNEL}:bell:{number[-60:]}:{tx.new_id(0)}"
        tx.late_answers.keep(key, CHANNEL, user, replies, promised=True)

    return work
