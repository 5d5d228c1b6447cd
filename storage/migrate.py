"""Brings a database to the newest layout and compares it with the tables in the code."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from storage.tables import metadata

FOLDER = Path(__file__).parent / "migrations"
UPGRADING = 7100
"""The key of the advisory lock whoever upgrades holds (storage/seats.py has the others)."""


def upgrade(engine: Engine) -> None:
    """Apply every migration that is missing; does nothing when there is none."""
    with engine.begin() as connection:
        if engine.dialect.name != "sqlite":
            # Workers that start together: the others find it done.
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADING})
        if MigrationContext.configure(connection).get_current_revision() == newest():
            return
        command.upgrade(_config(connection), "head")


def current(engine: Engine) -> str | None:
    """Return the revision the database stands at, or None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def newest() -> str | None:
    """Return the revision the code needs; reading all of them takes a while."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def differences(engine: Engine) -> list[object]:
    """Return how the database differs from the tables in the code; empty when it does not."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        return list(compare_metadata(context, metadata))


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config
