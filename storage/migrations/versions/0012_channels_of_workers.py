"""How the channels of each worker are, and what one says for another."""

import sqlalchemy as sa
from alembic import op

from storage.schema import UtcDateTime

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "speaking_first",
        sa.Column("channel", sa.String(length=20), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_speaking_first")),
    )
    op.create_table(
        "line_messages",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat", sa.String(length=120), autoincrement=False, nullable=False),
        sa.Column("body", sa.JSON(), autoincrement=False, nullable=False),
        sa.Column("code", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("asked_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_messages")),
    )
    op.create_index(op.f("ix_line_messages_asked_at"), "line_messages", ["asked_at"])
    # What a service notes once a minute: nothing to carry over.
    op.drop_table("channel_states")
    op.create_table(
        "channel_states",
        sa.Column("channel", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("worker", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("good", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("words", sa.String(length=400), autoincrement=False, nullable=False),
        sa.Column("pages", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("account", sa.String(length=120), autoincrement=False, nullable=True),
        sa.Column("a_minute", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("token_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.Column("seen_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("channel", "worker", name=op.f("pk_channel_states")),
    )
