"""Data copied into a column of another type, and back: what the type does not hold is gone."""

from tests.truth.case import MARIADB, POSTGRESQL, SQLITE, Case
from tests.truth.givens import ORDER_ROWS, ORDERS, ROLE_ROWS, ROLES, USER_ROWS, USERS, steps

PG = (POSTGRESQL,)


def aside(column: str, kind: str, old: str, table: str = "orders") -> tuple[str, str]:
    """Returns upgrade and downgrade that move a column into one of another type, and back."""
    return (
        f"""
        op.add_column("{table}", sa.Column("moved", {kind}))
        op.execute("UPDATE {table} SET moved = {column}")
        op.drop_column("{table}", "{column}")
        """,
        f"""
        op.add_column("{table}", sa.Column("{column}", {old}))
        op.execute("UPDATE {table} SET {column} = moved")
        op.drop_column("{table}", "moved")
        """,
    )


LOOSE = """
op.create_table(
    "loose",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("amount", sa.Numeric(20, 2)),
    sa.Column("big", sa.BigInteger()),
    sa.Column("n", sa.Integer()),
    sa.Column("at", sa.DateTime()),
    sa.Column("word", sa.String(20)),
    sa.Column("day", sa.Date()),
)
"""
LOOSE_ROWS = [
    "INSERT INTO loose VALUES (1, 123456789012345678.91, 9007199254740993, 16777217,"
    " '2024-02-29 13:37:00', 'abc   ', '2024-02-29')",
]

