"""Which chats have a page open at which worker: what shows there at once has arrived.

A row counts while its worker is alive, which its number at the database tells (storage/seats.py).
"""

from typing import TYPE_CHECKING

from sqlalchemy import SmallInteger, String, Table, delete, select

from storage.schema import fact, metadata, personal
from storage.words import Kept

if TYPE_CHECKING:
    from storage.transaction import Transaction

open_pages = Table(
    "open_pages",
    metadata,
    personal("chat", String(120), primary_key=True, kept=Kept.DEDUPE),
    fact("worker", SmallInteger, primary_key=True, kept=Kept.DEDUPE),
)


class OpenPages:
    """Notes the pages of this worker for the others."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def open(self, chat: str) -> None:
        """Note that this worker shows the chat; said again and again, since numbers change."""
        row = {"chat": chat, "worker": self._tx.seat.number}
        here = select(open_pages.c.worker).filter_by(**row)
        if self._tx.read(here).first() is None:
            self._tx.write(self._tx.insert_missing(open_pages, ["chat", "worker"]).values(row))

    def close(self, chat: str) -> None:
        """Note that this worker shows the chat no more."""
        self._tx.write(delete(open_pages).filter_by(chat=chat, worker=self._tx.seat.number))

    def open_elsewhere(self, chat: str) -> bool:
        """Return whether another worker that is alive shows the chat."""
        rows = self._tx.read(select(open_pages.c.worker).where(open_pages.c.chat == chat))
        workers = {row.worker for row in rows}
        return bool(workers) and not workers.isdisjoint(self._tx.other_workers())
