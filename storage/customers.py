"""What WeCom's customer service has to remember: how far we read, who serves, what was sent."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, String, Table, delete, func, select, update

from storage.schema import UtcDateTime, fact, metadata, personal
from storage.words import Kept, Servant

if TYPE_CHECKING:
    from storage.transaction import Transaction

KEPT_FOR = timedelta(days=7)
"""The platform reports failures within minutes and lets us write for two days."""

kf_cursors = Table(
    "kf_cursors",
    metadata,
    fact("account", String(64), primary_key=True),
    fact("cursor", String(200)),
    fact("moved_at", UtcDateTime),
)
kf_customers = Table(
    "kf_customers",
    metadata,
    personal("address", String(200), primary_key=True, kept=Kept.TALK),
    fact("servant", String(12), kept=Kept.TALK),
    fact("changed_at", UtcDateTime, index=True, kept=Kept.TALK),
)
kf_sent = Table(
    "kf_sent",
    metadata,
    fact("number", String(40), primary_key=True, kept=Kept.DEDUPE),
    personal("address", String(200), index=True, kept=Kept.DEDUPE),
    fact("unasked", Boolean, kept=Kept.DEDUPE),
    fact("sent_at", UtcDateTime, index=True, kept=Kept.DEDUPE),
    fact("failed_by", String(60), nullable=True, kept=Kept.DEDUPE),
)


class Customers:
    """The cursor of each account, and where the talk with each customer stands."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def cursor(self, account: str) -> str:
        """Return how far messages were read; empty at the beginning."""
        statement = select(kf_cursors.c.cursor).where(kf_cursors.c.account == account)
        return str(self._tx.read(statement).scalar() or "")

    def move_cursor(self, account: str, cursor: str) -> None:
        """Note that everything before this was handled."""
        row = {"account": account, "cursor": cursor, "moved_at": self._tx.now}
        self._tx.write(self._tx.upsert(kf_cursors, ["account"]).values(row))

    def accounts(self) -> list[str]:
        """Return the accounts that were ever fetched."""
        rows = self._tx.read(select(kf_cursors.c.account).order_by(kf_cursors.c.account))
        return [row.account for row in rows]

    def servant(self, address: str) -> Servant:
        """Return who serves this customer, as far as we know."""
        statement = select(kf_customers.c.servant).where(kf_customers.c.address == address)
        found = self._tx.read(statement).scalar()
        return Servant(found) if found else Servant.BOT

    def serve(self, address: str, servant: Servant) -> None:
        """Note who serves this customer from now on."""
        row = {"address": address, "servant": servant, "changed_at": self._tx.now}
        self._tx.write(self._tx.upsert(kf_customers, ["address"]).values(row))

    def sending(self, number: str, address: str, *, unasked: bool) -> bool:
        """Note a message about to be sent; False when it was noted before."""
        row = {
            "number": number,
            "address": address,
            "unasked": unasked,
            "sent_at": self._tx.now,
            "failed_by": None,
        }
        statement = self._tx.insert_missing(kf_sent, ["number"]).values(row)
        return self._tx.write(statement.returning(kf_sent.c.number)).first() is not None

    def sent(self, numbers: Sequence[str]) -> int:
        """Return how many of these were noted before."""
        statement = select(func.count()).where(kf_sent.c.number.in_(numbers))
        return int(self._tx.read(statement).scalar_one())

    def failed(self, number: str, reason: str) -> tuple[str, datetime] | None:
        """Note that a message did not arrive; return its address and moment if it was unasked.

        None also for what we did not send, or knew to have failed.
        """
        statement = (
            update(kf_sent)
            .where(kf_sent.c.number == number, kf_sent.c.failed_by.is_(None))
            .values(failed_by=reason[:60])
            .returning(kf_sent.c.address, kf_sent.c.sent_at, kf_sent.c.unasked)
        )
        row = self._tx.write(statement).first()
        return (row.address, row.sent_at) if row is not None and row.unasked else None

    def forget_old(self) -> None:
        """Delete what nobody asks about any more."""
        before = self._tx.now - KEPT_FOR
        self._tx.write(delete(kf_sent).where(kf_sent.c.sent_at < before))
        self._tx.write(delete(kf_customers).where(kf_customers.c.changed_at < before))
