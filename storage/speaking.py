"""On which of the channels that only answer, as a rule, the running service can speak first."""

from typing import TYPE_CHECKING

from sqlalchemy import String, Table, delete, select

from storage.schema import fact, metadata

if TYPE_CHECKING:
    from storage.transaction import Transaction

speaking_first = Table(
    "speaking_first",
    metadata,
    fact("channel", String(20), primary_key=True),
)


class SpeakingFirst:
    """Remembers it, for whoever decides who is told of something."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def note(self, channel: str, *, can: bool) -> None:
        """Note whether anything can be said there unasked."""
        if can:
            missing = self._tx.insert_missing(speaking_first, ["channel"])
            self._tx.write(missing.values(channel=channel))
        else:
            self._tx.write(delete(speaking_first).filter_by(channel=channel))

    def can(self, channel: str) -> bool:
        """Return whether anything can be said there unasked."""
        statement = select(speaking_first.c.channel).filter_by(channel=channel)
        return self._tx.read(statement).first() is not None
