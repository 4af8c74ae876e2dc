"""Indexes: lost, left, or back under the same name with another definition."""

from tests.dynamic.catalogue.case import (
    ALL,
    LIGHT,
    MARIADB,
    POSTGRESQL,
    SQLITE,
    Case,
    Given,
    PerDatabase,
    bug,
    right,
)
from tests.dynamic.catalogue.givens import NOTES, ORDERS, USERS, table


def indexed(create: str) -> Given:
    """Returns a table `docs` with one index."""
    return table(
        f"""
        op.create_table(
            "docs",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("title", sa.String(40), nullable=False),
            sa.Column("body", sa.String(200)),
            sa.Column("size", sa.Integer()),
        )
        {create}
        """,
        "docs",
        "INSERT INTO docs (id, title, body, size) VALUES (1, 'a', 'x', 1), (2, 'b', NULL, NULL)",
    )


def becomes(
    name: str,
    create: str,
    again: str,
    databases: tuple[str, ...],
    index: str = "ix_docs",
    kind: PerDatabase = "schema-changed",
) -> Case:
    """Returns a case in which an index is dropped and comes back by other code."""
    return bug(
        name,
        indexed(create),
        f'op.drop_index("{index}", table_name="docs")',
        again,
        "broken",
        kind,
        "docs",
        databases=databases,
    )


PLAIN = 'op.create_index("ix_docs", "docs", ["title", "size"])'
PARTIAL = 'op.create_index("ix_docs", "docs", ["title"], {}where=sa.text("size > 10"))'
TITLES = 'op.create_index("ix_docs", "docs", ["title"])'

