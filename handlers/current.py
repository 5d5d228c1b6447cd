"""The knowledge in use: what is shipped under what staff changed, swapped whole when that moves."""

import asyncio
from datetime import date, datetime

from handlers.law.state import changed_articles, frozen_in, signed_in, states_of
from handlers.localtime import local
from knowledge.law import LawIndex
from knowledge.overlay import Overlay
from knowledge.reading import Knowledge
from storage.store import Store
from storage.transaction import Transaction
from storage.words import PhrasingState


class Current:
    """Every worker holds one and looks by itself whether the database has something newer."""

    def __init__(self, shipped: Knowledge) -> None:
        self.shipped = shipped
        self.knowledge = shipped
        """What messages are answered from; read once for each message."""
        self._overlay = Overlay()
        self._day: date | None = None
        self._turn = asyncio.Lock()

    @property
    def version(self) -> int:
        """The number of the overlay that was taken over last."""
        return self._overlay.version

    async def refresh(self, store: Store, now: datetime) -> bool:
        """Take over what changed since the last look; return whether anything did.

        The new knowledge is made in a thread: messages are answered from the old one meanwhile.
        """
        async with self._turn:
            today = local(now).date()
            known = self._overlay.version
            law = self.shipped.law
            overlay = await store.run(lambda tx: _newer(tx, law, known)) or self._overlay
            if overlay is self._overlay and today == self._day:
                return False
            self.knowledge = await asyncio.to_thread(self.shipped.under, overlay, today)
            self._overlay, self._day = overlay, today
            return True


def overlay_of(tx: Transaction, law: LawIndex) -> Overlay:
    """Return what lies over the shipped knowledge now; `law` is the shipped index."""
    # The number is read first: what is written after it is seen at the next look.
    version = tx.knowledge_versions.current()
    states = states_of(tx)
    published = tx.learning.in_state(PhrasingState.PUBLISHED)
    return Overlay(
        version=version,
        signed=signed_in(tx, states),
        frozen=frozen_in(states),
        phrasings=tuple((one.entry, one.text) for one in published if one.text is not None),
        articles=changed_articles(tx, law),
    )


def _newer(tx: Transaction, law: LawIndex, known: int) -> Overlay | None:
    return overlay_of(tx, law) if tx.knowledge_versions.current() != known else None
