"""What several workers share: the ends of chats, and the keys that are posted once at all."""

from zlib import crc32

import sqlalchemy as sa
from alembic import op

from storage.schema import UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "transcript_ends",
        sa.Column("chat", sa.String(length=120), autoincrement=False, nullable=False),
        sa.Column("last_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("said_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("chat", name=op.f("pk_transcript_ends")),
    )
    with op.batch_alter_table("transcript_ends", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transcript_ends_said_at"), ["said_at"], unique=False)

    op.add_column(
        "notices", sa.Column("claimed_by", sa.SmallInteger(), autoincrement=False, nullable=True)
    )

    keys = op.create_table(
        "transfer_keys",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=160), autoincrement=False, nullable=False),
        sa.Column("input_hash", sa.String(length=64), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("shard", "key", name=op.f("pk_transfer_keys")),
    )
    # Until now a key was unique in its slice only; of two the older one is kept.
    posted = op.get_bind().execute(
        sa.text(
            "SELECT idempotency_key, input_hash FROM transfers ORDER BY created_at DESC, id DESC"
        )
    )
    rows = [
        {"shard": crc32(key.encode()) % 256, "key": key, "input_hash": digest}
        for key, digest in dict(tuple(row) for row in posted).items()
    ]
    if rows:
        op.bulk_insert(keys, rows)
