"""How far a notice was said on one way: what was taken is not said again at the next try."""

import secrets
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from handlers import menus
from handlers.message import Reply
from storage.notices import Notice


@dataclass(slots=True)
class Told:
    """A place in a notice, moved on by whoever says it."""

    notice_id: int | None = None
    """None for what is no notice."""
    bounces: int = 0
    """How often the notice was taken and came back before."""
    replies: int = 0
    """Replies that were said whole."""
    messages: int = 0
    """Messages that the platform took of the reply after them."""
    _name: str = field(default_factory=lambda: f"n{secrets.token_hex(8)}")

    @classmethod
    def of(cls, notice: Notice, key: str, replies: int) -> "Told":
        """Return how far a notice that has so many replies was said on this way before.

        It begins anew where it has become another number of replies since.
        """
        was = (notice.taken or {}).get(key, [])
        whole, messages = was[1:] if was[:1] == [replies] else (0, 0)
        name = f"n{menus.menu_id(notice.id)}-{notice.bounces}"
        return cls(notice.id, notice.bounces, whole, messages, name)

    def reply_said(self) -> None:
        """Go on to the next reply."""
        self.replies += 1
        self.messages = 0

    def number(self, message: int) -> str:
        """Return what a message of this reply is called: at every try the same."""
        return f"{self._name}-{self.replies}-{message:02d}"


@runtime_checkable
class SaysOn(Protocol):
    """A sender that may make several messages of a reply, and goes on after those taken."""

    async def say_on(self, chat: str, reply: Reply, told: Told) -> None:
        """Say what is left of a reply, and count it in `told`; raises DeliveryError."""
