"""A display name that users can change

Revision ID: 6f3b80d7e915
Revises: 5e62c9a1f348
"""

import sqlalchemy as sa
from alembic import op

revision = "6f3b80d7e915"
down_revision = "5e62c9a1f348"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("display_name", sa.String(120)))
    op.execute("UPDATE users SET display_name = full_name")


def downgrade() -> None:
    op.drop_column("users", "display_name")
