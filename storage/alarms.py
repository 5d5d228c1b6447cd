"""Emergencies that were raised, and who of the staff took them."""

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Table, insert, select, update

from storage.schema import UtcDateTime, fact, metadata

if TYPE_CHECKING:
    from storage.transaction import Transaction

alarms = Table(
    "alarms",
    metadata,
    fact("number", BigInteger, primary_key=True),
    fact("resident_id", BigInteger, index=True),
    fact("raised_at", UtcDateTime),
    fact("acknowledged_by", BigInteger, nullable=True),
    fact("acknowledged_at", UtcDateTime, nullable=True),
)


class Alarms:
    """Opens and acknowledges alarms."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def open(self, number: int, resident_id: int) -> None:
        """Note who raised the alarm."""
        row = {
            "number": number,
            "resident_id": resident_id,
            "raised_at": self._tx.now,
            "acknowledged_by": None,
            "acknowledged_at": None,
        }
        self._tx.write(insert(alarms).values(row))

    def raised_by(self, number: int) -> int | None:
        """Return who raised the alarm, or None when it is unknown."""
        found = self._tx.read(select(alarms.c.resident_id).where(alarms.c.number == number))
        return found.scalar()

    def acknowledge(self, number: int, staff_id: int) -> int | None:
        """Note who goes; return who raised it, or None when it is unknown or taken already."""
        statement = (
            update(alarms)
            .where(alarms.c.number == number, alarms.c.acknowledged_at.is_(None))
            .values(acknowledged_by=staff_id, acknowledged_at=self._tx.now)
            .returning(alarms.c.resident_id)
        )
        found = self._tx.write(statement).scalar()
        return None if found is None else int(found)
