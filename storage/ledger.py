"""The tables of the points bank: double entry, append-only, with their final columns.

Triggers forbid changing or deleting transfers and entries (see the migration).
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    text,
)

from storage.schema import UtcDateTime, fact, metadata

accounts = Table(
    "accounts",
    metadata,
    fact("shard", SmallInteger),
    fact("id", BigInteger),
    fact("kind", String(12)),
    fact("owner_id", BigInteger),
    fact("posted", BigInteger),
    fact("pending", BigInteger),
    fact("version", BigInteger),
    fact("opened_at", UtcDateTime),
    PrimaryKeyConstraint("shard", "id"),
    UniqueConstraint("shard", "kind", "owner_id"),
    CheckConstraint("pending >= 0", name="pending"),
    CheckConstraint("kind = 'issuer' OR posted - pending >= 0", name="balance"),
)

transfers = Table(
    "transfers",
    metadata,
    fact("shard", SmallInteger),
    fact("id", BigInteger),
    fact("idempotency_key", String(160)),
    fact("input_hash", String(64)),
    fact("kind", String(12)),
    fact("reason_id", BigInteger, nullable=True),
    fact("rule", String(40), nullable=True),
    fact("debit_id", BigInteger),
    fact("credit_id", BigInteger),
    fact("amount", BigInteger),
    fact("event_at", UtcDateTime),
    fact("created_at", UtcDateTime),
    fact("reverses_id", BigInteger, nullable=True),
    fact("hold_id", BigInteger, nullable=True),
    fact("actor_id", BigInteger, nullable=True),
    fact("second_actor_id", BigInteger, nullable=True),
    fact("sequence", BigInteger),
    fact("prev_hash", String(64)),
    fact("hash", String(64)),
    PrimaryKeyConstraint("shard", "id"),
    UniqueConstraint("shard", "idempotency_key"),
    UniqueConstraint("shard", "sequence"),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("debit_id <> credit_id", name="two_accounts"),
    Index(
        "uq_transfers_reverses",
        "shard",
        "reverses_id",
        unique=True,
        sqlite_where=text("reverses_id IS NOT NULL"),
        postgresql_where=text("reverses_id IS NOT NULL"),
    ),
)

transfer_keys = Table(
    "transfer_keys",
    metadata,
    fact("shard", SmallInteger),
    fact("key", String(160)),
    fact("input_hash", String(64)),
    PrimaryKeyConstraint("shard", "key"),
)
"""Every idempotency key that was posted, in a slice of its own: the same message cannot post once
more in another slice, should a name mean somebody else by then."""

entries = Table(
    "entries",
    metadata,
    fact("shard", SmallInteger),
    fact("id", BigInteger),
    fact("transfer_id", BigInteger),
    fact("account_id", BigInteger),
    fact("amount", BigInteger),
    fact("balance_after", BigInteger, nullable=True),
    fact("account_version", BigInteger, nullable=True),
    PrimaryKeyConstraint("shard", "id"),
    Index("ix_entries_account_id", "shard", "account_id", "id"),
)

lots = Table(
    "lots",
    metadata,
    fact("shard", SmallInteger),
    fact("id", BigInteger),
    fact("account_id", BigInteger),
    fact("transfer_id", BigInteger),
    fact("amount", BigInteger),
    fact("remaining", BigInteger),
    fact("earned_at", UtcDateTime),
    fact("expires_at", UtcDateTime, nullable=True),
    PrimaryKeyConstraint("shard", "id"),
    CheckConstraint("remaining >= 0 AND remaining <= amount", name="remaining"),
    Index("ix_lots_account_id", "shard", "account_id", "expires_at"),
)

holds = Table(
    "holds",
    metadata,
    fact("shard", SmallInteger),
    fact("id", BigInteger),
    fact("account_id", BigInteger),
    fact("gift_id", BigInteger, nullable=True),
    fact("amount", BigInteger),
    fact("state", String(12)),
    fact("idempotency_key", String(160)),
    fact("opened_at", UtcDateTime),
    fact("expires_at", UtcDateTime),
    fact("settled_at", UtcDateTime, nullable=True),
    PrimaryKeyConstraint("shard", "id"),
    UniqueConstraint("shard", "idempotency_key"),
    CheckConstraint("amount > 0", name="amount"),
)

gifts = Table(
    "gifts",
    metadata,
    fact("id", BigInteger, primary_key=True),
    fact("name", String(60), unique=True),
    fact("price", Integer),
    fact("stock", Integer),
    fact("demo", Integer),
    CheckConstraint("price > 0 AND stock >= 0", name="sane"),
)

CHAINED = tuple(c.name for c in transfers.c if c.name not in {"prev_hash", "hash"})
"""The columns that a transfer's hash covers, besides the hash before it."""
