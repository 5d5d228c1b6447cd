"""Joins what somebody did under one address to the person they turned out to be, and undoes it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Table, and_, delete, func, insert, select, update

from storage.bindings import Moved
from storage.residents import residents, same
from storage.schema import metadata
from storage.transaction import Transaction
from storage.words import SignUpState, VisitState

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
"""What a person leaves behind whom another one turns out to be."""

SHARED = (
    ("team_members", "team_id"),
    ("group_members", "group_id"),
    ("opt_outs", "interest"),
)
"""What both may have: the one who is kept has it once."""


def take_over(tx: Transaction, newcomer_id: int, person_id: int) -> Moved:
    """Give the person what was done by the other; return the keys of the rows that moved."""
    freed = tx.shifts.leave_doubled(newcomer_id, person_id)
    visit = tx.visits.open_of(newcomer_id)
    if visit is not None and tx.visits.settle(visit, VisitState.CAME_BACK, None):
        tx.reaching.send_again(visit.notices)
    moved = {}
    for name, column in CARRIED:
        table = metadata.tables[name]
        keys = _keys(tx, table, table.c[column] == newcomer_id)
        if keys:
            moved[name] = keys
            change = update(table).where(table.c[column] == newcomer_id)
            tx.write(change.values({column: person_id}))
    for name, column in SHARED:
        _share(tx, metadata.tables[name], column, newcomer_id, person_id)
    _mark(tx, newcomer_id, person_id)
    if freed:
        moved["freed"] = [str(sign_up) for sign_up in freed]
    _forget(tx)
    return moved


def give_back(tx: Transaction, moved: Moved, newcomer_id: int, person_id: int) -> None:
    """Return the rows that were carried over, as far as they are still the person's.

    Places on shifts that were given up are not taken again, and what both had, both keep.
    """
    for name, column in CARRIED:
        table = metadata.tables[name]
        for key in moved.get(name, ()):
            statement = update(table).where(
                _id_of(table) == _typed(table, key), table.c[column] == person_id
            )
            tx.write(statement.values({column: newcomer_id}))
    _mark(tx, newcomer_id, None)
    _forget(tx)


def left_behind(tx: Transaction, resident_id: int) -> Mapping[str, int]:
    """Return how much of what counts a person has: reports, and shifts to come."""
    tickets, sign_ups = metadata.tables["tickets"], metadata.tables["sign_ups"]
    reports = select(func.count()).where(tickets.c.reporter_id == resident_id)
    joined = select(func.count()).where(
        sign_ups.c.resident_id == resident_id, sign_ups.c.state == SignUpState.JOINED
    )
    return {
        "tickets": int(tx.read(reports).scalar_one()),
        "shifts": int(tx.read(joined).scalar_one()),
    }


def _id_of(table: Table) -> ColumnElement[object]:
    """Return the column that names a row: the last one of its key, for the first is the shard."""
    return list(table.primary_key.columns)[-1]


def _typed(table: Table, key: str) -> object:
    return _id_of(table).type.python_type(key)


def _keys(tx: Transaction, table: Table, which: ColumnElement[bool]) -> Sequence[str]:
    return [str(row[0]) for row in tx.read(select(_id_of(table)).where(which))]


def _share(tx: Transaction, table: Table, column: str, newcomer_id: int, person_id: int) -> None:
    mine = table.c.resident_id == newcomer_id
    for row in tx.read(select(table).where(mine)).all():
        values = {**row._asdict(), "resident_id": person_id}
        same = and_(table.c.resident_id == person_id, table.c[column] == values[column])
        if tx.read(select(table.c.resident_id).where(same)).first() is None:
            tx.write(insert(table).values(values))
    tx.write(delete(table).where(mine))


def _mark(tx: Transaction, gone_id: int, kept_id: int | None) -> None:
    """Note that the person is found under another id now, or (None) under their own again."""
    tx.write(update(residents).where(same(gone_id)).values(merged_into=kept_id))


def _forget(tx: Transaction) -> None:
    tx.loaded.forget_residents()
    tx.loaded.forget_talks()
