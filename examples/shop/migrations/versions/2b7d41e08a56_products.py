"""Products

Revision ID: 2b7d41e08a56
Revises: 1f0a6c2d9b31
"""

import sqlalchemy as sa
from alembic import op

revision = "2b7d41e08a56"
down_revision = "1f0a6c2d9b31"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "products",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sku", sa.String(40), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("price", sa.Numeric(8, 2), nullable=False),
        sa.Column("stock", sa.Integer, nullable=False, server_default="0"),
        sa.CheckConstraint("price >= 0", name="price_positive"),
        sa.UniqueConstraint("sku"),
    )


def downgrade() -> None:
    op.drop_table("products")
