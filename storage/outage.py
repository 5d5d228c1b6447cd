"""A real outage for drills and tests: somebody else keeps the database to themselves."""

from contextlib import ExitStack

from sqlalchemy import text

from storage.engine import open_engine
from storage.turns import has_workers

_TAKE = "LOCK TABLE alembic_version"
"""What every batch begins with (storage/turns.py)."""
_CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class Outage:
    """While it lasts, whatever else wants to write is told that the database is locked."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stack: ExitStack | None = None

    def begin(self) -> None:
        """Take the database; does nothing when it is taken already. Raises DBAPIError."""
        if self._stack is not None:
            return
        engine = open_engine(self._url)
        with ExitStack() as stack:
            stack.callback(engine.dispose)
            connection = stack.enter_context(engine.connect())
            connection.begin()
            if has_workers(connection):
                connection.execute(text(_TAKE))
            self._stack = stack.pop_all()

    def end(self) -> None:
        """Give the database back; does nothing when it is not taken."""
        stack, self._stack = self._stack, None
        if stack is not None:
            stack.close()

    @property
    def lasts(self) -> bool:
        """Whether the database is taken now."""
        return self._stack is not None


def cut_off(url: str) -> None:
    """Break everybody's line to a PostgreSQL database: what was not committed is lost."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(text(_CUT))
    finally:
        engine.dispose()
