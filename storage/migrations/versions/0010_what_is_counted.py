"""Indexes of what the health page counts: notices that reached nobody, addresses that are dead."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    _of_some("ix_notices_failed", "notices", ["id"], "state = 'failed'")
    _of_some("ix_addresses_unreachable", "addresses", ["channel"], "unreachable_since IS NOT NULL")


def _of_some(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
