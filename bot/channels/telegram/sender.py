"""Says replies in Telegram: in pieces it takes, with buttons, and simpler where it refuses them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from telegram import InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.channels import rendering
from bot.channels.telegram import errors, keyboards
from bot.channels.telegram.caps import Caps
from bot.channels.telegram.client import Client
from bot.channels.telegram.places import Place
from handlers.message import Reply
from handlers.told import Told

log = logging.getLogger(__name__)

TEXT_UNITS = 3500
"""Telegram takes 4096 characters; nothing of ours comes near, so this is the last defence."""
CAPTION_UNITS = 1000
"""Telegram takes 1024."""
LABEL_SHOWN = 14
"""Characters of a button that an old telephone with large letters shows."""
FLOODED_CHATS = 3
"""So many at once, and it is not the chats: the whole bot is too fast."""
PHOTO_READ_SECONDS = 30.0
HAS_TO_WAIT = "this chat asked to be left alone"
GROUP_FULL = "this group was told as much as it may be in a minute"


class MediaFiles(Protocol):
    """Where photographs lie."""

    def path(self, name: str) -> Path:
        """Return the file of a photograph that was kept; ValueError when that is no name."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One request: a text, or a photograph with its caption."""

    place: Place
    text: str
    photo: str | None = None
    keyboard: InlineKeyboardMarkup | None = None
    quotes: int | None = None
    """The message of the same chat that is answered."""
    says: Reply | None = None
    """What it is, or is a part of."""
    in_danger: bool = False
    """Whether it saves somebody in a group: it waits for no other answer there."""


class Sender:
    """The sending side: what Delivery uses for notices, and the channel for answers."""

    def __init__(
        self,
        client: Client,
        media: MediaFiles,
        username: Callable[[], str],
        on_moved: Callable[[int, int], Awaitable[None]],
        caps: Caps,
    ) -> None:
        self._client = client
        self._caps = caps
        self._media = media
        self._username = username
        self._on_moved = on_moved
        self._pauses = _Pauses()

    async def send(self, chat: str, reply: Reply) -> None:
        """Say something in a chat that is no notice; raises DeliveryError."""
        await self.say_on(chat, reply, Told())

    async def say_on(self, chat: str, reply: Reply, told: Told) -> None:
        """Say what is left of a reply in a chat; raises DeliveryError."""
        place = Place.of(chat)
        owner = str(place.chat_id) if place.is_private else None
        for shot in self.shots(chat, reply, owner)[told.messages :]:
            await self.shoot(shot)
            told.messages += 1

    def shots(
        self, chat: str, reply: Reply, owner: str | None, quotes: int | None = None
    ) -> list[Shot]:
        """Return the requests a reply becomes; its buttons stand under the last.

        Args:
            chat: where it is said.
            reply: what is said.
            owner: who may press its numbered choices.
            quotes: the message it answers.
        """
        place = Place.of(chat)
        text = _with_long_labels(reply)
        pieces = rendering.split(text, TEXT_UNITS, rendering.utf16_units) if text.strip() else []
        whole = Shot(place, "", says=reply, in_danger=reply.in_danger)
        shots = [replace(whole, photo=name) for name in reply.media]
        if len(pieces) == 1 and shots and rendering.utf16_units(text) <= CAPTION_UNITS:
            shots[-1] = replace(shots[-1], text=pieces[0])
        else:
            shots += [replace(whole, text=piece) for piece in pieces]
        if shots:
            shots[0] = replace(shots[0], quotes=quotes)
            keyboard = keyboards.markup(reply, owner, self._username())
            shots[-1] = replace(shots[-1], keyboard=keyboard)
        return shots

    async def shoot(self, shot: Shot) -> None:
        """Carry out one request, simplified as far as Telegram wants it; raises DeliveryError."""
        chat_id = shot.place.chat_id
        left = self._pauses.left(chat_id)
        if left:
            raise errors.Flooded(HAS_TO_WAIT, permanent=False, retry_after=left)
        if not shot.place.is_private:
            left = await self._caps.take(chat_id, in_danger=shot.in_danger)
            if left:
                raise errors.Flooded(GROUP_FULL, permanent=False, retry_after=left)
        simpler: Shot | None = shot
        while simpler is not None:
            shot = simpler
            await self._caps.turn()
            try:
                await self._request(shot)
            except TelegramError as error:
                simpler = await self._after(error, shot)
            else:
                return

    async def _after(self, error: TelegramError, shot: Shot) -> Shot | None:
        """Return what to try instead, or None when there is nothing left to do."""
        if isinstance(error, ChatMigrated):
            if error.new_chat_id == shot.place.chat_id:
                raise errors.as_delivery_error(error, self._client.token)
            await self._on_moved(shot.place.chat_id, error.new_chat_id)
            return replace(shot, place=Place(error.new_chat_id), quotes=None)
        trouble = errors.as_delivery_error(error, self._client.token)
        if isinstance(trouble, errors.Flooded) and trouble.retry_after:
            self._pauses.note(shot.place.chat_id, trouble.retry_after)
        if trouble.permanent or not isinstance(error, BadRequest):
            raise trouble from None
        if errors.says(error, "message is not modified"):
            return None
        simpler = _simpler(error, shot)
        if simpler is None:
            log.error("Telegram refuses a message: %s", trouble.reason)
            raise trouble from None
        return simpler if simpler.text or simpler.photo else None

    async def _request(self, shot: Shot) -> None:
        quoted = None
        if shot.quotes is not None:
            quoted = ReplyParameters(shot.quotes, allow_sending_without_reply=True)
        data = await self._photo(shot.photo) if shot.photo else None
        if data is not None:
            await self._client.send_photo(
                shot.place.chat_id,
                data,
                caption=shot.text or None,
                filename="photo.jpg",
                reply_markup=shot.keyboard,
                message_thread_id=shot.place.thread_id,
                reply_parameters=quoted,
                read_timeout=PHOTO_READ_SECONDS,
            )
        elif shot.text:
            await self._client.send_message(
                shot.place.chat_id,
                shot.text,
                reply_markup=shot.keyboard,
                message_thread_id=shot.place.thread_id,
                reply_parameters=quoted,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )

    async def _photo(self, name: str) -> bytes | None:
        """Return the photograph; without it the words are still said."""
        try:
            return await asyncio.to_thread(self._media.path(name).read_bytes)
        except (OSError, ValueError) as error:
            log.warning("photo %s cannot be read: %s", name, error)
            return None


