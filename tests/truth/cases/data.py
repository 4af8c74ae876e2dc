"""Rows written, overwritten and deleted through SQL."""

from tests.truth.case import ALL, MARIADB, POSTGRESQL, SQLITE, Case
from tests.truth.givens import ORDER_ROWS, ORDERS, ROLE_ROWS, ROLES, USER_ROWS, USERS, steps

PG = (POSTGRESQL,)

CASES = [
    Case(
        "a column overwritten and nothing undone",
        USERS,
        'op.execute("UPDATE users SET name = upper(name)")',
        "pass",
        truth="lossy",
        rows=USER_ROWS,
        databases=ALL,
        kinds=["column users.name"],
    ),
    Case(
        "upper case turned back to lower case",
        USERS,
        'op.execute("UPDATE users SET name = upper(name)")',
        'op.execute("UPDATE users SET name = lower(name)")',
        truth="lossy",
        says="plausible lossy",
        rows=USER_ROWS,
        kinds=["column users.name"],
    ),
    Case(
        "a number raised and lowered again",
        USERS,
        'op.execute("UPDATE users SET age = age + 1")',
        'op.execute("UPDATE users SET age = age - 1")',
        truth="reversible",
        says="plausible reversible",
        rows=USER_ROWS,
    ),
    Case(
        "a number halved and doubled again",
        USERS,
        'op.execute("UPDATE users SET age = age / 2")',
        'op.execute("UPDATE users SET age = age * 2")',
        truth="lossy",
        says="plausible lossy",
        rows=USER_ROWS,
        kinds=["column users.age"],
    ),
    Case(
        "a column emptied and filled with one value",
        USERS,
        'op.execute("UPDATE users SET phone = NULL")',
        "op.execute(\"UPDATE users SET phone = '+44 1'\")",
        truth="lossy",
        rows=USER_ROWS,
        databases=ALL,
        kinds=["column users.phone"],
    ),
    Case(
        "some rows overwritten and nothing undone",
        ORDERS,
        "op.execute(\"UPDATE orders SET status = 'open' WHERE status = 'new'\")",
        "pass",
        truth="lossy",
        rows=ORDER_ROWS,
        kinds=["column orders.status"],
    ),
    Case(
        "a value renamed in a column and back, nobody had the new one",
        ORDERS,
        "op.execute(\"UPDATE orders SET status = 'open' WHERE status = 'new'\")",
        "op.execute(\"UPDATE orders SET status = 'new' WHERE status = 'open'\")",
        truth="reversible",
        says="plausible",
        rows=ORDER_ROWS,
    ),
    Case(
        "a value renamed in a column and back, some had the new one",
        ORDERS,
        "op.execute(\"UPDATE orders SET status = 'paid' WHERE status = 'new'\")",
        "op.execute(\"UPDATE orders SET status = 'new' WHERE status = 'paid'\")",
        truth="lossy",
        says="plausible lossy",
        rows=ORDER_ROWS,
        kinds=["column orders.status"],
    ),
    Case(
        "the downgrade writes another column",
        ORDERS,
        "op.execute(\"UPDATE orders SET status = 'open' WHERE status = 'new'\")",
        "op.execute(\"UPDATE orders SET note = 'new' WHERE status = 'open'\")",
        truth="lossy",
        rows=ORDER_ROWS,
        kinds=["column orders.status", "column orders.note"],
    ),
    Case(
        "two values exchanged by CASE and back",
        ORDERS,
        """
        op.execute(
            "UPDATE orders SET status = "
            "CASE status WHEN 'new' THEN 'paid' WHEN 'paid' THEN 'new' ELSE status END"
        )
        """,
        """
        op.execute(
            "UPDATE orders SET status = "
            "CASE status WHEN 'new' THEN 'paid' WHEN 'paid' THEN 'new' ELSE status END"
        )
        """,
        truth="reversible",
        says="plausible",
        rows=ORDER_ROWS,
    ),
    Case(
        "a new column filled from an old one and dropped",
        USERS,
        """
        op.add_column("users", sa.Column("initial", sa.String(1)))
        op.execute("UPDATE users SET initial = substr(name, 1, 1)")
        """,
        'op.drop_column("users", "initial")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "a column overwritten by another one",
        USERS,
        'op.execute("UPDATE users SET phone = name")',
        "op.execute(\"UPDATE users SET phone = ''\")",
        truth="lossy",
        rows=USER_ROWS,
        kinds=["column users.phone"],
    ),
    Case(
        "two columns exchanged in one UPDATE and back",
        """
        op.create_table(
            "routes",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("start", sa.String(20)),
            sa.Column("goal", sa.String(20)),
        )
        """,
        'op.execute("UPDATE routes SET start = goal, goal = start")',
        'op.execute("UPDATE routes SET start = goal, goal = start")',
        truth="reversible",
        says="reversible plausible",
        rows=["INSERT INTO routes VALUES (1, 'Rome', 'Oslo'), (2, 'Bonn', NULL)"],
        databases=(SQLITE, POSTGRESQL),
    ),
    Case(
        "two columns exchanged in one UPDATE, which MariaDB does one after the other",
        """
        op.create_table(
            "routes",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("start", sa.String(20)),
            sa.Column("goal", sa.String(20)),
        )
        """,
        'op.execute("UPDATE routes SET start = goal, goal = start")',
        'op.execute("UPDATE routes SET start = goal, goal = start")',
        truth="lossy",
        says="lossy plausible",
        rows=["INSERT INTO routes VALUES (1, 'Rome', 'Oslo'), (2, 'Bonn', NULL)"],
        databases=(MARIADB,),
        kinds=["column routes.start"],
    ),
    Case(
        "all rows deleted",
        ORDERS,
        'op.execute("DELETE FROM orders")',
        "pass",
        truth="lossy",
        rows=ORDER_ROWS,
        databases=ALL,
        kinds=["table orders"],
    ),
    Case(
        "a table truncated",
        ORDERS,
        'op.execute("TRUNCATE TABLE orders")',
        "pass",
        truth="lossy",
        rows=ORDER_ROWS,
        databases=(POSTGRESQL, MARIADB),
        kinds=["table orders"],
    ),
    Case(
        "TRUNCATE CASCADE empties the tables that refer to it",
        steps(ROLES, 'op.create_foreign_key("fk_m_r", "members", "roles", ["role_id"], ["id"])'),
        'op.execute("TRUNCATE roles CASCADE")',
        "pass",
        truth="lossy",
        rows=ROLE_ROWS,
        databases=PG,
        kinds=["table roles", "table members"],
    ),
    Case(
        "some rows deleted",
        ORDERS,
        "op.execute(\"DELETE FROM orders WHERE status = 'void'\")",
        "pass",
        truth="lossy",
        rows=ORDER_ROWS,
        kinds=["table orders"],
    ),
    Case(
        "DELETE WHERE TRUE",
        ORDERS,
        'op.execute("DELETE FROM orders WHERE 1 = 1")',
        'print("gone")',
        truth="lossy",
        rows=ORDER_ROWS,
        kinds=["table orders"],
    ),
    Case(
        "duplicates deleted for a unique constraint",
        ROLES,
        """
        op.execute(
            "DELETE FROM members WHERE id NOT IN (SELECT min(m.id) FROM members m GROUP BY m.role_id)"
        )
        op.create_unique_constraint("uq_members_role", "members", ["role_id"])
        """,
        'op.drop_constraint("uq_members_role", "members", type_="unique")',
        truth="lossy",
        rows=[*ROLE_ROWS, "INSERT INTO members (id, role_id) VALUES (4, 1)"],
        databases=PG,
        kinds=["table members"],
    ),
    Case(
        "DELETE USING another table",
        ROLES,
        """
        op.execute(
            "DELETE FROM members USING roles WHERE members.role_id = roles.id AND roles.title = 'guest'"
        )
        """,
        "pass",
        truth="lossy",
        rows=ROLE_ROWS,
        databases=PG,
        kinds=["table members"],
    ),
    Case(
        "deleted rows are written again by hand",
        ROLES,
        'op.execute("DELETE FROM roles WHERE id = 2")',
        "op.execute(\"INSERT INTO roles (id, title) VALUES (2, 'guest')\")",
        truth="reversible",
        says="plausible lossy",
        rows=ROLE_ROWS,
    ),
    Case(
        "deleted rows are written again with another value",
        ROLES,
        'op.execute("DELETE FROM roles WHERE id = 2")',
        "op.execute(\"INSERT INTO roles (id, title) VALUES (2, 'visitor')\")",
        truth="lossy",
        says="plausible lossy",
        rows=ROLE_ROWS,
        kinds=["column roles.title"],
    ),
    Case(
        "inserted rows are deleted by their key",
        ROLES,
        "op.execute(\"INSERT INTO roles (id, title) VALUES (10, 'admin'), (11, 'bot')\")",
        'op.execute("DELETE FROM roles WHERE id IN (10, 11)")',
        truth="reversible",
        says="reversible plausible",
        rows=ROLE_ROWS,
        databases=ALL,
    ),
    Case(
        "inserted rows are left",
        ROLES,
        "op.execute(\"INSERT INTO roles (id, title) VALUES (10, 'admin')\")",
        "pass",
        truth={SQLITE: "broken", POSTGRESQL: "broken", MARIADB: "broken"},  # the next upgrade inserts again
        says="lossy broken",
        rows=ROLE_ROWS,
        databases=ALL,
    ),
    Case(
        "inserted rows without a key are left",
        """
        op.create_table("settings", sa.Column("key", sa.String(20)), sa.Column("value", sa.String(20)))
        """,
        "op.execute(\"INSERT INTO settings (key, value) VALUES ('theme', 'dark')\")",
        "pass",
        truth="lossy",
        rows=["INSERT INTO settings VALUES ('lang', 'en')"],
        kinds=["table settings"],
    ),
    Case(
        "one of two inserted rows is left",
        ROLES,
        "op.execute(\"INSERT INTO roles (id, title) VALUES (10, 'admin'), (11, 'bot')\")",
        'op.execute("DELETE FROM roles WHERE id = 10")',
        truth="broken",
        says="lossy broken plausible",
        rows=ROLE_ROWS,
    ),
    Case(
        "the downgrade deletes more than was inserted",
        ROLES,
        "op.execute(\"INSERT INTO roles (id, title) VALUES (10, 'guest')\")",
        "op.execute(\"DELETE FROM roles WHERE title = 'guest'\")",
        truth="lossy",
        says="lossy plausible",
        rows=ROLE_ROWS,
        kinds=["table roles"],
    ),
    Case(
        "the downgrade deletes every row",
        ROLES,
        "op.execute(\"INSERT INTO roles (id, title) VALUES (10, 'admin')\")",
        'op.execute("DELETE FROM roles")',
        truth="lossy",
        says="lossy",
        rows=ROLE_ROWS,
        kinds=["table roles"],
    ),
    Case(
        "ON CONFLICT DO NOTHING kept an old row, which the downgrade deletes",
        ROLES,
        "op.execute(\"INSERT INTO roles (id, title) VALUES (2, 'visitor') ON CONFLICT (id) DO NOTHING\")",
        'op.execute("DELETE FROM roles WHERE id = 2")',
        truth="lossy",
        says="lossy plausible",
        rows=ROLE_ROWS,
        kinds=["table roles"],
    ),
    Case(
        "ON CONFLICT DO UPDATE overwrites an old row",
        ROLES,
        """
        op.execute(
            "INSERT INTO roles (id, title) VALUES (2, 'visitor') "
            "ON CONFLICT (id) DO UPDATE SET title = excluded.title"
        )
        """,
        'op.execute("DELETE FROM roles WHERE id = 2")',
        truth="lossy",
        says="lossy plausible",
        rows=ROLE_ROWS,
        kinds=["table roles"],
    ),
    Case(
        "REPLACE INTO overwrites an old row",
        ROLES,
        "op.execute(\"REPLACE INTO roles (id, title) VALUES (2, 'visitor')\")",
        "pass",
        truth="lossy",
        rows=ROLE_ROWS,
        databases=(SQLITE, MARIADB),
        kinds=["column roles.title"],
    ),
    Case(
        "INSERT SELECT into an old table, deleted by what it was selected with",
        steps(ROLES, USERS),
        'op.execute("INSERT INTO members (id, email) SELECT id + 100, name FROM users")',
        'op.execute("DELETE FROM members WHERE id > 100")',
        truth="reversible",
        says="plausible lossy",
        rows=ROLE_ROWS + USER_ROWS,
    ),
    Case(
        "UPDATE FROM another table into a new column",
        ROLES,
        """
        op.add_column("members", sa.Column("title", sa.String(30)))
        op.execute("UPDATE members SET title = roles.title FROM roles WHERE roles.id = members.role_id")
        """,
        'op.drop_column("members", "title")',
        truth="reversible",
        rows=ROLE_ROWS,
    ),
    Case(
        "UPDATE FROM another table into an old column",
        ROLES,
        'op.execute("UPDATE members SET email = roles.title FROM roles WHERE roles.id = members.role_id")',
        "pass",
        truth="lossy",
        rows=ROLE_ROWS,
        kinds=["column members.email"],
    ),
    Case(
        "a statement with WITH that deletes",
        ORDERS,
        """
        op.execute(
            "WITH old AS (SELECT id FROM orders WHERE status = 'void') "
            "DELETE FROM orders WHERE id IN (SELECT id FROM old)"
        )
        """,
        "pass",
        truth="lossy",
        rows=ORDER_ROWS,
        kinds=["table orders"],
    ),
    Case(
        "a data-modifying WITH moves rows to another table",
        ORDERS,
        """
        op.execute("CREATE TABLE old_orders AS SELECT * FROM orders WHERE false")
        op.execute(
            "WITH gone AS (DELETE FROM orders WHERE status = 'void' RETURNING *) "
            "INSERT INTO old_orders SELECT * FROM gone"
        )
        """,
        'op.drop_table("old_orders")',
        truth="lossy",
        says="lossy unknown",
        rows=ORDER_ROWS,
        databases=PG,
        kinds=["table orders"],
    ),
    Case(
        "MERGE overwrites old rows",
        steps(ROLES, USERS),
        """
        op.execute(
            "MERGE INTO members m USING users u ON m.id = u.id "
            "WHEN MATCHED THEN UPDATE SET email = u.name "
            "WHEN NOT MATCHED THEN INSERT (id, email) VALUES (u.id, u.name)"
        )
        """,
        "pass",
        truth="lossy",
        says="lossy unknown",
        rows=ROLE_ROWS + USER_ROWS,
        databases=PG,
        kinds=["column members.email"],
    ),
    Case(
        "MERGE fills a new table",
        USERS,
        """
        op.create_table(
            "names", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text())
        )
        op.execute(
            "MERGE INTO names n USING users u ON n.id = u.id "
            "WHEN NOT MATCHED THEN INSERT (id, name) VALUES (u.id, u.name)"
        )
        """,
        'op.drop_table("names")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a backfill of a column that was there before",
        USERS,
        'op.execute("UPDATE users SET age = 0 WHERE age IS NULL")',
        'op.execute("UPDATE users SET age = NULL WHERE age = 0")',
        truth="reversible",
        says="plausible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "column filled by DEFAULT in UPDATE",
        ORDERS,
        'op.execute("UPDATE orders SET status = DEFAULT WHERE id = 2")',
        "pass",
        truth="lossy",
        rows=ORDER_ROWS,
        databases=(POSTGRESQL, MARIADB),
        kinds=["column orders.status"],
    ),
    Case(
        "UPDATE with ROW assignment",
        ORDERS,
        "op.execute(\"UPDATE orders SET (status, note) = ('x', 'y') WHERE id = 1\")",
        "pass",
        truth="lossy",
        rows=ORDER_ROWS,
        databases=PG,
        kinds=["column orders.status", "column orders.note"],
    ),
    Case(
        "rows inserted into a new table are no matter",
        USERS,
        """
        op.create_table(
            "flags", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(9))
        )
        op.execute("INSERT INTO flags (id, name) VALUES (1, 'a')")
        op.execute("UPDATE flags SET name = 'b'")
        op.execute("DELETE FROM flags")
        """,
        'op.drop_table("flags")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "COPY is not followed",
        USERS,
        "op.execute(\"COPY users TO '/dev/null'\")",
        "pass",
        truth="reversible",
        says="reversible unknown",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a DO block that changes rows",
        USERS,
        """
        op.execute("DO $$ BEGIN UPDATE users SET phone = NULL; END $$")
        """,
        "pass",
        truth="lossy",
        says="lossy unknown",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.phone"],
    ),
    Case(
        "a SELECT of a function that changes rows",
        steps(
            USERS,
            """
            op.execute("CREATE FUNCTION wipe() RETURNS void AS 'UPDATE users SET phone = NULL' LANGUAGE sql")
            """,
        ),
        'op.execute("SELECT wipe()")',
        "pass",
        truth="lossy",
        says="lossy unknown",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "CALL of a procedure that changes rows",
        steps(
            USERS,
            """
            op.execute("CREATE PROCEDURE wipe() LANGUAGE sql AS 'UPDATE users SET phone = NULL'")
            """,
        ),
        'op.execute("CALL wipe()")',
        "pass",
        truth="lossy",
        says="lossy unknown",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "rows moved into another table, all of which the downgrade moves back",
        """
        op.create_table(
            "options",
            sa.Column("part", sa.String(20)),
            sa.Column("value", sa.String(80)),
        )
        op.create_table("badges", sa.Column("text", sa.String(80)))
        """,
        """
        op.execute("INSERT INTO badges (text) SELECT value FROM options WHERE part = 'badge'")
        op.execute("DELETE FROM options WHERE part = 'badge'")
        """,
        """
        op.execute("INSERT INTO options (part, value) SELECT 'badge', text FROM badges")
        op.execute("DELETE FROM badges")
        """,
        truth="lossy",
        rows=[
            "INSERT INTO options (part, value) VALUES ('badge', 'new'), ('other', 'x')",
            "INSERT INTO badges (text) VALUES ('older')",
        ],
        databases=ALL,
        kinds=["table badges"],
    ),
    Case(
        "a table that the downgrade alone renames, if it is there, and is not",
        USERS,
        "pass",
        'op.execute("ALTER TABLE IF EXISTS absent RENAME TO present")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(POSTGRESQL,),
    ),
]
