"""The whole house behind the Telegram peer: real channel, dispatcher, delivery, store and file."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from PIL import Image

from bot.channels.telegram.channel import Mode, TelegramChannel
from bot.channels.telegram.pace import Pace
from bot.media import MediaStore
from handlers.current import Current
from handlers.delivery import Delivery
from handlers.dispatcher import Dispatcher
from handlers.message import Choice
from handlers.residents.texts import newcomer_line
from handlers.street import Street
from handlers.texts import welcome
from storage.residents import address_key
from storage.spool import Spool
from storage.store import Store
from storage.transaction import Transaction
from storage.words import GroupKind
from tests.houses import a_reminder, knowledge
from tests.peers.telegram.server import TelegramPeer
from tests.peers.telegram.shapes import Chat, User
from tests.peers.telegram.transcript import Answer
from tests.stores import Clock, Database, usual_database

R = TypeVar("R")

STREET = Street("洲头街")
WELCOME = welcome(STREET.name)
GROUP_ID = -1001234567890
QUICK = Pace(
    first_retry=timedelta(milliseconds=20),
    longest_retry=timedelta(milliseconds=100),
    conflict=timedelta(milliseconds=50),
    refused=timedelta(milliseconds=50),
    turn=timedelta(milliseconds=50),
    long_poll=timedelta(seconds=5),
    look_again=timedelta(milliseconds=50),
    album=timedelta(milliseconds=200),
    tend=timedelta(milliseconds=100),
    farewell=timedelta(seconds=1),
    a_second=3000,
)


def a_photo(colour: str = "red") -> bytes:
    """Return a real photograph, each colour another one."""
    data = BytesIO()
    Image.new("RGB", (16, 16), colour).save(data, "JPEG")
    return data.getvalue()


@dataclass
class House:
    """One running service, and the people around it."""

    peer: TelegramPeer
    clock: Clock
    folder: Path
    database: Database
    store: Store
    media: MediaStore
    channel: TelegramChannel
    delivery: Delivery

    async def heard(self, user: User, after: int = 0) -> str:
        """Return the newest thing the bot said to this person, without the newcomer's line."""
        await self.peer.next_message(user, after)
        return self.said(user)[-1]

    def said(self, chat: User | Chat) -> list[str]:
        """Return what the bot said there, without the newcomer's line."""
        line = newcomer_line(STREET.name) + "\n"
        return [message.text.removeprefix(line) for message in self.peer.messages_to(chat)]

    async def answer_to(self, press: str) -> Answer:
        """Return what ended the waiting sign on a pressed button."""
        await self.peer.wait_for(lambda: self.peer.answer_to(press))
        answer = self.peer.answer_to(press)
        assert answer is not None
        return answer

    def photos_kept(self) -> list[str]:
        """Return the names of the photographs in the media store."""
        return sorted(file.name for file in (self.folder / "media").rglob("*.jpg"))

    async def settled(self) -> None:
        """Wait until the bot has confirmed every update."""
        await self.peer.drained()

    async def run(self, work: Callable[[Transaction], R]) -> R:
        return await self.store.run(work)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Look into the database from outside."""
        return [tuple(row) for row in self.database.run(query)]

    async def bind_group(
        self,
        chat: Chat | str,
        name: str = "芳草苑居民群",
        kind: GroupKind = GroupKind.RESIDENTS,
    ) -> int:
        """Let a chat be a group of the street; return the group's id."""
        where = chat if isinstance(chat, str) else str(chat.id)
        group_id = 1 + len(self.rows("SELECT id FROM groups"))
        row: dict[str, object] = {
            "id": group_id,
            "community_id": None,
            "name": f"{name}{group_id}",
            "kind": kind,
            "demo": False,
        }

        def work(tx: Transaction) -> None:
            tx.directory.add("groups", [row])
            tx.directory.bind_group("telegram", where, group_id)

        await self.store.run(work)
        return group_id

    async def remind(self, user: User, words: str, *choices: Choice, media: str = "") -> None:
        """Put a notice to this person into the outbox and deliver what is due."""
        await self.store.run(
            a_reminder(
                address_key("telegram", str(user.id)), words, choices, [media] if media else ()
            )
        )
        await self.delivery.deliver_due()


@asynccontextmanager
async def a_house(
    peer: TelegramPeer,
    clock: Clock,
    folder: Path,
    *,
    mode: Mode = Mode.POLL,
    webhook_url: str = "",
    webhook_secret: str = "",
    wake_words: tuple[str, ...] = ("小二",),
    pace: Pace = QUICK,
    started: bool = True,
    database: Database | None = None,
) -> AsyncIterator[House]:
    """Open the house on this folder; entering it again is a restart."""
    database = database or usual_database(folder)
    store = database.open(clock)
    media = MediaStore(folder / "media")
    dispatcher = Dispatcher(
        store, Current(knowledge()), STREET, clock, Spool(folder / "alarms.jsonl")
    )
    channel = TelegramChannel(
        peer.token,
        dispatcher,
        store,
        media,
        clock=clock,
        api_url=peer.root_url,
        mode=mode,
        webhook_url=webhook_url,
        webhook_secret=webhook_secret,
        wake_words=wake_words,
        pace=pace,
    )
    delivery = Delivery(store, {"telegram": channel.sender}, clock)
    try:
        if started:
            await channel.start()
        yield House(peer, clock, folder, database, store, media, channel, delivery)
    finally:
        await channel.stop()
        store.close()
