"""Rows changed, deleted or added under a condition, and what the downgrade makes of it."""

from tests.dynamic.catalogue.case import LIGHT, SERVERS, SQLITE, Case, Given, Rev, Wrong, bug, right
from tests.dynamic.catalogue.givens import MEMBERS, ORDERS, USERS, table

COUNTS = table(
    """
    op.create_table(
        "counts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
    )
    """,
    "counts",
    "INSERT INTO counts (id, n, live) VALUES (1, 7, true), (2, 120, false), (3, -5, true)",
)
SWITCHES = table(
    """
    op.create_table(
        "switches",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.CheckConstraint("state IN ('on', 'off')", name="ck_switches_state"),
    )
    """,
    "switches",
    "INSERT INTO switches (id, state) VALUES (1, 'on'), (2, 'off'), (3, 'on')",
)


def changed(
    name: str, upgrade: str, column: str, downgrade: str = "pass", given: Given = USERS, where: str = "users"
) -> Case:
    """Returns a case whose upgrade overwrites values of one column for good."""
    return bug(name, given, upgrade, downgrade, "lossy", "rows-changed", where, column)


CASES = [
    changed(
        "an UPDATE of the rows with one word",
        "op.execute(\"UPDATE users SET role = 'root' WHERE role = 'admin'\")",
        "role",
    ),
    changed(
        "an UPDATE of one of several words",
        "op.execute(\"UPDATE orders SET status = 'closed' WHERE status IN ('paid', 'void')\")",
        "status",
        given=ORDERS,
        where="orders",
    ),
    changed("an UPDATE beyond a number", 'op.execute("UPDATE users SET age = 65 WHERE age > 65")', "age"),
    changed(
        "an UPDATE between two numbers",
        "op.execute(\"UPDATE users SET role = 'teen' WHERE age BETWEEN 13 AND 17\")",
        "role",
    ),
    changed(
        "an UPDATE of what begins with a word",
        "op.execute(\"UPDATE users SET name = 'nobody' WHERE name LIKE 'test%'\")",
        "name",
    ),
    changed(
        "an UPDATE where there is no value",
        "op.execute(\"UPDATE users SET phone = '' WHERE phone IS NULL\")",
        "phone",
    ),
    changed(
        "an UPDATE under two conditions",
        "op.execute(\"UPDATE users SET phone = NULL WHERE role = 'admin' AND age >= 21\")",
        "phone",
    ),
    changed(
        "an UPDATE before a day",
        "op.execute(\"UPDATE orders SET placed = NULL WHERE placed < '2020-01-01'\")",
        "placed",
        given=ORDERS,
        where="orders",
    ),
    changed(
        "an UPDATE of a negative amount",
        'op.execute("UPDATE orders SET total = 0 WHERE total < 0")',
        "total",
        given=ORDERS,
        where="orders",
    ),
    changed(
        "an UPDATE of what is false",
        'op.execute("UPDATE counts SET n = 0 WHERE live = false")',
        "n",
        given=COUNTS,
        where="counts",
    ),
    changed(
        "an UPDATE of the children of one parent",
        """
        op.execute(
            "UPDATE members SET email = NULL WHERE role_id IN (SELECT id FROM roles WHERE title = 'guest')"
        )
        """,
        "email",
        given=MEMBERS,
        where="members",
    ),
    changed(
        "an UPDATE through SQLAlchemy with bound values",
        """
        users = sa.table("users", sa.column("role", sa.String), sa.column("age", sa.Integer))
        op.execute(users.update().where(users.c.role == sa.bindparam("r", "staff")).values(age=1))
        """,
        "age",
    ),
    changed(
        "an UPDATE with CASE",
        "op.execute(\"UPDATE users SET role = CASE role WHEN 'admin' THEN 'a' WHEN 'guest' THEN 'g' ELSE role END\")",
        "role",
        "op.execute(\"UPDATE users SET role = 'admin' WHERE role = 'a'\")",
    ),
    changed(
        "rows read, changed in Python and written back",
        """
        users = sa.table("users", sa.column("id", sa.Integer), sa.column("name", sa.String))
        bind = op.get_bind()
        for row in bind.execute(sa.select(users)).all():
            bind.execute(users.update().where(users.c.id == row.id).values(name=row.name.upper()))
        """,
        "name",
        """
        users = sa.table("users", sa.column("id", sa.Integer), sa.column("name", sa.String))
        bind = op.get_bind()
        for row in bind.execute(sa.select(users)).all():
            bind.execute(users.update().where(users.c.id == row.id).values(name=row.name.title()))
        """,
    ),
    changed("blanks at both ends cut off", 'op.execute("UPDATE users SET name = trim(name)")', "name"),
    changed(
        "a value written in small letters",
        'op.execute("UPDATE members SET email = lower(email)")',
        "email",
        given=MEMBERS,
        where="members",
    ),
    changed(
        "amounts rounded",
        'op.execute("UPDATE orders SET total = round(total)")',
        "total",
        given=ORDERS,
        where="orders",
    ),
    changed(
        "numbers divided and multiplied",
        """
        counts = sa.table("counts", sa.column("id", sa.Integer), sa.column("n", sa.Integer))
        bind = op.get_bind()
        for row in bind.execute(sa.select(counts).where(counts.c.n.between(-1000, 1000))).all():
            bind.execute(counts.update().where(counts.c.id == row.id).values(n=row.n // 10))
        """,
        "n",
        'op.execute("UPDATE counts SET n = n * 10 WHERE n BETWEEN -100 AND 100")',
        given=COUNTS,
        where="counts",
    ),
    changed(
        "the way back takes those along who were there before",
        "op.execute(\"UPDATE users SET role = 'staff' WHERE role = 'admin'\")",
        "role",
        "op.execute(\"UPDATE users SET role = 'admin' WHERE role = 'staff'\")",
    ),
    changed(
        "no value filled, and every such value emptied on the way back",
        "op.execute(\"UPDATE users SET phone = '0' WHERE phone IS NULL\")",
        "phone",
        "op.execute(\"UPDATE users SET phone = NULL WHERE phone = '0'\")",
    ),
    changed(
        "two columns swapped and not swapped back",
        """
        op.add_column("users", sa.Column("tmp", sa.String(50)))
        op.execute("UPDATE users SET tmp = name")
        op.execute("UPDATE users SET name = role")
        op.execute("UPDATE users SET role = substr(tmp, 1, 20)")
        op.drop_column("users", "tmp")
        """,
        "name",
    ),
    bug(
        "a DELETE of the rows with one word",
        ORDERS,
        "op.execute(\"DELETE FROM orders WHERE status = 'void'\")",
        "pass",
        "lossy",
        "rows-lost",
        "orders",
    ),
    bug(
        "a DELETE of rows without a value",
        MEMBERS,
        'op.execute("DELETE FROM members WHERE role_id IS NULL")',
        "pass",
        "lossy",
        "rows-lost",
        "members",
    ),
    bug(
        "a DELETE through SQLAlchemy of what is not in a list",
        ORDERS,
        """
        orders = sa.table("orders", sa.column("status", sa.String))
        op.execute(orders.delete().where(orders.c.status.not_in(["new", "paid"])))
        """,
        "pass",
        "lossy",
        "rows-lost",
        "orders",
    ),
    bug(
        "duplicates deleted before a unique constraint",
        MEMBERS.holding(
            "INSERT INTO members (id, role_id, email) VALUES (1, 1, 'ada@x.org'), (2, 2, 'ada@x.org'), (3, 1, NULL)"
        ),
        """
        op.execute("DELETE FROM members WHERE id NOT IN (SELECT min(id) FROM members GROUP BY email)")
        with op.batch_alter_table("members") as batch_op:
            batch_op.create_unique_constraint("uq_members_email", ["email"])
        """,
        """
        with op.batch_alter_table("members") as batch_op:
            batch_op.drop_constraint("uq_members_email", type_="unique")
        """,
        "lossy",
        "rows-lost",
        "members",
        databases=LIGHT,
    ),
    bug(
        "rows deleted while a table is made",
        USERS,
        """
        op.create_table("logins", sa.Column("id", sa.Integer(), primary_key=True))
        op.execute("DELETE FROM users WHERE age IS NULL")
        """,
        'op.drop_table("logins")',
        "lossy",
        "rows-lost",
        "users",
    ),
    bug(
        "rows inserted and left",
        MEMBERS,
        "op.execute(\"INSERT INTO roles (id, title) VALUES (9001, 'auditor')\")",
        "pass",
        "lossy",
        "rows-extra",
        "roles",
    ),
    bug(
        "rows inserted through bulk_insert, one of them left",
        MEMBERS,
        """
        roles = sa.table("roles", sa.column("id", sa.Integer), sa.column("title", sa.String))
        op.bulk_insert(roles, [{"id": 9001, "title": "auditor"}, {"id": 9002, "title": "author"}])
        """,
        'op.execute("DELETE FROM roles WHERE id = 9001")',
        "lossy",
        "rows-extra",
        "roles",
    ),
    bug(
        "rows inserted without a key and left",
        table(
            """
            op.create_table("log", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("what", sa.String(40)))
            """,
            "log",
            "INSERT INTO log (what) VALUES ('began')",
        ),
        "op.execute(\"INSERT INTO log (what) VALUES ('migrated')\")",
        "pass",
        "lossy",
        "rows-extra",
        "log",
    ),
    bug(
        "the way down deletes all rows of that kind",
        MEMBERS,
        "op.execute(\"INSERT INTO roles (id, title) VALUES (9001, 'guest')\")",
        "op.execute(\"DELETE FROM roles WHERE title = 'guest'\")",
        "lossy",
        "rows-lost",
        "roles",
    ),
    bug(
        "the way down empties the table",
        USERS,
        "op.execute(\"INSERT INTO users (id, name) VALUES (9001, 'system')\")",
        'op.execute("DELETE FROM users")',
        "lossy",
        "rows-lost",
        "users",
    ),
    bug(
        "rows moved to another table, fetched back without one column",
        ORDERS,
        """
        op.execute("CREATE TABLE archive AS SELECT * FROM orders WHERE status = 'done'")
        op.execute("DELETE FROM orders WHERE status = 'done'")
        """,
        """
        op.execute("INSERT INTO orders (id, customer, status, total) SELECT id, customer, status, total FROM archive")
        op.drop_table("archive")
        """,
        "lossy",
        "rows-changed",
        "orders",
    ),
    bug(
        "a default that fills on the way back",
        ORDERS,
        """
        op.execute("CREATE TABLE archive AS SELECT * FROM orders")
        op.execute("DELETE FROM orders")
        """,
        """
        op.execute("INSERT INTO orders (id, customer, total, placed) SELECT id, customer, total, placed FROM archive")
        op.drop_table("archive")
        """,
        "lossy",
        "rows-changed",
        "orders",
        "status",
    ),
    Case(
        "two wrong revisions, a healthy one between them",
        (
            *USERS.revisions,
            Rev("grown", 'op.execute("UPDATE users SET age = 18 WHERE age < 18")'),
            *USERS.after,
            Rev("purged", "op.execute(\"DELETE FROM users WHERE role = 'guest'\")"),
            Rev(
                "cities",
                'op.add_column("users", sa.Column("city", sa.String(30)))',
                'op.drop_column("users", "city")',
            ),
        ),
        {
            "grown": Wrong("lossy", "rows-changed", "users", "age"),
            "purged": Wrong("lossy", "rows-lost", "users"),
        },
    ),
    right(
        "words of a closed list replaced and put back",
        SWITCHES,
        """
        op.drop_constraint("ck_switches_state", "switches", type_="check")
        op.execute("UPDATE switches SET state = 'enabled' WHERE state = 'on'")
        op.execute("UPDATE switches SET state = 'disabled' WHERE state = 'off'")
        op.create_check_constraint("ck_switches_state", "switches", "state IN ('enabled', 'disabled')")
        """,
        """
        op.drop_constraint("ck_switches_state", "switches", type_="check")
        op.execute("UPDATE switches SET state = 'on' WHERE state = 'enabled'")
        op.execute("UPDATE switches SET state = 'off' WHERE state = 'disabled'")
        op.create_check_constraint("ck_switches_state", "switches", "state IN ('on', 'off')")
        """,
        databases=SERVERS,
    ),
    right(
        "a flag turned round and round again",
        COUNTS,
        'op.execute("UPDATE counts SET live = NOT live")',
        'op.execute("UPDATE counts SET live = NOT live")',
    ),
    right(
        "signs of numbers turned",
        COUNTS,
        'op.execute("UPDATE counts SET n = -n WHERE n BETWEEN -1000 AND 1000")',
        'op.execute("UPDATE counts SET n = -n WHERE n BETWEEN -1000 AND 1000")',
    ),
    right(
        "reference rows inserted and removed by their keys",
        MEMBERS,
        """
        roles = sa.table("roles", sa.column("id", sa.Integer), sa.column("title", sa.String))
        op.bulk_insert(roles, [{"id": 9001, "title": "auditor"}, {"id": 9002, "title": "author"}])
        """,
        'op.execute("DELETE FROM roles WHERE id IN (9001, 9002)")',
    ),
    right(
        "reference rows whose number the database gives",
        table(
            """
            op.create_table(
                "roles",
                sa.Column("id", sa.Integer(), primary_key=True),
                sa.Column("title", sa.String(30), nullable=False),
                sa.UniqueConstraint("title", name="uq_roles_title"),
            )
            """,
            "roles",
            "INSERT INTO roles (title) VALUES ('owner')",
        ),
        """
        op.add_column("roles", sa.Column("builtin", sa.Integer()))
        op.execute("INSERT INTO roles (title, builtin) VALUES ('auditor', 1)")
        """,
        """
        op.execute("DELETE FROM roles WHERE builtin = 1")
        op.drop_column("roles", "builtin")
        """,
    ),
    right(
        "an UPDATE that remembers what it changed",
        USERS,
        """
        op.add_column("users", sa.Column("old_role", sa.String(20)))
        op.execute("UPDATE users SET old_role = role WHERE role = 'admin'")
        op.execute("UPDATE users SET role = 'root' WHERE role = 'admin'")
        """,
        """
        op.execute("UPDATE users SET role = old_role WHERE old_role IS NOT NULL")
        op.drop_column("users", "old_role")
        """,
    ),
    right(
        "rows moved to an archive and back",
        ORDERS,
        """
        op.execute("CREATE TABLE archive AS SELECT * FROM orders WHERE status = 'done' OR total < 0")
        op.execute("DELETE FROM orders WHERE status = 'done' OR total < 0")
        """,
        """
        op.execute(
            "INSERT INTO orders (id, customer, status, total, placed) "
            "SELECT id, customer, status, total, placed FROM archive"
        )
        op.drop_table("archive")
        """,
    ),
    right(
        "an UPDATE that changes nothing",
        USERS,
        'op.execute("UPDATE users SET name = name, age = age + 0")',
        "pass",
    ),
    right(
        "rows only read",
        USERS,
        """
        count = op.get_bind().execute(sa.text("SELECT count(*) FROM users WHERE role = 'admin'")).scalar()
        op.create_table("facts", sa.Column("admins", sa.Integer()))
        op.execute(f"INSERT INTO facts (admins) VALUES ({count})")
        """,
        'op.drop_table("facts")',
    ),
    bug(
        "an old row replaced by INSERT OR REPLACE",
        MEMBERS,
        "op.execute(\"INSERT OR REPLACE INTO roles (id, title) VALUES (2, 'visitor')\")",
        "pass",
        "lossy",
        "rows-changed",
        "roles",
        databases=(SQLITE,),
    ),
]
