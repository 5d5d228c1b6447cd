"""What WeCom needs counted and remembered: sendings, customer service, streamed answers."""

import sqlalchemy as sa
from alembic import op

from storage.schema import UtcDateTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "sending_books",
        sa.Column("book", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("last_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("book", name=op.f("pk_sending_books")),
    )
    op.create_index(op.f("ix_sending_books_last_at"), "sending_books", ["last_at"], unique=False)
    op.create_table(
        "sendings",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("book", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("sent_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sendings")),
    )
    op.create_index("ix_sendings_book_sent_at", "sendings", ["book", "sent_at"], unique=False)
    op.create_index(op.f("ix_sendings_sent_at"), "sendings", ["sent_at"], unique=False)
    op.create_table(
        "kf_cursors",
        sa.Column("account", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("cursor", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("moved_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_kf_cursors")),
    )
    op.create_table(
        "kf_customers",
        sa.Column("address", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("servant", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("changed_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_kf_customers")),
    )
    op.create_index(
        op.f("ix_kf_customers_changed_at"), "kf_customers", ["changed_at"], unique=False
    )
    op.create_table(
        "kf_sent",
        sa.Column("number", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("address", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("unasked", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("sent_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("failed_by", sa.String(length=60), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_kf_sent")),
    )
    op.create_index(op.f("ix_kf_sent_address"), "kf_sent", ["address"], unique=False)
    op.create_index(op.f("ix_kf_sent_sent_at"), "kf_sent", ["sent_at"], unique=False)
    op.create_table(
        "answer_streams",
        sa.Column("stream", sa.String(length=160), autoincrement=False, nullable=False),
        sa.Column("person", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("opened_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("finished_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_answer_streams")),
    )
    op.create_index(op.f("ix_answer_streams_person"), "answer_streams", ["person"], unique=False)
    op.create_index(
        op.f("ix_answer_streams_opened_at"), "answer_streams", ["opened_at"], unique=False
    )