class _Pauses:
    """The chats that asked to be left alone, and until when on the loop's own clock."""

    def __init__(self) -> None:
        self._until: dict[int, float] = {}

    def note(self, chat_id: int, wait: timedelta) -> None:
        """Leave this chat alone for so long."""
        now = asyncio.get_running_loop().time()
        self._until = {chat: until for chat, until in self._until.items() if until > now}
        self._until[chat_id] = now + wait.total_seconds()

    def left(self, chat_id: int) -> timedelta | None:
        """Return how long this chat still has to be left alone, or None."""
        now = asyncio.get_running_loop().time()
        paused = [until for until in self._until.values() if until > now]
        until = max(paused) if len(paused) >= FLOODED_CHATS else self._until.get(chat_id, now)
        return timedelta(seconds=until - now) if until > now else None


def _simpler(error: BadRequest, shot: Shot) -> Shot | None:
    """Return the request without what Telegram refused, or None when nothing can be left out."""
    if shot.place.thread_id and errors.says(error, "thread not found"):
        return replace(shot, place=Place(shot.place.chat_id))
    if shot.quotes and errors.says(error, "replied not found", "reply not found"):
        return replace(shot, quotes=None)
    if shot.photo:
        log.error("Telegram refuses a photo: %s", error.message)
        return replace(shot, photo=None)
    if shot.keyboard:
        log.error("Telegram refuses buttons: %s", error.message)
        return replace(shot, keyboard=None)
    return None


def _with_long_labels(reply: Reply) -> str:
    """Telephones cut long buttons off: then the choices are also written out."""
    numbered = [choice for choice in reply.choices if choice.number is not None]
    if not reply.large and all(len(choice.label) <= LABEL_SHOWN for choice in numbered):
        return reply.text
    lines = [f"{choice.number} {choice.label}" for choice in numbered]
    return "\n".join([reply.text, *lines])
