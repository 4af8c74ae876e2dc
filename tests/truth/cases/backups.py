"""Data set aside in a backup and fetched back by the downgrade."""

from tests.truth.case import ALL, MARIADB, POSTGRESQL, Case
from tests.truth.givens import ORDER_ROWS, ORDERS, ROLE_ROWS, ROLES, USER_ROWS, USERS

PG = (POSTGRESQL,)

ASIDE = """
op.execute("CREATE TABLE users_phone_backup AS SELECT id, phone FROM users")
op.drop_column("users", "phone")
"""

CASES = [
    Case(
        "a column set aside with its key and fetched back",
        USERS,
        ASIDE,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute(
            "UPDATE users SET phone = (SELECT b.phone FROM users_phone_backup b WHERE b.id = users.id)"
        )
        op.drop_table("users_phone_backup")
        """,
        truth="reversible",
        says="reversible plausible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "a column set aside and fetched back by UPDATE FROM",
        USERS,
        ASIDE,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = b.phone FROM users_phone_backup AS b WHERE b.id = users.id")
        op.drop_table("users_phone_backup")
        """,
        truth="reversible",
        says="reversible plausible",
        rows=USER_ROWS,
    ),
    Case(
        "a column set aside and fetched back by UPDATE JOIN",
        USERS,
        ASIDE,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users JOIN users_phone_backup b ON b.id = users.id SET users.phone = b.phone")
        op.drop_table("users_phone_backup")
        """,
        truth="reversible",
        says="reversible plausible",
        rows=USER_ROWS,
        databases=(MARIADB,),
    ),
    Case(
        "the backup is dropped before it is used",
        USERS,
        ASIDE,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.drop_table("users_phone_backup")
        """,
        truth="lossy",
        rows=USER_ROWS,
        databases=ALL,
        kinds=["column users.phone"],
    ),
    Case(
        "the backup is fetched back and left",
        USERS,
        ASIDE,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = b.phone FROM users_phone_backup AS b WHERE b.id = users.id")
        """,
        truth="broken",
        rows=USER_ROWS,
        kinds=["table users_phone_backup"],
    ),
    Case(
        "the backup holds only some rows",
        USERS,
        """
        op.execute("CREATE TABLE users_phone_backup AS SELECT id, phone FROM users WHERE age > 18")
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = b.phone FROM users_phone_backup AS b WHERE b.id = users.id")
        op.drop_table("users_phone_backup")
        """,
        truth="lossy",
        says="lossy plausible",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "the backup holds another column",
        USERS,
        """
        op.execute("CREATE TABLE users_phone_backup AS SELECT id, name AS phone FROM users")
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = b.phone FROM users_phone_backup AS b WHERE b.id = users.id")
        op.drop_table("users_phone_backup")
        """,
        truth="lossy",
        rows=USER_ROWS,
        kinds=["column users.phone"],
        says="lossy plausible",
    ),
    Case(
        "the backup is fetched back by a column that is no key",
        USERS,
        """
        op.execute("CREATE TABLE users_phone_backup AS SELECT name, phone FROM users")
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute(
            "UPDATE users SET phone = "
            "(SELECT max(b.phone) FROM users_phone_backup b WHERE b.name = users.name)"
        )
        op.drop_table("users_phone_backup")
        """,
        truth="lossy",
        says="lossy plausible",
        rows=[*USER_ROWS, "INSERT INTO users (id, name, phone) VALUES (8, 'Ada', '+9')"],
        kinds=["column users.phone"],
    ),
    Case(
        "a whole table set aside, emptied, filled again",
        ORDERS,
        """
        op.execute("CREATE TABLE orders_backup AS SELECT * FROM orders")
        op.execute("DELETE FROM orders")
        """,
        """
        op.execute("INSERT INTO orders SELECT * FROM orders_backup")
        op.drop_table("orders_backup")
        """,
        truth="reversible",
        says="reversible plausible",
        rows=ORDER_ROWS,
        databases=ALL,
    ),
    Case(
        "a whole table set aside by renaming, and back",
        ORDERS,
        'op.rename_table("orders", "orders_backup")',
        'op.rename_table("orders_backup", "orders")',
        truth="reversible",
        rows=ORDER_ROWS,
        databases=ALL,
    ),
    Case(
        "a dropped table's rows set aside and fetched back",
        ROLES,
        """
        op.execute("CREATE TABLE roles_backup AS SELECT * FROM roles")
        op.drop_table("roles")
        """,
        """
        op.create_table(
            "roles",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("title", sa.String(30), nullable=False),
            sa.PrimaryKeyConstraint("id", name="pk_roles"),
        )
        op.execute("INSERT INTO roles (id, title) SELECT id, title FROM roles_backup")
        op.drop_table("roles_backup")
        """,
        truth="reversible",
        says="reversible plausible",
        rows=ROLE_ROWS,
    ),
    Case(
        "deleted rows set aside and fetched back",
        ORDERS,
        """
        op.execute("CREATE TABLE void_orders AS SELECT * FROM orders WHERE status = 'void'")
        op.execute("DELETE FROM orders WHERE status = 'void'")
        """,
        """
        op.execute("INSERT INTO orders SELECT * FROM void_orders")
        op.execute("DROP TABLE void_orders")
        """,
        truth="reversible",
        says="reversible plausible",
        rows=ORDER_ROWS,
    ),
    Case(
        "deleted rows set aside under another condition",
        ORDERS,
        """
        op.execute("CREATE TABLE void_orders AS SELECT * FROM orders WHERE status = 'void'")
        op.execute("DELETE FROM orders WHERE status IN ('void', 'new')")
        """,
        """
        op.execute("INSERT INTO orders SELECT * FROM void_orders")
        op.execute("DROP TABLE void_orders")
        """,
        truth="lossy",
        says="lossy plausible",
        rows=ORDER_ROWS,
        kinds=["table orders"],
    ),
    Case(
        "a backup of a whole table fetched back without one column",
        ORDERS,
        """
        op.execute("CREATE TABLE orders_backup AS SELECT * FROM orders")
        op.execute("DELETE FROM orders")
        """,
        """
        op.execute(
            "INSERT INTO orders (id, customer, status, total) "
            "SELECT id, customer, status, total FROM orders_backup"
        )
        op.drop_table("orders_backup")
        """,
        truth="lossy",
        rows=ORDER_ROWS,
        kinds=["column orders.note"],
        databases=ALL,
    ),
    Case(
        "old values kept in a second column of the same table",
        ORDERS,
        """
        op.add_column("orders", sa.Column("old_status", sa.String(20)))
        op.execute("UPDATE orders SET old_status = status")
        op.execute("UPDATE orders SET status = 'x'")
        """,
        """
        op.execute("UPDATE orders SET status = old_status")
        op.drop_column("orders", "old_status")
        """,
        truth="reversible",
        says="reversible plausible",
        rows=ORDER_ROWS,
        databases=ALL,
    ),
    Case(
        "old values kept only after they were overwritten",
        ORDERS,
        """
        op.add_column("orders", sa.Column("old_status", sa.String(20)))
        op.execute("UPDATE orders SET status = 'x'")
        op.execute("UPDATE orders SET old_status = status")
        """,
        """
        op.execute("UPDATE orders SET status = old_status")
        op.drop_column("orders", "old_status")
        """,
        truth="lossy",
        rows=ORDER_ROWS,
        databases=ALL,
        kinds=["column orders.status"],
    ),
    Case(
        "a backup in a temporary table is gone when the downgrade comes",
        USERS,
        """
        op.execute("CREATE TEMPORARY TABLE phones AS SELECT id, phone FROM users")
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = (SELECT p.phone FROM phones p WHERE p.id = users.id)")
        """,
        truth="broken",
        says="broken lossy",
        rows=USER_ROWS,
        kinds=["table phones"],
        unseen=True,
    ),
]
