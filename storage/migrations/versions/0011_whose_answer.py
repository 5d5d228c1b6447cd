"""Which worker sends the answer to a message that came to several."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("inbox", sa.Column("held_by", sa.Integer(), autoincrement=False, nullable=True))
