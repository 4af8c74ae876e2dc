"""Whole tables: dropped, copied, split, renamed, partitioned, and what of them does not come back."""

from tests.dynamic.catalogue.case import LIGHT, MARIADB, POSTGRESQL, SERVERS, SQLITE, bug, right
from tests.dynamic.catalogue.givens import MEMBERS, NOTES, ORDERS, USERS, sql, table
from tests.truth.givens import steps

AGAIN = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("name", sa.String(50), nullable=False),
    sa.Column("phone", sa.String(20)),
    sa.Column("age", sa.Integer()),
    sa.Column("role", sa.String(20), nullable=False, server_default="member"),
    sa.PrimaryKeyConstraint("id", name="pk_users"),
)
"""
PARTED = table(
    """
    op.execute("CREATE TABLE events (id integer NOT NULL, day date NOT NULL) PARTITION BY RANGE (day)")
    op.execute("CREATE TABLE events_2023 PARTITION OF events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')")
    op.execute("CREATE TABLE events_rest PARTITION OF events DEFAULT")
    """,
    "events",
    "INSERT INTO events VALUES (1, '2023-05-05'), (2, '2024-06-06')",
)
ALONE = table(
    """
    op.execute("CREATE TABLE events (id integer NOT NULL, day date NOT NULL) PARTITION BY RANGE (day)")
    op.execute("CREATE TABLE events_2023 PARTITION OF events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')")
    """,
    "events",
    "INSERT INTO events VALUES (1, '2023-05-05')",
)

CASES = [
    bug(
        "a table dropped comes back empty",
        USERS,
        'op.drop_table("users")',
        AGAIN,
        "lossy",
        "rows-lost",
        "users",
        after=NOTES,
    ),
    bug(
        "a table dropped does not come back",
        MEMBERS,
        'op.drop_table("members")',
        "pass",
        "broken",
        "schema-missing",
        "members",
        after=NOTES,
    ),
    bug(
        "a table is left",
        USERS,
        """
        op.create_table("one", sa.Column("id", sa.Integer(), primary_key=True))
        op.create_table("two", sa.Column("id", sa.Integer(), primary_key=True))
        """,
        'op.drop_table("one")',
        "broken",
        "schema-extra",
        "two",
    ),
    bug(
        "a renamed table keeps its new name",
        ORDERS,
        'op.rename_table("orders", "purchases")',
        "pass",
        "broken",
        "schema-missing schema-extra",
        "orders",
        after=NOTES,
    ),
    bug(
        "a copied table forgets some rows",
        USERS,
        steps(
            """
        op.rename_table("users", "users_old")
        """,
            AGAIN.replace("pk_users", "pk_users_new"),
            """
        op.execute("INSERT INTO users (id, name, phone, age, role) SELECT id, name, phone, age, role FROM users_old")
        op.drop_table("users_old")
        """,
        ),
        steps(
            """
        op.rename_table("users", "users_new")
        """,
            AGAIN,
            """
        op.execute(
            "INSERT INTO users (id, name, phone, age, role) "
            "SELECT id, name, phone, age, role FROM users_new WHERE phone IS NOT NULL"
        )
        op.drop_table("users_new")
        """,
        ),
        "lossy",
        "rows-lost",
        "users",
    ),
    bug(
        "a copied table forgets a column",
        USERS,
        """
        op.execute("CREATE TABLE users_saved AS SELECT * FROM users")
        op.drop_table("users")
        """,
        steps(
            AGAIN,
            """
        op.execute("INSERT INTO users (id, name, phone, role) SELECT id, name, phone, role FROM users_saved")
        op.drop_table("users_saved")
        """,
        ),
        "lossy",
        "rows-changed",
        "users",
        "age",
        after=NOTES,
    ),
    bug(
        "CREATE TABLE AS forgets the keys",
        ORDERS,
        'op.rename_table("orders", "purchases")',
        """
        op.execute("CREATE TABLE orders AS SELECT * FROM purchases")
        op.drop_table("purchases")
        """,
        "broken",
        "schema-missing",
        "orders",
        after=NOTES,
    ),
    bug(
        "a table split in two, joined again without those who have no partner",
        USERS,
        """
        op.create_table("ages", sa.Column("user_id", sa.Integer(), primary_key=True), sa.Column("age", sa.Integer()))
        op.execute("INSERT INTO ages (user_id, age) SELECT id, age FROM users WHERE age IS NOT NULL")
        op.rename_table("users", "people")
        """,
        steps(
            AGAIN.replace("pk_users", "pk_users2"),
            """
        op.execute(
            "INSERT INTO users (id, name, phone, age, role) "
            "SELECT p.id, p.name, p.phone, a.age, p.role FROM people p JOIN ages a ON a.user_id = p.id"
        )
        op.drop_table("people")
        op.drop_table("ages")
        """,
        ),
        {SQLITE: "broken", POSTGRESQL: "broken", MARIADB: "lossy"},
        "rows-lost",
        "users",
        after=NOTES,
    ),
    bug(
        "a backup table is left",
        USERS,
        """
        op.execute("CREATE TABLE IF NOT EXISTS users_backup AS SELECT * FROM users")
        op.add_column("users", sa.Column("email", sa.String(80)))
        """,
        'op.drop_column("users", "email")',
        "broken",
        "schema-extra",
        "users_backup",
    ),
    bug(
        "a table emptied and refilled from a backup that was cut",
        ORDERS,
        """
        op.execute("CREATE TABLE kept AS SELECT * FROM orders WHERE placed IS NOT NULL")
        op.execute("DELETE FROM orders")
        """,
        """
        op.execute(
            "INSERT INTO orders (id, customer, status, total, placed) "
            "SELECT id, customer, status, total, placed FROM kept"
        )
        op.drop_table("kept")
        """,
        "lossy",
        "rows-lost",
        "orders",
    ),
    bug(
        "children go with their deleted parents",
        table(
            """
            op.create_table("owners", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(30)))
            op.create_table(
                "pets",
                sa.Column("id", sa.Integer(), primary_key=True),
                sa.Column("owner_id", sa.Integer(), nullable=False),
                sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name="fk_pets_owner", ondelete="CASCADE"),
            )
            """,
            "pets",
            "INSERT INTO owners (id, name) VALUES (1, 'Ada'), (2, 'Bob')",
            "INSERT INTO pets (id, owner_id) VALUES (1, 1), (2, 1), (3, 2)",
            drop='op.drop_table("pets")\nop.drop_table("owners")',
        ),
        """
        op.execute("CREATE TABLE owners_saved AS SELECT * FROM owners")
        op.execute("DELETE FROM owners")
        """,
        """
        op.execute("INSERT INTO owners (id, name) SELECT id, name FROM owners_saved")
        op.drop_table("owners_saved")
        """,
        "lossy",
        "rows-lost",
        "pets",
        databases=SERVERS,
    ),
    bug(
        "a batch with foreign keys enforced deletes the children",
        table(
            """
            op.create_table("owners", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(30)))
            op.create_table(
                "pets",
                sa.Column("id", sa.Integer(), primary_key=True),
                sa.Column("owner_id", sa.Integer(), nullable=False),
                sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name="fk_pets_owner", ondelete="CASCADE"),
            )
            """,
            "pets",
            "INSERT INTO owners (id, name) VALUES (1, 'Ada'), (2, 'Bob')",
            "INSERT INTO pets (id, owner_id) VALUES (1, 1), (2, 1), (3, 2)",
            drop='op.drop_table("pets")\nop.drop_table("owners")',
        ),
        """
        with op.batch_alter_table("owners", recreate="always") as batch_op:
            batch_op.add_column(sa.Column("size", sa.Integer()))
        """,
        'op.drop_column("owners", "size")',
        "lossy",
        "rows-lost",
        "pets",
        databases=(SQLITE,),
        prepare="""
        @sa.event.listens_for(engine, "connect")
        def enforce(connection, record):
            connection.execute("PRAGMA foreign_keys = ON")
        """,
    ),
    bug(
        "TRUNCATE",
        ORDERS,
        'op.execute("TRUNCATE TABLE orders")',
        "pass",
        "lossy",
        "rows-lost",
        "orders",
        databases=SERVERS,
    ),
    bug(
        "a partition is detached and not attached again",
        PARTED,
        'op.execute("ALTER TABLE events DETACH PARTITION events_2023")',
        "pass",
        "broken",
        "schema-changed",
        databases=(POSTGRESQL,),
    ),
    bug(
        "a partition dropped comes back empty",
        PARTED,
        'op.execute("DROP TABLE events_2023")',
        "op.execute(\"CREATE TABLE events_2023 PARTITION OF events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')\")",
        "lossy",
        "rows-lost",
        databases=(POSTGRESQL,),
    ),
    bug(
        "a partition is left",
        sql(
            "CREATE TABLE events (id integer NOT NULL, day date NOT NULL) PARTITION BY RANGE (day)", "events"
        ),
        """
        op.execute("CREATE TABLE events_2022 PARTITION OF events FOR VALUES FROM ('2022-01-01') TO ('2023-01-01')")
        op.execute("CREATE TABLE events_2021 PARTITION OF events FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')")
        """,
        'op.drop_table("events_2022")',
        "broken",
        "schema-extra",
        databases=(POSTGRESQL,),
        after=NOTES,
    ),
    bug(
        "a partition comes back with other bounds",
        ALONE,
        'op.execute("ALTER TABLE events DETACH PARTITION events_2023")',
        "op.execute(\"ALTER TABLE events ATTACH PARTITION events_2023 FOR VALUES FROM ('2022-01-01') TO ('2024-01-01')\")",
        "broken",
        "schema-changed",
        databases=(POSTGRESQL,),
    ),
    bug(
        "a storage option is left",
        USERS,
        'op.execute("ALTER TABLE users SET (fillfactor = 70)")',
        "pass",
        "broken",
        "schema-changed",
        "users",
        databases=(POSTGRESQL,),
    ),
    bug(
        "a table becomes UNLOGGED for good",
        USERS,
        'op.execute("ALTER TABLE users SET UNLOGGED")',
        "pass",
        "broken",
        "schema-changed",
        "users",
        databases=(POSTGRESQL,),
    ),
    bug(
        "a table changes its engine for good",
        USERS,
        'op.execute("ALTER TABLE users ENGINE = Aria")',
        "pass",
        "broken",
        "schema-changed",
        "users",
        databases=(MARIADB,),
    ),
    bug(
        "a table changes its collation for good",
        USERS,
        'op.execute("ALTER TABLE users CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")',
        "pass",
        "broken",
        "schema-changed",
        "users",
        databases=(MARIADB,),
    ),
    bug(
        "STRICT is lost",
        sql(
            "CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT) STRICT",
            "tags",
            "INSERT INTO tags (id, name) VALUES (1, 'old')",
        ),
        'op.rename_table("tags", "labels")',
        """
        op.execute("CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT)")
        op.execute("INSERT INTO tags (id, name) SELECT id, name FROM labels")
        op.drop_table("labels")
        """,
        "broken",
        "schema-changed",
        "tags",
        databases=(SQLITE,),
    ),
    right(
        "a table created with its indexes and dropped",
        USERS,
        """
        op.create_table(
            "logins",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id", name="fk_logins_user"), nullable=False),
            sa.Column("at", sa.DateTime(), index=True),
        )
        op.create_index("ix_logins_user", "logins", ["user_id"])
        """,
        'op.drop_table("logins")',
    ),
    right(
        "a table renamed and back",
        ORDERS,
        'op.rename_table("orders", "purchases")',
        'op.rename_table("purchases", "orders")',
        after=NOTES,
    ),
    right(
        "a table copied to a new one and back",
        USERS,
        """
        op.execute("CREATE TABLE users_saved AS SELECT * FROM users")
        op.drop_table("users")
        """,
        steps(
            AGAIN,
            """
        op.execute("INSERT INTO users (id, name, phone, age, role) SELECT id, name, phone, age, role FROM users_saved")
        op.drop_table("users_saved")
        """,
        ),
        after=NOTES,
    ),
    right(
        "a table split in two and joined again with all",
        USERS,
        """
        op.create_table("ages", sa.Column("user_id", sa.Integer(), primary_key=True), sa.Column("age", sa.Integer()))
        op.execute("INSERT INTO ages (user_id, age) SELECT id, age FROM users WHERE age IS NOT NULL")
        op.drop_column("users", "age")
        """,
        """
        op.add_column("users", sa.Column("age", sa.Integer()))
        op.execute("UPDATE users SET age = (SELECT a.age FROM ages a WHERE a.user_id = users.id)")
        op.drop_table("ages")
        """,
    ),
    right(
        "a table without a key gets a column and loses it",
        table(
            'op.create_table("log", sa.Column("what", sa.String(40)), sa.Column("n", sa.Integer()))',
            "log",
            "INSERT INTO log (what, n) VALUES ('a', 1), ('a', 1), (NULL, NULL), (NULL, NULL), ('a ', 1)",
        ),
        'op.add_column("log", sa.Column("at", sa.DateTime()))',
        'op.drop_column("log", "at")',
    ),
    right(
        "a temporary table that is used and dropped",
        USERS,
        """
        op.execute("CREATE TEMPORARY TABLE adults AS SELECT id FROM users WHERE age >= 18")
        op.add_column("users", sa.Column("adult", sa.Integer()))
        op.execute("UPDATE users SET adult = 1 WHERE id IN (SELECT id FROM adults)")
        op.execute("DROP TABLE adults")
        """,
        'op.drop_column("users", "adult")',
    ),
    bug(
        "a partition detached takes rows of any day, and cannot be attached again",
        PARTED,
        'op.execute("ALTER TABLE events DETACH PARTITION events_2023")',
        "op.execute(\"ALTER TABLE events ATTACH PARTITION events_2023 FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')\")",
        "fragile",
        "post-upgrade-rows",
        "events_2023",
        databases=(POSTGRESQL,),
        news=("INSERT INTO events_2023 VALUES (91, '2030-01-01')",),
    ),
    right(
        "a partition detached, freed of other days and attached",
        PARTED,
        'op.execute("ALTER TABLE events DETACH PARTITION events_2023")',
        """
        op.execute(
            "WITH moved AS (DELETE FROM events_2023 WHERE day < '2023-01-01' OR day >= '2024-01-01' RETURNING *) "
            "INSERT INTO events SELECT * FROM moved"
        )
        op.execute("ALTER TABLE events ATTACH PARTITION events_2023 FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')")
        """,
        databases=(POSTGRESQL,),
    ),
    right(
        "a new partition takes its rows from the default one and gives them back",
        PARTED,
        """
        op.execute("CREATE TABLE events_2024 (LIKE events INCLUDING ALL)")
        op.execute(
            "WITH moved AS (DELETE FROM events_rest WHERE day >= '2024-01-01' AND day < '2025-01-01' RETURNING *) "
            "INSERT INTO events_2024 SELECT * FROM moved"
        )
        op.execute("ALTER TABLE events ATTACH PARTITION events_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')")
        """,
        """
        op.execute("ALTER TABLE events DETACH PARTITION events_2024")
        op.execute("INSERT INTO events SELECT * FROM events_2024")
        op.execute("DROP TABLE events_2024")
        """,
        databases=(POSTGRESQL,),
    ),
    right(
        "reserved words as names",
        table(
            """
            op.create_table(
                "order",
                sa.Column("select", sa.Integer(), primary_key=True),
                sa.Column("group", sa.String(20), nullable=False, server_default="user"),
                sa.Column("from", sa.Integer(), sa.ForeignKey("order.select", name="fk_order_from")),
            )
            """,
            "order",
            'INSERT INTO "order" ("select", "from") VALUES (1, NULL), (2, 1)',
        ),
        """
        op.add_column("order", sa.Column("where", sa.String(20)))
        op.create_index("ix_table", "order", ["where", "group"])
        """,
        """
        op.drop_index("ix_table", table_name="order")
        op.drop_column("order", "where")
        """,
        databases=LIGHT,
    ),
    right(
        "reserved words as names on MariaDB",
        table(
            """
            op.create_table(
                "order",
                sa.Column("select", sa.Integer(), primary_key=True),
                sa.Column("group", sa.String(20), nullable=False, server_default="user"),
            )
            """,
            "order",
            "INSERT INTO `order` (`select`) VALUES (1), (2)",
        ),
        """
        op.add_column("order", sa.Column("where", sa.String(20)))
        op.create_index("ix_table", "order", ["where", "group"])
        """,
        """
        op.drop_index("ix_table", table_name="order")
        op.drop_column("order", "where")
        """,
        databases=(MARIADB,),
    ),
    right(
        "names beyond ASCII, in capitals, with blanks and signs",
        table(
            """
            op.create_table(
                "Größe",
                sa.Column("Id", sa.Integer(), primary_key=True),
                sa.Column("mit Lücke", sa.String(20)),
                sa.Column("価格", sa.Integer()),
                sa.Column("a%b", sa.Integer()),
            )
            """,
            "groesse",
            drop='op.drop_table("Größe")',
        ),
        """
        op.add_column("Größe", sa.Column("naïve", sa.String(20)))
        op.create_index("ix_価格", "Größe", ["価格", "mit Lücke"])
        """,
        """
        op.drop_index("ix_価格", table_name="Größe")
        op.drop_column("Größe", "naïve")
        """,
    ),
]
