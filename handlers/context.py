"""What a handler works with: the transaction, the person, the talk, and what was understood."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from handlers.message import Message, Reply
from handlers.street import Street
from knowledge.reading import Knowledge, Reading
from storage.directory import Group
from storage.residents import Resident, Role
from storage.talks import Json, Talk
from storage.transaction import Transaction


@dataclass(slots=True)
class Context:
    """One message's surroundings; `talk` and `resident` are replaced as handlers change them."""

    tx: Transaction
    now: datetime
    street: Street
    knowledge: Knowledge
    reading: Reading
    resident: Resident
    talk: Talk
    message_key: str
    """Channel and platform id: what idempotency keys begin with."""
    group: Group | None = None
    """The bound group the message came from; None in private."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What the command's pattern found in the text, by name."""
    argument: str = ""
    """What stands behind the colon of a chosen action."""

    def roles(self) -> list[Role]:
        """Return what the sender may do for the street."""
        return self.tx.residents.roles(self.resident.id)

    def remember(self, **facts: object) -> None:
        """Keep facts that the next sentence may refer to; None forgets one."""
        memory = {**self.talk.memory, **facts}
        self.talk = replace(
            self.talk, memory={name: value for name, value in memory.items() if value is not None}
        )

    def recall(self, name: str) -> object:
        """Return a fact kept by `remember`, or None."""
        return self.talk.memory.get(name)

    def adopt(self, resident_id: int) -> None:
        """Let this talk belong to the person the address was bound to."""
        self.talk = replace(self.talk, resident_id=resident_id)

    def open_form(self, form: Json | None) -> None:
        """Keep the draft of a form, or (None) drop it."""
        self.talk = replace(self.talk, form=form)

    def count_miss(self) -> int:
        """Count one more sentence that nothing fitted; return how many in a row."""
        self.talk = replace(self.talk, misses=self.talk.misses + 1)
        return self.talk.misses


UNANSWERED_AT_MOST = 500
"""Characters kept of a sentence that led nowhere: a person asked for next is told of it."""

Handler = Callable[[Message, Context], list[Reply]]
