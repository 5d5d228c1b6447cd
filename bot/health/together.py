"""Makes one state of a channel from what each worker noted of it."""

from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.health import texts
from storage.states import ChannelState

FRESH = timedelta(minutes=texts.FRESH + 1)
"""Somewhat more than the minutes that are shown as now."""


def still_on(states: Sequence[ChannelState]) -> list[ChannelState]:
    """Return those of channels that are switched on, in the same order.

    A service notes all its channels in one go: one that it notes no more was switched off.
    """
    last = max((state.seen_at for state in states), default=None)
    on = {state.channel for state in states if last is not None and last - state.seen_at < FRESH}
    return [state for state in states if state.channel in on]


def together(states: Sequence[ChannelState], alive: Container[int], now: datetime) -> ChannelState:
    """Return how the channel is at all living workers; with none, as it was seen last.

    What is wrong at one of them is what is shown.
    """
    living = [s for s in states if s.worker in alive and now - s.seen_at < FRESH]
    if not living:
        return states[-1]
    bad = [state for state in living if not state.good]
    shown = (bad or living)[-1]
    words = texts.at_some(shown.words, len(bad), len(living))
    pages = [state.pages for state in living if state.pages is not None]
    since = [state.token_at for state in living if state.token_at is not None]
    return replace(
        shown,
        words=words + (texts.pages(sum(pages)) if pages else ""),
        token_at=min(since) if since and not bad else None,
        seen_at=max(state.seen_at for state in living),
    )
