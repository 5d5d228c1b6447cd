"""Carries notices out of the outbox: claim, send outside any transaction, mark after each."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from handlers import menus
from handlers.marking import Mark, Marks
from handlers.message import Reply, choice_of
from handlers.outreach import fitting_in, ladder, rules
from handlers.outreach.ladder import Errand, Trouble, Way
from handlers.told import SaysOn, Told
from storage.notices import LEASE, Notice
from storage.store import Store
from storage.transaction import Transaction
from storage.words import StepOutcome

log = logging.getLogger(__name__)

AT_ONCE = 10
"""Notices on their way at the same time."""
UNMARKED = 50
"""Notices said, and not yet marked so: with those on their way, what a crash may say twice. Only
channels that take a message within the time of a commit come near it."""
CLAIMED = 500
"""Notices claimed together, where so many can be said in a turn: measured, more gain nothing."""
TURN = timedelta(seconds=2)
"""How long claims are kept before what was not begun is given back: what is due meanwhile and
comes first, or goes another way, waits no longer."""


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


class Unsure(DeliveryError):
    """The line broke after the message had left: it may have arrived, and nobody can tell."""

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
        self._marks = Marks(store, UNMARKED)
        self._claims = AT_ONCE
        """How many to claim next: as many as the last turn has shown to be said in one."""

    async def deliver_due(self) -> int:
        """Claim what is due now and send it, for a turn; return how many were claimed."""
        await self._marks.written()
        claimed, errands, leased_at = await self._store.run(self._claim)
        until = min(self._clock() + TURN, leased_at + LEASE / 2)
        left = await self._send(errands, until)
        if left:
            await self._store.run(lambda tx: tx.notices.give_back(left))
            self._claims = max(AT_ONCE, claimed - len(left))
        elif claimed == self._claims:
            self._claims = min(CLAIMED, 2 * claimed)
        await self._marks.written()
        return claimed

    def _claim(self, tx: Transaction) -> tuple[int, list[Errand], datetime]:
        now = self._clock()
        claimed = tx.notices.claim_due(now, self._claims)
        return len(claimed), ladder.plan(tx, claimed, self._senders, self._daily_cap), now

    async def _send(self, errands: Sequence[Errand], until: datetime) -> list[Notice]:
        """Send these, those of one place in order; return what was not begun by `until`.

        Somebody else may have claimed it by then, had we been kept from running.
        """
        places: dict[str, list[Errand]] = {}
        for errand in errands:
            place = errand.ways[0].key if errand.ways else str(errand.notice.id)
            places.setdefault(place, []).append(errand)
        waiting = deque(places.values())
        left: list[Notice] = []

        async def carrier() -> None:
            while waiting:
                for errand in waiting.popleft():
                    if self._marks.trouble is not None or self._clock() >= until:
                        left.append(errand.notice)
                    else:
                        await self._marks.note(await self._carry(errand))

        await asyncio.gather(*(carrier() for _ in range(min(AT_ONCE, len(waiting)))))
        return left

    async def _carry(self, errand: Errand) -> Mark:
        """Take the ways in order until one arrives; return what is to be written of it."""
        shown, rest = fitting_in.shown(errand, reply_of_notice(errand.notice))
        troubles: list[Trouble] = []
        for way in errand.ways:
            trouble = await self._try(errand.notice, way, shown)
            if trouble is None:
                return _said(errand, tuple(troubles), way, shown, rest)
            troubles.append(trouble)
            waits = trouble.outcome in {StepOutcome.LATER, StepOutcome.UNSURE}
            if waits and not self._takes_next(errand, trouble):
                break
        return lambda tx: ladder.unsaid(tx, errand, troubles)

    def _takes_next(self, errand: Errand, trouble: Trouble) -> bool:
        notice = errand.notice
        age = self._clock() - notice.due_at
        return rules.takes_next_way(notice.attempts, trouble.retry_after, age)

    async def _try(self, notice: Notice, way: Way, shown: Sequence[Reply]) -> Trouble | None:
        sender, told = self._senders[way.channel], Told.of(notice, way.key, len(shown))
        try:
            for reply in shown[told.replies :]:
                await _say(sender, way.chat, reply, told)
                told.reply_said()
        except Exception as trouble:  # noqa: BLE001  whatever it is, the others must be sent
            error = _as_delivery_error(trouble)
            log.warning("notice %s not taken by %s: %s", notice.id, way.channel, error.reason)
            any_taken = told.replies or told.messages
            taken = (len(shown), told.replies, told.messages) if any_taken else None
            return Trouble(way, _outcome(error), error.reason, error.retry_after, taken)
        return None


async def _say(sender: Sender, chat: str, reply: Reply, told: Told) -> None:
    if isinstance(sender, SaysOn):
        await sender.say_on(chat, reply, told)
    else:
        await sender.send(chat, reply)


def _outcome(error: DeliveryError) -> StepOutcome:
    match error:
        case Kept():
            return StepOutcome.KEPT
        case WayClosed():
            return StepOutcome.USED_UP
        case Unsure():
            return StepOutcome.UNSURE
        case _:
            return StepOutcome.REFUSED if error.permanent else StepOutcome.LATER


def _said(
    errand: Errand,
    troubles: tuple[Trouble, ...],
    way: Way,
    shown: Sequence[Reply],
    rest: Sequence[str],
) -> Mark:
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
        in_danger=notice.topic == rules.DANGER,
    )
    if not reply.choices:
        return reply
    return menus.number([reply], menus.menu_id(notice.id), extras=False)[0]
