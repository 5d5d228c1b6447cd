"""Joins what somebody did before they were known to the person they turned out to be."""

from sqlalchemy import update

from storage.schema import metadata
from storage.transaction import Transaction

CARRIED = (
    ("addresses", "resident_id"),
    ("tickets", "reporter_id"),
    ("handovers", "resident_id"),
    ("sign_ups", "resident_id"),
    ("answers", "resident_id"),
    ("questions", "resident_id"),
    ("words", "resident_id"),
    ("notices", "resident_id"),
    ("talks", "resident_id"),
    ("alarms", "resident_id"),
    ("codes", "subject_id"),
)
"""What a newcomer leaves behind; points are never theirs, since only named people earn any."""


def take_over(tx: Transaction, newcomer_id: int, person_id: int) -> None:
    """Give the person what was done under an address before it was bound to them."""
    tx.shifts.leave_doubled(newcomer_id, person_id)
    for name, column in CARRIED:
        table = metadata.tables[name]
        tx.write(update(table).where(table.c[column] == newcomer_id).values({column: person_id}))
    tx.loaded.forget_residents()
    tx.loaded.forget_talks()
