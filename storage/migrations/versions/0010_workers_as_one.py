"""What workers have to know of each other; indexes of what the health page counts."""

import sqlalchemy as sa
from alembic import op

from storage.schema import UtcDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "open_pages",
        sa.Column("chat", sa.String(length=120), autoincrement=False, nullable=False),
        sa.Column("worker", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("chat", "worker", name=op.f("pk_open_pages")),
    )
    op.add_column("late_answers", _held_by())
    op.add_column("answer_streams", _held_by())
    op.add_column("answer_streams", sa.Column("message", sa.JSON(), nullable=True))
    op.add_column("answer_streams", sa.Column("posted_at", UtcDateTime(), nullable=True))
    _of_some("ix_notices_failed", "notices", ["id"], "state = 'failed'")
    _of_some("ix_addresses_unreachable", "addresses", ["channel"], "unreachable_since IS NOT NULL")


def _held_by() -> sa.Column[int]:
    return sa.Column("held_by", sa.SmallInteger(), autoincrement=False, nullable=True)


def _of_some(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
