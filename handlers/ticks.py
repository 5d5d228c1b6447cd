"""What time brings about by itself: every minute and every night, each in a unit of work."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

from msgspec.structs import replace

from handlers import notify, texts
from handlers.current import Current
from handlers.emergency import chat as emergency
from handlers.handover import desk as handover
from handlers.law import changes as law
from handlers.law import rules as law_rules
from handlers.learning import clock as learning
from handlers.localtime import is_quiet
from handlers.points import clock as points
from handlers.street import Street
from handlers.tickets import clock as tickets
from storage.faults import StoreUnavailable
from storage.seats import Lease
from storage.spool import Spool
from storage.store import Store
from storage.talks import REMINDED
from storage.transaction import Transaction

log = logging.getLogger(__name__)

REMIND_DRAFT_AFTER = timedelta(hours=3)
DROP_DRAFT_AFTER = timedelta(hours=72)
"""Drafts are kept at least 24 hours (contracts.md); three days cover a weekend."""

FORGET: tuple[Callable[[Transaction], object], ...] = (
    lambda tx: tx.inbox.forget_old(),
    lambda tx: tx.notices.forget_old(),
    lambda tx: tx.reaching.forget_old(),
    lambda tx: tx.tallies.forget_old(),
    lambda tx: tx.transcripts.forget_old(),
    lambda tx: tx.talks.forget_old(),
    lambda tx: tx.codes.forget_old(),
    lambda tx: tx.late_answers.forget_old(),
    lambda tx: tx.quotas.forget_old(),
    lambda tx: tx.sendings.forget_old(),
    lambda tx: tx.customers.forget_old(),
    lambda tx: tx.streams.forget_old(),
    lambda tx: tx.line_messages.forget_old(),
    lambda tx: tx.answers.forget_before(tx.now - law_rules.TOLD_BACK),
)
"""What the night forgets, each in a unit of work of its own: messages pass in between. How long
each is kept stands in docs/operating.md."""


async def every_minute(
    store: Store,
    spool: Spool,
    street: Street,
    current: Current,
    clock: Callable[[], datetime],
) -> None:
    """Do what can wait a minute: alarms kept on disk, drafts, silent talks, tickets, questions.

    Every machine replays what it kept; the rest is done by one worker for all.
    """
    now = clock()
    if not await _each(lambda: _replay_alarms(store, spool, street)):
        return
    if not await store.holds(Lease.TICKS):
        return
    await _each(
        lambda: store.run(lambda tx: _tend_drafts(tx, now)),
        lambda: store.run(handover.close_silent),
        lambda: store.run(tickets.close_forgotten),
        lambda: learning.sort(store, current.knowledge),
        lambda: store.run(lambda tx: learning.tell_askers(tx, current.knowledge)),
    )


async def every_night(store: Store, current: Current) -> None:
    """Check the ledger, warn of answers that end, count who waits, forget what is over."""
    if not await store.holds(Lease.TICKS):
        return
    await _each(
        lambda: store.run(points.reconcile),
        lambda: store.run(lambda tx: law.warn_of_expiry(tx, current.shipped)),
        lambda: store.run(learning.recount),
        *(partial(store.run, forget) for forget in FORGET),
    )


async def _each(*tasks: Callable[[], Awaitable[object]]) -> bool:
    """Do one after the other; what fails is logged and does not keep the rest from being done.

    Return False when the database is down, and so none of it can be done.
    """
    for task in tasks:
        try:
            await task()
        except StoreUnavailable as unavailable:
            log.warning("the clock's work waits: the database is %s", unavailable.kind.value)
            return False
        except Exception:
            log.exception("a piece of the clock's work failed")
    return True


async def _replay_alarms(store: Store, spool: Spool, street: Street) -> None:
    waiting = spool.waiting()
    if not waiting:
        return

    def replay(tx: Transaction) -> None:
        for kept in waiting:
            # The same alarm may be here twice when we died between commit and forgetting.
            # Or the message was handled after all, later than its sender could wait.
            key = f"alarm:{kept['key']}"
            handled = tx.inbox.seen(str(kept["key"])) is not None
            if tx.inbox.seen(key) is None:
                tx.inbox.record(key, [])
                if not handled:
                    emergency.replay(tx, street, kept)

    await store.run(replay)
    spool.forget(waiting)


def _tend_drafts(tx: Transaction, now: datetime) -> None:
    if is_quiet(now):
        return
    dropped = now - DROP_DRAFT_AFTER
    for talk in tx.talks.with_open_form(now - REMIND_DRAFT_AFTER, reminded_not_since=dropped):
        assert talk.form is not None
        assert talk.updated_at is not None
        if talk.updated_at < dropped:
            tx.talks.keep(replace(talk, form=None, menu=None))
        else:
            reminded = {**talk.memory, REMINDED: True}
            tx.talks.keep(replace(talk, memory=reminded), touch=False)
            notify.tell_resident(
                tx,
                talk.resident_id,
                key=f"draft:{tx.new_id(0)}",
                text=texts.DRAFT_WAITS,
                topic="draft",
            )
