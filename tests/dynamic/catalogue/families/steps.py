"""Steps that fail: on the way down, the second time up, and once the new code has written rows."""

from tests.dynamic.catalogue.case import (
    LIGHT,
    MARIADB,
    POSTGRESQL,
    SERVERS,
    SQLITE,
    Case,
    Rev,
    Wrong,
    bug,
    right,
)
from tests.dynamic.catalogue.givens import MEMBERS, NOTES, ORDERS, USERS, table

CODES = table(
    """
    op.create_table(
        "codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(10), nullable=False),
        sa.Column("grade", sa.SmallInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_codes"),
        sa.UniqueConstraint("code", name="uq_codes_code"),
        sa.CheckConstraint("grade < 10", name="ck_codes_grade"),
    )
    """,
    "codes",
    "INSERT INTO codes (id, code, grade) VALUES (1, 'a', 1), (2, 'b', NULL)",
)

CASES = [
    bug(
        "the function downgrade is missing",
        USERS,
        'op.add_column("users", sa.Column("city", sa.String(30)))',
        None,
        "broken",
        "downgrade-failed",
    ),
    bug(
        "the way down drops what is not there",
        USERS,
        'op.add_column("users", sa.Column("city", sa.String(30)))',
        'op.drop_column("users", "town")',
        "broken",
        "downgrade-failed",
    ),
    bug(
        "the way down goes in the wrong order",
        USERS,
        """
        op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True))
        op.create_table(
            "seats",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("team_id", sa.Integer(), sa.ForeignKey("teams.id", name="fk_seats_team")),
        )
        """,
        """
        op.drop_table("teams")
        op.drop_table("seats")
        """,
        "broken",
        "downgrade-failed",
        databases=SERVERS,
    ),
    bug(
        "the way down raises an error of its own making",
        USERS,
        'op.add_column("users", sa.Column("city", sa.String(30)))',
        """
        rows = op.get_bind().execute(sa.text("SELECT id FROM users")).fetchall()
        first = {row.id: row for row in rows}[None]
        """,
        "broken",
        "downgrade-failed",
    ),
    bug(
        "the way down is no valid SQL",
        USERS,
        'op.add_column("users", sa.Column("city", sa.String(30)))',
        'op.execute("ALTER TABLE users DROP COLUMM city")',
        "broken",
        "downgrade-failed",
    ),
    bug(
        "a required column cannot come back to a table with rows",
        ORDERS,
        'op.drop_column("orders", "total")',
        'op.add_column("orders", sa.Column("total", sa.Numeric(10, 2), nullable=False))',
        "broken",
        "downgrade-failed",
        databases=LIGHT,
    ),
    bug(
        "UNIQUE comes back on values that the way up made equal",
        CODES,
        """
        with op.batch_alter_table("codes") as batch_op:
            batch_op.drop_constraint("uq_codes_code", type_="unique")
        op.execute("UPDATE codes SET code = 'same'")
        """,
        """
        with op.batch_alter_table("codes") as batch_op:
            batch_op.create_unique_constraint("uq_codes_code", ["code"])
        """,
        "broken",
        "downgrade-failed",
    ),
    bug(
        "NOT NULL comes back on values that the way up emptied",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("name", nullable=True, existing_type=sa.String(50))
        op.execute("UPDATE users SET name = NULL WHERE role = 'guest'")
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("name", nullable=False, existing_type=sa.String(50))
        """,
        "broken",
        "downgrade-failed",
    ),
    bug(
        "the way up cannot run",
        USERS,
        'op.add_column("user", sa.Column("city", sa.String(30)))',
        'op.drop_column("user", "city")',
        "broken",
        "upgrade-failed",
        after=(),
    ),
    Case(
        "a way up that cannot run stops its own branch alone",
        (
            *USERS.revisions,
            Rev(
                "left",
                'op.add_column("users", sa.Column("city", sa.String(30)))',
                'op.drop_column("users", "city")',
                parents=("users",),
            ),
            Rev("right", 'op.drop_table("nothing")', parents=("users",)),
        ),
        {"right": Wrong("broken", "upgrade-failed")},
    ),
    bug(
        "an index left behind stops the second way up",
        MEMBERS,
        'op.create_index("ix_members_email", "members", ["email"])',
        "pass",
        "broken",
        "schema-extra",
        "members",
    ),
    bug(
        "a type left behind stops the second way up",
        USERS,
        """
        op.execute("CREATE TYPE mood AS ENUM ('calm', 'sad')")
        op.execute("ALTER TABLE users ADD COLUMN mood mood")
        """,
        'op.drop_column("users", "mood")',
        "broken",
        "schema-extra",
        databases=(POSTGRESQL,),
    ),
    bug(
        "a row left behind stops the second way up",
        MEMBERS,
        """
        op.create_table(
            "settings", sa.Column("key", sa.String(20), primary_key=True), sa.Column("value", sa.String(20))
        )
        op.execute("INSERT INTO roles (id, title) VALUES (9001, 'settings')")
        """,
        'op.drop_table("settings")',
        "lossy",
        "rows-extra",
        "roles",
    ),
    bug(
        "the second way up makes something else",
        USERS,
        """
        times.append(len(times))
        op.add_column("users", sa.Column(f"extra_{len(times)}", sa.Integer()))
        """,
        'op.drop_column("users", f"extra_{len(times)}")',
        "broken",
        "reupgrade-failed",
        module="times = []",
        after=NOTES,
    ),
    bug(
        "the second way up finds a mark in the file's header",
        USERS,
        """
        bind = op.get_bind()
        if bind.exec_driver_sql("PRAGMA user_version").scalar() != 0:
            raise RuntimeError("cannot be applied to version 1")
        bind.exec_driver_sql("PRAGMA user_version = 1")
        """,
        "pass",
        "broken",
        "reupgrade-failed",
        databases=(SQLITE,),
        after=NOTES,
    ),
    bug(
        "a large object is left",
        USERS,
        'op.execute("SELECT lo_create(4711)")',
        "pass",
        "broken",
        "schema-extra|reupgrade-failed",
        databases=(POSTGRESQL,),
    ),
    bug(
        "an event of MariaDB is left",
        USERS,
        'op.execute("CREATE EVENT tidy ON SCHEDULE EVERY 1 YEAR DISABLE DO DELETE FROM users WHERE age > 200")',
        "pass",
        "broken",
        "schema-extra|reupgrade-failed",
        databases=(MARIADB,),
    ),
    *(
        bug(
            f"{what} is left",
            USERS,
            f"op.execute({create!r})",
            "pass",
            "broken",
            "schema-extra|reupgrade-failed",
            databases=(POSTGRESQL,),
        )
        for what, create in (
            (
                "an aggregate",
                "CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0')",
            ),
            ("an operator", "CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq)"),
            ("a cast", "CREATE CAST (point AS bigint) WITH INOUT"),
            ("a collation", 'CREATE COLLATION plain FROM "C"'),
            ("a publication", "CREATE PUBLICATION news FOR TABLE users"),
            ("a text search configuration", "CREATE TEXT SEARCH CONFIGURATION words (COPY = simple)"),
            (
                "an event trigger's function",
                "CREATE FUNCTION fired() RETURNS event_trigger AS $$ BEGIN END $$ LANGUAGE plpgsql",
            ),
            ("a range type", "CREATE TYPE span AS RANGE (SUBTYPE = float8)"),
        )
    ),
    bug(
        "new codes that are equal stop the way down",
        CODES,
        """
        with op.batch_alter_table("codes") as batch_op:
            batch_op.drop_constraint("uq_codes_code", type_="unique")
        """,
        """
        with op.batch_alter_table("codes") as batch_op:
            batch_op.create_unique_constraint("uq_codes_code", ["code"])
        """,
        "fragile",
        "post-upgrade-rows",
        "codes",
        news=("INSERT INTO codes (id, code) VALUES (91, 'z'), (92, 'z')",),
    ),
    bug(
        "new rows without a name stop the way down",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("name", nullable=True, existing_type=sa.String(50))
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("name", nullable=False, existing_type=sa.String(50))
        """,
        "fragile",
        "post-upgrade-rows",
        "users",
        "name",
        news=("INSERT INTO users (id, name) VALUES (91, NULL)",),
    ),
    bug(
        "new orphans stop the way down",
        MEMBERS,
        """
        with op.batch_alter_table("members") as batch_op:
            batch_op.drop_constraint("fk_members_role", type_="foreignkey")
        """,
        """
        with op.batch_alter_table("members") as batch_op:
            batch_op.create_foreign_key(
                "fk_members_role", "roles", ["role_id"], ["id"], ondelete="SET NULL", onupdate="CASCADE"
            )
        """,
        "fragile",
        "post-upgrade-rows",
        "members",
        databases=SERVERS,
        news=("INSERT INTO members (id, role_id) VALUES (91, 4711)",),
    ),
    bug(
        "new values that a check forbade stop the way down",
        CODES,
        'op.drop_constraint("ck_codes_grade", "codes", type_="check")',
        'op.create_check_constraint("ck_codes_grade", "codes", "grade < 10")',
        "fragile",
        "post-upgrade-rows",
        "codes",
        databases=SERVERS,
        news=("INSERT INTO codes (id, code, grade) VALUES (91, 'z', 10)",),
    ),
    bug(
        "a check relaxed, and made strict again on the way down",
        table(
            """
            op.create_table(
                "lamps",
                sa.Column("id", sa.Integer(), primary_key=True),
                sa.Column("colour", sa.String(10), nullable=False),
                sa.CheckConstraint("colour IN ('red', 'green')", name="ck_lamps_colour"),
            )
            """,
            "lamps",
            "INSERT INTO lamps (id, colour) VALUES (1, 'red'), (2, 'green')",
        ),
        """
        op.drop_constraint("ck_lamps_colour", "lamps", type_="check")
        op.create_check_constraint("ck_lamps_colour", "lamps", "colour IN ('red', 'amber', 'green')")
        """,
        """
        op.drop_constraint("ck_lamps_colour", "lamps", type_="check")
        op.create_check_constraint("ck_lamps_colour", "lamps", "colour IN ('red', 'green')")
        """,
        "fragile",
        "post-upgrade-rows",
        "lamps",
        databases=SERVERS,
        news=("INSERT INTO lamps (id, colour) VALUES (91, 'amber')",),
    ),
    bug(
        "new long texts stop the way down",
        USERS,
        """
        op.alter_column("users", "phone", type_=sa.String(60), existing_type=sa.String(20))
        """,
        """
        op.alter_column("users", "phone", type_=sa.String(20), existing_type=sa.String(60))
        """,
        "fragile",
        "post-upgrade-rows",
        "users",
        "phone",
        databases=SERVERS,
        news=("INSERT INTO users (id, name, phone) VALUES (91, 'Zoe', '123456789012345678901234567890')",),
    ),
    bug(
        "new large numbers stop the way down",
        USERS,
        'op.alter_column("users", "age", type_=sa.BigInteger(), existing_type=sa.Integer())',
        'op.alter_column("users", "age", type_=sa.Integer(), existing_type=sa.BigInteger())',
        "fragile",
        "post-upgrade-rows",
        "users",
        "age",
        databases=SERVERS,
        news=("INSERT INTO users (id, name, age) VALUES (91, 'Zoe', 3000000000)",),
    ),
    bug(
        "new amounts with more digits stop the way down",
        ORDERS,
        'op.alter_column("orders", "total", type_=sa.Numeric(14, 2), existing_type=sa.Numeric(10, 2), existing_nullable=False)',
        'op.alter_column("orders", "total", type_=sa.Numeric(10, 2), existing_type=sa.Numeric(14, 2), existing_nullable=False)',
        "fragile",
        "post-upgrade-rows",
        "orders",
        "total",
        databases=SERVERS,
        news=("INSERT INTO orders (id, customer, total) VALUES (91, 'zoe', 99999999999.99)",),
    ),
    bug(
        "rows with a new label stop the way down",
        table(
            """
            op.execute("CREATE TYPE mood AS ENUM ('calm', 'sad')")
            op.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, mood mood)")
            """,
            "people",
            "INSERT INTO people (id, mood) VALUES (1, 'calm'), (2, NULL)",
            drop='op.drop_table("people")\nop.execute("DROP TYPE mood")',
        ),
        """
        op.execute("ALTER TYPE mood RENAME TO mood_old")
        op.execute("CREATE TYPE mood AS ENUM ('calm', 'sad', 'glad')")
        op.execute("ALTER TABLE people ALTER COLUMN mood TYPE mood USING mood::text::mood")
        op.execute("DROP TYPE mood_old")
        """,
        """
        op.execute("ALTER TYPE mood RENAME TO mood_old")
        op.execute("CREATE TYPE mood AS ENUM ('calm', 'sad')")
        op.execute("ALTER TABLE people ALTER COLUMN mood TYPE mood USING mood::text::mood")
        op.execute("DROP TYPE mood_old")
        """,
        "fragile",
        "post-upgrade-rows",
        "people",
        "mood",
        databases=(POSTGRESQL,),
        news=("INSERT INTO people (id, mood) VALUES (91, 'glad')",),
    ),
    bug(
        "rows with a new label of MariaDB stop the way down",
        table(
            "op.execute(\"CREATE TABLE people (id INTEGER PRIMARY KEY, mood ENUM('calm', 'sad') NOT NULL)\")",
            "people",
            "INSERT INTO people (id, mood) VALUES (1, 'calm'), (2, 'sad')",
        ),
        "op.execute(\"ALTER TABLE people MODIFY mood ENUM('calm', 'sad', 'glad') NOT NULL\")",
        "op.execute(\"ALTER TABLE people MODIFY mood ENUM('calm', 'sad') NOT NULL\")",
        "fragile",
        "post-upgrade-rows",
        "people",
        "mood",
        databases=(MARIADB,),
        news=("INSERT INTO people (id, mood) VALUES (91, 'glad')",),
    ),
    bug(
        "a unique index that was made plain cannot come back",
        table(
            """
            op.create_table("codes", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("code", sa.String(10)))
            op.create_index("ix_codes_code", "codes", ["code"], unique=True)
            """,
            "codes",
            "INSERT INTO codes (id, code) VALUES (1, 'a'), (2, NULL)",
        ),
        """
        op.drop_index("ix_codes_code", table_name="codes")
        op.create_index("ix_codes_code", "codes", ["code"])
        """,
        """
        op.drop_index("ix_codes_code", table_name="codes")
        op.create_index("ix_codes_code", "codes", ["code"], unique=True)
        """,
        "fragile",
        "post-upgrade-rows",
        "codes",
        news=("INSERT INTO codes (id, code) VALUES (91, 'z'), (92, 'z')",),
    ),
    right(
        "NOT NULL relaxed, new rows filled before it comes back",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("name", nullable=True, existing_type=sa.String(50))
        """,
        """
        op.execute("UPDATE users SET name = '' WHERE name IS NULL")
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("name", nullable=False, existing_type=sa.String(50))
        """,
        rows=("INSERT INTO users (id, name) VALUES (91, NULL)",),
    ),
    right(
        "UNIQUE relaxed, new duplicates removed before it comes back",
        CODES,
        'op.drop_constraint("uq_codes_code", "codes", type_="unique")',
        """
        op.execute("DELETE FROM codes c USING codes o WHERE c.code = o.code AND c.id > o.id")
        op.create_unique_constraint("uq_codes_code", "codes", ["code"])
        """,
        databases=(POSTGRESQL,),
        rows=("INSERT INTO codes (id, code) VALUES (91, 'z'), (92, 'z')",),
    ),
    right(
        "a longer text on SQLite, which does not count",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("phone", type_=sa.String(60), existing_type=sa.String(20))
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("phone", type_=sa.String(20), existing_type=sa.String(60))
        """,
        databases=(SQLITE,),
    ),
]
