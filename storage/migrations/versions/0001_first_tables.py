"""The first tables."""

import sqlalchemy as sa
from alembic import op

from storage.schema import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("posted", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pending", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("opened_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "kind = 'issuer' OR posted - pending >= 0", name=op.f("ck_accounts_balance")
        ),
        sa.CheckConstraint("pending >= 0", name=op.f("ck_accounts_pending")),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_accounts")),
        sa.UniqueConstraint(
            "shard", "kind", "owner_id", name=op.f("uq_accounts_shard_kind_owner_id")
        ),
    )
    op.create_table(
        "addresses",
        sa.Column("key", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("user", sa.String(length=120), autoincrement=False, nullable=False),
        sa.Column("chat", sa.String(length=120), autoincrement=False, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("unreachable_since", UtcDateTime(), autoincrement=False, nullable=True),
        sa.Column("created_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_addresses")),
    )
    with op.batch_alter_table("addresses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_addresses_resident_id"), ["resident_id"], unique=False)

    op.create_table(
        "alarms",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("raised_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("acknowledged_by", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("acknowledged_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_alarms")),
    )
    with op.batch_alter_table("alarms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alarms_resident_id"), ["resident_id"], unique=False)

    op.create_table(
        "answers",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.String(length=80), autoincrement=False, nullable=False),
        sa.Column("entry_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("confidence", sa.Float(), autoincrement=False, nullable=False),
        sa.Column("given_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("thumb", sa.String(length=8), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_answers")),
    )
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.create_index("ix_answers_entry", ["entry", "entry_version"], unique=False)
        batch_op.create_index("ix_answers_resident_id", ["resident_id", "id"], unique=False)

    op.create_table(
        "buildings",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("estate_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("units", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lifts", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buildings")),
    )
    with op.batch_alter_table("buildings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_buildings_estate_id"), ["estate_id"], unique=False)

    op.create_table(
        "codes",
        sa.Column("hash", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("payload", sa.JSON(), autoincrement=False, nullable=False),
        sa.Column("made_by", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("expires_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("used_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.Column("used_by", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_codes")),
    )
    with op.batch_alter_table("codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_codes_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "communities",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=60), autoincrement=False, nullable=False),
        sa.Column("demo", sa.Boolean(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communities")),
        sa.UniqueConstraint("name", name=op.f("uq_communities_name")),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("value", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
    op.create_table(
        "entries",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("transfer_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("balance_after", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("account_version", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_entries")),
    )
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.create_index("ix_entries_account_id", ["shard", "account_id", "id"], unique=False)

    op.create_table(
        "estates",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("community_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=60), autoincrement=False, nullable=False),
        sa.Column("demo", sa.Boolean(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estates")),
        sa.UniqueConstraint("name", name=op.f("uq_estates_name")),
    )
    with op.batch_alter_table("estates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_estates_community_id"), ["community_id"], unique=False)

    op.create_table(
        "gifts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=60), autoincrement=False, nullable=False),
        sa.Column("price", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stock", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("demo", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint("price > 0 AND stock >= 0", name=op.f("ck_gifts_sane")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gifts")),
        sa.UniqueConstraint("name", name=op.f("uq_gifts_name")),
    )
    op.create_table(
        "group_addresses",
        sa.Column("key", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("chat", sa.String(length=120), autoincrement=False, nullable=False),
        sa.Column("group_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("greeted_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.Column("left_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_group_addresses")),
    )
    with op.batch_alter_table("group_addresses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_addresses_group_id"), ["group_id"], unique=False)

    op.create_table(
        "group_members",
        sa.Column("group_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("group_id", "resident_id", name=op.f("pk_group_members")),
    )
    with op.batch_alter_table("group_members", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_group_members_resident_id"), ["resident_id"], unique=False
        )

    op.create_table(
        "groups",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("community_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("name", sa.String(length=60), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("demo", sa.Boolean(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("name", name=op.f("uq_groups_name")),
    )
    op.create_table(
        "handovers",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("community_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("talk_key", sa.String(length=300), autoincrement=False, nullable=False),
        sa.Column("words_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("taken_by", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("opened_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("answered_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.Column("closed_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_handovers")),
    )
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.create_index("ix_handovers_number", ["number"], unique=False)
        batch_op.create_index("ix_handovers_state", ["state", "id"], unique=False)

    op.create_table(
        "holds",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("gift_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("amount", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("idempotency_key", sa.String(length=160), autoincrement=False, nullable=False),
        sa.Column("opened_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("expires_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("settled_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_holds_amount")),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_holds")),
        sa.UniqueConstraint(
            "shard", "idempotency_key", name=op.f("uq_holds_shard_idempotency_key")
        ),
    )
    op.create_table(
        "inbox",
        sa.Column("key", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("received_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("replies", sa.JSON(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_inbox")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbox_received_at"), ["received_at"], unique=False)

    op.create_table(
        "lots",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("transfer_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("remaining", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("earned_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("expires_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.CheckConstraint(
            "remaining >= 0 AND remaining <= amount", name=op.f("ck_lots_remaining")
        ),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_lots")),
    )
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.create_index(
            "ix_lots_account_id", ["shard", "account_id", "expires_at"], unique=False
        )

    op.create_table(
        "notices",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=120), autoincrement=False, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("group_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("text", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("choices", sa.JSON(), autoincrement=False, nullable=False),
        sa.Column("media", sa.JSON(), autoincrement=False, nullable=False),
        sa.Column("topic", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("urgent", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("due_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("wake_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("expires_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.Column("attempts", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_error", sa.String(length=200), autoincrement=False, nullable=True),
        sa.Column("delivered_via", sa.String(length=200), autoincrement=False, nullable=True),
        sa.Column("created_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("settled_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_notices")),
        sa.UniqueConstraint("shard", "key", name=op.f("uq_notices_shard_key")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index("ix_notices_key", ["key"], unique=False)
        batch_op.create_index("ix_notices_settled", ["settled_at"], unique=False)
        batch_op.create_index(
            "ix_notices_wake",
            ["wake_at", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('pending', 'claimed')"),
            postgresql_where=sa.text("state IN ('pending', 'claimed')"),
        )

    op.create_table(
        "questions",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("words_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("asked_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("settled_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_questions")),
    )
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.create_index("ix_questions_open", ["settled_at", "id"], unique=False)

    op.create_table(
        "residents",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("community_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("estate_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("name", sa.String(length=60), autoincrement=False, nullable=True),
        sa.Column("building", sa.String(length=40), autoincrement=False, nullable=True),
        sa.Column("unit", sa.String(length=40), autoincrement=False, nullable=True),
        sa.Column("room", sa.String(length=40), autoincrement=False, nullable=True),
        sa.Column("phone", sa.String(length=40), autoincrement=False, nullable=True),
        sa.Column("elder_mode", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("demo", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("last_address", sa.String(length=200), autoincrement=False, nullable=True),
        sa.Column("created_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("erased_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_residents")),
    )
    with op.batch_alter_table("residents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_residents_name"), ["name"], unique=False)

    op.create_table(
        "roles",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("scope_kind", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("scope_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("title", sa.String(length=40), autoincrement=False, nullable=True),
        sa.Column("granted_by", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("granted_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("ended_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
    )
    with op.batch_alter_table("roles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roles_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index("ix_roles_scope", ["role", "scope_kind", "scope_id"], unique=False)

    op.create_table(
        "shifts",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("community_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("team_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("title", sa.String(length=80), autoincrement=False, nullable=False),
        sa.Column("place", sa.String(length=120), autoincrement=False, nullable=True),
        sa.Column("starts_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("ends_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("places", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("taken", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.Column("demo", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint("taken >= 0 AND taken <= places", name=op.f("ck_shifts_capacity")),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_shifts")),
    )
    with op.batch_alter_table("shifts", schema=None) as batch_op:
        batch_op.create_index("ix_shifts_number", ["number"], unique=False)
        batch_op.create_index("ix_shifts_starts_at", ["starts_at"], unique=False)

    op.create_table(
        "sign_ups",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shift_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("joined_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_sign_ups")),
    )
    with op.batch_alter_table("sign_ups", schema=None) as batch_op:
        batch_op.create_index("ix_sign_ups_resident_id", ["resident_id", "state"], unique=False)
        batch_op.create_index(
            "uq_sign_ups_active",
            ["shard", "shift_id", "resident_id"],
            unique=True,
            sqlite_where=sa.text("state = 'joined'"),
            postgresql_where=sa.text("state = 'joined'"),
        )

    op.create_table(
        "talks",
        sa.Column("key", sa.String(length=300), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("chat", sa.String(length=120), autoincrement=False, nullable=False),
        sa.Column("sender", sa.String(length=120), autoincrement=False, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("form", sa.JSON(none_as_null=True), autoincrement=False, nullable=True),
        sa.Column("menu", sa.JSON(none_as_null=True), autoincrement=False, nullable=True),
        sa.Column("memory", sa.JSON(), autoincrement=False, nullable=False),
        sa.Column("misses", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("handover_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("mute_until", UtcDateTime(), autoincrement=False, nullable=True),
        sa.Column("updated_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_talks")),
    )
    with op.batch_alter_table("talks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_talks_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_talks_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "team_members",
        sa.Column("team_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("joined_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "resident_id", name=op.f("pk_team_members")),
    )
    with op.batch_alter_table("team_members", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_team_members_resident_id"), ["resident_id"], unique=False
        )

    op.create_table(
        "teams",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("community_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("name", sa.String(length=60), autoincrement=False, nullable=False),
        sa.Column("demo", sa.Boolean(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("name", name=op.f("uq_teams_name")),
    )
    op.create_table(
        "ticket_events",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("from_state", sa.String(length=12), autoincrement=False, nullable=True),
        sa.Column("to_state", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("to_level", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("words_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("rating", sa.SmallInteger(), autoincrement=False, nullable=True),
        sa.Column("happened_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_ticket_events")),
        sa.UniqueConstraint(
            "shard", "ticket_id", "sequence", name=op.f("uq_ticket_events_shard_ticket_id_sequence")
        ),
    )
    op.create_table(
        "tickets",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("community_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("estate_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("reporter_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("what_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("where_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contact_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("state", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("level", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("handler_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("reopened", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rating", sa.SmallInteger(), autoincrement=False, nullable=True),
        sa.Column("opened_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("respond_by", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("resolved_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.Column("changed_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_tickets")),
    )
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.create_index(
            "ix_tickets_community_state", ["community_id", "state", "id"], unique=False
        )
        batch_op.create_index("ix_tickets_number", ["number"], unique=False)
        batch_op.create_index("ix_tickets_reporter_id", ["reporter_id", "id"], unique=False)
        batch_op.create_index("ix_tickets_state_resolved", ["state", "resolved_at"], unique=False)

    op.create_table(
        "transcripts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat", sa.String(length=120), autoincrement=False, nullable=False),
        sa.Column("body", sa.JSON(), autoincrement=False, nullable=False),
        sa.Column("said_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcripts")),
    )
    with op.batch_alter_table("transcripts", schema=None) as batch_op:
        batch_op.create_index("ix_transcripts_chat_id", ["chat", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transcripts_said_at"), ["said_at"], unique=False)

    op.create_table(
        "transfers",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("idempotency_key", sa.String(length=160), autoincrement=False, nullable=False),
        sa.Column("input_hash", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("reason_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("rule", sa.String(length=40), autoincrement=False, nullable=True),
        sa.Column("debit_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("credit_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("created_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("reverses_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("hold_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("actor_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("second_actor_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("prev_hash", sa.String(length=64), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), autoincrement=False, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_transfers_amount")),
        sa.CheckConstraint("debit_id <> credit_id", name=op.f("ck_transfers_two_accounts")),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_transfers")),
        sa.UniqueConstraint(
            "shard", "idempotency_key", name=op.f("uq_transfers_shard_idempotency_key")
        ),
        sa.UniqueConstraint("shard", "sequence", name=op.f("uq_transfers_shard_sequence")),
    )
    with op.batch_alter_table("transfers", schema=None) as batch_op:
        batch_op.create_index(
            "uq_transfers_reverses",
            ["shard", "reverses_id"],
            unique=True,
            sqlite_where=sa.text("reverses_id IS NOT NULL"),
            postgresql_where=sa.text("reverses_id IS NOT NULL"),
        )

    op.create_table(
        "words",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("resident_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("kind", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("media", sa.JSON(), autoincrement=False, nullable=False),
        sa.Column("written_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("erased_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("shard", "id", name=op.f("pk_words")),
    )
    with op.batch_alter_table("words", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_words_resident_id"), ["resident_id"], unique=False)

    _forbid_change("transfers")
    _forbid_change("entries")
    _forbid_change("ticket_events")


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
