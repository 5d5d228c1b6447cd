"""The one door to the database: units of work, drained into batches that commit together."""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random, SystemRandom
from typing import Generic, TypeVar

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from storage.faults import FaultKind, StoreUnavailable, fault_of
from storage.ids import IdMaker
from storage.schema import metadata
from storage.transaction import Loaded, Needs, Pending, Transaction

R = TypeVar("R")

BATCH = 64
"""Units of work in one commit: measured, the gain is over beyond that (docs/decisions)."""


@dataclass(slots=True)
class _Unit(Generic[R]):
    work: Callable[[Transaction], R]
    needs: Needs | None
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
        self._ids = IdMaker(worker, after=_greatest_id(engine))
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._write, name="store", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Transaction], R], needs: Needs | None = None) -> R:
        """Run the work in a transaction and return its result after the commit.

        The work may run again when its batch has to be redone, so it must have no effect but
        through its transaction. Raises StoreUnavailable when nothing could be stored, and
        whatever the work raised (then everything it wrote is taken back).
        """
        loop = asyncio.get_running_loop()
        unit = _Unit(work, needs, self._clock(), loop, loop.create_future())
        self._queue.put(unit)
        result: R = await unit.future
        return result

    def close(self) -> None:
        """Finish what is queued and close the database."""
        self._queue.put(None)
        self._thread.join()
        self._engine.dispose()

    def _write(self) -> None:
        last = False
        while not last:
            units, last = self._drain()
            if units:
                self._run_batch(units)
                _answer(units)
        self._disconnect()

    def _drain(self) -> tuple[list[_Unit[object]], bool]:
        unit = self._queue.get()
        units: list[_Unit[object]] = []
        while unit is not None:
            units.append(unit)
            if len(units) == BATCH:
                return units, False
            try:
                unit = self._queue.get_nowait()
            except queue.Empty:
                return units, False
        return units, True

    def _connected(self) -> Connection:
        """Return the writer's connection; kept, since taking one anew costs more than a message."""
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _disconnect(self) -> None:
        """Drop the connection: after a failure nobody knows what state it is in."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()

    def _run_batch(self, units: Sequence[_Unit[object]]) -> None:
        try:
            self._commit_together(units)
        except Exception as error:  # noqa: BLE001  callers get it; the thread must live on
            self._disconnect()
            if len(units) == 1 or _is_locked(error):
                for unit in units:
                    unit.error = _as_fault(error)
                return
            for unit in units:
                self._run_batch([unit])

    def _commit_together(self, units: Sequence[_Unit[object]]) -> None:
        connection = self._connected()
        with connection.begin():
            loaded, collected = Loaded(), Pending()
            loaded.load(connection, [unit.needs for unit in units if unit.needs])
            for unit in units:
                self._run_unit(connection, loaded, collected, unit)
            collected.write(connection)

    def _run_unit(
        self, connection: Connection, loaded: Loaded, collected: Pending, unit: _Unit[object]
    ) -> None:
        tx = Transaction(connection, loaded, collected, self._ids, self._luck, unit.now)
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


def _as_fault(error: BaseException) -> BaseException:
    cause = error.__cause__ if isinstance(error, _BatchFailed) and error.__cause__ else error
    if isinstance(cause, IntegrityError):
        return cause
    if isinstance(cause, OperationalError):
        return StoreUnavailable(fault_of(cause))
    return cause


def _is_locked(error: BaseException) -> bool:
    """Return whether the file was taken: trying each unit anew would wait as often as there are."""
    fault = _as_fault(error)
    return isinstance(fault, StoreUnavailable) and fault.kind is FaultKind.LOCKED


def _greatest_id(engine: Engine) -> int:
    greatest = 0
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            if "id" in table.c:
                found = connection.execute(select(func.max(table.c.id))).scalar()
                greatest = max(greatest, int(found or 0))
    return greatest
