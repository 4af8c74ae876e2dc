"""Shipping status of orders

Revision ID: 5e62c9a1f348
Revises: 4d18b6e5c7f2
"""

import sqlalchemy as sa
from alembic import op

revision = "5e62c9a1f348"
down_revision = "4d18b6e5c7f2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    status = sa.Enum("open", "packed", "shipped", name="shipping_status")
    status.create(op.get_bind())
    op.add_column("orders", sa.Column("shipping", status, nullable=False, server_default="open"))


def downgrade() -> None:
    op.drop_column("orders", "shipping")
    sa.Enum(name="shipping_status").drop(op.get_bind())
