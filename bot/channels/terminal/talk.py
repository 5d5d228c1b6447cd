"""The terminal as a channel: one person, numbers instead of buttons, notices in between."""

import asyncio
import contextlib
import itertools
import sys
import threading
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

from rich.console import Console

from bot import clock
from bot.channels.rendering import LIMITS, as_text, render
from bot.channels.terminal import texts
from bot.config import Config
from bot.media import MediaRefused
from bot.wiring import Service
from handlers.delivery import DeliveryError
from handlers.message import Attachment, AttachmentKind, Message, Reply
from storage.residents import address_key
from storage.transaction import Transaction

CHANNEL = "terminal"
NEWCOMER = "me"
ELSEWHERE = ("web", "telegram")
"""Channels that only `xiaoer run` serves."""
ASK_AGAIN = timedelta(minutes=10)


class NoSuchSpeaker(Exception):
    """Nobody of this name can speak here; the message says who can."""


class Screen:
    """Shows messages; the sending side of the channel (`handlers.delivery.Sender`)."""

    def __init__(self, console: Console, chat: str) -> None:
        self._console = console
        self._chat = chat

    async def send(self, chat: str, reply: Reply) -> None:
        """Show a notice; raises DeliveryError for those who are not at this terminal."""
        if chat != self._chat:
            raise _later()
        self.show(reply, texts.NOTICE)

    def show(self, reply: Reply, who: str = texts.BOT) -> None:
        """Show a message as text."""
        for shown in render(reply, LIMITS[CHANNEL]):
            text = texts.said(who, as_text(shown))
            self.tell(f"{text}\n{texts.photos(len(shown.media))}" if shown.media else text)

    def tell(self, text: str) -> None:
        """Show a line of our own."""
        # As it is: brackets are no mark-up here, and lines are the reader's to fold.
        self._console.print(text, markup=False, highlight=False, emoji=False, soft_wrap=True)


class Later:
    """Stands for a channel that is not served here: what is for it waits for `xiaoer run`."""

    async def send(self, chat: str, reply: Reply) -> None:  # noqa: ARG002  a Sender's arguments
        """Refuse for now."""
        raise _later()


def _later() -> DeliveryError:
    reason = "nobody at this terminal: served by xiaoer run"
    return DeliveryError(reason, permanent=False, retry_after=ASK_AGAIN)


async def talk(config: Config, data: Path, speaker: str | None) -> None:
    """Talk until the input ends. Raises NoSuchSpeaker, and what Service.open raises."""
    async with Service.open(config, data=data) as service:
        user = await service.store.run(_user(speaker, demo=config.demo))
        screen = Screen(Console(), user)
        service.senders.update(dict.fromkeys(ELSEWHERE, Later()), **{CHANNEL: screen})
        if sys.stdin.isatty():
            screen.tell(texts.HELLO)
        async with clock.running(*service.moved_by_time):
            async for line in _lines():
                for reply in await _answer(service, screen, user, line):
                    screen.show(reply)
        while await service.delivery.deliver_due():
            pass


def _user(speaker: str | None, *, demo: bool) -> Callable[[Transaction], str]:
    """Return the work that finds whose address speaks here."""

    def work(tx: Transaction) -> str:
        if speaker is None:
            return NEWCOMER
        if not demo:
            raise NoSuchSpeaker(texts.NO_DEMO)
        people = tx.residents.demo_people()
        named = next((person for person in people if person.name == speaker), None)
        if named is None:
            raise NoSuchSpeaker(texts.nobody(speaker, [person.name or "" for person in people]))
        user = f"as-{named.id}"
        if tx.residents.at(address_key(CHANNEL, user)) is None:
            tx.residents.bind(named, CHANNEL, user, user)
        return user

    return work


async def _lines() -> AsyncIterator[str]:
    while True:
        line = await _next_line()
        if line is None or line.strip() in texts.BYE:
            return
        if line.strip():
            yield line


async def _next_line() -> str | None:
    """Wait for a line in a thread that nobody waits for: Ctrl-C must not need a last Enter."""
    loop = asyncio.get_running_loop()
    line: asyncio.Future[str | None] = loop.create_future()

    def settle(read: str | None) -> None:
        if not line.cancelled():
            line.set_result(read)

    def wait() -> None:
        read = _read_line()
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody wants it any more
            loop.call_soon_threadsafe(settle, read)

    threading.Thread(target=wait, name="terminal", daemon=True).start()
    return await line


def _read_line() -> str | None:
    if sys.stdin.isatty():
        try:
            return input(texts.YOU)
        except EOFError:
            return None
    line = sys.stdin.buffer.readline()
    return line.decode("utf-8", "replace") if line else None


def _read(path: str) -> bytes:
    return Path(path).expanduser().read_bytes()


_count = itertools.count(1)


async def _answer(service: Service, screen: Screen, user: str, line: str) -> list[Reply]:
    attachments = []
    for found in texts.PHOTO.finditer(line):
        path = found["path"]
        try:
            data = await asyncio.to_thread(_read, path)
            attachments.append(
                Attachment(AttachmentKind.PHOTO, media=await service.media.keep(data))
            )
        except OSError:
            screen.tell(texts.no_photo(path))
            return []
        except MediaRefused:
            screen.tell(texts.bad_photo(path))
            return []
    now = service.clock()
    message = Message(
        channel=CHANNEL,
        chat=user,
        sender=user,
        text=texts.PHOTO.sub("", line).strip(),
        platform_id=f"{user}:{now.timestamp():.6f}:{next(_count)}",
        attachments=tuple(attachments),
    )
    return await service.dispatcher.handle(message)
