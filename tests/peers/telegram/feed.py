"""The queue of updates: kept until confirmed by a poller or taken by the webhook."""

import asyncio
from dataclasses import dataclass

from tests.peers.telegram import rules
from tests.peers.telegram.bell import Bell
from tests.peers.telegram.rules import ApiError
from tests.peers.telegram.shapes import Object
from tests.peers.telegram.spec import Spec
from tests.peers.telegram.webhook import Hook, Postable, Poster

FIRST_UPDATE_ID = 730_000_001
LONGEST_POLL_SECONDS = 50
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True)
class Update:
    """One update; `lane` is the chat or person it belongs to, within which order is kept."""

    update_id: int
    kind: str
    body: Object
    lane: int


class Feed:
    """What the bot has to hear, and the one way it currently hears it."""

    def __init__(self, bell: Bell, spec: Spec, violations: list[str]) -> None:
        self.history: list[Update] = []
        self.pending: list[Update] = []
        self.allowed: frozenset[str] = frozenset()
        self.poster = Poster(self, bell)
        self._again: list[Update] = []
        self._bell = bell
        self._spec = spec
        self._violations = violations
        self._poll: asyncio.Future[None] | None = None

    def push(self, kind: str, body: Object, lane: int) -> Update | None:
        """Queue an update; None when the bot does not want this kind."""
        if not self._wants(kind):
            return None
        number = FIRST_UPDATE_ID + len(self.history)
        update = Update(number, kind, {"update_id": number, kind: body}, lane)
        self._violations += self._spec.check(("Update",), update.body, "peer's own update")
        self.history.append(update)
        self.pending.append(update)
        self._announce(update)
        return update

    def resend_last(self) -> Update:
        """Deliver the newest update once more, although it may be confirmed already."""
        update = self.history[-1]
        self._again.append(update)
        self._announce(update)
        return update

    def is_drained(self) -> bool:
        """Whether the bot confirmed everything."""
        return not self.pending and not self._again

    def is_waiting(self, update: Postable) -> bool:
        """Whether this update still has to be delivered."""
        return any(other is update for other in [*self._again, *self.pending])

    def settle(self, update: Postable) -> None:
        """Forget an update the webhook took: its repetition if there is one, else itself."""
        for queue in (self._again, self.pending):
            for place, other in enumerate(queue):
                if other is update:
                    del queue[place]
                    self._bell.ring()
                    return

    def drop_pending(self) -> None:
        """Forget everything not yet delivered."""
        self.pending.clear()
        self._again.clear()
        self._bell.ring()

    def set_webhook(self, hook: Hook | None) -> None:
        """Deliver by posting from now on, or by polling when `hook` is None."""
        self._end_poll(rules.ENDED_BY_WEBHOOK)
        self.poster.aim(hook)
        self.post_everything()

    def post_everything(self) -> None:
        """Hand what waits to the webhook, if there is one."""
        for update in [*self._again, *self.pending]:
            self.poster.offer(update)

    async def get_updates(self, offset: int, limit: int, timeout_seconds: int) -> list[Update]:
        """Confirm what lies before `offset`; return what follows, waiting for it if need be."""
        if self.poster.hook is not None:
            raise ApiError(409, rules.POLL_WHILE_WEBHOOK)
        self._end_poll(rules.SECOND_POLLER)
        self._confirm(offset)
        if timeout_seconds > 0 and self.is_drained():
            await self._wait(min(timeout_seconds, LONGEST_POLL_SECONDS))
        batch = [*self._again, *self.pending][:limit]
        self._again.clear()
        self._bell.ring()
        return batch

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset > 0:
            self.pending = [update for update in self.pending if update.update_id >= offset]
        self._bell.ring()

    async def _wait(self, seconds: int) -> None:
        """Sleep until an update arrives, the time is over, or another poller takes the place."""
        poll: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poll = poll
        self._bell.ring()
        try:
            async with asyncio.timeout(seconds):
                await poll
        except TimeoutError:
            return
        finally:
            if self._poll is poll:
                self._poll = None

    @property
    def is_polled(self) -> bool:
        """Whether somebody waits in a long poll at this moment."""
        return self._poll is not None

    def _end_poll(self, why: str) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(ApiError(409, why))

    def _announce(self, update: Update) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        self.poster.offer(update)
        self._bell.ring()

    def _wants(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT
