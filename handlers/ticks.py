"""What time brings about by itself: every minute and every night, each in a unit of work."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from handlers import notify, texts
from handlers.emergency import chat as emergency
from handlers.handover import desk as handover
from handlers.localtime import is_quiet
from handlers.points import clock as points
from handlers.street import Street
from handlers.tickets import clock as tickets
from storage.faults import StoreUnavailable
from storage.spool import Spool
from storage.store import Store
from storage.transaction import Transaction

log = logging.getLogger(__name__)

REMIND_DRAFT_AFTER = timedelta(hours=3)
DROP_DRAFT_AFTER = timedelta(hours=72)
"""Drafts are kept at least 24 hours (contracts.md); three days cover a weekend."""


async def every_minute(
    store: Store, spool: Spool, street: Street, clock: Callable[[], datetime]
) -> None:
    """Replay kept alarms, remind of drafts, take silent talks back, close forgotten tickets."""
    now = clock()
    await _each(
        lambda: _replay_alarms(store, spool, street),
        lambda: store.run(lambda tx: _tend_drafts(tx, now)),
        lambda: store.run(handover.close_silent),
        lambda: store.run(tickets.close_forgotten),
    )


async def every_night(store: Store) -> None:
    """Check the ledger and forget what its time is over for."""
    await _each(lambda: store.run(points.reconcile), lambda: store.run(_forget_old))


async def _each(*tasks: Callable[[], Awaitable[object]]) -> None:
    """Do one after the other; what fails is logged and does not keep the rest from being done."""
    for task in tasks:
        try:
            await task()
        except StoreUnavailable as unavailable:
            log.warning("the clock's work waits: the database is %s", unavailable.kind.value)
            return
        except Exception:
            log.exception("a piece of the clock's work failed")


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
    spool.forget(len(waiting))


def _tend_drafts(tx: Transaction, now: datetime) -> None:
    if is_quiet(now):
        return
    for talk in tx.talks.with_open_form(now - REMIND_DRAFT_AFTER):
        assert talk.form is not None
        assert talk.updated_at is not None
        if now - talk.updated_at > DROP_DRAFT_AFTER:
            tx.talks.keep(replace(talk, form=None, menu=None))
        elif not talk.memory.get("draft_reminded"):
            reminded = {**talk.memory, "draft_reminded": True}
            tx.talks.keep(replace(talk, memory=reminded), touch=False)
            notify.tell_resident(
                tx,
                talk.resident_id,
                key=f"draft:{tx.new_id(0)}",
                text=texts.DRAFT_WAITS,
                topic="draft",
            )


def _forget_old(tx: Transaction) -> None:
    tx.inbox.forget_old()
    tx.notices.forget_old()
    tx.reaching.forget_old()
    tx.tallies.forget_old()
    tx.transcripts.forget_old()
    tx.codes.forget_old()
