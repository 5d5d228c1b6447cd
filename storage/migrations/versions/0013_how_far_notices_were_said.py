"""How far notices were said on each way, and which notice a platform reports about."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("notices", _number("bounces", nullable=False, server_default="0"))
    op.add_column("notices", sa.Column("taken", sa.JSON(), nullable=True))
    for table in ("bells", "kf_sent"):
        op.add_column(table, sa.Column("notice_id", sa.BigInteger(), nullable=True))
        op.add_column(table, _number("bounces", nullable=True))
    op.drop_column("kf_sent", "unasked")


def _number(name: str, *, nullable: bool, server_default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.SmallInteger(), nullable=nullable, server_default=server_default)
