"""Telegram as a channel: connects in the background, takes what is said, says what is answered."""

import asyncio
import dataclasses
import logging
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram import changes, errors, inbound, reading, texts, webhook
from bot.channels.telegram.addressing import Me
from bot.channels.telegram.caps import Caps
from bot.channels.telegram.client import Client
from bot.channels.telegram.decode import WANTED, Update
from bot.channels.telegram.inbound import Inbound, message_of
from bot.channels.telegram.line import Line, State
from bot.channels.telegram.outbound import Outbound
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.parts import Parts
from bot.channels.telegram.pictures import MediaStore, Pictures
from bot.channels.telegram.places import CHANNEL
from bot.channels.telegram.poll import Poll
from bot.channels.telegram.reading import Event, Heard, Membership, Moved, Pressed
from bot.channels.telegram.sender import Sender, Shot
from bot.channels.telegram.unsaid import Unsaid
from handlers import texts as shared
from handlers.message import Message, Reply
from storage.faults import StoreUnavailable
from storage.inbox import key_of
from storage.seats import Lease
from storage.store import Store
from storage.transaction import Transaction

if TYPE_CHECKING:
    from handlers.dispatcher import Dispatcher

log = logging.getLogger(__name__)


WEBHOOK_CONNECTIONS = 40
WEBHOOK_NEEDS = "a webhook needs its address and a secret of 1-256 A-Z a-z 0-9 _ -"
LOOK_AFTER_WEBHOOK = timedelta(minutes=5)


class Mode(StrEnum):
    """How updates are received."""

    POLL = "poll"
    WEBHOOK = "webhook"


