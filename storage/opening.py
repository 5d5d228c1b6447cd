"""Opens a database and brings it to the newest layout, or says in one word why that cannot be."""

from datetime import timedelta
from enum import StrEnum

from alembic.util import CommandError
from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from storage import migrate
from storage.engine import BUSY_TIMEOUT, open_engine


class Unusable(StrEnum):
    """Why a database cannot be used."""

    NEWER = "newer"
    LOCKED = "locked"
    NO_DATABASE = "no_database"
    UNREACHABLE = "unreachable"
    BAD_ADDRESS = "bad_address"


class DatabaseUnusable(Exception):
    """The database cannot be opened; `detail` is what the engine says of it."""

    def __init__(self, reason: Unusable, detail: str) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail


def open_newest(url: str, busy_timeout: timedelta = BUSY_TIMEOUT) -> Engine:
    """Return an engine on the newest layout; raises DatabaseUnusable."""
    engine = _opened(url, busy_timeout)
    try:
        migrate.upgrade(engine)
    except CommandError as error:
        engine.dispose()
        raise DatabaseUnusable(Unusable.NEWER, str(error)) from None
    except DBAPIError as error:
        engine.dispose()
        raise DatabaseUnusable(_reason(error), str(error.orig)) from None
    return engine


def revision(url: str) -> tuple[str | None, str | None]:
    """Return where the database stands and what the code needs; raises DatabaseUnusable."""
    engine = _opened(url, BUSY_TIMEOUT)
    try:
        return migrate.current(engine), migrate.newest()
    except DBAPIError as error:
        raise DatabaseUnusable(_reason(error), str(error.orig)) from None
    finally:
        engine.dispose()


def _opened(url: str, busy_timeout: timedelta) -> Engine:
    try:
        return open_engine(url, busy_timeout)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise DatabaseUnusable(Unusable.BAD_ADDRESS, str(error)) from None
    except OSError as error:
        raise DatabaseUnusable(
            Unusable.UNREACHABLE, f"{error.filename}: {error.strerror}"
        ) from None


def _reason(error: DBAPIError) -> Unusable:
    said = str(error.orig).lower()
    if "locked" in said or "busy" in said:
        return Unusable.LOCKED
    if "not a database" in said or "malformed" in said:
        return Unusable.NO_DATABASE
    return Unusable.UNREACHABLE
