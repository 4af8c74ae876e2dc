"""Where transactions begin and end: autocommit blocks, one transaction for each revision, none at all."""

from tests.dynamic.catalogue.case import POSTGRESQL, Case, Rev, Wrong, bug, right
from tests.dynamic.catalogue.givens import NOTES, ORDERS, USERS, table

PG = (POSTGRESQL,)
STATES = table(
    """
    op.execute("CREATE TYPE mood AS ENUM ('calm', 'sad')")
    op.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, mood mood NOT NULL DEFAULT 'calm')")
    """,
    "people",
    "INSERT INTO people (id, mood) VALUES (1, 'calm'), (2, 'sad')",
    drop='op.drop_table("people")\nop.execute("DROP TYPE mood")',
)
LONG_WAY_BACK = """
op.execute("UPDATE people SET mood = 'calm' WHERE mood = 'glad'")
op.execute("ALTER TABLE people ALTER COLUMN mood DROP DEFAULT")
op.execute("ALTER TYPE mood RENAME TO mood_old")
op.execute("CREATE TYPE mood AS ENUM ('calm', 'sad')")
op.execute("ALTER TABLE people ALTER COLUMN mood TYPE mood USING mood::text::mood")
op.execute("ALTER TABLE people ALTER COLUMN mood SET DEFAULT 'calm'")
op.execute("DROP TYPE mood_old")
"""

CASES = [
    bug(
        "a concurrent index is left",
        ORDERS,
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_orders_total", "orders", ["total"], postgresql_concurrently=True, if_not_exists=True)
        """,
        "pass",
        "broken",
        "schema-extra",
        "orders",
        databases=PG,
    ),
    bug(
        "an index dropped in an autocommit block is lost",
        ORDERS,
        """
        with op.get_context().autocommit_block():
            op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_orders_status")
        """,
        "pass",
        "broken",
        "schema-missing",
        "orders",
        databases=PG,
    ),
    bug(
        "rows changed after an autocommit block",
        USERS,
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_users_age", "users", ["age"], postgresql_concurrently=True)
        op.execute("UPDATE users SET age = NULL WHERE age > 65")
        """,
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix_users_age", table_name="users", postgresql_concurrently=True)
        """,
        "lossy",
        "rows-changed",
        "users",
        "age",
        databases=PG,
    ),
    bug(
        "a new label is used at once and left",
        STATES,
        """
        with op.get_context().autocommit_block():
            op.execute("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'glad'")
        op.execute("UPDATE people SET mood = 'glad' WHERE mood = 'calm'")
        """,
        "op.execute(\"UPDATE people SET mood = 'calm' WHERE mood = 'glad'\")",
        "broken",
        "schema-changed",
        databases=PG,
    ),
    bug(
        "the way down fails after a half that is committed",
        USERS,
        """
        op.add_column("users", sa.Column("city", sa.String(30)))
        op.add_column("users", sa.Column("zip", sa.String(10)))
        """,
        """
        with op.get_context().autocommit_block():
            op.drop_column("users", "zip")
        op.drop_column("users", "town")
        """,
        "broken",
        "downgrade-failed",
    ),
    Case(
        "a bug in a history with a transaction for each revision",
        (
            *USERS.revisions,
            Rev(
                "purged",
                "op.execute(\"UPDATE users SET phone = NULL WHERE role = 'guest'\")",
            ),
            *USERS.after,
        ),
        {"purged": Wrong("lossy", "rows-changed", "users", "phone")},
        options="transaction_per_migration=True",
    ),
    Case(
        "a bug in a history without any transaction",
        (
            *ORDERS.revisions,
            Rev("unindexed", 'op.drop_index("ix_orders_status", table_name="orders")'),
            *NOTES,
        ),
        {"unindexed": Wrong("broken", "schema-missing", "orders")},
        options="transactional_ddl=False",
    ),
    right(
        "a concurrent index made and dropped",
        ORDERS,
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_orders_total", "orders", ["total"], postgresql_concurrently=True)
        """,
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix_orders_total", table_name="orders", postgresql_concurrently=True)
        """,
        databases=PG,
    ),
    right(
        "a concurrent unique index becomes a constraint",
        ORDERS,
        """
        with op.get_context().autocommit_block():
            op.create_index("uq_orders_status", "orders", ["status", "id"], unique=True, postgresql_concurrently=True)
        op.execute("ALTER TABLE orders ADD CONSTRAINT uq_orders_status UNIQUE USING INDEX uq_orders_status")
        """,
        'op.drop_constraint("uq_orders_status", "orders", type_="unique")',
        databases=PG,
    ),
    right(
        "a new label used at once, the type swapped on the way back",
        STATES.holding("INSERT INTO people (id, mood) VALUES (1, 'sad')"),
        """
        with op.get_context().autocommit_block():
            op.execute("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'glad'")
        op.execute("ALTER TABLE people ALTER COLUMN mood SET DEFAULT 'glad'")
        """,
        LONG_WAY_BACK,
        databases=PG,
    ),
    right(
        "schema and rows changed in one revision with deferred keys",
        table(
            """
            op.execute(
                "CREATE TABLE nodes (id INTEGER PRIMARY KEY, parent INTEGER,"
                " CONSTRAINT fk_nodes FOREIGN KEY (parent) REFERENCES nodes (id) DEFERRABLE INITIALLY DEFERRED)"
            )
            """,
            "nodes",
            "INSERT INTO nodes VALUES (1, NULL), (2, 1)",
        ),
        """
        op.add_column("nodes", sa.Column("depth", sa.Integer()))
        op.execute("UPDATE nodes SET depth = 0 WHERE parent IS NULL")
        """,
        'op.drop_column("nodes", "depth")',
        databases=PG,
    ),
    right(
        "a savepoint around an attempt that fails",
        USERS,
        """
        bind = op.get_bind()
        try:
            with bind.begin_nested():
                bind.exec_driver_sql("INSERT INTO users (id, name) VALUES (NULL, NULL)")
        except sa.exc.IntegrityError:
            pass
        op.add_column("users", sa.Column("city", sa.String(30)))
        """,
        'op.drop_column("users", "city")',
        databases=PG,
    ),
    Case(
        "a healthy history with a transaction for each revision",
        (*USERS.revisions, *USERS.after, *NOTES),
        options="transaction_per_migration=True",
    ),
]
