"""WeCom's customer service: rings, is fetched from where we stopped, and answered."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.channels.tencent import xml
from bot.channels.tencent.errors import ApiTrouble
from bot.channels.tencent.photos import MediaStore
from bot.channels.tencent.xml import Fields
from bot.channels.wecom import kf_reading
from bot.channels.wecom.account import Account
from bot.channels.wecom.door import Door
from bot.channels.wecom.kf_reading import (
    ACCOUNT,
    CHANNEL,
    Bounced,
    Entered,
    Event,
    Heard,
    Served,
    Unreadable,
)
from bot.channels.wecom.kf_sender import Allowance, KfSender, NotNow
from bot.channels.wecom.kf_service import Service, talk_key
from bot.channels.wecom.pace import Pace
from bot.channels.wecom.photos import Photos
from handlers.delivery import DeliveryError
from handlers.handover import desk as handover
from handlers.message import Message, Reply, reply_of
from handlers.outreach import ladder
from storage.faults import StoreUnavailable
from storage.residents import address_key
from storage.store import Store
from storage.transaction import Transaction
from storage.words import Servant

if TYPE_CHECKING:
    from handlers.dispatcher import Dispatcher

log = logging.getLogger(__name__)

RING = "kf_msg_or_event"
AT_ONCE = 100
"""Messages a fetch may bring; the platform gives up to 1,000."""
WELCOME_WITHIN = timedelta(seconds=20)
ANSWER_TRIED_FOR = timedelta(minutes=10)
"""How old a message may be whose answer is waited for before those behind it are fetched."""
FAIL_CLOSES = {4, 5, 6}
"""fail_type: too late, the talk is over, or more than five."""


class KfChannel:
    """All accounts of the customer service that one secret opens."""

    def __init__(
        self,
        account: Account,
        door: Door,
        dispatcher: "Dispatcher",
        store: Store,
        media: MediaStore,
        *,
        clock: Callable[[], datetime],
        hands_over: bool = True,
        allowance: Allowance | None = None,
        pace: Pace | None = None,
    ) -> None:
        """Prepare; nothing is fetched before `start` or a ring.

        Args:
            account: the secret of the customer service.
            door: what posts are checked by.
            dispatcher: who answers.
            store: where the cursor stands and what was said is counted.
            media: where photographs are kept.
            clock: tells the time.
            hands_over: whether members answer in their own WeCom when a person is asked for.
            allowance: how much may be said after a customer's message.
            pace: how long to wait for what.
        """
        self.door = door
        self.clock = clock
        self._account = account
        self._dispatcher = dispatcher
        self._store = store
        self._pace = pace or Pace()
        self._photos = Photos(account, media)
        self._service = Service(account, store, hands_over=hands_over)
        self.sender = KfSender(
            account, store, self._photos, self._service, allowance or Allowance()
        )
        self._cursors: dict[str, str] = {}
        """As last read; the database has them too, but may be down."""
        self._unstored: set[str] = set()
        """Accounts that are read further than the database could be told."""
        self._rung: dict[str, str] = {}
        """By account: the token of the newest ring that is not answered yet."""
        self._met: set[str] = set()
        self._fetching: dict[str, asyncio.Task[None]] = {}
        self._looking: asyncio.Task[None] | None = None

    # Life

    async def start(self) -> None:
        """Fetch what came while nobody ran, and go on looking now and then."""
        assert self._looking is None, "start only once"
        self._looking = asyncio.create_task(self._look())

    async def stop(self) -> None:
        """Finish what is being fetched, for a moment; the rest is fetched at the next start."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
            self._looking = None
        if self._fetching:
            tasks = set(self._fetching.values())
            _, late = await asyncio.wait(tasks, timeout=self._pace.farewell.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._account.close()

    # Receiving

    def ring(self, fields: Fields) -> None:
        """Take note that there is something to fetch, and return at once."""
        account = xml.text(fields, "OpenKfId")
        if xml.text(fields, "Event") == RING and ACCOUNT.fullmatch(account):
            self._fetch_soon(account, xml.text(fields, "Token")[:200])

    async def settled(self) -> None:
        """Wait until everything that rang is fetched and answered."""
        while self._fetching:
            await asyncio.wait(set(self._fetching.values()))

    def _fetch_soon(self, account: str, token: str) -> None:
        self._met.add(account)
        self._rung[account] = token
        if account not in self._fetching:
            task = asyncio.create_task(self._fetch_all(account))
            self._fetching[account] = task
            task.add_done_callback(lambda _: self._fetching.pop(account, None))

    async def _look(self) -> None:
        while True:
            try:
                accounts = await self._store.run(lambda tx: tx.customers.accounts())
                # Of a new account nothing may have been fetched whole yet.
                for account in {*accounts, *self._met}:
                    self._fetch_soon(account, "")
            except StoreUnavailable as unavailable:
                log.warning("nothing was looked for: the database is %s", unavailable.kind.value)
            await asyncio.sleep(self._pace.look_again.total_seconds())

    async def _fetch_all(self, account: str) -> None:
        while account in self._rung:
            token = self._rung.pop(account)
            try:
                await self._fetch(account, token)
            except (ApiTrouble, DeliveryError, StoreUnavailable, Unreadable) as trouble:
                log.warning("customer service %s was not fetched: %s", account, trouble)
            except Exception:
                log.exception("fetching customer service %s failed; it is tried again", account)

    async def _fetch(self, account: str, token: str) -> None:
        more = True
        while more:
            cursor = await self._cursor(account)
            asked = {"cursor": cursor, "token": token, "limit": AT_ONCE, "open_kfid": account}
            answer = await self._account.post("/cgi-bin/kf/sync_msg", asked)
            page = kf_reading.page(answer)
            await self._all(page.items)
            if page.cursor and page.cursor != cursor:
                # Only now: should we die before, all of it is fetched again and known by its ids.
                self._cursors[account] = page.cursor
                self._unstored.add(account)
                await self._store_cursor(account)
            more = page.more and page.cursor != cursor

    async def _store_cursor(self, account: str) -> None:
        await self._store.run(_moved(account, self._cursors[account]))
        self._unstored.discard(account)

    async def _cursor(self, account: str) -> str:
        """Return how far was read; what was answered without the database is not read again."""
        try:
            if account in self._unstored:
                await self._store_cursor(account)
            else:
                cursor = await self._store.run(lambda tx: tx.customers.cursor(account))
                self._cursors[account] = cursor
        except StoreUnavailable:
            if account not in self._cursors:
                raise
        return self._cursors[account]

    async def _all(self, items: Sequence[object]) -> None:
        """Handle these: each customer's in order, customers side by side."""
        by_customer: dict[str, list[Event]] = {}
        for item in items:
            try:
                event = kf_reading.read(item, self.clock())
            except Unreadable as error:
                log.warning("an item of the customer service cannot be read: %s", error)
                continue
            if event is not None:
                by_customer.setdefault(_lane(event), []).append(event)
        lanes = (self._in_order(events) for events in by_customer.values())
        for trouble in await asyncio.gather(*lanes, return_exceptions=True):
            if trouble is not None:
                raise trouble

    async def _in_order(self, events: Sequence[Event]) -> None:
        for event in events:
            match event:
                case Heard():
                    await self._heard(event)
                case Entered():
                    await self._entered(event)
                case Bounced():
                    await self._store.run(partial(_bounced, event))
                case Served():
                    await self._store.run(partial(_served, event))

    async def _heard(self, heard: Heard) -> None:
        message, complaint = heard.message, ""
        await self._open_window(heard)
        if heard.media_id is not None:
            photos, complaint = await self._photos.fetch(heard.media_id)
            message = replace(message, attachments=(*message.attachments, *photos))
        replies = await self._dispatcher.handle(message)
        if complaint:
            replies = [Reply(complaint), *replies]
        if not self._dispatcher.hears_danger(message):
            replies = [*replies, *await self._left_over(message)]
        try:
            await self.sender.answer(message.chat, replies, message.platform_id)
        except DeliveryError as error:
            is_young = self.clock() - heard.sent_at < ANSWER_TRIED_FOR
            if isinstance(error, NotNow) and is_young:
                raise
            log.warning("message %s is not answered: %s", message.needs.inbox, error.reason)

    async def _left_over(self, message: Message) -> list[Reply]:
        """Return what was too much for the last window; for the same message the same again."""
        key = message.needs.inbox
        try:
            kept = await self._store.run(
                lambda tx: tx.late_answers.hand_out(CHANNEL, message.chat, key)
            )
        except StoreUnavailable:
            return []
        return [reply_of(reply) for some in kept for reply in some]

    async def _open_window(self, heard: Heard) -> None:
        """Five more may be said; a message fetched twice opens nothing twice."""

        def work(tx: Transaction) -> None:
            if tx.inbox.seen(heard.message.needs.inbox) is None:
                self.sender.opens(tx, heard.message.sender, heard.sent_at)

        try:
            await self._store.run(work)
        except StoreUnavailable as unavailable:
            log.warning("a window is not counted: %s", unavailable.kind.value)

    async def _entered(self, entered: Entered) -> None:
        """Greet whoever opens the talk; the code works once, and not for long."""
        if self.clock() - entered.sent_at >= WELCOME_WITHIN:
            return
        key = entered.message.needs.inbox
        if await self._store.run(lambda tx: tx.inbox.seen(key)) is not None:
            return
        replies = await self._dispatcher.handle(entered.message)
        try:
            if replies:
                await self.sender.greet(entered.code, replies[0])
        except (ApiTrouble, StoreUnavailable) as trouble:
            log.warning("a greeting was not taken: %s", trouble)


def _moved(account: str, cursor: str) -> Callable[[Transaction], None]:
    return lambda tx: tx.customers.move_cursor(account, cursor)


def _lane(event: Event) -> str:
    match event:
        case Heard() | Entered():
            return event.message.chat
        case Served():
            return event.chat
        case Bounced():
            return ""


def _bounced(event: Bounced, tx: Transaction) -> None:
    """Have the notice that did not arrive said again, by another way where this one is closed."""
    found = tx.customers.failed(event.number, str(event.why))
    if found is None:
        return
    address, notice_id, bounces = found
    reason = f"{CHANNEL}: not delivered, {event.why}"
    ladder.bounced(tx, notice_id, bounces, address, reason, closed=True)
    if event.why in FAIL_CLOSES:
        tx.quotas.close(address)
    else:
        tx.residents.mark_unreachable(address)
        tx.loaded.forget_residents()


def _served(event: Served, tx: Transaction) -> None:
    """Note who serves the customer: a person silences the bot, the end of it brings it back."""
    address = address_key(CHANNEL, event.user)
    if event.by is None:
        tx.customers.serve(address, Servant.BOT)
        handover.ended_elsewhere(tx, talk_key(event.chat))
        return
    tx.customers.serve(address, Servant.HUMAN)
    member = tx.residents.at(address_key("wecom", event.by))
    handover.taken_elsewhere(tx, talk_key(event.chat), member.id if member else None)
