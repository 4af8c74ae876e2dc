"""Keys, uniqueness, checks: lost, weakened, changed under the same name."""

from tests.dynamic.catalogue.case import LIGHT, MARIADB, POSTGRESQL, SERVERS, SQLITE, bug, right
from tests.dynamic.catalogue.givens import MEMBERS, NOTES, ORDERS, USERS, sql, table

CHECKED = table(
    """
    op.create_table(
        "parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer()),
        sa.Column("price", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_parts"),
        sa.CheckConstraint("size > 0", name="ck_parts_size"),
    )
    """,
    "parts",
    "INSERT INTO parts (id, size, price) VALUES (1, 5, 10), (2, NULL, NULL), (3, 1, -1)",
)
PAIRS = table(
    """
    op.create_table(
        "pairs",
        sa.Column("a", sa.Integer(), nullable=False),
        sa.Column("b", sa.Integer(), nullable=False),
        sa.Column("c", sa.String(20)),
        sa.PrimaryKeyConstraint("a", "b", name="pk_pairs"),
        sa.UniqueConstraint("a", "c", name="uq_pairs"),
    )
    """,
    "pairs",
    "INSERT INTO pairs (a, b, c) VALUES (1, 1, 'x'), (1, 2, NULL), (2, 1, 'x')",
)
SEATS = table(
    """
    op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(20)))
    op.create_table(
        "seats", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("team_id", sa.Integer())
    )
    """,
    "seats",
    "INSERT INTO teams (id) VALUES (1), (2)",
    "INSERT INTO seats (id, team_id) VALUES (1, 2), (2, NULL)",
    drop='op.drop_table("seats")\nop.drop_table("teams")',
)
DEFERRED = sql(
    "CREATE TABLE nodes (id INTEGER PRIMARY KEY, parent INTEGER,"
    " CONSTRAINT fk_nodes_parent FOREIGN KEY (parent) REFERENCES nodes (id) DEFERRABLE INITIALLY DEFERRED)",
    "nodes",
    "INSERT INTO nodes (id, parent) VALUES (1, NULL), (2, 1), (3, 3)",
)


def refer(options: str = "") -> str:
    """Returns code that drops the foreign key of `members` and makes it again with options."""
    return f"""
    with op.batch_alter_table("members") as batch_op:
        batch_op.drop_constraint("fk_members_role", type_="foreignkey")
    with op.batch_alter_table("members") as batch_op:
        batch_op.create_foreign_key("fk_members_role", "roles", ["role_id"], ["id"]{options})
    """


DROP_KEY = """
with op.batch_alter_table("members") as batch_op:
    batch_op.drop_constraint("fk_members_role", type_="foreignkey")
"""
BOTH_ACTIONS = ', ondelete="SET NULL", onupdate="CASCADE"'

