"""How long a script's clock may jump: until something can come of a tick or of the outbox.

Time passes minute by minute, but a minute in which nothing can happen need not be played. This
knows what `handlers/ticks.py` looks at; whoever adds a tick there adds its moment here.
`tests/test_script.py` plays scripts both ways and compares.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

from handlers.learning.rules import OFFER_STANDS_FOR
from handlers.localtime import after_quiet, at, local
from handlers.tickets.rules import CLOSE_AFTER
from handlers.ticks import DROP_DRAFT_AFTER, REMIND_DRAFT_AFTER
from storage.spool import Spool
from storage.talks import REMINDED
from storage.transaction import Transaction
from storage.words import HandoverState, PhrasingState, QuestionKind

NIGHT = time(3, 30)
"""The hour of the night's work, as in bot/clock.py."""

_LISTED = 1000
"""Rows looked at; with more of them the clock simply does not jump."""


def busy_again_at(spool: Spool) -> Callable[[Transaction], datetime]:
    """Return work that finds the first moment at which a tick or a delivery can do anything."""

    def work(tx: Transaction) -> datetime:
        if spool.waiting():
            return tx.now
        return min(
            [
                _night(tx.now),
                *_notices(tx),
                *_drafts(tx),
                *_handovers(tx),
                *_tickets(tx),
                *_learning(tx),
            ]
        )

    return work


def _night(now: datetime) -> datetime:
    tonight = at(local(now), NIGHT)
    return tonight if tonight > now else at(local(now) + timedelta(days=1), NIGHT)


def _notices(tx: Transaction) -> Iterator[datetime]:
    wake_at = tx.notices.next_wake_at()
    if wake_at is not None:
        yield wake_at


def _drafts(tx: Transaction) -> Iterator[datetime]:
    for talk in tx.talks.with_open_form(tx.now + timedelta(days=1)):
        since = talk.updated_at or tx.now
        reminded = bool(talk.memory.get(REMINDED))
        yield after_quiet(since + (DROP_DRAFT_AFTER if reminded else REMIND_DRAFT_AFTER))


def _handovers(tx: Transaction) -> Iterator[datetime]:
    unfinished = tx.handovers.unfinished(limit=_LISTED)
    if len(unfinished) == _LISTED:
        yield tx.now
    for handover in unfinished:
        if handover.state is HandoverState.OWNED:
            talk = tx.talks.of(handover.talk_key)
            yield (talk.mute_until if talk else None) or tx.now


def _tickets(tx: Transaction) -> Iterator[datetime]:
    resolved = tx.tickets.resolved_before(tx.now + timedelta(days=1), limit=_LISTED)
    if len(resolved) == _LISTED:
        yield tx.now
    for ticket in resolved:
        yield (ticket.resolved_at or tx.now) + CLOSE_AFTER


def _learning(tx: Transaction) -> Iterator[datetime]:
    unsorted = tx.questions.first_unsorted_at()
    if unsorted is not None:
        asked_at, kind = unsorted
        yield asked_at + OFFER_STANDS_FOR if kind is QuestionKind.OFFER else tx.now
    if tx.learning.in_state(PhrasingState.APPROVED, limit=1):
        yield tx.now
    if tx.learning.telling():
        yield after_quiet(tx.now)
