"""Puts the parts together: configuration in, a service that can be spoken to out."""

from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bot import folder, texts
from bot.config import Config
from bot.folder import FolderUnusable
from bot.importing.reading import read
from bot.importing.writing import Writer
from bot.media import MediaStore
from handlers.current import Current
from handlers.delivery import Delivery, Sender
from handlers.dispatcher import Dispatcher
from handlers.law import changes
from handlers.street import Street
from knowledge.reading import Knowledge
from storage.engine import BUSY_TIMEOUT
from storage.opening import open_newest
from storage.spool import Spool
from storage.store import Store
from storage.transaction import Transaction

ALARMS = "alarms.jsonl"
MEDIA = "media"
DEMO = Path(__file__).parent / "demo"


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Service:
    """Everything behind the channels."""

    config: Config
    data: Path
    clock: Callable[[], datetime]
    street: Street
    store: Store
    current: Current
    """The knowledge in use."""
    spool: Spool
    media: MediaStore
    dispatcher: Dispatcher
    delivery: Delivery
    senders: dict[str, Sender] = field(default_factory=dict)
    """By channel; a channel that starts puts its own here, and notices go that way."""

    @property
    def moved_by_time(
        self,
    ) -> tuple[Store, Spool, Street, Current, Delivery, MediaStore, Callable[[], datetime]]:
        """Return what bot/clock.py needs."""
        return (
            self.store,
            self.spool,
            self.street,
            self.current,
            self.delivery,
            self.media,
            self.clock,
        )

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        config: Config,
        *,
        data: Path,
        clock: Callable[[], datetime] = now,
        knowledge: Knowledge | None = None,
        busy_timeout: timedelta = BUSY_TIMEOUT,
        luck: Random | None = None,
    ) -> AsyncIterator["Service"]:
        """Open the data folder, bring its database up to date, and seed the demo street.

        Raises FolderUnusable when another process has the folder, and DatabaseUnusable.
        Nothing here listens or sends: that is for the caller, who adds senders.
        """
        with ExitStack() as stack:
            stack.enter_context(folder.claimed(data, shared=config.has_workers(data)))
            store = open_store(config, data, clock=clock, busy_timeout=busy_timeout, luck=luck)
            stack.callback(store.close)
            yield await cls._built(config, data, clock, store, knowledge or Knowledge.load())

    @classmethod
    async def _built(
        cls,
        config: Config,
        data: Path,
        clock: Callable[[], datetime],
        store: Store,
        knowledge: Knowledge,
    ) -> "Service":
        if config.demo:
            await _seed(store)
        await store.run(lambda tx: tx.notices.free_claims())
        street = config.facts()
        await store.run(lambda tx: changes.settle(tx, knowledge))
        current = Current(knowledge)
        await current.refresh(store, clock())
        spool = Spool(data / ALARMS)
        senders: dict[str, Sender] = {}
        return cls(
            config=config,
            data=data,
            clock=clock,
            street=street,
            store=store,
            current=current,
            spool=spool,
            media=MediaStore(data / MEDIA),
            dispatcher=Dispatcher(store, current, street, clock, spool),
            delivery=Delivery(store, senders, clock, config.notices.daily_cap),
            senders=senders,
        )


def open_store(
    config: Config,
    data: Path,
    *,
    clock: Callable[[], datetime] = now,
    busy_timeout: timedelta = BUSY_TIMEOUT,
    worker: int = 0,
    luck: Random | None = None,
) -> Store:
    """Return the store over the newest layout; `worker` keeps ids of several processes apart.

    Raises FolderUnusable or DatabaseUnusable.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FolderUnusable(texts.NO_FOLDER.format(folder=data, reason=reason)) from None
    engine = open_newest(config.database_url(data), busy_timeout)
    return Store(engine, worker=worker, clock=clock, luck=luck)


async def _seed(store: Store) -> None:
    """Import the demo street into a database that has no street."""
    if not await store.run(lambda tx: tx.directory.is_empty()):
        return
    sheets = read(DEMO)

    def seed(tx: Transaction) -> None:
        # Another worker may have been faster.
        if tx.directory.is_empty():
            Writer(tx, demo=True).write(sheets)

    await store.run(seed)
