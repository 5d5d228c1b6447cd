"""Late answers, quotas and access tokens of channels that allow only so much."""

import sqlalchemy as sa
from alembic import op

from storage.schema import UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "access_tokens",
        sa.Column("account", sa.String(length=120), autoincrement=False, nullable=False),
        sa.Column("token", sa.String(length=1024), autoincrement=False, nullable=True),
        sa.Column("fetched_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.Column("expires_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.Column("leased_until", UtcDateTime(), autoincrement=False, nullable=True),
        sa.Column("last_error", sa.String(length=200), autoincrement=False, nullable=True),
        sa.Column("failed_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_access_tokens")),
    )
    op.create_table(
        "bells",
        sa.Column("number", sa.String(length=120), autoincrement=False, nullable=False),
        sa.Column("address", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("rung_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_bells")),
    )
    op.create_index(op.f("ix_bells_address"), "bells", ["address"], unique=False)
    op.create_index(op.f("ix_bells_rung_at"), "bells", ["rung_at"], unique=False)
    op.create_table(
        "consents",
        sa.Column("address", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("template", sa.String(length=120), autoincrement=False, nullable=False),
        sa.Column("remaining", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("address", "template", name=op.f("pk_consents")),
    )
    op.create_table(
        "late_answers",
        sa.Column("key", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("chat", sa.String(length=120), autoincrement=False, nullable=False),
        sa.Column("message", sa.JSON(none_as_null=True), autoincrement=False, nullable=True),
        sa.Column("replies", sa.JSON(none_as_null=True), autoincrement=False, nullable=True),
        sa.Column("promised", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("said_with", sa.String(length=200), autoincrement=False, nullable=True),
        sa.Column("created_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_late_answers")),
    )
    op.create_index(op.f("ix_late_answers_chat"), "late_answers", ["chat"], unique=False)
    op.create_index(
        op.f("ix_late_answers_created_at"), "late_answers", ["created_at"], unique=False
    )
    op.create_table(
        "reply_windows",
        sa.Column("address", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("remaining", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("closes_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("address", "kind", name=op.f("pk_reply_windows")),
    )
    op.create_index(
        op.f("ix_reply_windows_closes_at"), "reply_windows", ["closes_at"], unique=False
    )
