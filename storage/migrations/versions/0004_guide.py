"""Offices, services and outages: what the street says about itself."""

import sqlalchemy as sa
from alembic import op

from storage.schema import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "offices",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=60), autoincrement=False, nullable=False),
        sa.Column("also", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("community_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("address", sa.String(length=120), autoincrement=False, nullable=False),
        sa.Column("phone", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("days", sa.String(length=12), autoincrement=False, nullable=False),
        sa.Column("opens", sa.String(length=5), autoincrement=False, nullable=False),
        sa.Column("closes", sa.String(length=5), autoincrement=False, nullable=False),
        sa.Column("note", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("updated_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("demo", sa.Boolean(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offices")),
        sa.UniqueConstraint("name", name=op.f("uq_offices_name")),
    )
    op.create_table(
        "services",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=60), autoincrement=False, nullable=False),
        sa.Column("also", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("place", sa.String(length=120), autoincrement=False, nullable=False),
        sa.Column("bring", sa.String(length=300), autoincrement=False, nullable=False),
        sa.Column("note", sa.String(length=200), autoincrement=False, nullable=False),
        sa.Column("updated_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("demo", sa.Boolean(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
        sa.UniqueConstraint("name", name=op.f("uq_services_name")),
    )
    op.create_table(
        "outages",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("utility", sa.String(length=8), autoincrement=False, nullable=False),
        sa.Column("estate_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("community_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("place", sa.String(length=120), autoincrement=False, nullable=False),
        sa.Column("starts_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("ends_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.Column("ended_at", UtcDateTime(), autoincrement=False, nullable=True),
        sa.Column("reason", sa.String(length=120), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=60), autoincrement=False, nullable=False),
        sa.Column("published_at", UtcDateTime(), autoincrement=False, nullable=False),
        sa.Column("published_by", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("demo", sa.Boolean(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outages")),
    )
    with op.batch_alter_table("outages", schema=None) as batch_op:
        batch_op.create_index("ix_outages_open", ["ended_at", "ends_at"], unique=False)