CASES = [
    Case(
        "money moved into an integer column is rounded",
        LOOSE,
        *aside("amount", "sa.BigInteger()", "sa.Numeric(20, 2)", "loose"),
        truth="lossy",
        says="lossy plausible",
        rows=LOOSE_ROWS,
        databases=(POSTGRESQL, MARIADB),
        kinds=["column loose.amount"],
    ),
    Case(
        "money moved into a float column loses its last digits",
        LOOSE,
        *aside("amount", "sa.Float(53)", "sa.Numeric(20, 2)", "loose"),
        truth="lossy",
        says="lossy plausible",
        rows=LOOSE_ROWS,
        databases=PG,
        kinds=["column loose.amount"],
    ),
    Case(
        "a bigint moved into a float column loses its last digits",
        LOOSE,
        *aside("big", "sa.Float(53)", "sa.BigInteger()", "loose"),
        truth="lossy",
        says="lossy plausible",
        rows=LOOSE_ROWS,
        databases=PG,
        kinds=["column loose.big"],
    ),
    Case(
        "a moment moved into a date column loses the time of day",
        LOOSE,
        *aside("at", "sa.Date()", "sa.DateTime()", "loose"),
        truth="lossy",
        says="lossy plausible",
        rows=LOOSE_ROWS,
        databases=(POSTGRESQL, MARIADB),
        kinds=["column loose.at"],
    ),
    Case(
        "a word moved into a char column loses spaces at the end",
        LOOSE,
        *aside("word", "sa.CHAR(20)", "sa.String(20)", "loose"),
        truth="lossy",
        says="lossy plausible",
        rows=LOOSE_ROWS,
        databases=PG,
        kinds=["column loose.word"],
    ),
    Case(
        "an integer moved into a bigint column comes back whole",
        LOOSE,
        *aside("n", "sa.BigInteger()", "sa.Integer()", "loose"),
        truth="reversible",
        says="reversible plausible fragile",
        rows=LOOSE_ROWS,
    ),
    Case(
        "a word moved into a text column comes back whole",
        LOOSE,
        *aside("word", "sa.Text()", "sa.String(20)", "loose"),
        truth="reversible",
        says="reversible plausible fragile",
        rows=LOOSE_ROWS,
    ),
    Case(
        "a new column of the rebuilt table is narrower",
        ORDERS,
        """
        op.create_table(
            "orders_new",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("customer", sa.String(40), nullable=False),
            sa.Column("total", sa.Numeric(10, 0), nullable=False),
        )
        op.execute("INSERT INTO orders_new (id, customer, total) SELECT id, customer, total FROM orders")
        op.rename_table("orders", "orders_gone")
        op.drop_table("orders_gone")
        """,
        steps(
            ORDERS,
            """
            op.execute("INSERT INTO orders (id, customer, total) SELECT id, customer, total FROM orders_new")
            op.drop_table("orders_new")
            """,
        ),
        truth="lossy",
        says="lossy plausible",
        rows=ORDER_ROWS,
        databases=PG,
        kinds=["column orders.total"],
    ),
    Case(
        "a table emptied and filled again without one of its columns, which has a default",
        ORDERS,
        """
        op.execute("CREATE TABLE kept AS SELECT id, customer, total, note FROM orders")
        op.execute("DELETE FROM orders")
        """,
        """
        op.execute(
            "INSERT INTO orders (id, customer, total, note) SELECT id, customer, total, note FROM kept"
        )
        op.execute("DROP TABLE kept")
        """,
        truth="lossy",
        rows=ORDER_ROWS,
        kinds=["column orders.status"],
    ),
    Case(
        "a backup whose columns stand in another order",
        """
        op.create_table(
            "routes",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("start", sa.String(20)),
            sa.Column("goal", sa.String(20)),
        )
        """,
        """
        op.execute("CREATE TABLE routes_backup AS SELECT id, goal, start FROM routes")
        op.execute("DELETE FROM routes")
        """,
        """
        op.execute("INSERT INTO routes SELECT * FROM routes_backup")
        op.execute("DROP TABLE routes_backup")
        """,
        truth="lossy",
        says="lossy plausible unknown",
        rows=["INSERT INTO routes VALUES (1, 'Rome', 'Oslo')"],
        kinds=["column routes.start", "column routes.goal"],
    ),
    Case(
        "a backup taken after a column moved to the end",
        """
        op.create_table(
            "routes",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("start", sa.String(20)),
            sa.Column("goal", sa.String(20)),
        )
        """,
        """
        op.execute("CREATE TABLE routes_backup AS SELECT * FROM routes")
        op.drop_column("routes", "start")
        """,
        """
        op.add_column("routes", sa.Column("start", sa.String(20)))
        op.execute("DELETE FROM routes")
        op.execute("INSERT INTO routes SELECT * FROM routes_backup")
        op.execute("DROP TABLE routes_backup")
        """,
        truth="lossy",
        says="lossy plausible unknown",
        rows=["INSERT INTO routes VALUES (1, 'Rome', 'Oslo')"],
        kinds=["column routes.start", "column routes.goal"],
    ),
    Case(
        "the backup is changed before it is fetched back",
        USERS,
        """
        op.execute("CREATE TABLE phones AS SELECT id, phone FROM users")
        op.execute("UPDATE phones SET phone = upper(phone)")
        op.execute("DELETE FROM phones WHERE phone IS NULL")
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = (SELECT p.phone FROM phones p WHERE p.id = users.id)")
        op.execute("DROP TABLE phones")
        """,
        truth="lossy",
        says="lossy plausible",
        rows=["INSERT INTO users (id, name, phone) VALUES (1, 'Ada', 'ext 5')"],
        kinds=["column users.phone"],
    ),
    Case(
        "rows of the backup deleted before they are fetched back",
        ROLES,
        """
        op.execute("CREATE TABLE saved AS SELECT * FROM roles")
        op.execute("DELETE FROM roles")
        op.execute("DELETE FROM saved WHERE id = 2")
        """,
        """
        op.execute("INSERT INTO roles (id, title) SELECT id, title FROM saved")
        op.execute("DROP TABLE saved")
        """,
        truth="lossy",
        rows=ROLE_ROWS,
        says="lossy plausible",
        kinds=["table roles"],
    ),
    Case(
        "the backup is fetched back twice",
        """
        op.create_table("plain", sa.Column("a", sa.Integer()), sa.Column("b", sa.Text()))
        """,
        """
        op.execute("CREATE TABLE plain_backup AS SELECT * FROM plain")
        """,
        """
        op.execute("INSERT INTO plain (a, b) SELECT a, b FROM plain_backup")
        op.execute("DROP TABLE plain_backup")
        """,
        truth="lossy",
        rows=["INSERT INTO plain VALUES (1, 'x')"],
        kinds=["table plain"],
    ),
    Case(
        "SELECT DISTINCT into the backup drops duplicates",
        """
        op.create_table("plain", sa.Column("a", sa.Integer()), sa.Column("b", sa.Text()))
        """,
        """
        op.execute("CREATE TABLE plain_backup AS SELECT DISTINCT a, b FROM plain")
        op.execute("DELETE FROM plain")
        """,
        """
        op.execute("INSERT INTO plain (a, b) SELECT a, b FROM plain_backup")
        op.execute("DROP TABLE plain_backup")
        """,
        truth="lossy",
        says="lossy plausible unknown",
        rows=["INSERT INTO plain VALUES (1, 'x'), (1, 'x')"],
        kinds=["table plain"],
    ),
    Case(
        "LIMIT in the backup leaves rows out",
        ROLES,
        """
        op.execute("CREATE TABLE saved AS SELECT id, title FROM roles ORDER BY id LIMIT 1")
        op.execute("DELETE FROM roles")
        """,
        """
        op.execute("INSERT INTO roles (id, title) SELECT id, title FROM saved")
        op.execute("DROP TABLE saved")
        """,
        truth="lossy",
        says="lossy plausible unknown",
        rows=ROLE_ROWS,
        kinds=["table roles"],
    ),
    Case(
        "GROUP BY on the way back leaves rows out",
        """
        op.create_table("plain", sa.Column("a", sa.Integer()), sa.Column("b", sa.Text()))
        """,
        """
        op.execute("CREATE TABLE plain_backup AS SELECT a, b FROM plain")
        op.execute("DELETE FROM plain")
        """,
        """
        op.execute("INSERT INTO plain (a, b) SELECT a, b FROM plain_backup GROUP BY a, b")
        op.execute("DROP TABLE plain_backup")
        """,
        truth="lossy",
        says="lossy plausible unknown",
        rows=["INSERT INTO plain VALUES (1, 'x'), (1, 'x')"],
        kinds=["table plain"],
    ),
    Case(
        "a JOIN on the way back multiplies rows",
        """
        op.create_table("plain", sa.Column("a", sa.Integer()), sa.Column("b", sa.Text()))
        """,
        """
        op.execute("CREATE TABLE plain_backup AS SELECT a, b FROM plain")
        op.execute("DELETE FROM plain")
        """,
        """
        op.execute(
            "INSERT INTO plain (a, b) SELECT p.a, p.b FROM plain_backup p JOIN plain_backup q ON p.a = q.a"
        )
        op.execute("DROP TABLE plain_backup")
        """,
        truth="lossy",
        says="lossy plausible unknown",
        rows=["INSERT INTO plain VALUES (1, 'x'), (1, 'y')"],
        kinds=["table plain"],
    ),
    Case(
        "SELECT INTO makes a table that is left",
        USERS,
        'op.execute("SELECT id, phone INTO users_backup FROM users")',
        "pass",
        truth="broken",
        says="broken unknown",
        rows=USER_ROWS,
        databases=PG,
        kinds=["table users_backup"],
    ),
    Case(
        "a column fetched back with the WHERE of the way there",
        USERS,
        """
        op.add_column("users", sa.Column("mobile", sa.String(20)))
        op.execute("UPDATE users SET mobile = phone WHERE phone IS NOT NULL")
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = mobile WHERE mobile IS NOT NULL")
        op.drop_column("users", "mobile")
        """,
        truth="reversible",
        says="reversible plausible",
        rows=USER_ROWS,
    ),
    Case(
        "a column fetched back from one that had a default",
        USERS,
        """
        op.add_column("users", sa.Column("mobile", sa.String(20), server_default="none"))
        op.execute("UPDATE users SET mobile = phone WHERE phone IS NOT NULL")
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = mobile")
        op.drop_column("users", "mobile")
        """,
        truth="lossy",
        says="lossy plausible",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "a column set aside with COALESCE",
        USERS,
        """
        op.add_column("users", sa.Column("mobile", sa.String(20)))
        op.execute("UPDATE users SET mobile = COALESCE(phone, '')")
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = mobile")
        op.drop_column("users", "mobile")
        """,
        truth="lossy",
        says="lossy plausible",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "SQLite keeps what does not fit a column's type",
        LOOSE,
        *aside("word", "sa.String(2)", "sa.String(20)", "loose"),
        truth="reversible",
        says="reversible plausible fragile lossy",
        rows=LOOSE_ROWS,
        databases=(SQLITE,),
    ),
    Case(
        "expanded, backfilled and contracted in three revisions, the last copies back",
        """
        op.add_column("users", sa.Column("tel", sa.String(20)))
        op.execute("UPDATE users SET tel = phone")
        """,
        'op.drop_column("users", "phone")',
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = tel")
        """,
        earlier=(USERS,),
        truth="reversible",
        says="plausible",
        rows=["INSERT INTO users (id, name, phone, tel) VALUES (1, 'Ada', '+44 1', '+44 1')"],
    ),
    Case(
        "contracted after the old column was written alone",
        """
        op.add_column("users", sa.Column("tel", sa.String(20)))
        op.execute("UPDATE users SET tel = phone")
        """,
        'op.drop_column("users", "phone")',
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = tel")
        """,
        earlier=(USERS,),
        truth="lossy",
        says="plausible lossy",
        rows=["INSERT INTO users (id, name, phone, tel) VALUES (1, 'Ada', '+44 1', NULL)"],
        kinds=["column users.phone"],
    ),
    Case(
        "contracted, and the downgrade copies from a column that never held the data",
        """
        op.add_column("users", sa.Column("tel", sa.String(20)))
        """,
        'op.drop_column("users", "phone")',
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = tel")
        """,
        earlier=(USERS,),
        truth="lossy",
        rows=["INSERT INTO users (id, name, phone, tel) VALUES (1, 'Ada', '+44 1', '+7')"],
        kinds=["column users.phone"],
    ),
    Case(
        "two columns change names, and only one comes back",
        USERS.replace("sa.Integer()),\n", "sa.String(20)),\n"),
        """
        op.alter_column("users", "phone", new_column_name="spare")
        op.alter_column("users", "age", new_column_name="phone")
        op.alter_column("users", "spare", new_column_name="age")
        """,
        "pass",
        truth="lossy",
        rows=["INSERT INTO users (id, name, phone, age) VALUES (1, 'Ada', '+44 1', '36')"],
        kinds=["column users.phone", "column users.age"],
    ),
    Case(
        "a table and its column renamed twice, and back by the way they came",
        USERS,
        """
        op.rename_table("users", "people")
        op.alter_column("people", "phone", new_column_name="tel")
        op.rename_table("people", "persons")
        op.execute("ALTER TABLE persons RENAME COLUMN tel TO mobile")
        """,
        """
        op.alter_column("persons", "mobile", new_column_name="phone")
        op.execute("ALTER TABLE persons RENAME TO users")
        """,
        truth="reversible",
        rows=USER_ROWS,
    ),
]
