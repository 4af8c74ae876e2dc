"""Schemas and rows that many cases start from, each with a healthy revision that may follow."""

from __future__ import annotations

from tests.dynamic.catalogue.case import Given, Rev

USERS = Given(
    (
        Rev(
            "users",
            """
            op.create_table(
                "users",
                sa.Column("id", sa.Integer(), nullable=False),
                sa.Column("name", sa.String(50), nullable=False),
                sa.Column("phone", sa.String(20)),
                sa.Column("age", sa.Integer()),
                sa.Column("role", sa.String(20), nullable=False, server_default="member"),
                sa.PrimaryKeyConstraint("id", name="pk_users"),
            )
            """,
            'op.drop_table("users")',
            rows=(
                "INSERT INTO users (id, name, phone, age, role) VALUES (1, 'Ada', '+44 1', 36, 'admin')",
                "INSERT INTO users (id, name, phone, age, role) VALUES (2, 'Bob', NULL, 17, 'member')",
                "INSERT INTO users (id, name, phone, age, role) VALUES (3, ' Cleo ', '+49 30 7', NULL, 'staff')",
                "INSERT INTO users (id, name, phone, age, role) VALUES (4, 'testdan', '0', 70, 'guest')",
            ),
        ),
    ),
    (
        Rev(
            "nicknames",
            'op.add_column("users", sa.Column("nickname", sa.String(30)))',
            'op.drop_column("users", "nickname")',
        ),
    ),
)

MEMBERS = Given(
    (
        Rev(
            "roles",
            """
            op.create_table(
                "roles",
                sa.Column("id", sa.Integer(), nullable=False),
                sa.Column("title", sa.String(30), nullable=False),
                sa.PrimaryKeyConstraint("id", name="pk_roles"),
            )
            """,
            'op.drop_table("roles")',
            rows=("INSERT INTO roles (id, title) VALUES (1, 'owner'), (2, 'guest')",),
        ),
        Rev(
            "members",
            """
            op.create_table(
                "members",
                sa.Column("id", sa.Integer(), nullable=False),
                sa.Column("role_id", sa.Integer()),
                sa.Column("email", sa.String(80)),
                sa.PrimaryKeyConstraint("id", name="pk_members"),
                sa.ForeignKeyConstraint(
                    ["role_id"], ["roles.id"], name="fk_members_role", ondelete="SET NULL", onupdate="CASCADE"
                ),
            )
            """,
            'op.drop_table("members")',
            rows=(
                "INSERT INTO members (id, role_id, email) VALUES (1, 1, 'ada@x.org'), (2, 2, 'Bob@x.org')",
                "INSERT INTO members (id, role_id, email) VALUES (3, NULL, NULL)",
            ),
        ),
    ),
    (
        Rev(
            "badges",
            """
            op.create_table(
                "badges",
                sa.Column("id", sa.Integer(), primary_key=True),
                sa.Column("member_id", sa.Integer(), sa.ForeignKey("members.id", name="fk_badges_member")),
            )
            """,
            'op.drop_table("badges")',
        ),
    ),
)

ORDERS = Given(
    (
        Rev(
            "orders",
            """
            op.create_table(
                "orders",
                sa.Column("id", sa.Integer(), nullable=False),
                sa.Column("customer", sa.String(40), nullable=False),
                sa.Column("status", sa.String(20), nullable=False, server_default="new"),
                sa.Column("total", sa.Numeric(10, 2), nullable=False),
                sa.Column("placed", sa.Date()),
                sa.PrimaryKeyConstraint("id", name="pk_orders"),
                sa.UniqueConstraint("customer", "id", name="uq_orders_customer"),
            )
            op.create_index("ix_orders_status", "orders", ["status"])
            """,
            """
            op.drop_index("ix_orders_status", table_name="orders")
            op.drop_table("orders")
            """,
            rows=(
                "INSERT INTO orders (id, customer, status, total, placed) VALUES (1, 'ada', 'new', 10.50, '2019-02-28')",
                "INSERT INTO orders (id, customer, status, total, placed) VALUES (2, 'bob', 'paid', 149.99, NULL)",
                "INSERT INTO orders (id, customer, status, total, placed) VALUES (3, 'bob', 'void', 3.07, '2024-02-29')",
                "INSERT INTO orders (id, customer, status, total, placed) VALUES (4, 'cleo', 'done', -1.25, '2021-12-31')",
            ),
        ),
    ),
    (
        Rev(
            "shipping",
            """
            op.add_column("orders", sa.Column("shipped", sa.Date()))
            op.create_index("ix_orders_shipped", "orders", ["shipped"])
            """,
            """
            op.drop_index("ix_orders_shipped", table_name="orders")
            op.drop_column("orders", "shipped")
            """,
        ),
    ),
)


NOTES = (
    Rev(
        "notes",
        """
        op.create_table(
            "notes", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("body", sa.String(80))
        )
        """,
        'op.drop_table("notes")',
    ),
)
"""A healthy revision that has nothing to do with what was before."""


def table(create: str, name: str, *rows: str, drop: str = "") -> Given:
    """Returns a start with one table, made by code; after the case an unrelated table is made."""
    return Given((Rev(name, create, drop or f'op.drop_table("{name}")', rows=rows),), NOTES)


def sql(create: str, name: str, *rows: str, drop: str = "") -> Given:
    """Returns a start made by one SQL statement, `{}` in quotes of Python."""
    return table(f'op.execute("""{create}""")', name, *rows, drop=drop)
