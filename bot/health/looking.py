"""Looks how each channel and the outbox are doing, for whoever answers for the service."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from bot.channels.tencent.texts import advice
from bot.health import texts
from bot.health.together import still_on, together
from handlers.outreach import rules
from storage.reaching import Step
from storage.states import ChannelState
from storage.tokens import AccessToken
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
    alive = {*tx.other_workers(), tx.seat.number}
    channels = [
        _channel(tx, together(list(states), alive, tx.now), troubles.get(channel), unreachable)
        for channel, states in groupby(still_on(tx.states.all()), key=lambda state: state.channel)
    ]
    return [*channels, _groups(tx), _queue(tx), _visits(tx)]


def _channel(
    tx: Transaction, state: ChannelState, trouble: Step | None, unreachable: dict[str, int]
) -> Line:
    age = _minutes(tx.now - state.seen_at)
    words = texts.seen(state.words, age)
    if state.token_at is not None and age <= texts.FRESH:
        words += texts.token(_minutes(tx.now - state.token_at))
    token = None if state.account is None else tx.access_tokens.of(state.account)
    if state.account is not None:
        words += _token(token, tx.now)
    if trouble is not None and trouble.outcome is not StepOutcome.KEPT:
        words += texts.trouble(_said(trouble), _minutes(tx.now - trouble.taken_at))
    words += _left(tx, state)
    if state.channel in unreachable:
        words += texts.unreachable(unreachable[state.channel])
    # A service that does not run is no fault of its channels: whoever looks knows it, or wants it.
    good = state.good or age > texts.FRESH
    is_refused = token is not None and token.last_error is not None
    return Line(texts.NAMES.get(state.channel, state.channel), good and not is_refused, words)


def _token(token: AccessToken | None, now: datetime) -> str:
    """Say how old the access token is, and what went wrong with the account last."""
    if token is None or token.fetched_at is None:
        words = texts.NEVER_FETCHED
    else:
        words = texts.fetched(_minutes(now - token.fetched_at))
    if token is not None and token.last_error is not None and token.failed_at is not None:
        words += texts.refused(advice(token.last_error), _minutes(now - token.failed_at))
    return words


def _left(tx: Transaction, state: ChannelState) -> str:
    """Say how much may still be said there unasked, where that is counted."""
    left, words = tx.quotas.left(state.channel), ""
    if left.messages or left.consents:
        words = texts.left(left.people, left.messages, left.consents)
    if state.a_minute is not None:
        used = tx.sendings.busiest(f"{state.channel}:", _MINUTE)
        words += texts.busiest(used, state.a_minute)
    return words


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
