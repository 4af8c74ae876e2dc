"""Products are called items

Revision ID: c25f70d9e1a6
Revises: b14e69c8d0f5
"""

import sqlalchemy as sa
from alembic import op

revision = "c25f70d9e1a6"
down_revision = "b14e69c8d0f5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.rename_table("products", "items")
    with op.batch_alter_table("items") as batch_op:
        batch_op.alter_column("title", new_column_name="name")


def downgrade() -> None:
    with op.batch_alter_table("items") as batch_op:
        batch_op.alter_column("name", new_column_name="title")
    op.rename_table("items", "products")
