"""The number that tells running workers that what lies over the shipped knowledge changed."""

from typing import TYPE_CHECKING

from sqlalchemy import select

from storage.bell import Topic
from storage.counters import counters, next_number

if TYPE_CHECKING:
    from storage.transaction import Transaction

COUNTER = "knowledge_version"


class KnowledgeVersions:
    """Reads and raises the number."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def current(self) -> int:
        """Return the number; 0 when nothing was ever changed."""
        statement = select(counters.c.value).where(counters.c.name == COUNTER)
        return int(self._tx.read(statement).scalar() or 0)

    def advance(self) -> int:
        """Raise the number; whoever changes what is answered does so first, in the same work.

        The row is locked until the commit: of two workers the second sees what the first did.
        """
        self._tx.ring(Topic.KNOWLEDGE)
        return next_number(self._tx, COUNTER, 1)
