"""Tables created, dropped, renamed, copied, and their options."""

from tests.truth.case import ALL, MARIADB, POSTGRESQL, SQLITE, Case
from tests.truth.givens import LINKED, ORDER_ROWS, ORDERS, ROLE_ROWS, ROLES, USER_ROWS, USERS

AUDIT = """
op.create_table(
    "audit",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("at", sa.DateTime(), server_default=sa.func.now(), nullable=False),
    sa.Column("what", sa.String(100), nullable=False, index=True),
    sa.Column("actor", sa.String(40), unique=True),
)
"""

_TO_COPY = """
op.create_table(
    "goods",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("code", sa.String(9), nullable=False, server_default="new"),
    sa.Column("price", sa.Numeric(8, 2), comment="in euro"),
    sa.Column("label", sa.String(5), unique=True),
    sa.Column("made", sa.DateTime(), server_default=sa.text("CURRENT_TIMESTAMP")),
    sa.Column("shelf", sa.Integer(), index=True),
    sa.CheckConstraint("price > 0", name="ck_price"),
)
"""

CASES = [
    Case(
        "a table created and dropped",
        USERS,
        AUDIT,
        'op.drop_table("audit")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "a created table is left",
        USERS,
        AUDIT,
        "pass",
        truth="broken",
        rows=USER_ROWS,
        kinds=["table audit"],
    ),
    Case(
        "a created table with its own index dropped by hand first",
        USERS,
        """
        op.create_table(
            "logs", sa.Column("id", sa.BigInteger(), primary_key=True), sa.Column("line", sa.Text())
        )
        op.create_index("ix_logs_line", "logs", ["line"])
        """,
        """
        op.drop_index("ix_logs_line", table_name="logs")
        op.drop_table("logs")
        """,
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "the index is dropped after its table",
        USERS,
        """
        op.create_table(
            "logs", sa.Column("id", sa.BigInteger(), primary_key=True), sa.Column("line", sa.Text())
        )
        op.create_index("ix_logs_line", "logs", ["line"])
        """,
        """
        op.drop_table("logs")
        op.drop_index("ix_logs_line", table_name="logs")
        """,
        truth="broken",
        rows=USER_ROWS,
    ),
    Case(
        "two linked tables dropped parent first",
        USERS,
        """
        op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True))
        op.create_table(
            "players",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("team_id", sa.Integer(), sa.ForeignKey("teams.id", name="fk_players_team")),
        )
        """,
        """
        op.drop_table("teams")
        op.drop_table("players")
        """,
        truth={SQLITE: "reversible", POSTGRESQL: "broken", "mariadb": "broken"},
        rows=USER_ROWS,
        databases=ALL,
        kinds={POSTGRESQL: ["table teams"], "mariadb": ["table teams"]},
    ),
    Case(
        "two linked tables dropped child first",
        USERS,
        """
        op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True))
        op.create_table(
            "players",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("team_id", sa.Integer(), sa.ForeignKey("teams.id", name="fk_players_team")),
        )
        """,
        """
        op.drop_table("players")
        op.drop_table("teams")
        """,
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "a dropped table comes back empty",
        ORDERS,
        'op.drop_table("orders")',
        ORDERS,
        truth="lossy",
        rows=ORDER_ROWS,
        databases=ALL,
        kinds=["table orders"],
    ),
    Case(
        "a dropped table does not come back",
        ORDERS,
        'op.drop_table("orders")',
        "pass",
        truth="broken",
        rows=ORDER_ROWS,
        kinds=["table orders"],
    ),
    Case(
        "a dropped table comes back without its index and unique constraint",
        """
        op.create_table(
            "coupons",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("code", sa.String(10), nullable=False),
            sa.Column("until", sa.Date()),
            sa.UniqueConstraint("code", name="uq_coupons_code"),
        )
        op.create_index("ix_coupons_until", "coupons", ["until"])
        """,
        'op.drop_table("coupons")',
        """
        op.create_table(
            "coupons",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("code", sa.String(10), nullable=False),
            sa.Column("until", sa.Date()),
        )
        """,
        truth="broken",
        rows=["INSERT INTO coupons (id, code) VALUES (1, 'A')"],
        kinds=["index coupons.ix_coupons_until", "constraint coupons.uq_coupons_code", "table coupons"],
    ),
    Case(
        "a table renamed and back",
        USERS,
        'op.rename_table("users", "people")',
        'op.rename_table("people", "users")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "a table renamed through SQL and back through the API",
        USERS,
        'op.execute("ALTER TABLE users RENAME TO people")',
        'op.rename_table("people", "users")',
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "a renamed table keeps its new name",
        USERS,
        'op.rename_table("users", "people")',
        "pass",
        truth="broken",
        rows=USER_ROWS,
        kinds=["table users"],
    ),
    Case(
        "a renamed table gets a third name",
        USERS,
        'op.rename_table("users", "people")',
        'op.rename_table("people", "user")',
        truth="broken",
        rows=USER_ROWS,
        kinds=["table users"],
    ),
    Case(
        "the downgrade renames the old name, which is not there",
        USERS,
        'op.rename_table("users", "people")',
        'op.rename_table("users", "people")',
        truth="broken",
        rows=USER_ROWS,
        kinds=["table users"],
    ),
    Case(
        "two tables change names through a third and back",
        USERS + ORDERS,
        """
        op.rename_table("users", "tmp")
        op.rename_table("orders", "users")
        op.rename_table("tmp", "orders")
        """,
        """
        op.rename_table("orders", "tmp")
        op.rename_table("users", "orders")
        op.rename_table("tmp", "users")
        """,
        truth="reversible",
        rows=USER_ROWS + ORDER_ROWS,
    ),
    Case(
        "a renamed table with index and foreign key to it, and back",
        LINKED,
        """
        op.rename_table("roles", "groups")
        op.create_index("ix_groups_title", "groups", ["title"])
        """,
        """
        op.drop_index("ix_groups_title", table_name="groups")
        op.rename_table("groups", "roles")
        """,
        truth="reversible",
        rows=ROLE_ROWS,
    ),
    Case(
        "a table that was there already is dropped by the downgrade of IF NOT EXISTS",
        USERS,
        """
        op.create_table(
            "users",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("name", sa.String(50)),
            if_not_exists=True,
        )
        """,
        'op.drop_table("users", if_exists=True)',
        truth="broken",
        rows=USER_ROWS,
        kinds=["table users"],
    ),
    Case(
        "IF NOT EXISTS creates what is not there, IF EXISTS drops it",
        USERS,
        """
        op.create_table("jobs", sa.Column("id", sa.Integer(), primary_key=True), if_not_exists=True)
        """,
        'op.drop_table("jobs", if_exists=True)',
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "IF EXISTS drops nothing",
        USERS,
        'op.drop_table("never_there", if_exists=True)',
        "pass",
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "CREATE TABLE AS dropped again",
        USERS,
        'op.execute("CREATE TABLE adults AS SELECT id, name FROM users WHERE age >= 18")',
        'op.execute("DROP TABLE adults")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "CREATE TABLE AS is left",
        USERS,
        'op.execute("CREATE TABLE adults AS SELECT id, name FROM users WHERE age >= 18")',
        'op.execute("DELETE FROM adults")',
        truth="broken",
        rows=USER_ROWS,
        kinds=["table adults"],
    ),
    Case(
        "CREATE TABLE LIKE dropped again",
        USERS,
        'op.execute("CREATE TABLE users_archive (LIKE users INCLUDING ALL)")',
        'op.drop_table("users_archive")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(POSTGRESQL,),
    ),
    Case(
        "a temporary table used and dropped within the upgrade",
        USERS,
        """
        op.execute("CREATE TEMPORARY TABLE picked AS SELECT id FROM users WHERE age > 30")
        op.execute("DROP TABLE picked")
        """,
        "pass",
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "DROP TABLE CASCADE in the downgrade leaves the column that pointed to it",
        USERS,
        """
        op.create_table("plans", sa.Column("id", sa.Integer(), primary_key=True))
        op.add_column("users", sa.Column("plan_id", sa.Integer()))
        op.create_foreign_key("fk_users_plan", "users", "plans", ["plan_id"], ["id"])
        """,
        'op.execute("DROP TABLE plans CASCADE")',
        truth="broken",
        rows=USER_ROWS,
        databases=(POSTGRESQL,),
        kinds=["column users.plan_id"],
    ),
    Case(
        "DROP TABLE CASCADE takes a foreign key along that does not come back",
        LINKED,
        'op.execute("DROP TABLE roles CASCADE")',
        """
        op.create_table(
            "roles",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("title", sa.String(30), nullable=False),
            sa.PrimaryKeyConstraint("id", name="pk_roles"),
        )
        """,
        truth="broken",
        rows=ROLE_ROWS,
        databases=(POSTGRESQL,),
        kinds=["constraint members.fk_members_role", "table roles"],
    ),
    Case(
        "a table added to a list of tables in a loop",
        USERS,
        """
        for name in ("red", "green", "blue"):
            op.create_table(
                name, sa.Column("id", sa.Integer(), primary_key=True), sa.Column("value", sa.Integer())
            )
        """,
        """
        for name in ("red", "green", "blue"):
            op.drop_table(name)
        """,
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "the downgrade's loop forgets one table",
        USERS,
        """
        for name in ("red", "green", "blue"):
            op.create_table(
                name, sa.Column("id", sa.Integer(), primary_key=True), sa.Column("value", sa.Integer())
            )
        """,
        """
        for name in ("red", "blue"):
            op.drop_table(name)
        """,
        truth="broken",
        rows=USER_ROWS,
        kinds=["table green"],
    ),
    Case(
        "storage options set and reset",
        USERS,
        'op.execute("ALTER TABLE users SET (fillfactor = 70)")',
        'op.execute("ALTER TABLE users RESET (fillfactor)")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(POSTGRESQL,),
    ),
    Case(
        "storage options stay",
        USERS,
        'op.execute("ALTER TABLE users SET (fillfactor = 70)")',
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=(POSTGRESQL,),
        kinds=["table users"],
    ),
    Case(
        "a table made unlogged and logged again",
        USERS,
        'op.execute("ALTER TABLE users SET UNLOGGED")',
        'op.execute("ALTER TABLE users SET LOGGED")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(POSTGRESQL,),
    ),
    Case(
        "a partition added and dropped",
        """
        op.execute(
            "CREATE TABLE events (id integer NOT NULL, day date NOT NULL, what text) PARTITION BY RANGE (day)"
        )
        op.execute(
            "CREATE TABLE events_2023 PARTITION OF events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')"
        )
        """,
        """
        op.execute(
            "CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')"
        )
        """,
        'op.drop_table("events_2024")',
        truth="reversible",
        rows=["INSERT INTO events VALUES (1, '2023-05-05', 'a')"],
        databases=(POSTGRESQL,),
    ),
    Case(
        "a partition dropped and created again is empty",
        """
        op.execute(
            "CREATE TABLE events (id integer NOT NULL, day date NOT NULL, what text) PARTITION BY RANGE (day)"
        )
        op.execute(
            "CREATE TABLE events_2023 PARTITION OF events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')"
        )
        """,
        'op.drop_table("events_2023")',
        """
        op.execute(
            "CREATE TABLE events_2023 PARTITION OF events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')"
        )
        """,
        truth="lossy",
        rows=["INSERT INTO events VALUES (1, '2023-05-05', 'a')"],
        databases=(POSTGRESQL,),
        kinds=["table events_2023"],
    ),
    Case(
        "a partition detached and attached again",
        """
        op.execute(
            "CREATE TABLE events (id integer NOT NULL, day date NOT NULL, what text) PARTITION BY RANGE (day)"
        )
        op.execute(
            "CREATE TABLE events_2023 PARTITION OF events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')"
        )
        """,
        'op.execute("ALTER TABLE events DETACH PARTITION events_2023")',
        """
        op.execute(
            "ALTER TABLE events ATTACH PARTITION events_2023 FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')"
        )
        """,
        truth="reversible",
        says="reversible plausible fragile unknown",
        rows=["INSERT INTO events VALUES (1, '2023-05-05', 'a')"],
        databases=(POSTGRESQL,),
    ),
    Case(
        "row security and policy undone",
        USERS,
        """
        op.execute("ALTER TABLE users ENABLE ROW LEVEL SECURITY")
        op.execute("CREATE POLICY adults_only ON users USING (age >= 18)")
        """,
        """
        op.execute("DROP POLICY adults_only ON users")
        op.execute("ALTER TABLE users DISABLE ROW LEVEL SECURITY")
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=(POSTGRESQL,),
    ),
    Case(
        "row security stays on",
        USERS,
        """
        op.execute("ALTER TABLE users ENABLE ROW LEVEL SECURITY")
        op.execute("CREATE POLICY adults_only ON users USING (age >= 18)")
        """,
        'op.execute("DROP POLICY adults_only ON users")',
        truth="broken",
        rows=USER_ROWS,
        databases=(POSTGRESQL,),
        kinds=["table users"],
    ),
    Case(
        "a policy is left",
        USERS,
        'op.execute("CREATE POLICY adults_only ON users USING (age >= 18)")',
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=(POSTGRESQL,),
        kinds=["policy users.adults_only"],
    ),
    Case(
        "the same policy on two tables, one of them is left",
        USERS + ORDERS,
        """
        for table in ("users", "orders"):
            op.execute(f"CREATE POLICY all_rows ON {table} USING (true)")
        """,
        'op.execute("DROP POLICY all_rows ON users")',
        truth="broken",
        rows=USER_ROWS,
        databases=(POSTGRESQL,),
        kinds=["policy orders.all_rows"],
    ),
    Case(
        "a dropped table comes back with another column type",
        ROLES,
        'op.drop_table("roles")',
        """
        op.create_table(
            "roles",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("title", sa.Text(), nullable=False),
            sa.PrimaryKeyConstraint("id", name="pk_roles"),
        )
        """,
        truth="broken",
        rows=ROLE_ROWS,
        kinds=["column roles.title", "table roles"],
    ),
    Case(
        "a table created with its rows in one go",
        USERS,
        """
        levels = op.create_table(
            "levels", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("label", sa.String(10))
        )
        op.bulk_insert(levels, [{"id": 1, "label": "low"}, {"id": 2, "label": "high"}])
        """,
        'op.drop_table("levels")',
        truth="reversible",
        rows=USER_ROWS,
    ),
    *(
        Case(
            f"what a copy of a table has: {name}",
            _TO_COPY,
            f'op.execute("{statement}")',
            'op.drop_table("copy")',
            truth="reversible",
            databases=databases,
        )
        for name, statement, databases in (
            ("CREATE TABLE AS", "CREATE TABLE copy AS SELECT * FROM goods", ALL),
            ("some columns", "CREATE TABLE copy AS SELECT id, code AS label FROM goods WHERE id > 1", ALL),
            ("WITH NO DATA", "CREATE TABLE copy AS SELECT * FROM goods WITH NO DATA", (POSTGRESQL,)),
            ("LIKE on MariaDB", "CREATE TABLE copy LIKE goods", (MARIADB,)),
            ("LIKE on PostgreSQL", "CREATE TABLE copy (LIKE goods)", (POSTGRESQL,)),
        )
    ),
]
