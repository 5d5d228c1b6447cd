"""The operator's statutes and the history of every legal answer."""

import sqlalchemy as sa
from alembic import op

from storage.schema import UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "law_articles",
        sa.Column("short", sa.String(length=120), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("inserted", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("law", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(length=20_000), autoincrement=False, nullable=False),
        sa.Column("version", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("repealed", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("imported_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("short", "number", "inserted", name=op.f("pk_law_articles")),
    )
    op.create_table(
        "entry_events",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.String(length=80), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("why", sa.String(length=12), autoincrement=False, nullable=True),
        sa.Column("hash", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("words_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("happened_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_entry_events")),
    )
    op.create_index("ix_entry_events_entry", "entry_events", ["entry", "id"], unique=False)
    _forbid_change("entry_events")


def _forbid_change(table: str) -> None:
    """Make the table append-only, on both engines."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
    )
