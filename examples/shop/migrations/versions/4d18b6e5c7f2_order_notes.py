"""Notes on orders

Revision ID: 4d18b6e5c7f2
Revises: 3c95f7b21e04
"""

import sqlalchemy as sa
from alembic import op

revision = "4d18b6e5c7f2"
down_revision = "3c95f7b21e04"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("note", sa.Text))
    with op.batch_alter_table("products") as batch_op:
        batch_op.alter_column("title", existing_type=sa.String(200), type_=sa.Text, existing_nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("products") as batch_op:
        batch_op.alter_column("title", existing_type=sa.Text, type_=sa.String(200), existing_nullable=False)
    op.drop_column("orders", "note")
