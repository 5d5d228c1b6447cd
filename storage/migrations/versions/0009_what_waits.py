"""Indexes of what waits alone: open drafts, talks with a person, urgent notices."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    # Each message changes when its talk was touched; only of drafts does anybody ask that.
    op.drop_index("ix_talks_updated_at", "talks")
    _of_some("ix_talks_draft", "talks", ["updated_at"], "form IS NOT NULL")
    _of_some("ix_talks_handover_id", "talks", ["handover_id"], "handover_id IS NOT NULL")
    _of_some(
        "ix_notices_urgent",
        "notices",
        ["wake_at", "id"],
        "urgent AND state IN ('pending', 'claimed')",
    )


def _of_some(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
