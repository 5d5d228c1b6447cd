"""Clusters of questions, phrasings proposed for them, and their history."""

import sqlalchemy as sa
from alembic import op

from storage.schema import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column(
        "questions", sa.Column("cluster", sa.BigInteger(), autoincrement=False, nullable=True)
    )
    op.add_column(
        "questions", sa.Column("entry", sa.String(length=80), autoincrement=False, nullable=True)
    )
    op.create_index("ix_questions_cluster", "questions", ["cluster", "settled_at", "id"])
    op.create_index("ix_questions_decision", "questions", ["decision", "id"])
    op.create_table(
        "question_clusters",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("nearest", sa.String(length=80), autoincrement=False, nullable=False),
        sa.Column("asked", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("askers", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("opened_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("last_asked_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("closed_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_question_clusters")),
    )
    op.create_index(
        "ix_question_clusters_state", "question_clusters", ["state", "askers", "number"]
    )
    op.create_table(
        "phrasings",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("cluster", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.String(length=80), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("words_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(length=60), autoincrement=False, nullable=True),
        sa.Column("proposed_by", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("approved_by", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("proposed_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_phrasings")),
    )
    op.create_index(op.f("ix_phrasings_cluster"), "phrasings", ["cluster"])
    op.create_index(op.f("ix_phrasings_state"), "phrasings", ["state"])
    op.create_table(
        "learning_events",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("cluster", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("phrasing", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("kind", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("words_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("happened_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_events")),
    )
    op.create_index(op.f("ix_learning_events_cluster"), "learning_events", ["cluster"])
    _forbid_change("learning_events")


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
