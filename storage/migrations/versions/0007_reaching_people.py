"""Steps and counts of delivery, opt-outs, visits, merges, states of channels."""

import sqlalchemy as sa
from alembic import op

from storage.schema import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "bindings",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("other_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("address", sa.String(length=200), autoincrement=False, nullable=True),
        sa.Column("way", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("moved", sa.JSON(), autoincrement=False, nullable=False),
        sa.Column("points", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("made_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("made_by", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("undone_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.Column("undone_by", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bindings")),
        sa.UniqueConstraint("number", name=op.f("uq_bindings_number")),
    )
    with op.batch_alter_table("bindings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bindings_other_id"), ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bindings_resident_id"), ["resident_id"], unique=False)

    op.create_table(
        "channel_states",
        sa.Column("channel", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("good", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("words", sa.String(length=400), autoincrement=False, nullable=False),
        sa.Column("token_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.Column("seen_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_states")),
    )
    op.create_table(
        "notice_steps",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("notice_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("taken_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_notice_steps")),
    )
    with op.batch_alter_table("notice_steps", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notice_steps_notice_id", ["shard", "notice_id", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_notice_steps_taken_at"), ["taken_at"], unique=False)

    op.create_table(
        "opt_outs",
        sa.Column("resident_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("interest", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("since", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("resident_id", "interest", name=op.f("pk_opt_outs")),
    )
    op.create_table(
        "tallies",
        sa.Column("name", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("since", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tallies")),
    )
    with op.batch_alter_table("tallies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tallies_since"), ["since"], unique=False)

    op.create_table(
        "visits",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("notices", sa.JSON(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("opened_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("settled_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.Column("settled_by", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_visits")),
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index("ix_visits_number", ["number"], unique=False)
        batch_op.create_index("ix_visits_state", ["state", "id"], unique=False)
        batch_op.create_index(
            "uq_visits_open",
            ["shard", "resident_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notices_unread",
            ["delivered_via"],
            unique=False,
            sqlite_where=sa.text("state IN ('pending', 'claimed') AND delivered_via IS NOT NULL"),
            postgresql_where=sa.text(
                "state IN ('pending', 'claimed') AND delivered_via IS NOT NULL"
            ),
        )

    with op.batch_alter_table("residents", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("merged_into", sa.BigInteger(), autoincrement=False, nullable=True)
        )
