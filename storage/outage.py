"""A real outage for drills and tests: somebody else keeps the SQLite file to themselves."""

import sqlite3
from pathlib import Path


class Outage:
    """While it lasts, whatever else wants to write to the file is told that it is locked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def begin(self) -> None:
        """Take the file; does nothing when it is taken already."""
        if self._connection is not None:
            return
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=5)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error:
            connection.close()
            raise
        self._connection = connection

    def end(self) -> None:
        """Give the file back; does nothing when it is not taken."""
        if self._connection is not None:
            self._connection.execute("ROLLBACK")
            self._connection.close()
            self._connection = None

    @property
    def lasts(self) -> bool:
        """Whether the file is taken now."""
        return self._connection is not None
