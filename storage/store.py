"""The one door to the database: units of work, drained into batches that commit together."""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random, SystemRandom
from time import monotonic
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from storage import turns
from storage.bell import Bell
from storage.checkpoints import Checkpoints
from storage.faults import FaultKind, StoreUnavailable, fault_of
from storage.seats import Lease, Seat, seat_at
from storage.transaction import Loaded, Needs, Pending, Transaction

R = TypeVar("R")
T = TypeVar("T")

BATCH = 64
"""Units of work in one commit: measured, the gain is over beyond that (docs/decisions)."""

COMPANY_SECONDS = 0.002
"""Where two have come together more will: so long the batch waits for them. Whoever comes alone
waits for nobody."""


@dataclass(frozen=True, slots=True)
class Ahead(Generic[T]):
    """What one unit of work wants worked out before its transaction, and who does so for many."""

    work_out: Callable[[Sequence[T]], object]
    what: T


@dataclass(slots=True)
class _Unit(Generic[R]):
    work: Callable[[Transaction], R]
    needs: Needs | None
    ahead: Ahead[Any] | None
    now: datetime
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[R]"
    result: R | None = None
    error: BaseException | None = None

    def settle(self) -> None:
        """Answer the caller; on the caller's event loop."""
        if self.future.cancelled():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)  # type: ignore[arg-type]


