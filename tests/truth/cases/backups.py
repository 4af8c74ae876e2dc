"""Data set aside in a backup and fetched back by the downgrade."""

from tests.truth.case import ALL, MARIADB, POSTGRESQL, Case
from tests.truth.givens import ORDER_ROWS, ORDERS, ROLE_ROWS, ROLES, USER_ROWS, USERS, steps

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
    Case(
        "only the rows with a value set aside and fetched back",
        USERS,
        """
        op.execute("CREATE TABLE phones AS SELECT id, phone FROM users WHERE phone IS NOT NULL")
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = p.phone FROM phones AS p WHERE p.id = users.id")
        op.drop_table("phones")
        """,
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "only the rows in which another column had a value set aside",
        USERS,
        """
        op.execute("CREATE TABLE phones AS SELECT id, phone FROM users WHERE age IS NOT NULL")
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = p.phone FROM phones AS p WHERE p.id = users.id")
        op.drop_table("phones")
        """,
        truth="lossy",
        says="lossy plausible",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "fetched back where the backup has a row",
        USERS,
        ASIDE,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute(
            "UPDATE users SET phone = (SELECT b.phone FROM users_phone_backup b WHERE b.id = users.id) "
            "WHERE EXISTS (SELECT 1 FROM users_phone_backup b WHERE b.id = users.id)"
        )
        op.drop_table("users_phone_backup")
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "fetched back for the keys in the backup",
        USERS,
        ASIDE,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute(
            "UPDATE users SET phone = (SELECT b.phone FROM users_phone_backup b WHERE b.id = users.id) "
            "WHERE id IN (SELECT id FROM users_phone_backup)"
        )
        op.drop_table("users_phone_backup")
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "fetched back under one more condition",
        USERS,
        ASIDE,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute(
            "UPDATE users SET phone = b.phone FROM users_phone_backup AS b "
            "WHERE b.id = users.id AND users.age > 20"
        )
        op.drop_table("users_phone_backup")
        """,
        truth="lossy",
        says="lossy plausible",
        rows=[*USER_ROWS, "INSERT INTO users (id, name, phone, age) VALUES (9, 'Dan', '+1', 3)"],
        kinds=["column users.phone"],
    ),
    Case(
        "two columns fetched back as one row",
        USERS,
        """
        op.execute("CREATE TABLE aside AS SELECT id, phone, age FROM users")
        op.drop_column("users", "phone")
        op.drop_column("users", "age")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.add_column("users", sa.Column("age", sa.Integer()))
        op.execute(
            "UPDATE users SET (phone, age) = (SELECT a.phone, a.age FROM aside a WHERE a.id = users.id)"
        )
        op.drop_table("aside")
        """,
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "two columns fetched back as one row in the wrong order",
        USERS.replace("sa.Integer()),\n", "sa.String(20)),\n"),
        """
        op.execute("CREATE TABLE aside AS SELECT id, phone, age FROM users")
        op.drop_column("users", "phone")
        op.drop_column("users", "age")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.add_column("users", sa.Column("age", sa.String(20)))
        op.execute(
            "UPDATE users SET (phone, age) = (SELECT a.age, a.phone FROM aside a WHERE a.id = users.id)"
        )
        op.drop_table("aside")
        """,
        truth="lossy",
        rows=["INSERT INTO users (id, name, phone, age) VALUES (1, 'Ada', '+44 1', '36')"],
        kinds=["column users.phone", "column users.age"],
    ),
    Case(
        "a column moved to a table of its own and back",
        USERS,
        """
        op.create_table(
            "contacts",
            sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id", name="fk_contacts"), primary_key=True),
            sa.Column("phone", sa.String(20)),
        )
        op.execute("INSERT INTO contacts (user_id, phone) SELECT id, phone FROM users")
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute(
            "UPDATE users SET phone = (SELECT c.phone FROM contacts c WHERE c.user_id = users.id)"
        )
        op.drop_table("contacts")
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "the key has changed when the backup is fetched",
        USERS,
        steps(ASIDE, 'op.execute("UPDATE users SET id = id + 100")'),
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = b.phone FROM users_phone_backup AS b WHERE b.id = users.id")
        op.execute("UPDATE users SET id = id - 100")
        op.drop_table("users_phone_backup")
        """,
        truth="lossy",
        says="lossy plausible",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "the backup is matched by a unique column that may be NULL",
        steps(
            USERS,
            """
        with op.batch_alter_table("users") as batch_op:
            batch_op.add_column(sa.Column("code", sa.String(9)))
            batch_op.create_unique_constraint("uq_users_code", ["code"])
        """,
        ),
        """
        op.execute("CREATE TABLE aside AS SELECT code, phone FROM users")
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = a.phone FROM aside AS a WHERE a.code = users.code")
        op.drop_table("aside")
        """,
        truth="lossy",
        says="lossy plausible",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "deleted rows set aside, and a column of the others overwritten meanwhile",
        ORDERS,
        """
        op.execute("CREATE TABLE void_orders AS SELECT * FROM orders WHERE status = 'void'")
        op.execute("UPDATE orders SET note = 'x'")
        op.execute("DELETE FROM orders WHERE status = 'void'")
        """,
        """
        op.execute("INSERT INTO orders SELECT * FROM void_orders")
        op.execute("DROP TABLE void_orders")
        """,
        truth="lossy",
        says="lossy plausible",
        rows=ORDER_ROWS,
        kinds=["column orders.note"],
    ),
    Case(
        "deleted rows set aside, and others of the table went with them",
        """
        op.create_table(
            "staff",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("role", sa.String(9)),
            sa.Column("boss", sa.Integer(), sa.ForeignKey("staff.id", name="fk_boss", ondelete="CASCADE")),
        )
        """,
        """
        op.execute("CREATE TABLE gone AS SELECT * FROM staff WHERE role = 'boss'")
        op.execute("DELETE FROM staff WHERE role = 'boss'")
        """,
        """
        op.execute("INSERT INTO staff SELECT * FROM gone")
        op.execute("DROP TABLE gone")
        """,
        truth="lossy",
        says="lossy plausible",
        rows=["INSERT INTO staff VALUES (1, 'boss', NULL), (2, 'clerk', 1)"],
        databases=(POSTGRESQL, MARIADB),
        kinds=["table staff"],
    ),
]