class TelegramChannel:
    """One bot."""

    def __init__(
        self,
        token: str,
        dispatcher: "Dispatcher",
        store: Store,
        media: MediaStore,
        *,
        clock: Callable[[], datetime],
        api_url: str | None = None,
        mode: Mode | str = Mode.POLL,
        webhook_url: str = "",
        webhook_secret: str = "",
        wake_words: Sequence[str] = (),
        pace: Pace | None = None,
    ) -> None:
        """Prepare; nothing is sent before `start`.

        Args:
            token: as BotFather gave it.
            dispatcher: who answers.
            store: where it is noted who blocked the bot and which group it left.
            media: where photographs are kept.
            clock: tells how old a message is.
            api_url: an own Bot API server; None for Telegram's.
            mode: `poll`, or `webhook` (then the next two are needed).
            webhook_url: the public https address of bot/web/telegram_route.py.
            webhook_secret: 1-256 of A-Z a-z 0-9 _ -.
            wake_words: words that call the bot at the beginning of a message in a group.
            pace: how long to wait for what.
        """
        self.mode = Mode(mode)
        if self.mode is Mode.WEBHOOK and not (
            webhook_url and webhook.SECRET.fullmatch(webhook_secret)
        ):
            raise ValueError(WEBHOOK_NEEDS)
        self.secret = webhook_secret
        self._webhook_url = webhook_url
        self._wake_words = tuple(wake_words)
        self._pace = pace or Pace()
        self._dispatcher = dispatcher
        self._store = store
        self._clock = clock
        self._me: Me | None = None
        self._client = Client(token, api_url)
        self._line = Line(token, self._pace)
        self._pictures = Pictures(self._client, media, self._pace)
        caps = Caps(self._pace, store)
        self.sender = Sender(self._client, media, self._username, self._follow, caps)
        self._inbound = Inbound(self._work, self._pace, self._apologise, self._is_danger)
        self._outbound = Outbound(self.sender.shoot, self._pace)
        self._parts = Parts(store)
        is_ours = partial(store.holds, Lease.TELEGRAM)
        self._poll = Poll(self._client, self._line, self._pace, self.take, is_ours)
        self._small_talk: set[asyncio.Task[None]] = set()
        """Ends of spinners and apologies: said beside everything else, and never waited for."""
        self._connection: asyncio.Task[None] | None = None

    # Life

    async def start(self) -> None:
        """Begin to connect and return at once; it is tried again until `stop`."""
        assert self._connection is None, "start only once"
        self._line.state = State.CONNECTING
        self._connection = asyncio.create_task(self._connect())
        self._connection.add_done_callback(_report)

    async def stop(self) -> None:
        """Receive no more, finish what is being handled, say what is still to be said."""
        if self._connection is None:
            return
        self._connection.cancel()
        await asyncio.gather(self._connection, return_exceptions=True)
        await self._let_go(await self._inbound.close(self._pace.farewell))
        for task in self._small_talk:
            task.cancel()
        await asyncio.gather(*self._small_talk, return_exceptions=True)
        await self._outbound.close(self._pace.farewell)
        if self.mode is Mode.POLL and self._line.state is State.WORKING:
            await self._poll.confirm(self._pace.farewell)
        await self._client.close_lines()
        self._me, self._connection = None, None
        self._line.state = State.STOPPED

    @property
    def is_ready(self) -> bool:
        """Whether updates can be handled: Telegram has told us who we are."""
        return self._me is not None

    @property
    def status(self) -> str:
        """How the channel is doing, in plain words for the health page."""
        reads_all = self._me is not None and self._me.reads_all
        return self._line.words(polling=self.mode is Mode.POLL, reads_all=reads_all)

    @property
    def state(self) -> State:
        """How the channel is doing."""
        return self._line.state

    @property
    def works(self) -> bool:
        """Whether Telegram answers, or is only just being asked."""
        return self._line.state in {State.WORKING, State.CONNECTING}

    # Receiving

    def take(self, update: Update) -> "asyncio.Task[None] | None":
        """Have an update handled; the task ends when its effects are stored.

        None when this update was settled before. Needs `is_ready`.
        """
        assert self._me is not None
        known = update.update_id in self._inbound.running
        task = self._inbound.take(update)
        if task is not None and not known and update.callback_query is not None:
            event = reading.read(update, self._me, self._clock())
            if isinstance(event, Pressed):
                self._beside(self._stop_spinner(event))
        return task

    async def take_part(self, part: Update) -> bool:
        """Keep a part of an album, to be handled with the others; False when that cannot be done.

        Telegram sends none of them again, and the next one only after this. Needs `is_ready`.
        """
        try:
            is_ours = await self._parts.keep(part)
        except StoreUnavailable as unavailable:
            log.warning("a part of an album was not kept: %s", unavailable.kind.value)
            return False
        if is_ours:
            self.take(part)
        return True

    async def _connect(self) -> None:
        while True:
            try:
                await self._introduce()
                break
            except TelegramError as error:
                await asyncio.sleep(self._line.failed(error).total_seconds())
                if self._line.is_suspect():
                    await self._client.reconnect()
        if self.mode is Mode.POLL:
            await self._poll.run()
        await asyncio.gather(self._look_after_webhook(), self._look_after_parts())

    async def _introduce(self) -> None:
        myself = await self._client.myself()
        self._me = Me(
            myself.id, myself.username, self._wake_words, myself.can_read_all_group_messages
        )
        if self.mode is Mode.WEBHOOK:
            await self._set_webhook()
        self._line.works()
        await self._show_commands()

    async def _set_webhook(self) -> None:
        await self._client.set_webhook(
            self._webhook_url,
            secret_token=self.secret,
            allowed_updates=WANTED,
            max_connections=WEBHOOK_CONNECTIONS,
        )

    async def _look_after_webhook(self) -> None:
        """Ask now and then whether Telegram is still there; nothing else would show it."""
        wait = LOOK_AFTER_WEBHOOK
        while True:
            await asyncio.sleep(wait.total_seconds())
            try:
                await self._client.myself()
            except TelegramError as error:
                wait = self._line.failed(error)
            else:
                wait = LOOK_AFTER_WEBHOOK
                self._line.works()

    async def _look_after_parts(self) -> None:
        """Handle now and then what was kept of albums and never handled."""
        while True:
            for part in await self._parts.left_behind():
                if self.take(part) is None:
                    await self._parts.handled([part])
            await asyncio.sleep(self._pace.tend.total_seconds())

    async def _show_commands(self) -> None:
        try:
            await self._client.set_my_commands(texts.COMMANDS)
        except TelegramError as error:
            log.info("commands were not set: %s", self._describe(error))

    # Handling

    async def _work(self, parts: Sequence[Update]) -> None:
        is_kept = self.mode is Mode.WEBHOOK and inbound.album_of(parts[0]) is not None
        if is_kept:
            parts = await self._parts.whole(parts)
        await self._happened(self._read(parts))
        if is_kept:
            for late in await self._parts.handled(parts):
                self.take(late)

    def _read(self, parts: Sequence[Update]) -> Event | None:
        assert self._me is not None
        now = self._clock()
        if len(parts) == 1:
            return reading.read(parts[0], self._me, now)
        return reading.read_album(parts, self._me, now)

    async def _happened(self, event: Event | None) -> None:
        match event:
            case Heard():
                await self._answer(event)
            case Pressed(heard=Heard() as heard):
                await self._answer(heard)
            case Membership():
                await self._note(changes.membership(event))
            case Moved():
                await self._note(changes.moved(event))
            case Pressed() | None:
                pass

    def _is_danger(self, update: Update) -> bool:
        assert self._me is not None
        event = reading.read(update, self._me, self._clock())
        return isinstance(event, Heard) and self._dispatcher.hears_danger(event.message)

    async def _answer(self, heard: Heard) -> None:
        message = heard.message
        in_danger = bool(heard.pictures) and self._dispatcher.hears_danger(message)
        if in_danger:
            await self._reply(heard, message, await self._dispatcher.handle(message))
            # The pictures come after the number, as a message of their own.
            message = replace(message, text="", platform_id=f"{message.platform_id}:pictures")
        pictures, complaints = await self._pictures.fetch(heard.pictures)
        message = replace(message, attachments=(*message.attachments, *pictures))
        if in_danger and message.is_group and not message.photos:
            # Nobody is asked before all the others to send it again.
            return
        replies = await self._dispatcher.handle(message)
        if complaints and replies:
            # Where nothing is said, another worker answers.
            replies = [*replies, *(Reply(complaint) for complaint in complaints)]
        await self._reply(heard, message, replies)

    async def _reply(self, heard: Heard, message: Message, replies: Sequence[Reply]) -> None:
        quotes = heard.message_id if message.is_group else None
        in_danger = message.is_group and bool(replies) and self._dispatcher.hears_danger(message)
        shots: list[Shot] = []
        for reply in replies:
            shots += self.sender.shots(message.chat, reply, message.sender, quotes)
            quotes = None
        unsaid = Unsaid(
            self._store, message, self._clock(), self._username(), self._dispatcher.hears_danger
        )
        await self._outbound.say(
            [dataclasses.replace(shot, in_danger=in_danger) for shot in shots], unsaid
        )

    async def _let_go(self, stopped: Sequence[int]) -> None:
        """Leave the answers to these updates to the worker that gets them again."""
        keys = [key_of(CHANNEL, str(number)) for number in stopped]
        if keys:
            await self._note(lambda tx: tx.inbox.let_go(keys))

    async def _note(self, work: Callable[[Transaction], None]) -> None:
        """Note a change of the chats; a failed sending brings it up again when this fails."""
        try:
            await self._store.run(work)
        except StoreUnavailable as unavailable:
            log.warning("a change of a chat was not stored: %s", unavailable.kind)

    async def _follow(self, old_id: int, new_id: int) -> None:
        await self._note(changes.moved(Moved(old_id, new_id)))

    def _beside(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._small_talk.add(task)
        task.add_done_callback(self._small_talk.discard)

    def _apologise(self, update: Update) -> None:
        """Say that a mistake of ours ate a message; in a group it may not have been for us."""
        message = message_of(update)
        if message is None or message.chat.id < 0:
            return
        reply = Reply(shared.our_mistake(str(update.update_id)))
        shots = self.sender.shots(str(message.chat.id), reply, owner=None)
        self._beside(self._outbound.say(shots))

    async def _stop_spinner(self, press: Pressed) -> None:
        """End the waiting sign on the button at once, however long the answer takes."""
        try:
            await self._client.answer_callback_query(
                press.callback_id, press.refusal or None, show_alert=bool(press.refusal) or None
            )
        except BadRequest as error:
            if not errors.says(error, "query is too old"):
                log.warning("a press: %s", self._describe(error))
        except TelegramError as error:
            log.info("a press: %s", self._describe(error))

    def _username(self) -> str:
        return self._me.username if self._me else ""

    def _describe(self, error: TelegramError) -> str:
        return errors.describe(error, self._client.token)


def _report(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and task.exception() is not None:
        log.critical("Telegram's connection ended by a mistake", exc_info=task.exception())
