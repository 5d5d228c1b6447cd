"""What people said they do not want to hear of."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, String, Table, delete, select

from storage.given import ForIds
from storage.schema import UtcDateTime, fact, metadata
from storage.words import Interest

if TYPE_CHECKING:
    from storage.transaction import Transaction

opt_outs = Table(
    "opt_outs",
    metadata,
    fact("resident_id", BigInteger, primary_key=True),
    fact("interest", String(20), primary_key=True),
    fact("since", UtcDateTime),
)

_OF = ForIds(
    lambda given: select(opt_outs.c.resident_id, opt_outs.c.interest).where(
        opt_outs.c.resident_id == given
    )
)


class OptOuts:
    """Notes and forgets what people do not want to hear of."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def of(self, resident_ids: Iterable[int]) -> set[tuple[int, str]]:
        """Return who does not want to hear of what."""
        wanted = set(resident_ids)
        if not wanted:
            return set()
        return {(row[0], row[1]) for row in _OF.rows(self._tx.reading(), wanted)}

    def stop(self, resident_id: int, interest: Interest) -> bool:
        """Note that the person does not want to hear of this; False when it was noted before."""
        row = {"resident_id": resident_id, "interest": interest, "since": self._tx.now}
        statement = self._tx.insert_missing(opt_outs, ["resident_id", "interest"])
        made = self._tx.write(statement.values(row).returning(opt_outs.c.interest))
        return made.first() is not None

    def resume(self, resident_id: int, interest: Interest | None) -> list[Interest]:
        """Forget it again (None: all of it); return what was forgotten."""
        statement = delete(opt_outs).where(opt_outs.c.resident_id == resident_id)
        if interest is not None:
            statement = statement.where(opt_outs.c.interest == interest)
        gone = self._tx.write(statement.returning(opt_outs.c.interest))
        return sorted(Interest(row.interest) for row in gone)
