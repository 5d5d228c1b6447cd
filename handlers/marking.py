"""Writes down how notices ended: many together, while the next ones are being sent."""

import asyncio
from collections.abc import Callable, Sequence

from storage.faults import StoreUnavailable
from storage.store import Store
from storage.transaction import Transaction

Mark = Callable[[Transaction], None]


class Marks:
    """What was said and is not yet written down; at most `most` of it, while all goes well.

    What could not be written because the database is down is kept, and written before all else.
    """

    def __init__(self, store: Store, most: int) -> None:
        self._store = store
        self._most = most
        self._unwritten: list[Mark] = []
        self._writing: asyncio.Task[None] | None = None
        self.trouble: BaseException | None = None
        """What kept the last one from being written, until somebody was told."""

    async def note(self, mark: Mark) -> None:
        """Have this written soon; returns as soon as there is room for another one."""
        self._unwritten.append(mark)
        writing = self._write_soon()
        if len(self._unwritten) >= self._most:
            await asyncio.wait([writing])

    async def written(self) -> None:
        """Return when everything is written; raises what prevented it."""
        if self._unwritten:
            await self._write_soon()
        trouble, self.trouble = self.trouble, None
        if trouble is not None:
            raise trouble

    def _write_soon(self) -> "asyncio.Task[None]":
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return self._writing

    async def _write(self) -> None:
        while self._unwritten:
            marks = tuple(self._unwritten)
            try:
                await self._together(marks)
            except StoreUnavailable as unavailable:
                self.trouble = unavailable
                return
            del self._unwritten[: len(marks)]
        if isinstance(self.trouble, StoreUnavailable):
            self.trouble = None

    async def _together(self, marks: Sequence[Mark]) -> None:
        def work(tx: Transaction) -> None:
            for mark in marks:
                mark(tx)

        try:
            await self._store.run(work)
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001  one that is wrong must not undo the others: one by one
            await self._one_by_one(marks)

    async def _one_by_one(self, marks: Sequence[Mark]) -> None:
        ends = await asyncio.gather(*map(self._store.run, marks), return_exceptions=True)
        for end in ends:
            if isinstance(end, StoreUnavailable):
                raise end
            if isinstance(end, BaseException):
                self.trouble = end
