"""Schemas and rows that many cases start from."""

from __future__ import annotations

from textwrap import dedent


def steps(*codes: str) -> str:
    """Returns pieces of code, each indented in its own way, as one body."""
    return "\n".join(dedent(code).strip("\n") for code in codes)


USERS = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("name", sa.String(50), nullable=False),
    sa.Column("phone", sa.String(20)),
    sa.Column("age", sa.Integer()),
    sa.PrimaryKeyConstraint("id", name="pk_users"),
)
"""
USER_ROWS = [
    "INSERT INTO users (id, name, phone, age) VALUES (1, 'Ada', '+44 1', 36)",
    "INSERT INTO users (id, name, phone, age) VALUES (2, 'Bob', NULL, 17)",
    "INSERT INTO users (id, name, phone, age) VALUES (3, 'Cleo', '+49 30 7', NULL)",
]

ROLES = """
op.create_table(
    "roles",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("title", sa.String(30), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_roles"),
)
op.create_table(
    "members",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("role_id", sa.Integer()),
    sa.Column("email", sa.String(80)),
    sa.PrimaryKeyConstraint("id", name="pk_members"),
)
"""
ROLE_ROWS = [
    "INSERT INTO roles (id, title) VALUES (1, 'owner'), (2, 'guest')",
    "INSERT INTO members (id, role_id, email) VALUES (1, 1, 'ada@x.org'), (2, 2, 'bob@x.org')",
    "INSERT INTO members (id, role_id, email) VALUES (3, NULL, NULL)",
]

# The same with the foreign key in place; members of a role go with it.
LINKED = """
op.create_table(
    "roles",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("title", sa.String(30), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_roles"),
)
op.create_table(
    "members",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("role_id", sa.Integer()),
    sa.Column("email", sa.String(80)),
    sa.PrimaryKeyConstraint("id", name="pk_members"),
    sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name="fk_members_role", ondelete="CASCADE"),
)
"""

ORDERS = """
op.create_table(
    "orders",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("customer", sa.String(40), nullable=False),
    sa.Column("status", sa.String(20), server_default="new", nullable=False),
    sa.Column("total", sa.Numeric(10, 2), nullable=False),
    sa.Column("note", sa.Text()),
    sa.PrimaryKeyConstraint("id", name="pk_orders"),
)
"""
ORDER_ROWS = [
    "INSERT INTO orders (id, customer, status, total, note) VALUES (1, 'ada', 'new', 10.50, 'gift')",
    "INSERT INTO orders (id, customer, status, total, note) VALUES (2, 'bob', 'paid', 99.99, NULL)",
    "INSERT INTO orders (id, customer, status, total, note) VALUES (3, 'bob', 'void', 3.07, '')",
]