CASES = [
    bug(
        "an index is lost",
        ORDERS,
        'op.drop_index("ix_orders_status", table_name="orders")',
        "pass",
        "broken",
        "schema-missing",
        "orders",
        after=NOTES,
    ),
    bug(
        "an index is left",
        ORDERS,
        """
        op.create_index("ix_orders_total", "orders", ["total"])
        op.create_index("ix_orders_placed", "orders", ["placed"])
        """,
        'op.drop_index("ix_orders_total", table_name="orders")',
        "broken",
        "schema-extra",
        "orders",
    ),
    becomes("an index comes back on fewer columns", PLAIN, TITLES, ALL),
    becomes(
        "an index comes back with its columns turned round",
        PLAIN,
        'op.create_index("ix_docs", "docs", ["size", "title"])',
        ALL,
    ),
    becomes(
        "a unique index comes back not unique",
        'op.create_index("ix_docs", "docs", ["title"], unique=True)',
        TITLES,
        ALL,
        kind={
            SQLITE: "schema-changed",
            POSTGRESQL: "schema-changed",
            # There a unique index is a constraint, and a plain one is not.
            MARIADB: "schema-missing|schema-changed",
        },
    ),
    becomes("the condition of a partial index is lost", PARTIAL.format("sqlite_"), TITLES, (SQLITE,)),
    becomes("the predicate of a partial index is lost", PARTIAL.format("postgresql_"), TITLES, (POSTGRESQL,)),
    becomes(
        "the predicate of a partial index is changed",
        PARTIAL.format("postgresql_"),
        PARTIAL.format("postgresql_").replace("size > 10", "size >= 10"),
        (POSTGRESQL,),
    ),
    becomes(
        "the expression of an index is changed",
        'op.create_index("ix_docs", "docs", [sa.text("lower(title)")])',
        'op.create_index("ix_docs", "docs", [sa.text("upper(title)")])',
        LIGHT,
    ),
    becomes(
        "an index in descending order comes back ascending",
        'op.create_index("ix_docs", "docs", [sa.text("title DESC")])',
        TITLES,
        LIGHT,
    ),
    becomes(
        "the method of an index is lost",
        'op.create_index("ix_docs", "docs", ["title"], postgresql_using="hash")',
        TITLES,
        (POSTGRESQL,),
    ),
    becomes(
        "the operator class of an index is lost",
        'op.create_index("ix_docs", "docs", ["title"], postgresql_ops={"title": "varchar_pattern_ops"})',
        TITLES,
        (POSTGRESQL,),
    ),
    becomes(
        "the included columns of an index are lost",
        'op.create_index("ix_docs", "docs", ["title"], postgresql_include=["size"])',
        TITLES,
        (POSTGRESQL,),
    ),
    becomes(
        "the collation of an index is lost",
        "op.execute('CREATE INDEX ix_docs ON docs (title COLLATE \"C\")')",
        "op.execute('CREATE INDEX ix_docs ON docs (title COLLATE \"POSIX\")')",
        (POSTGRESQL,),
    ),
    becomes(
        "the storage options of an index are lost",
        'op.create_index("ix_docs", "docs", ["title"], postgresql_with={"fillfactor": 50})',
        TITLES,
        (POSTGRESQL,),
    ),
    becomes(
        "NULLS NOT DISTINCT is lost",
        'op.execute("CREATE UNIQUE INDEX ix_docs ON docs (size, title) NULLS NOT DISTINCT")',
        'op.execute("CREATE UNIQUE INDEX ix_docs ON docs (size, title)")',
        (POSTGRESQL,),
    ),
    becomes(
        "the length of a prefix is changed",
        'op.create_index("ix_docs", "docs", ["title"], mysql_length=10)',
        'op.create_index("ix_docs", "docs", ["title"], mysql_length=5)',
        (MARIADB,),
    ),
    becomes(
        "a full-text index comes back as a plain one",
        'op.create_index("ix_docs", "docs", ["title"], mysql_prefix="FULLTEXT")',
        TITLES,
        (MARIADB,),
    ),
    bug(
        "a renamed index keeps its new name",
        ORDERS,
        'op.execute("ALTER INDEX ix_orders_status RENAME TO ix_orders_state")',
        "pass",
        "broken",
        "schema-missing schema-extra",
        "orders",
        databases=(POSTGRESQL,),
    ),
    bug(
        "a batch on the way down forgets the index that it dropped the column of",
        ORDERS,
        """
        op.drop_index("ix_orders_status", table_name="orders")
        with op.batch_alter_table("orders") as batch_op:
            batch_op.alter_column(
                "status", new_column_name="state", existing_type=sa.String(20), existing_nullable=False,
                existing_server_default="new",
            )
        op.create_index("ix_orders_state", "orders", ["state"])
        """,
        """
        op.drop_index("ix_orders_state", table_name="orders")
        with op.batch_alter_table("orders") as batch_op:
            batch_op.alter_column(
                "state", new_column_name="status", existing_type=sa.String(20), existing_nullable=False,
                existing_server_default="new",
            )
        """,
        "broken",
        "schema-missing",
        "orders",
        after=NOTES,
    ),
    right(
        "a unique index on an existing column",
        USERS,
        'op.create_index("ux_users_phone", "users", ["phone"], unique=True)',
        'op.drop_index("ux_users_phone", table_name="users")',
    ),
    right(
        "an index dropped and made again by SQL",
        indexed(PLAIN),
        'op.drop_index("ix_docs", table_name="docs")',
        'op.execute("CREATE INDEX ix_docs ON docs (title, size)")',
    ),
    right(
        "an index of an expression with a condition",
        USERS,
        "op.execute(\"CREATE UNIQUE INDEX ux_users_login ON users (lower(name)) WHERE role = 'admin'\")",
        'op.execute("DROP INDEX ux_users_login")',
        databases=LIGHT,
    ),
    right(
        "an index replaced by a wider one and back",
        ORDERS,
        """
        op.drop_index("ix_orders_status", table_name="orders")
        op.create_index("ix_orders_status", "orders", ["status", "placed"])
        """,
        """
        op.drop_index("ix_orders_status", table_name="orders")
        op.create_index("ix_orders_status", "orders", ["status"])
        """,
    ),
    right(
        "an index renamed and back",
        ORDERS,
        'op.execute("ALTER TABLE orders RENAME INDEX ix_orders_status TO ix_orders_state")',
        'op.execute("ALTER TABLE orders RENAME INDEX ix_orders_state TO ix_orders_status")',
        databases=(MARIADB,),
    ),
]
