"""Tables rebuilt by hand: a new one filled from the old one, which takes its name."""

from tests.truth.case import POSTGRESQL, SQLITE, Case
from tests.truth.givens import ORDER_ROWS, ORDERS, USER_ROWS, USERS, steps

PG = (POSTGRESQL,)
NEW = """
op.create_table(
    "users_new",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("name", sa.String(50), nullable=False),
    sa.Column("phone", sa.String({length})),
    sa.Column("age", sa.Integer()),
    sa.PrimaryKeyConstraint("id", name="pk_users{suffix}"),
)
op.execute("INSERT INTO users_new (id, name, phone, age) SELECT id, name, phone, age FROM users")
op.drop_table("users")
op.rename_table("users_new", "users")
"""
LITE_UP = NEW.format(length=40, suffix="")
LITE_DOWN = NEW.format(length=20, suffix="")

CASES = [
    Case(
        "copied into a new table that takes the name, and the same back",
        USERS,
        LITE_UP,
        LITE_DOWN,
        truth="reversible",
        says="reversible plausible fragile",
        rows=USER_ROWS,
        databases=(SQLITE,),
    ),
    Case(
        "the rebuilt table forgets a column's data on the way there",
        USERS,
        LITE_UP.replace(
            "(id, name, phone, age) SELECT id, name, phone, age",
            "(id, name, age) SELECT id, name, age",
        ),
        LITE_DOWN,
        truth="lossy",
        rows=USER_ROWS,
        databases=(SQLITE,),
        kinds=["column users.phone"],
    ),
    Case(
        "the rebuilt table exchanges two columns by their places",
        """
        op.create_table(
            "routes",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("start", sa.String(20)),
            sa.Column("goal", sa.String(20)),
        )
        """,
        """
        op.create_table(
            "routes_new",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("goal", sa.String(20)),
            sa.Column("start", sa.String(20)),
        )
        op.execute("INSERT INTO routes_new SELECT id, start, goal FROM routes")
        op.drop_table("routes")
        op.rename_table("routes_new", "routes")
        """,
        "pass",
        truth="lossy",
        says="lossy unknown",
        rows=["INSERT INTO routes VALUES (1, 'Rome', 'Oslo')"],
        databases=(SQLITE,),
        kinds=["column routes.goal", "column routes.start"],
    ),
    Case(
        "the rebuilt table takes only some rows",
        USERS,
        LITE_UP.replace('FROM users")', 'FROM users WHERE age IS NOT NULL")'),
        LITE_DOWN,
        truth="lossy",
        rows=USER_ROWS,
        databases=(SQLITE,),
        kinds=["table users"],
    ),
    Case(
        "the rebuilt table loses an index",
        steps(USERS, 'op.create_index("ix_users_phone", "users", ["phone"])'),
        LITE_UP,
        LITE_DOWN,
        truth="broken",
        rows=USER_ROWS,
        databases=(SQLITE,),
        kinds=["index users.ix_users_phone"],
    ),
    Case(
        "the rebuild forgets to fill the new table",
        USERS,
        "\n".join(line for line in LITE_UP.splitlines() if "INSERT INTO" not in line),
        LITE_DOWN,
        truth="lossy",
        rows=USER_ROWS,
        databases=(SQLITE,),
        kinds=["table users"],
    ),
    Case(
        "the old table is set aside and comes back whole",
        ORDERS,
        """
        op.rename_table("orders", "orders_old")
        op.execute("CREATE TABLE orders AS SELECT id, customer, total FROM orders_old")
        """,
        """
        op.drop_table("orders")
        op.rename_table("orders_old", "orders")
        """,
        truth="reversible",
        rows=ORDER_ROWS,
    ),
    Case(
        "the old table is set aside, filled into the new one and dropped",
        """
        op.create_table("plain", sa.Column("a", sa.Integer()), sa.Column("b", sa.Text()))
        """,
        """
        op.rename_table("plain", "plain_old")
        op.create_table(
            "plain", sa.Column("a", sa.Integer()), sa.Column("b", sa.Text()), sa.Column("c", sa.Text())
        )
        op.execute("INSERT INTO plain (a, b) SELECT a, b FROM plain_old")
        op.drop_table("plain_old")
        """,
        """
        op.drop_column("plain", "c")
        """,
        truth="reversible",
        says="reversible plausible",
        rows=["INSERT INTO plain VALUES (1, 'x'), (2, NULL)"],
    ),
    Case(
        "a copy named as Alembic's own rebuild",
        """
        op.create_table("plain", sa.Column("a", sa.Integer()), sa.Column("b", sa.Text()))
        """,
        """
        op.execute("CREATE TABLE _alembic_tmp_plain (a INTEGER, b TEXT)")
        op.execute("INSERT INTO _alembic_tmp_plain (a) SELECT a FROM plain")
        op.execute("DROP TABLE plain")
        op.execute("ALTER TABLE _alembic_tmp_plain RENAME TO plain")
        """,
        "pass",
        truth="lossy",
        rows=["INSERT INTO plain VALUES (1, 'x'), (2, NULL)"],
        kinds=["column plain.b"],
    ),
    Case(
        "a table split in two and joined again",
        USERS,
        """
        op.create_table("contacts", sa.Column("user_id", sa.Integer()), sa.Column("phone", sa.String(20)))
        op.execute(
            "INSERT INTO contacts (user_id, phone) SELECT id, phone FROM users WHERE phone IS NOT NULL"
        )
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = contacts.phone FROM contacts WHERE contacts.user_id = users.id")
        op.drop_table("contacts")
        """,
        truth="reversible",
        says="plausible lossy",
        rows=USER_ROWS,
    ),
]
