"""Volunteer shifts and who signed up for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    and_,
    insert,
    select,
    text,
    update,
)

from storage.counters import next_number
from storage.ids import shard_of
from storage.schema import UtcDateTime, fact, metadata
from storage.words import SignUpState

if TYPE_CHECKING:
    from storage.transaction import Transaction

shifts = Table(
    "shifts",
    metadata,
    fact("shard", SmallInteger),
    fact("id", BigInteger),
    fact("number", BigInteger),
    fact("community_id", BigInteger, nullable=True),
    fact("team_id", BigInteger, nullable=True),
    fact("title", String(80)),
    fact("place", String(120), nullable=True),
    fact("starts_at", UtcDateTime),
    fact("ends_at", UtcDateTime),
    fact("places", Integer),
    fact("taken", Integer),
    fact("cancelled_at", UtcDateTime, nullable=True),
    fact("demo", Integer),
    PrimaryKeyConstraint("shard", "id"),
    CheckConstraint("taken >= 0 AND taken <= places", name="capacity"),
    Index("ix_shifts_number", "number"),
    Index("ix_shifts_starts_at", "starts_at"),
)

sign_ups = Table(
    "sign_ups",
    metadata,
    fact("shard", SmallInteger),
    fact("id", BigInteger),
    fact("shift_id", BigInteger),
    fact("resident_id", BigInteger),
    fact("state", String(12)),
    fact("joined_at", UtcDateTime),
    fact("cancelled_at", UtcDateTime, nullable=True),
    PrimaryKeyConstraint("shard", "id"),
    Index(
        "uq_sign_ups_active",
        "shard",
        "shift_id",
        "resident_id",
        unique=True,
        sqlite_where=text("state = 'joined'"),
        postgresql_where=text("state = 'joined'"),
    ),
    Index("ix_sign_ups_resident_id", "resident_id", "state"),
)


@dataclass(frozen=True, slots=True)
class Shift:
    """One time and place where volunteers are wanted."""

    id: int
    number: int
    community_id: int | None
    title: str
    place: str | None
    starts_at: datetime
    ends_at: datetime
    places: int
    taken: int
    cancelled_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignUp:
    """One volunteer on one shift."""

    id: int
    shift_id: int
    resident_id: int
    state: SignUpState
    joined_at: datetime


_SHOWN = tuple(shifts.c[name] for name in Shift.__dataclass_fields__)
_SIGN_UP = tuple(sign_ups.c[name] for name in SignUp.__dataclass_fields__)


class Shifts:
    """Finds shifts, signs people up and takes them off; never over capacity."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def add(
        self,
        *,
        title: str,
        starts_at: datetime,
        ends_at: datetime,
        places: int,
        place: str | None = None,
        community_id: int | None = None,
        shard: int = 0,
        demo: bool = False,
    ) -> int:
        """Add a shift; return its id."""
        shift_id = self._tx.new_id(shard)
        row = {
            "shard": shard,
            "id": shift_id,
            "number": next_number(self._tx, "shift", 1),
            "community_id": community_id,
            "team_id": None,
            "title": title,
            "place": place,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "places": places,
            "taken": 0,
            "cancelled_at": None,
            "demo": int(demo),
        }
        self._tx.write(insert(shifts).values(row))
        return shift_id

    def upcoming(self, after: datetime, limit: int = 20) -> list[Shift]:
        """Return shifts that begin after the moment, soonest first."""
        statement = (
            select(*_SHOWN)
            .where(shifts.c.starts_at > after, shifts.c.cancelled_at.is_(None))
            .order_by(shifts.c.starts_at, shifts.c.id)
            .limit(limit)
        )
        return [_shift(row) for row in self._tx.read(statement)]

    def by_id(self, shift_id: int) -> Shift:
        """Return the shift; KeyError when there is none."""
        shift = self.find(shift_id)
        if shift is None:
            raise KeyError(shift_id)
        return shift

    def find(self, shift_id: int) -> Shift | None:
        """Return the shift, or None: the id may come from outside."""
        row = self._tx.read(select(*_SHOWN).where(_same(shift_id))).first()
        return None if row is None else _shift(row)

    def by_number(self, number: int) -> Shift | None:
        """Return the shift with this short number, or None."""
        row = self._tx.read(select(*_SHOWN).where(shifts.c.number == number)).first()
        return None if row is None else _shift(row)

    def of_resident(self, resident_id: int, after: datetime) -> list[tuple[SignUp, Shift]]:
        """Return the person's shifts that have not ended, soonest first."""
        statement = (
            select(*_SIGN_UP, *_SHOWN)
            .join(
                shifts,
                and_(shifts.c.shard == sign_ups.c.shard, shifts.c.id == sign_ups.c.shift_id),
            )
            .where(
                sign_ups.c.resident_id == resident_id,
                sign_ups.c.state == SignUpState.JOINED,
                shifts.c.ends_at > after,
            )
            .order_by(shifts.c.starts_at, shifts.c.id)
        )
        width = len(_SIGN_UP)
        return [(_sign_up(row[:width]), _shift(row[width:])) for row in self._tx.read(statement)]

    def done_by(self, resident_id: int, until: datetime) -> list[Shift]:
        """Return the person's shifts that are over, newest first."""
        statement = (
            select(*_SHOWN)
            .join_from(
                sign_ups,
                shifts,
                and_(shifts.c.shard == sign_ups.c.shard, shifts.c.id == sign_ups.c.shift_id),
            )
            .where(
                sign_ups.c.resident_id == resident_id,
                sign_ups.c.state == SignUpState.JOINED,
                shifts.c.ends_at <= until,
                shifts.c.cancelled_at.is_(None),
            )
            .order_by(shifts.c.starts_at.desc(), shifts.c.id)
        )
        return [_shift(row) for row in self._tx.read(statement)]

    def sign_up_of(self, shift_id: int, resident_id: int) -> SignUp | None:
        """Return the person's active sign-up for the shift, or None."""
        statement = select(*_SIGN_UP).where(
            sign_ups.c.shard == shard_of(shift_id),
            sign_ups.c.shift_id == shift_id,
            sign_ups.c.resident_id == resident_id,
            sign_ups.c.state == SignUpState.JOINED,
        )
        row = self._tx.read(statement).first()
        return None if row is None else _sign_up(row)

    def volunteers(self, shift_id: int) -> list[int]:
        """Return the ids of those signed up, in the order they came."""
        statement = (
            select(sign_ups.c.resident_id)
            .where(
                sign_ups.c.shard == shard_of(shift_id),
                sign_ups.c.shift_id == shift_id,
                sign_ups.c.state == SignUpState.JOINED,
            )
            .order_by(sign_ups.c.id)
        )
        return [row.resident_id for row in self._tx.read(statement)]

    def join(self, shift_id: int, resident_id: int) -> SignUp | None:
        """Take a place for the person; None when the last one went meanwhile.

        The guard stands in the statement, so two volunteers never get the same place.
        """
        shard = shard_of(shift_id)
        guard = (
            update(shifts)
            .where(_same(shift_id), shifts.c.taken < shifts.c.places)
            .values(taken=shifts.c.taken + 1)
        )
        if self._tx.write(guard).rowcount == 0:
            return None
        sign_up = SignUp(
            self._tx.new_id(shard), shift_id, resident_id, SignUpState.JOINED, self._tx.now
        )
        row = {name: getattr(sign_up, name) for name in SignUp.__dataclass_fields__}
        self._tx.write(insert(sign_ups).values(shard=shard, cancelled_at=None, **row))
        return sign_up

    def leave(self, sign_up: SignUp) -> bool:
        """Free the person's place; False when it was freed before."""
        statement = (
            update(sign_ups)
            .where(
                sign_ups.c.shard == shard_of(sign_up.id),
                sign_ups.c.id == sign_up.id,
                sign_ups.c.state == SignUpState.JOINED,
            )
            .values(state=SignUpState.CANCELLED, cancelled_at=self._tx.now)
        )
        if self._tx.write(statement).rowcount == 0:
            return False
        free = update(shifts).where(_same(sign_up.shift_id)).values(taken=shifts.c.taken - 1)
        self._tx.write(free)
        return True

    def leave_doubled(self, newcomer_id: int, person_id: int) -> list[int]:
        """Free the newcomer's places on shifts that the person is on, or that clash with one.

        Return the sign-ups that ended so.
        """
        mine = self.of_resident(person_id, self._tx.now)
        freed = []
        for sign_up, shift in self.of_resident(newcomer_id, self._tx.now):
            clashes = any(
                shift.starts_at < other.ends_at and other.starts_at < shift.ends_at
                for _, other in mine
            )
            if clashes and self.leave(sign_up):
                self._tx.notices.withdraw_prefix(f"sign_up:{sign_up.id}:")
                freed.append(sign_up.id)
        for shift_id in self._joined(newcomer_id) & self._joined(person_id):
            # One that is over: both were there, and it counts once.
            doubled = self.sign_up_of(shift_id, newcomer_id)
            if doubled is not None and self.leave(doubled):
                freed.append(doubled.id)
        return freed

    def _joined(self, resident_id: int) -> set[int]:
        statement = select(sign_ups.c.shift_id).where(
            sign_ups.c.resident_id == resident_id, sign_ups.c.state == SignUpState.JOINED
        )
        return {row.shift_id for row in self._tx.read(statement)}


def _same(shift_id: int) -> ColumnElement[bool]:
    return and_(shifts.c.shard == shard_of(shift_id), shifts.c.id == shift_id)


def _shift(row: Sequence[Any]) -> Shift:
    return Shift(*row)


def _sign_up(row: Sequence[Any]) -> SignUp:
    return SignUp(row[0], row[1], row[2], SignUpState(row[3]), row[4])
