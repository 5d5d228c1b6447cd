"""Looks how each channel and the outbox are doing, for whoever answers for the service."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.tencent.texts import advice
from bot.health import texts
from handlers.outreach import rules
from storage.quotas import Left
from storage.reaching import Step
from storage.states import ChannelState
from storage.transaction import Transaction
from storage.words import StepOutcome

LATE_AT = 100
"""Notices overdue: a few are on their way at any time, so many are a jam."""
TROUBLE_SHOWN_FOR = timedelta(days=2)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Line:
    """How one part is."""

    part: str
    good: bool
    words: str


def look(tx: Transaction) -> list[Line]:
    """Return how each channel is, what waits, and who has to be visited."""
    troubles = tx.reaching.last_troubles(since=tx.now - TROUBLE_SHOWN_FOR)
    unreachable = tx.contacts.unreachable()
    channels = [
        _channel(
            state,
            troubles.get(state.channel),
            unreachable.get(state.channel, 0),
            tx.quotas.left(state.channel),
            tx.now,
        )
        for state in tx.states.all()
    ]
    return [*channels, _groups(tx), _queue(tx), _visits(tx)]


def _channel(
    state: ChannelState, trouble: Step | None, unreachable: int, left: Left, now: datetime
) -> Line:
    age = _minutes(now - state.seen_at)
    words = texts.seen(state.words, age)
    if state.token_at is not None and age <= texts.FRESH:
        words += texts.token(_minutes(now - state.token_at))
    if trouble is not None and trouble.outcome is not StepOutcome.KEPT:
        words += texts.trouble(_said(trouble), _minutes(now - trouble.taken_at))
    if left.messages or left.consents:
        words += texts.left(left.people, left.messages, left.consents)
    if unreachable:
        words += texts.unreachable(unreachable)
    # A service that does not run is no fault of its channels: whoever looks knows it, or wants it.
    good = state.good or age > texts.FRESH
    return Line(texts.NAMES.get(state.channel, state.channel), good, words)


def _said(trouble: Step) -> str:
    of_tencent = trouble.channel.startswith(("wechat", "wecom"))
    return advice(trouble.reason) if of_tencent else trouble.reason


def _groups(tx: Transaction) -> Line:
    minute = tx.now.replace(second=0, microsecond=0)
    most = min(rules.GROUP_A_MINUTE.values())
    used = tx.tallies.highest("group:", minute)
    return Line(texts.GROUPS, used <= most, texts.groups(used, most))


def _queue(tx: Transaction) -> Line:
    overdue = tx.reaching.overdue()
    words = texts.queue(overdue, tx.reaching.waiting(), tx.reaching.failed())
    return Line(texts.QUEUE, overdue < LATE_AT, words)


def _visits(tx: Transaction) -> Line:
    number = len(tx.visits.waiting())
    return Line(texts.VISITS, True, texts.visits(number))


def _minutes(span: timedelta) -> int:
    return max(0, span // _MINUTE)
