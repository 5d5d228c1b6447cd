"""Carries notices out of the outbox: claim, send outside any transaction, mark after each."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from handlers import menus
from handlers.message import Reply, choice_of
from storage import talks
from storage.notices import Notice
from storage.store import Store
from storage.talks import Talk
from storage.transaction import Transaction

log = logging.getLogger(__name__)

AT_ONCE = 10
"""Notices claimed together: as many as may be said twice after a crash."""
RETRY_AFTER = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
)
LOOK_AGAIN_AFTER = timedelta(minutes=10)
GIVE_UP_AFTER = timedelta(hours=24)


class DeliveryError(Exception):
    """The world did not take a message; `permanent` when trying again is no use."""

    def __init__(
        self, reason: str, *, permanent: bool, retry_after: timedelta | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after


class WayClosed(DeliveryError):
    """This way takes nothing now (quota, no consent, not granted); another way may.

    Nothing is wrong with the person or the address.
    """


class Sender(Protocol):
    """The sending side of a channel."""

    async def send(self, chat: str, reply: Reply) -> None:
        """Say something in a chat; raises DeliveryError."""


@dataclass(frozen=True, slots=True)
class _Way:
    """One address a notice can go to."""

    key: str
    channel: str
    chat: str
    user: str | None
    resident_id: int | None


@dataclass(frozen=True, slots=True)
class _Errand:
    notice: Notice
    ways: tuple[_Way, ...]


class Delivery:
    """Sends what is due, through the way each person uses."""

    def __init__(
        self, store: Store, senders: Mapping[str, Sender], clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._senders = senders
        self._clock = clock

    async def deliver_due(self) -> int:
        """Claim and send what is due now, up to AT_ONCE; return how many were claimed."""
        errands = await self._store.run(self._claim)
        by_place: dict[str, list[_Errand]] = {}
        for errand in errands:
            place = errand.ways[0].key if errand.ways else str(errand.notice.id)
            by_place.setdefault(place, []).append(errand)
        await asyncio.gather(*(self._carry_all(errands) for errands in by_place.values()))
        return len(errands)

    def _claim(self, tx: Transaction) -> list[_Errand]:
        now = self._clock()
        claimed = tx.notices.claim_due(now, AT_ONCE)
        return [_Errand(notice, tuple(self._ways(tx, notice))) for notice in claimed]

    def _ways(self, tx: Transaction, notice: Notice) -> list[_Way]:
        if notice.resident_id is not None:
            return [
                _Way(a.key, a.channel, a.chat, a.user, a.resident_id)
                for a in tx.residents.addresses(notice.resident_id)
                if a.unreachable_since is None and a.channel in self._senders
            ]
        assert notice.group_id is not None
        return [
            _Way(a.key, a.channel, a.chat, None, None)
            for a in tx.directory.group_addresses(notice.group_id)
            if a.channel in self._senders
        ]

    async def _carry_all(self, errands: list[_Errand]) -> None:
        for errand in errands:
            await self._carry(errand)

    async def _carry(self, errand: _Errand) -> None:
        notice = errand.notice
        if not errand.ways:
            # A group not bound yet, a person not met yet: it waits for a day.
            nobody = DeliveryError("no address", permanent=False, retry_after=LOOK_AGAIN_AFTER)
            await self._settle_unsaid(notice, nobody)
            return
        reply = reply_of_notice(notice)
        postponed: DeliveryError | None = None
        for way in errand.ways:
            try:
                await self._senders[way.channel].send(way.chat, reply)
            except Exception as trouble:  # noqa: BLE001  whatever it is, the others must be sent
                error = _as_delivery_error(trouble)
                log.warning("notice %s not taken by %s: %s", notice.id, way.channel, error.reason)
                if error.permanent:
                    await self._store.run(_gone(way))
                    continue
                postponed = error
                if isinstance(error, WayClosed):
                    continue
                break
            await self._store.run(_said(notice, way, reply))
            return
        await self._settle_unsaid(notice, postponed)

    async def _settle_unsaid(self, notice: Notice, postponed: DeliveryError | None) -> None:
        now = self._clock()
        if postponed is None:
            await self._store.run(lambda tx: tx.notices.failed(notice, "no way left"))
            return
        reason = postponed.reason
        if now - notice.due_at > GIVE_UP_AFTER:
            await self._store.run(lambda tx: tx.notices.failed(notice, reason))
            return
        step = RETRY_AFTER[min(notice.attempts, len(RETRY_AFTER)) - 1]
        at = now + (postponed.retry_after or step)
        await self._store.run(lambda tx: tx.notices.retry(notice, at, reason))


def _as_delivery_error(trouble: Exception) -> DeliveryError:
    """Return the trouble; a mistake of ours must not keep the other notices from being sent."""
    if isinstance(trouble, DeliveryError):
        return trouble
    log.error("sending failed unexpectedly", exc_info=trouble)
    return DeliveryError(type(trouble).__name__, permanent=False)


def reply_of_notice(notice: Notice) -> Reply:
    """Return the notice as a message, its choices numbered and owned by this menu."""
    reply = Reply(
        text=notice.text,
        choices=tuple(choice_of(choice) for choice in notice.choices),
        media=tuple(notice.media),
    )
    return menus.number([reply], menus.menu_id(notice.id), extras=False)[0]


def _gone(way: _Way) -> Callable[[Transaction], None]:
    def work(tx: Transaction) -> None:
        if way.resident_id is None:
            tx.directory.leave_group(way.key)
        else:
            tx.residents.mark_unreachable(way.key)

    return work


def _said(notice: Notice, way: _Way, reply: Reply) -> Callable[[Transaction], None]:
    def work(tx: Transaction) -> None:
        tx.notices.delivered(notice, via=way.key)
        menu = menus.remembered([reply])
        if menu is None or way.user is None or way.resident_id is None:
            return
        key = talks.key_of(way.channel, way.chat, way.user)
        talk = tx.talks.of(key) or Talk(key, way.channel, way.chat, way.user, way.resident_id)
        tx.talks.keep(replace(talk, menu=menu))

    return work
