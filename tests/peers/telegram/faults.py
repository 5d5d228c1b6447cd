"""Trouble on order: floods, broken answers, dropped and hanging connections."""

from collections import deque
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from tests.peers.telegram.rules import GROUP_WINDOW_SECONDS, slow_down

Trouble: TypeAlias = int | Literal["drop", "hang"]
"""An HTTP status to answer, a connection cut without an answer, or one that never answers."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What shall go wrong; with `carried_out` Telegram acts and only its answer is lost."""

    method: str | None
    trouble: Trouble
    carried_out: bool


@dataclass(slots=True)
class Faults:
    """The troubles still to come, each used once."""

    group_limit_per_minute: int | None = None
    _faults: list[Fault] = field(default_factory=list)
    _floods: dict[int | None, list[int]] = field(default_factory=dict)
    _sent_at: dict[int, deque[float]] = field(default_factory=dict)

    def add(self, fault: Fault, times: int) -> None:
        """Let this go wrong `times` times."""
        self._faults += [fault] * times

    def add_flood(self, chat_id: int | None, seconds: int, times: int) -> None:
        """Answer 429 to the next calls for this chat; None means any chat."""
        self._floods.setdefault(chat_id, []).extend([seconds] * times)

    def clear(self) -> None:
        """Order no more trouble."""
        self._faults.clear()
        self._floods.clear()

    def take(self, method: str) -> Fault | None:
        """Return what goes wrong with this call, and cross it out."""
        for place, fault in enumerate(self._faults):
            if fault.method is None or fault.method.lower() == method.lower():
                return self._faults.pop(place)
        return None

    def check_flood(self, chat_id: int) -> None:
        """Refuse with 429 when a flood is ordered for this chat."""
        for key in (chat_id, None):
            if self._floods.get(key):
                slow_down(self._floods[key].pop(0))

    def check_group_pace(self, chat_id: int, now: float) -> None:
        """Refuse the message that is one too many for this group in one minute."""
        if self.group_limit_per_minute is None or chat_id > 0:
            return
        sent = self._sent_at.setdefault(chat_id, deque())
        while sent and sent[0] <= now - GROUP_WINDOW_SECONDS:
            sent.popleft()
        if len(sent) >= self.group_limit_per_minute:
            slow_down(max(1, round(sent[0] + GROUP_WINDOW_SECONDS - now)))
        sent.append(now)
