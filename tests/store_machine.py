"""What a state machine over a database needs: one of its own, and a loop to use it in."""

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from hypothesis.stateful import RuleBasedStateMachine

from storage.transaction import Transaction
from tests.stores import Clock, Database, EngineKind

R = TypeVar("R")


class StoreMachine(RuleBasedStateMachine):
    """Laws of what is stored, whatever is done to it in whatever order."""

    KIND = EngineKind.SQLITE

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.database = Database(self.KIND, Path(self.folder.name))
        self.clock = Clock()
        self.store = self.database.open(self.clock)

    def run(self, work: Callable[[Transaction], R]) -> R:
        return self.loop.run_until_complete(self.store.run(work))

    def teardown(self) -> None:
        self.store.close()
        self.loop.close()
        self.database.drop()
        self.folder.cleanup()
