"""Carries notices out of the outbox: claim, send outside any transaction, mark after each."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from handlers import menus
from handlers.message import Reply, choice_of
from handlers.outreach import fitting_in, ladder, rules
from handlers.outreach.ladder import Errand, Trouble, Way
from storage.notices import Notice
from storage.store import Store
from storage.transaction import Transaction
from storage.words import StepOutcome

log = logging.getLogger(__name__)

AT_ONCE = 10
"""Notices claimed together: as many as may be said twice after a crash."""


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


class Kept(DeliveryError):
    """It lies where the person will read it when they come; until then nobody was reached."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=False)


class Sender(Protocol):
    """The sending side of a channel."""

    async def send(self, chat: str, reply: Reply) -> None:
        """Say something in a chat; raises DeliveryError."""


class Delivery:
    """Sends what is due, on the ways each person has, one after the other."""

    def __init__(
        self,
        store: Store,
        senders: Mapping[str, Sender],
        clock: Callable[[], datetime],
        daily_cap: int = rules.DAILY_CAP,
    ) -> None:
        self._store = store
        self._senders = senders
        self._clock = clock
        self._daily_cap = daily_cap

    async def deliver_due(self) -> int:
        """Claim and send what is due now, up to AT_ONCE; return how many were claimed."""
        claimed, errands = await self._store.run(self._claim)
        by_place: dict[str, list[Errand]] = {}
        for errand in errands:
            place = errand.ways[0].key if errand.ways else str(errand.notice.id)
            by_place.setdefault(place, []).append(errand)
        await asyncio.gather(*(self._carry_all(errands) for errands in by_place.values()))
        return claimed

    def _claim(self, tx: Transaction) -> tuple[int, list[Errand]]:
        claimed = tx.notices.claim_due(self._clock(), AT_ONCE)
        return len(claimed), ladder.plan(tx, claimed, self._senders, self._daily_cap)

    async def _carry_all(self, errands: list[Errand]) -> None:
        for errand in errands:
            await self._carry(errand)

    async def _carry(self, errand: Errand) -> None:
        """Take the ways in order until one arrives."""
        shown, rest = fitting_in.shown(errand, reply_of_notice(errand.notice))
        troubles: list[Trouble] = []
        for way in errand.ways:
            trouble = await self._try(errand.notice, way, shown)
            if trouble is None:
                await self._store.run(_said(errand, tuple(troubles), way, shown, rest))
                return
            troubles.append(trouble)
            waits = trouble.outcome is StepOutcome.LATER
            if waits and not rules.takes_next_way(errand.notice.attempts, trouble.retry_after):
                break
        await self._store.run(lambda tx: ladder.unsaid(tx, errand, troubles))

    async def _try(self, notice: Notice, way: Way, shown: Sequence[Reply]) -> Trouble | None:
        try:
            for reply in shown:
                await self._senders[way.channel].send(way.chat, reply)
        except Exception as trouble:  # noqa: BLE001  whatever it is, the others must be sent
            error = _as_delivery_error(trouble)
            log.warning("notice %s not taken by %s: %s", notice.id, way.channel, error.reason)
            return Trouble(way, _outcome(error), error.reason, error.retry_after)
        return None


def _outcome(error: DeliveryError) -> StepOutcome:
    match error:
        case Kept():
            return StepOutcome.KEPT
        case WayClosed():
            return StepOutcome.USED_UP
        case _:
            return StepOutcome.REFUSED if error.permanent else StepOutcome.LATER


def _said(
    errand: Errand,
    troubles: tuple[Trouble, ...],
    way: Way,
    shown: Sequence[Reply],
    rest: Sequence[str],
) -> Callable[[Transaction], None]:
    return lambda tx: ladder.said(tx, errand, troubles, way, shown, rest)


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