class _BatchFailed(Exception):
    """A statement broke the transaction of the whole batch: redo its units one by one."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Store:
    """Runs units of work on one writer thread; each is committed when its caller is answered."""

    def __init__(
        self,
        engine: Engine,
        *,
        worker: int = 0,
        clock: Callable[[], datetime] = _utc_now,
        luck: Random | None = None,
    ) -> None:
        self._engine = engine
        self._luck = luck or SystemRandom()
        self._clock = clock
        self._queue: queue.SimpleQueue[_Unit[object] | None] = queue.SimpleQueue()
        self.bell = Bell(engine)
        self._checkpoints = None if turns.has_workers(engine) else Checkpoints(engine)
        self._worker = worker
        self._connection: Connection | None = None
        self._seat: Seat | None = None
        self._leases: set[Lease] = set()
        self._is_committing = False
        self._thread = threading.Thread(target=self._write, name="store", daemon=True)
        self._thread.start()

    async def run(
        self,
        work: Callable[[Transaction], R],
        needs: Needs | None = None,
        ahead: Ahead[Any] | None = None,
    ) -> R:
        """Run the work in a transaction and return its result after the commit.

        `ahead` is worked out for the whole batch before its transaction: reading many texts in one
        go costs half of what reading each by itself does, and no lock is held meanwhile.

        The work may run again when its batch has to be redone, so it must have no effect but
        through its transaction. Raises StoreUnavailable when nothing could be stored, and
        whatever the work raised (then everything it wrote is taken back).
        """
        loop = asyncio.get_running_loop()
        unit = _Unit(work, needs, ahead, self._clock(), loop, loop.create_future())
        self._queue.put(unit)
        result: R = await unit.future
        return result

    async def holds(self, lease: Lease) -> bool:
        """Return whether this worker looks after `lease`; takes it over where nobody does.

        While the database is down it is as it last was: who received goes on receiving.
        """
        try:
            held = await self.run(lambda tx: tx.holds(lease))
        except StoreUnavailable:
            return lease in self._leases or not turns.has_workers(self._engine)
        self._leases = self._leases | {lease} if held else self._leases - {lease}
        return held

    @property
    def is_shared(self) -> bool:
        """Whether other workers may write to the database as well."""
        return turns.has_workers(self._engine)

    @property
    def carriers(self) -> int:
        """Among how many workers what is said unasked is dealt out, as far as this one knows."""
        return 1 if self._seat is None else self._seat.carriers

    def close(self) -> None:
        """Finish what is queued and close the database."""
        self._queue.put(None)
        self._thread.join()
        if self._checkpoints is not None:
            self._checkpoints.close()
        self.bell.close()
        self._engine.dispose()

    def _write(self) -> None:
        last = False
        while not last:
            units, last = self._drain()
            if units:
                _look_ahead(units)
                self._run_batch(units)
                _answer(units)
                if self._checkpoints is not None:
                    self._checkpoints.committed()
        if self._connection is not None and self._seat is not None:
            with suppress(DBAPIError):
                self._seat.leave(self._connection)
        self._disconnect()

    def _drain(self) -> tuple[list[_Unit[object]], bool]:
        unit = self._queue.get()
        units: list[_Unit[object]] = []
        until = 0.0
        while unit is not None:
            units.append(unit)
            if len(units) == BATCH:
                return units, False
            if len(units) == 2:  # noqa: PLR2004 - company has come
                until = monotonic() + COMPANY_SECONDS
            wait = max(0.0, until - monotonic()) if until else 0.0
            try:
                unit = self._queue.get(block=wait > 0, timeout=wait or None)
            except queue.Empty:
                return units, False
        return units, True

    def _connected(self) -> Connection:
        """Return the writer's connection; kept, since taking one anew costs more than a message."""
        if self._connection is None:
            connection = turns.prepare(self._engine.connect())
            try:
                if self._seat is None:
                    self._seat = seat_at(connection, self._worker)
                    connection.rollback()
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _disconnect(self) -> None:
        """Drop the connection: after a failure nobody knows what state it is in."""
        connection, self._connection = self._connection, None
        if connection is not None:
            if turns.has_workers(self._engine):
                self._seat = None
            connection.invalidate()
            connection.close()

    def _run_batch(self, units: Sequence[_Unit[object]]) -> None:
        error = self._attempt(units)
        if error is not None and self._may_succeed_alone(error):
            error = self._attempt(units, alone=True)
        if error is None:
            return
        fault = self._as_fault(error)
        if len(units) == 1 or _is_for_all(fault):
            for unit in units:
                unit.error = fault
            return
        for unit in units:
            self._run_batch([unit])

    def _attempt(
        self, units: Sequence[_Unit[object]], *, alone: bool = False
    ) -> BaseException | None:
        """Run the units in one transaction; return what prevented it."""
        self._is_committing = False
        try:
            self._commit_together(units, alone=alone)
        except Exception as error:  # noqa: BLE001  callers get it; the thread must live on
            if self._connection is None or turns.is_lost(self._connection):
                self._disconnect()
            return error.__cause__ if isinstance(error, _BatchFailed) else error
        return None

    def _may_succeed_alone(self, error: BaseException) -> bool:
        """Return whether another worker was in the way, or the line broke before the commit."""
        if not turns.has_workers(self._engine):
            return False
        return turns.is_conflict(error) or (self._connection is None and not self._is_committing)

    def _as_fault(self, error: BaseException) -> BaseException:
        """Return what the callers are told."""
        if isinstance(error, StoreUnavailable | IntegrityError):
            return error
        if isinstance(error, OperationalError):
            return StoreUnavailable(fault_of(error))
        if turns.has_workers(self._engine) and self._connection is None:
            return StoreUnavailable(FaultKind.DOWN)
        return error

    def _commit_together(self, units: Sequence[_Unit[object]], *, alone: bool) -> None:
        connection = self._connected()
        with connection.begin():
            turns.begin(connection, alone=alone)
            loaded, collected = Loaded(), Pending()
            loaded.load(connection, [unit.needs for unit in units if unit.needs])
            for unit in units:
                self._run_unit(connection, loaded, collected, unit)
            assert self._seat is not None
            collected.write(connection, self._seat)
            self.bell.send(connection, collected.rings)
            self._is_committing = True
        self.bell.committed(collected.rings)

    def _run_unit(
        self, connection: Connection, loaded: Loaded, collected: Pending, unit: _Unit[object]
    ) -> None:
        assert self._seat is not None
        tx = Transaction(connection, loaded, collected, self._seat, self._luck, unit.now)
        unit.result, unit.error = None, None
        try:
            unit.result = unit.work(tx)
            tx.finish()
        except DBAPIError as error:
            # The engine may have ended the transaction already (a full disk does that).
            raise _BatchFailed from error
        except Exception as error:  # noqa: BLE001  the caller gets it; the thread must live on
            unit.error = error
            tx.undo()


def _look_ahead(units: Sequence[_Unit[object]]) -> None:
    together: dict[Callable[[Sequence[Any]], object], list[Any]] = {}
    for unit in units:
        if unit.ahead is not None:
            together.setdefault(unit.ahead.work_out, []).append(unit.ahead.what)
    for work_out, those in together.items():
        # What cannot be worked out fails again inside the work, where it is that unit's own.
        with suppress(Exception):
            work_out(those)


def _answer(units: Sequence[_Unit[object]]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[_Unit[object]]] = {}
    for unit in units:
        by_loop.setdefault(unit.loop, []).append(unit)
    for loop, settled in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle_all, settled)


def _settle_all(units: Sequence[_Unit[object]]) -> None:
    for unit in units:
        unit.settle()


def _is_for_all(fault: BaseException) -> bool:
    """Return whether trying each unit anew would only wait as often as there are."""
    return isinstance(fault, StoreUnavailable) and fault.kind is not FaultKind.FULL
