"""Contact points: phones move to their own table

Revision ID: 8b91e3f5d027
Revises: 7a04d2c6b8f1
"""

import sqlalchemy as sa
from alembic import op

revision = "8b91e3f5d027"
down_revision = "7a04d2c6b8f1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact_points",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("value", sa.String(120), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("contact_points")
