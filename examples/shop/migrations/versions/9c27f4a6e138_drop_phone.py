"""Drop users.phone, which contact points replace

Revision ID: 9c27f4a6e138
Revises: 8b91e3f5d027
"""

import sqlalchemy as sa
from alembic import op

revision = "9c27f4a6e138"
down_revision = "8b91e3f5d027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("users") as batch_op:
        batch_op.drop_column("phone")


def downgrade() -> None:
    with op.batch_alter_table("users") as batch_op:
        batch_op.add_column(sa.Column("phone", sa.String(20), nullable=True))
