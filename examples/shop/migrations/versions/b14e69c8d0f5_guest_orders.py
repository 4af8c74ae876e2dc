"""Guests may order without an account

Revision ID: b14e69c8d0f5
Revises: a03d58b7c9e4
"""

import sqlalchemy as sa
from alembic import op

revision = "b14e69c8d0f5"
down_revision = "a03d58b7c9e4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("orders") as batch_op:
        batch_op.alter_column("user_id", existing_type=sa.Integer, nullable=True)
        batch_op.add_column(sa.Column("guest_email", sa.String(255)))


def downgrade() -> None:
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_column("guest_email")
        batch_op.alter_column("user_id", existing_type=sa.Integer, nullable=False)