CASES = [
    bug("a foreign key is lost", MEMBERS, DROP_KEY, "pass", "broken", "schema-missing", "members"),
    bug(
        "ON DELETE is lost",
        MEMBERS,
        refer(', ondelete="CASCADE", onupdate="CASCADE"'),
        refer(', onupdate="CASCADE"'),
        "broken",
        "schema-changed",
        "members",
    ),
    bug(
        "ON UPDATE is lost",
        MEMBERS,
        refer(', ondelete="SET NULL"'),
        "pass",
        "broken",
        "schema-changed",
        "members",
    ),
    bug(
        "a foreign key is left",
        USERS,
        """
        op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True))
        with op.batch_alter_table("users") as batch_op:
            batch_op.add_column(sa.Column("team_id", sa.Integer()))
            batch_op.create_foreign_key("fk_users_team", "teams", ["team_id"], ["id"])
        """,
        "pass",
        "broken",
        "schema-extra",
        "users",
    ),
    bug(
        "a foreign key comes back under another name",
        MEMBERS,
        DROP_KEY,
        f"""
        with op.batch_alter_table("members") as batch_op:
            batch_op.create_foreign_key("fk_members_roles", "roles", ["role_id"], ["id"]{BOTH_ACTIONS})
        """,
        "broken",
        "schema-missing|schema-changed",
        "members",
        after=NOTES,
    ),
    bug(
        "a foreign key comes back to another column",
        table(
            """
            op.create_table(
                "teams",
                sa.Column("id", sa.Integer(), primary_key=True),
                sa.Column("code", sa.Integer(), nullable=False),
                sa.UniqueConstraint("code", name="uq_teams_code"),
            )
            op.create_table(
                "seats",
                sa.Column("id", sa.Integer(), primary_key=True),
                sa.Column("team", sa.Integer()),
                sa.ForeignKeyConstraint(["team"], ["teams.code"], name="fk_seats_team"),
            )
            """,
            "seats",
            "INSERT INTO teams (id, code) VALUES (1, 1), (2, 2)",
            "INSERT INTO seats (id, team) VALUES (1, 2), (2, NULL)",
            drop='op.drop_table("seats")\nop.drop_table("teams")',
        ),
        """
        with op.batch_alter_table("seats") as batch_op:
            batch_op.drop_constraint("fk_seats_team", type_="foreignkey")
        """,
        """
        op.execute("DELETE FROM seats WHERE team NOT IN (SELECT id FROM teams)")
        with op.batch_alter_table("seats") as batch_op:
            batch_op.create_foreign_key("fk_seats_team", "teams", ["team"], ["id"])
        """,
        "broken",
        "schema-changed",
        "seats",
    ),
    bug(
        "DEFERRABLE is lost",
        DEFERRED,
        'op.drop_constraint("fk_nodes_parent", "nodes", type_="foreignkey")',
        'op.create_foreign_key("fk_nodes_parent", "nodes", "nodes", ["parent"], ["id"])',
        "broken",
        "schema-changed",
        "nodes",
        databases=(POSTGRESQL,),
    ),
    bug(
        "INITIALLY DEFERRED is lost",
        DEFERRED,
        'op.execute("ALTER TABLE nodes ALTER CONSTRAINT fk_nodes_parent NOT DEFERRABLE")',
        'op.execute("ALTER TABLE nodes ALTER CONSTRAINT fk_nodes_parent DEFERRABLE INITIALLY IMMEDIATE")',
        "broken",
        "schema-changed",
        "nodes",
        databases=(POSTGRESQL,),
    ),
    bug(
        "a foreign key comes back NOT VALID",
        MEMBERS,
        DROP_KEY,
        f'op.create_foreign_key("fk_members_role", "members", "roles", ["role_id"], ["id"]{BOTH_ACTIONS}, postgresql_not_valid=True)',
        "broken",
        "schema-changed",
        "members",
        databases=(POSTGRESQL,),
    ),
    bug(
        "the index that came with a foreign key is left",
        SEATS,
        'op.create_foreign_key("fk_seats_team", "seats", "teams", ["team_id"], ["id"])',
        'op.drop_constraint("fk_seats_team", "seats", type_="foreignkey")',
        "broken",
        "schema-extra",
        "seats",
        databases=(MARIADB,),
    ),
    bug(
        "a check is lost",
        CHECKED,
        'op.drop_constraint("ck_parts_size", "parts", type_="check")',
        "pass",
        "broken",
        "schema-missing",
        "parts",
        databases=SERVERS,
    ),
    bug(
        "a batch on a table described by hand forgets its check",
        CHECKED,
        """
        parts = sa.Table(
            "parts",
            sa.MetaData(),
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("size", sa.Integer()),
            sa.Column("price", sa.Integer()),
            sa.PrimaryKeyConstraint("id", name="pk_parts"),
        )
        with op.batch_alter_table("parts", copy_from=parts, recreate="always") as batch_op:
            batch_op.add_column(sa.Column("weight", sa.Integer()))
        """,
        'op.drop_column("parts", "weight")',
        "broken",
        "schema-missing",
        "parts",
        databases=(SQLITE,),
    ),
    bug(
        "a check is changed under its name",
        CHECKED,
        """
        op.drop_constraint("ck_parts_size", "parts", type_="check")
        op.create_check_constraint("ck_parts_size", "parts", "size > -1")
        """,
        """
        op.drop_constraint("ck_parts_size", "parts", type_="check")
        op.create_check_constraint("ck_parts_size", "parts", "size >= 0")
        """,
        "broken",
        "schema-changed",
        "parts",
        databases=SERVERS,
    ),
    bug(
        "a check is left",
        ORDERS,
        """
        with op.batch_alter_table("orders") as batch_op:
            batch_op.create_check_constraint("ck_orders_total", "total > -1000000000")
        """,
        "pass",
        "broken",
        "schema-extra",
        "orders",
    ),
    bug(
        "a check comes back NOT VALID",
        CHECKED,
        'op.drop_constraint("ck_parts_size", "parts", type_="check")',
        'op.execute("ALTER TABLE parts ADD CONSTRAINT ck_parts_size CHECK (size > 0) NOT VALID")',
        "broken",
        "schema-changed",
        "parts",
        databases=(POSTGRESQL,),
    ),
    bug(
        "a unique constraint is lost",
        PAIRS,
        """
        with op.batch_alter_table("pairs") as batch_op:
            batch_op.drop_constraint("uq_pairs", type_="unique")
        """,
        "pass",
        "broken",
        "schema-missing",
        "pairs",
    ),
    bug(
        "a unique constraint comes back on fewer columns",
        PAIRS,
        """
        with op.batch_alter_table("pairs") as batch_op:
            batch_op.drop_constraint("uq_pairs", type_="unique")
        """,
        """
        with op.batch_alter_table("pairs") as batch_op:
            batch_op.create_unique_constraint("uq_pairs", ["a", "b"])
        """,
        "broken",
        "schema-changed",
        "pairs",
    ),
    bug(
        "a unique constraint comes back as a plain index",
        PAIRS,
        """
        with op.batch_alter_table("pairs") as batch_op:
            batch_op.drop_constraint("uq_pairs", type_="unique")
        """,
        'op.create_index("uq_pairs", "pairs", ["a", "c"])',
        "broken",
        "schema-missing",
        "pairs",
        databases=LIGHT,
    ),
    bug(
        "a primary key is lost",
        PAIRS,
        'op.drop_constraint("pk_pairs", "pairs", type_="primary")',
        "pass",
        "broken",
        "schema-missing",
        "pairs",
        databases=SERVERS,
    ),
    bug(
        "a primary key comes back with its columns turned round",
        PAIRS,
        'op.drop_constraint("pk_pairs", "pairs", type_="primary")',
        'op.create_primary_key("pk_pairs", "pairs", ["b", "a"])',
        "broken",
        "schema-changed",
        "pairs",
        databases=SERVERS,
    ),
    bug(
        "an exclusion is lost",
        sql(
            "CREATE TABLE slots (id INTEGER PRIMARY KEY, during INT4RANGE,"
            " CONSTRAINT ex_slots EXCLUDE USING gist (during WITH &&))",
            "slots",
            "INSERT INTO slots (id, during) VALUES (1, '[1,3)'), (2, '[3,5)'), (3, NULL)",
        ),
        'op.drop_constraint("ex_slots", "slots")',
        "pass",
        "broken",
        "schema-missing",
        "slots",
        databases=(POSTGRESQL,),
    ),
    bug(
        "the comment of a constraint is lost",
        table(
            """
            op.execute("CREATE TABLE parts (id INTEGER PRIMARY KEY, size INTEGER, CONSTRAINT ck_size CHECK (size > 0))")
            op.execute("COMMENT ON CONSTRAINT ck_size ON parts IS 'no parts without size'")
            """,
            "parts",
            "INSERT INTO parts VALUES (1, 1)",
        ),
        'op.execute("COMMENT ON CONSTRAINT ck_size ON parts IS NULL")',
        "pass",
        "broken",
        "schema-changed",
        "parts",
        databases=(POSTGRESQL,),
    ),
    right(
        "UNIQUE on an existing column",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.create_unique_constraint("uq_users_phone", ["phone"])
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_constraint("uq_users_phone", type_="unique")
        """,
    ),
    right(
        "UNIQUE on two existing columns",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.create_unique_constraint("uq_users_name", ["name", "role"])
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_constraint("uq_users_name", type_="unique")
        """,
    ),
    right(
        "NOT NULL on an existing column",
        USERS.holding("INSERT INTO users (id, name, phone) VALUES (1, 'Ada', '1'), (2, 'Bob', '2')"),
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("phone", nullable=False, existing_type=sa.String(20))
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("phone", nullable=True, existing_type=sa.String(20))
        """,
    ),
    right(
        "CHECK on an existing column",
        USERS,
        'op.create_check_constraint("ck_users_age", "users", "age >= 0 AND age < 150")',
        'op.drop_constraint("ck_users_age", "users", type_="check")',
        databases=SERVERS,
    ),
    right(
        "CHECK of a list on an existing column",
        USERS,
        "op.create_check_constraint(\"ck_users_role\", \"users\", \"role IN ('admin', 'member', 'staff', 'guest')\")",
        'op.drop_constraint("ck_users_role", "users", type_="check")',
        databases=SERVERS,
    ),
    right(
        "CHECK between two existing columns",
        CHECKED.holding("INSERT INTO parts (id, size, price) VALUES (1, 5, 10), (2, NULL, NULL)"),
        'op.create_check_constraint("ck_parts_price", "parts", "price >= size")',
        'op.drop_constraint("ck_parts_price", "parts", type_="check")',
        databases=SERVERS,
    ),
    right(
        "CHECK on an existing column by a batch",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.create_check_constraint("ck_users_age", "age >= 0 AND age < 150")
        """,
        """
        op.rename_table("users", "users_checked")
        op.create_table(
            "users",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("name", sa.String(50), nullable=False),
            sa.Column("phone", sa.String(20)),
            sa.Column("age", sa.Integer()),
            sa.Column("role", sa.String(20), nullable=False, server_default="member"),
            sa.PrimaryKeyConstraint("id", name="pk_users"),
        )
        op.execute("INSERT INTO users (id, name, phone, age, role) SELECT id, name, phone, age, role FROM users_checked")
        op.drop_table("users_checked")
        """,
        databases=(SQLITE,),
    ),
    right(
        "FOREIGN KEY on an existing column",
        SEATS,
        """
        with op.batch_alter_table("seats") as batch_op:
            batch_op.create_foreign_key("fk_seats_team", "teams", ["team_id"], ["id"])
        """,
        """
        with op.batch_alter_table("seats") as batch_op:
            batch_op.drop_constraint("fk_seats_team", type_="foreignkey")
        """,
        databases=LIGHT,
    ),
    right(
        "FOREIGN KEY on an existing column, with its index",
        SEATS,
        'op.create_foreign_key("fk_seats_team", "seats", "teams", ["team_id"], ["id"])',
        """
        op.drop_constraint("fk_seats_team", "seats", type_="foreignkey")
        op.drop_index("fk_seats_team", table_name="seats")
        """,
        databases=(MARIADB,),
    ),
    right(
        "a foreign key made NOT VALID and validated",
        SEATS,
        """
        op.create_foreign_key(
            "fk_seats_team", "seats", "teams", ["team_id"], ["id"], postgresql_not_valid=True
        )
        op.execute("ALTER TABLE seats VALIDATE CONSTRAINT fk_seats_team")
        """,
        'op.drop_constraint("fk_seats_team", "seats", type_="foreignkey")',
        databases=(POSTGRESQL,),
    ),
    right(
        "a foreign key dropped, orphans removed before it comes back",
        MEMBERS,
        DROP_KEY,
        f"""
        op.execute("UPDATE members SET role_id = NULL WHERE role_id NOT IN (SELECT id FROM roles)")
        with op.batch_alter_table("members") as batch_op:
            batch_op.create_foreign_key("fk_members_role", "roles", ["role_id"], ["id"]{BOTH_ACTIONS})
        """,
    ),
    right(
        "a table that refers to itself",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.add_column(sa.Column("boss_id", sa.Integer()))
            batch_op.create_foreign_key("fk_users_boss", "users", ["boss_id"], ["id"])
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_constraint("fk_users_boss", type_="foreignkey")
            batch_op.drop_column("boss_id")
        """,
    ),
    right(
        "two tables that refer to each other",
        table(
            """
            op.create_table("heads", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("body_id", sa.Integer()))
            op.create_table(
                "bodies",
                sa.Column("id", sa.Integer(), primary_key=True),
                sa.Column("head_id", sa.Integer(), nullable=False),
                sa.ForeignKeyConstraint(["head_id"], ["heads.id"], name="fk_bodies_head"),
            )
            op.create_foreign_key("fk_heads_body", "heads", "bodies", ["body_id"], ["id"])
            """,
            "bodies",
            "INSERT INTO heads (id) VALUES (1)",
            "INSERT INTO bodies (id, head_id) VALUES (1, 1)",
            "UPDATE heads SET body_id = 1",
            drop="""
            op.drop_constraint("fk_heads_body", "heads", type_="foreignkey")
            op.drop_table("bodies")
            op.drop_table("heads")
            """,
        ),
        'op.add_column("bodies", sa.Column("weight", sa.Integer()))',
        'op.drop_column("bodies", "weight")',
        databases=SERVERS,
    ),
    right(
        "deferred keys among the rows of one table",
        DEFERRED,
        'op.execute("ALTER TABLE nodes ALTER CONSTRAINT fk_nodes_parent DEFERRABLE INITIALLY IMMEDIATE")',
        'op.execute("ALTER TABLE nodes ALTER CONSTRAINT fk_nodes_parent DEFERRABLE INITIALLY DEFERRED")',
        databases=(POSTGRESQL,),
    ),
    right(
        "a composite key that others refer to",
        PAIRS,
        """
        op.create_table(
            "marks",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("a", sa.Integer(), nullable=False),
            sa.Column("b", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(["a", "b"], ["pairs.a", "pairs.b"], name="fk_marks_pairs"),
        )
        op.execute("INSERT INTO marks (id, a, b) SELECT a * 0 + 1, a, b FROM pairs WHERE a = 1 AND b = 1")
        """,
        'op.drop_table("marks")',
    ),
    right(
        "names given by a convention",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.create_unique_constraint(None, ["phone", "id"])
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_constraint("uq_users_phone", type_="unique")
        """,
        naming={"uq": "uq_%(table_name)s_%(column_0_name)s"},
    ),
    right(
        "a name that PostgreSQL gives is another one afterwards",
        sql(
            "CREATE TABLE parts (id INTEGER PRIMARY KEY, size INTEGER UNIQUE, grade INTEGER CHECK (grade > 0))",
            "parts",
            "INSERT INTO parts VALUES (1, 1, 1), (2, NULL, NULL)",
        ),
        """
        op.execute("ALTER TABLE parts DROP CONSTRAINT parts_grade_check")
        op.execute("ALTER TABLE parts ADD CONSTRAINT grade_positive CHECK (grade > 0)")
        """,
        """
        op.execute("ALTER TABLE parts DROP CONSTRAINT grade_positive")
        op.execute("ALTER TABLE parts ADD CHECK (grade > 0)")
        """,
        databases=(POSTGRESQL,),
    ),
]
