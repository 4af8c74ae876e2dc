"""Server defaults set, changed, dropped."""

from tests.truth.case import ALL, MARIADB, POSTGRESQL, SQLITE, Case
from tests.truth.givens import ORDER_ROWS, ORDERS, USER_ROWS, USERS

PG = (POSTGRESQL,)

CASES = [
    Case(
        "a default set and dropped",
        USERS,
        'op.alter_column("users", "age", server_default="18")',
        'op.alter_column("users", "age", server_default=None)',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a default set and left",
        USERS,
        'op.alter_column("users", "age", server_default=sa.text("18"))',
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.age"],
    ),
    Case(
        "a default changed and restored",
        ORDERS,
        'op.alter_column("orders", "status", server_default="open", existing_server_default="new")',
        'op.alter_column("orders", "status", server_default="new", existing_server_default="open")',
        truth="reversible",
        rows=ORDER_ROWS,
        databases=PG,
    ),
    Case(
        "a default changed and restored to a third value",
        ORDERS,
        'op.alter_column("orders", "status", server_default="open")',
        'op.alter_column("orders", "status", server_default="NEW")',
        truth="broken",
        rows=ORDER_ROWS,
        databases=PG,
        kinds=["column orders.status"],
    ),
    Case(
        "a default changed and only dropped on the way back",
        ORDERS,
        'op.alter_column("orders", "status", server_default="open")',
        'op.alter_column("orders", "status", server_default=None)',
        truth="broken",
        rows=ORDER_ROWS,
        databases=PG,
        kinds=["column orders.status"],
    ),
    Case(
        "a dropped default does not come back",
        ORDERS,
        """
        with op.batch_alter_table("orders") as batch_op:
            batch_op.alter_column("status", server_default=None)
        """,
        "pass",
        truth="broken",
        rows=ORDER_ROWS,
        kinds=["column orders.status"],
    ),
    Case(
        "a dropped default comes back through SQL",
        ORDERS,
        'op.execute("ALTER TABLE orders ALTER COLUMN status DROP DEFAULT")',
        "op.execute(\"ALTER TABLE orders ALTER COLUMN status SET DEFAULT 'new'\")",
        truth="reversible",
        rows=ORDER_ROWS,
        databases=(POSTGRESQL, MARIADB),
    ),
    Case(
        "a default set and dropped in batches",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("phone", server_default="none", existing_type=sa.String(20))
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("phone", server_default=None, existing_type=sa.String(20))
        """,
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "a quoted number and a bare one are the same default of an integer",
        """
        op.create_table(
            "limits",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("top", sa.Integer(), server_default="0"),
        )
        """,
        'op.alter_column("limits", "top", server_default=None)',
        'op.alter_column("limits", "top", server_default=sa.text("0"))',
        truth="reversible",
        rows=["INSERT INTO limits (id) VALUES (1)"],
        databases=PG,
    ),
    Case(
        "a function as default set and dropped",
        """
        op.create_table(
            "visits", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("at", sa.DateTime())
        )
        """,
        'op.alter_column("visits", "at", server_default=sa.func.now())',
        'op.alter_column("visits", "at", server_default=None)',
        truth="reversible",
        rows=["INSERT INTO visits VALUES (1, NULL)"],
        databases=PG,
    ),
    Case(
        "a function as default replaced by a constant",
        """
        op.create_table(
            "visits",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("at", sa.DateTime(), server_default=sa.text("now()")),
        )
        """,
        'op.alter_column("visits", "at", server_default=None)',
        'op.alter_column("visits", "at", server_default=sa.text("\'2000-01-01 00:00:00\'"))',
        truth="broken",
        rows=["INSERT INTO visits VALUES (1, NULL)"],
        databases=PG,
        kinds=["column visits.at"],
    ),
    Case(
        "a column added with default, the default dropped at once",
        USERS,
        """
        op.add_column("users", sa.Column("lang", sa.String(5), nullable=False, server_default="en"))
        op.alter_column("users", "lang", server_default=None)
        """,
        'op.drop_column("users", "lang")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a Python-side default does not reach the database",
        USERS,
        'op.add_column("users", sa.Column("lang", sa.String(5), default="en"))',
        'op.drop_column("users", "lang")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "a Python-side default makes nothing of a column that comes back",
        USERS,
        'op.drop_column("users", "phone")',
        'op.add_column("users", sa.Column("phone", sa.String(20), default="+00"))',
        truth="lossy",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "server_default False leaves the default alone",
        ORDERS,
        """
        op.alter_column(
            "orders", "status", nullable=True, server_default=False, existing_type=sa.String(20)
        )
        """,
        'op.alter_column("orders", "status", nullable=False, existing_type=sa.String(20))',
        truth="reversible",
        says="fragile",
        rows=ORDER_ROWS,
        databases=PG,
    ),
    Case(
        "SQLite rebuild changes a default and restores it",
        ORDERS,
        """
        with op.batch_alter_table("orders", schema=None) as batch_op:
            batch_op.alter_column("status", existing_type=sa.String(20), server_default="open")
        """,
        """
        with op.batch_alter_table("orders", schema=None) as batch_op:
            batch_op.alter_column("status", existing_type=sa.String(20), server_default="new")
        """,
        truth="reversible",
        rows=ORDER_ROWS,
        databases=(SQLITE, POSTGRESQL),
    ),
]
