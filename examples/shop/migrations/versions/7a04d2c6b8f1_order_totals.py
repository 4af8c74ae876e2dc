"""A view of order totals

Revision ID: 7a04d2c6b8f1
Revises: 6f3b80d7e915
"""

import sqlalchemy as sa
from alembic import op

revision = "7a04d2c6b8f1"
down_revision = "6f3b80d7e915"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE VIEW order_totals AS
        SELECT order_id, SUM(quantity * unit_price) AS total
        FROM order_lines
        GROUP BY order_id
        """
    )
    op.create_index("ix_orders_placed_at", "orders", ["placed_at"])


def downgrade() -> None:
    op.drop_index("ix_orders_placed_at", table_name="orders")
    op.execute("DROP VIEW order_totals")
