"""What WeCom's customer service has to remember: how far we read, who serves, what was sent."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, SmallInteger, String, Table, delete, select, update

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
    fact("notice_id", BigInteger, nullable=True, kept=Kept.DEDUPE),
    fact("bounces", SmallInteger, nullable=True, kept=Kept.DEDUPE),
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

    def sending(
        self, number: str, address: str, notice_id: int | None = None, bounces: int | None = None
    ) -> bool:
        """Note a message about to be sent; False when it was noted before.

        Of a notice it is said which, and how often that had come back before.
        """
        row = {
            "number": number,
            "address": address,
            "notice_id": notice_id,
            "bounces": bounces,
            "sent_at": self._tx.now,
            "failed_by": None,
        }
        statement = self._tx.insert_missing(kf_sent, ["number"]).values(row)
        return self._tx.write(statement.returning(kf_sent.c.number)).first() is not None

    def not_sent(self, numbers: Sequence[str]) -> None:
        """Forget messages that certainly never left."""
        self._tx.write(delete(kf_sent).where(kf_sent.c.number.in_(numbers)))

    def sent(self, numbers: Sequence[str]) -> set[str]:
        """Return which of these were noted before."""
        found = self._tx.read(select(kf_sent.c.number).where(kf_sent.c.number.in_(numbers)))
        return {row.number for row in found}

    def failed(self, number: str, reason: str) -> tuple[str, int, int] | None:
        """Note that a message did not arrive; return its address and, of its notice, the facts.

        None for what was no notice, what we did not send, or knew to have failed.
        """
        statement = (
            update(kf_sent)
            .where(kf_sent.c.number == number, kf_sent.c.failed_by.is_(None))
            .values(failed_by=reason[:60])
            .returning(kf_sent.c.address, kf_sent.c.notice_id, kf_sent.c.bounces)
        )
        row = self._tx.write(statement).first()
        if row is None or row.notice_id is None:
            return None
        return row.address, row.notice_id, row.bounces

    def forget_old(self) -> None:
        """Delete what nobody asks about any more."""
        before = self._tx.now - KEPT_FOR
        self._tx.write(delete(kf_sent).where(kf_sent.c.sent_at < before))
        self._tx.write(delete(kf_customers).where(kf_customers.c.changed_at < before))
