"""How the line to Telegram is doing: counts failures, says how long to wait, and how it is."""

import asyncio
import logging
from collections import deque
from datetime import timedelta
from enum import StrEnum

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram import errors, texts
from bot.channels.telegram.pace import Pace

log = logging.getLogger(__name__)

REBUILD_AFTER = 3
REBUILD_WITHIN = timedelta(minutes=1)
"""So many failures in this time, and the connections themselves are suspected (channels.md 1.4)."""


class State(StrEnum):
    """What the channel is doing."""

    OFF = "off"
    CONNECTING = "connecting"
    WORKING = "working"
    UNREACHABLE = "unreachable"
    CONFLICT = "conflict"
    REFUSED = "refused"
    STOPPED = "stopped"


class Line:
    """The state of the line."""

    def __init__(self, token: str, pace: Pace) -> None:
        self.state = State.OFF
        self._token = token
        self._pace = pace
        self._failures = 0
        self._reason = ""
        self._lately: deque[float] = deque(maxlen=REBUILD_AFTER)

    def works(self) -> None:
        """Note that Telegram answered."""
        if self.state is not State.WORKING:
            log.info("Telegram is connected")
        self.state = State.WORKING
        self._failures = 0

    def failed(self, error: TelegramError) -> timedelta:
        """Note the failure and return how long to wait before another try."""
        self._reason = errors.describe(error, self._token)
        log.warning("Telegram: %s", self._reason)
        match error:
            case RetryAfter():
                return errors.seconds(error) + errors.AFTER_FLOOD
            case Conflict():
                self.state = State.CONFLICT
                return self._pace.conflict
            case InvalidToken():
                self.state = State.REFUSED
                return self._pace.refused
            case _:
                self.state = State.UNREACHABLE
                self._failures += 1
                self._lately.append(asyncio.get_running_loop().time())
                return self._pace.retry(self._failures)

    def is_suspect(self) -> bool:
        """Return whether the connections should be built anew; then counting starts afresh."""
        if len(self._lately) < REBUILD_AFTER:
            return False
        span = self._lately[-1] - self._lately[0]
        self._lately.clear()
        return span <= REBUILD_WITHIN.total_seconds()

    def words(self, *, polling: bool, reads_all: bool) -> str:
        """Return the state in plain words."""
        match self.state:
            case State.OFF | State.CONNECTING | State.STOPPED:
                return texts.IDLE[self.state.value]
            case State.WORKING:
                return texts.working(polling=polling, reads_all=reads_all)
            case State.UNREACHABLE:
                return texts.unreachable(self._failures, self._reason)
            case State.CONFLICT:
                return texts.conflict(self._pace.conflict)
            case State.REFUSED:
                return texts.token_refused(self._pace.refused)
