"""Objects that need other objects: what CASCADE takes along, and the order in which a downgrade must work."""

from tests.truth.case import ALL, MARIADB, POSTGRESQL, SQLITE, Case
from tests.truth.givens import LINKED, ROLE_ROWS, ROLES, USER_ROWS, USERS, steps

PG = (POSTGRESQL,)

CASES = [
    Case(
        "DROP CONSTRAINT CASCADE takes the foreign keys of others along",
        LINKED,
        """
        op.execute("ALTER TABLE roles DROP CONSTRAINT pk_roles CASCADE")
        op.create_primary_key("pk_roles", "roles", ["id"])
        """,
        "pass",
        truth="broken",
        rows=ROLE_ROWS,
        databases=PG,
        kinds=["constraint members.fk_members_role"],
    ),
    Case(
        "a unique constraint that a foreign key needs cannot be dropped first",
        ROLES,
        """
        op.create_unique_constraint("uq_roles_title", "roles", ["title"])
        op.add_column("members", sa.Column("role_title", sa.String(30)))
        op.create_foreign_key("fk_members_title", "members", "roles", ["role_title"], ["title"])
        """,
        """
        op.drop_constraint("uq_roles_title", "roles", type_="unique")
        op.drop_constraint("fk_members_title", "members", type_="foreignkey")
        op.drop_column("members", "role_title")
        """,
        truth="broken",
        rows=ROLE_ROWS,
        databases=PG,
        kinds=["constraint roles.uq_roles_title"],
    ),
    Case(
        "a primary key that a foreign key needs cannot be dropped",
        LINKED,
        'op.add_column("roles", sa.Column("note", sa.Text()))',
        """
        op.drop_column("roles", "note")
        op.drop_constraint("pk_roles", "roles", type_="primary")
        op.create_primary_key("pk_roles", "roles", ["id"])
        """,
        truth="broken",
        rows=ROLE_ROWS,
        databases=PG,
        kinds=["constraint roles.pk_roles"],
    ),
    Case(
        "an index that a foreign key of MariaDB needs cannot be dropped first",
        ROLES,
        """
        op.create_index("ix_members_role", "members", ["role_id"])
        op.create_foreign_key("fk_members_role", "members", "roles", ["role_id"], ["id"])
        """,
        """
        op.drop_index("ix_members_role", table_name="members")
        op.drop_constraint("fk_members_role", "members", type_="foreignkey")
        """,
        truth="broken",
        rows=ROLE_ROWS,
        databases=(MARIADB,),
        kinds=["index members.ix_members_role"],
    ),
    Case(
        "a foreign key of MariaDB with an index of its own, dropped in the right order",
        ROLES,
        """
        op.create_index("ix_members_role", "members", ["role_id"])
        op.create_foreign_key("fk_members_role", "members", "roles", ["role_id"], ["id"])
        """,
        """
        op.drop_constraint("fk_members_role", "members", type_="foreignkey")
        op.drop_index("ix_members_role", table_name="members")
        """,
        truth="reversible",
        rows=ROLE_ROWS,
        databases=(POSTGRESQL, MARIADB),
    ),
    Case(
        "SQLite does not drop a column that an index covers",
        USERS,
        """
        op.add_column("users", sa.Column("login", sa.String(30)))
        op.create_index("ix_users_login", "users", ["login"])
        """,
        'op.drop_column("users", "login")',
        truth={SQLITE: "broken", POSTGRESQL: "reversible", MARIADB: "reversible"},
        rows=USER_ROWS,
        databases=ALL,
        kinds={SQLITE: ["column users.login"]},
    ),
    Case(
        "SQLite drops a column with a reference of its own",
        ROLES,
        'op.execute("ALTER TABLE members ADD COLUMN boss_id INTEGER REFERENCES members (id)")',
        'op.drop_column("members", "boss_id")',
        truth="reversible",
        rows=ROLE_ROWS,
    ),
    Case(
        "SQLite does not drop a column that a foreign key of the table names",
        ROLES,
        """
        with op.batch_alter_table("members") as batch_op:
            batch_op.add_column(sa.Column("boss_id", sa.Integer()))
            batch_op.create_foreign_key("fk_boss", "members", ["boss_id"], ["id"])
        """,
        'op.drop_column("members", "boss_id")',
        truth={SQLITE: "broken", POSTGRESQL: "reversible"},
        rows=ROLE_ROWS,
        kinds={SQLITE: ["column members.boss_id"]},
    ),
    Case(
        "SQLite drops a column with a check of its own",
        USERS,
        'op.execute("ALTER TABLE users ADD COLUMN points INTEGER DEFAULT 1 CHECK (points > 0)")',
        'op.drop_column("users", "points")',
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "a column that a check of the table names",
        steps(USERS, 'op.add_column("users", sa.Column("low", sa.Integer()))'),
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.add_column(sa.Column("high", sa.Integer()))
            batch_op.create_check_constraint("ck_users_range", "low <= high")
        """,
        'op.drop_column("users", "high")',
        truth={SQLITE: "broken", POSTGRESQL: "reversible"},
        rows=USER_ROWS,
        kinds={SQLITE: ["column users.high"]},
    ),
    Case(
        "SQLite does not drop a column that a view shows",
        USERS,
        """
        op.add_column("users", sa.Column("city", sa.String(20)))
        op.execute("CREATE VIEW cities AS SELECT id, city FROM users")
        """,
        """
        op.drop_column("users", "city")
        op.execute("DROP VIEW cities")
        """,
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.city"],
    ),
    Case(
        "a table that a view shows cannot be dropped first",
        USERS,
        """
        op.create_table("pets", sa.Column("id", sa.Integer(), primary_key=True))
        op.execute("CREATE VIEW pet_ids AS SELECT id FROM pets")
        """,
        """
        op.drop_table("pets")
        op.execute("DROP VIEW pet_ids")
        """,
        truth={SQLITE: "reversible", POSTGRESQL: "broken", MARIADB: "reversible"},
        rows=USER_ROWS,
        databases=ALL,
        kinds={POSTGRESQL: ["table pets"]},
    ),
    Case(
        "DROP TABLE CASCADE takes the view along",
        steps(USERS, 'op.execute("CREATE VIEW names AS SELECT name FROM users")'),
        """
        op.execute("CREATE TABLE users_new (LIKE users INCLUDING ALL)")
        op.execute("INSERT INTO users_new SELECT * FROM users")
        op.execute("ALTER SEQUENCE users_id_seq OWNED BY users_new.id")
        op.execute("DROP TABLE users CASCADE")
        op.rename_table("users_new", "users")
        """,
        "pass",
        truth="broken",
        says="broken unknown",
        rows=USER_ROWS,
        databases=PG,
        kinds=["view names"],
    ),
    Case(
        "DROP COLUMN CASCADE takes the view along",
        steps(USERS, 'op.execute("CREATE VIEW phones AS SELECT phone FROM users")'),
        """
        op.execute("ALTER TABLE users ADD COLUMN mobile varchar(20)")
        op.execute("UPDATE users SET mobile = phone")
        op.execute("ALTER TABLE users DROP COLUMN phone CASCADE")
        op.alter_column("users", "mobile", new_column_name="phone")
        """,
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["view phones"],
    ),
    Case(
        "DROP SEQUENCE CASCADE takes the default along",
        steps(
            USERS,
            """
            op.execute("CREATE SEQUENCE invoice_no")
            op.add_column(
                "users", sa.Column("no", sa.Integer(), server_default=sa.text("nextval('invoice_no')"))
            )
            """,
        ),
        'op.execute("DROP SEQUENCE invoice_no CASCADE")',
        'op.execute("CREATE SEQUENCE invoice_no")',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.no"],
    ),
    Case(
        "DROP EXTENSION CASCADE takes the columns of its type along",
        steps(
            USERS,
            """
            op.execute("CREATE EXTENSION citext")
            op.execute("ALTER TABLE users ADD COLUMN email citext")
            """,
        ),
        'op.execute("DROP EXTENSION citext CASCADE")',
        'op.execute("CREATE EXTENSION citext")',
        truth="broken",
        says="broken unknown",
        rows=[*USER_ROWS, "UPDATE users SET email = 'Ada@x.org'"],
        databases=PG,
        kinds=["column users.email"],
    ),
    Case(
        "an extension whose type a column has cannot be dropped",
        USERS,
        """
        op.execute("CREATE EXTENSION citext")
        op.execute("ALTER TABLE users ADD COLUMN email citext")
        """,
        """
        op.execute("DROP EXTENSION citext")
        op.drop_column("users", "email")
        """,
        truth="broken",
        says="broken unknown",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "DROP DOMAIN CASCADE takes the column along",
        steps(
            USERS,
            """
            op.execute("CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%')")
            op.execute("ALTER TABLE users ADD COLUMN email email")
            """,
        ),
        'op.execute("DROP DOMAIN email CASCADE")',
        "op.execute(\"CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%')\")",
        truth="broken",
        rows=[*USER_ROWS, "UPDATE users SET email = 'ada@x.org'"],
        databases=PG,
        kinds=["column users.email"],
    ),
    Case(
        "a domain that a column has cannot be dropped first",
        USERS,
        """
        op.execute("CREATE DOMAIN email AS text")
        op.execute("ALTER TABLE users ADD COLUMN email email")
        """,
        """
        op.execute("DROP DOMAIN email")
        op.drop_column("users", "email")
        """,
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["type email"],
    ),
    Case(
        "a function that a default calls cannot be dropped first",
        USERS,
        """
        op.execute("CREATE FUNCTION code() RETURNS text AS $$ SELECT 'x'::text $$ LANGUAGE sql")
        op.add_column("users", sa.Column("code", sa.Text(), server_default=sa.text("code()")))
        """,
        """
        op.execute("DROP FUNCTION code()")
        op.drop_column("users", "code")
        """,
        truth="broken",
        says="broken unknown",
        rows=USER_ROWS,
        databases=PG,
        kinds=["function code()"],
    ),
    Case(
        "a function that an index calls cannot be dropped first",
        steps(
            USERS,
            """
            op.execute(
                "CREATE FUNCTION twice(n integer) RETURNS integer AS 'SELECT 2 * n' LANGUAGE sql IMMUTABLE"
            )
            """,
        ),
        'op.create_index("ix_users_twice", "users", [sa.text("twice(age)")])',
        """
        op.execute("DROP FUNCTION twice(integer)")
        op.drop_index("ix_users_twice", "users")
        """,
        truth="broken",
        says="broken unknown",
        rows=USER_ROWS,
        databases=PG,
        kinds=["function twice(integer)"],
    ),
    Case(
        "a column that a generated column reads cannot be dropped first",
        USERS,
        """
        op.add_column("users", sa.Column("a", sa.Integer()))
        op.add_column("users", sa.Column("twice", sa.Integer(), sa.Computed("a * 2", persisted=True)))
        """,
        """
        op.drop_column("users", "a")
        op.drop_column("users", "twice")
        """,
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.a"],
    ),
    Case(
        "a column comes back nullable and is made NOT NULL while all is NULL",
        USERS,
        'op.drop_column("users", "name")',
        """
        op.add_column("users", sa.Column("name", sa.String(50), nullable=True))
        op.alter_column("users", "name", nullable=False)
        """,
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.name"],
    ),
    Case(
        "a column comes back nullable in a batch and is made NOT NULL while all is NULL",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_column("name")
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.add_column(sa.Column("name", sa.String(50), nullable=True))
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("name", existing_type=sa.String(50), nullable=False)
        """,
        truth="broken",
        rows=USER_ROWS,
        kinds=["column users.name"],
    ),
    Case(
        "a foreign key comes back to a table that is empty now",
        LINKED,
        """
        op.drop_constraint("fk_members_role", "members", type_="foreignkey")
        op.drop_table("roles")
        """,
        """
        op.create_table(
            "roles",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("title", sa.String(30), nullable=False),
            sa.PrimaryKeyConstraint("id", name="pk_roles"),
        )
        op.create_foreign_key(
            "fk_members_role", "members", "roles", ["role_id"], ["id"], ondelete="CASCADE"
        )
        """,
        truth="broken",
        says="broken lossy",
        rows=ROLE_ROWS,
        databases=(POSTGRESQL, MARIADB),
        kinds=["table roles"],
        unseen=True,
    ),
    Case(
        "a unique constraint comes back over one value for all",
        steps(USERS, 'op.create_unique_constraint("uq_users_phone", "users", ["phone"])'),
        'op.drop_column("users", "phone")',
        """
        op.add_column("users", sa.Column("phone", sa.String(20), server_default=""))
        op.create_unique_constraint("uq_users_phone", "users", ["phone"])
        op.alter_column("users", "phone", server_default=None)
        """,
        truth="broken",
        says="broken lossy",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.phone"],
        unseen=True,
    ),
    Case(
        "a renamed column under check, partial index and view, and back",
        steps(
            USERS,
            """
            with op.batch_alter_table("users") as batch_op:
                batch_op.create_check_constraint("ck_users_age", "age > 0")
            op.create_index(
                "ix_users_adult", "users", ["name"],
                postgresql_where=sa.text("age > 17"), sqlite_where=sa.text("age > 17"),
            )
            op.execute("CREATE VIEW ages AS SELECT age FROM users")
            """,
        ),
        'op.alter_column("users", "age", new_column_name="years")',
        'op.alter_column("users", "years", new_column_name="age")',
        # The view keeps the column's new name for itself on PostgreSQL: it shows years AS age.
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "an attribute of three is not restored",
        USERS,
        """
        op.alter_column(
            "users", "phone", type_=sa.String(40), nullable=False, server_default="-",
            existing_type=sa.String(20),
        )
        """,
        """
        op.alter_column("users", "phone", type_=sa.String(20), nullable=True, existing_type=sa.String(40))
        """,
        truth="broken",
        rows=["INSERT INTO users (id, name, phone) VALUES (1, 'Ada', '+1')"],
        databases=PG,
        kinds=["column users.phone"],
    ),
    Case(
        "name, type and nullability at once, and back",
        USERS,
        """
        op.alter_column(
            "users", "phone", new_column_name="mobile", type_=sa.String(40), nullable=False,
            existing_type=sa.String(20),
        )
        """,
        """
        op.alter_column(
            "users", "mobile", new_column_name="phone", type_=sa.String(20), nullable=True,
            existing_type=sa.String(40),
        )
        """,
        truth="reversible",
        says="fragile",
        rows=["INSERT INTO users (id, name, phone) VALUES (1, 'Ada', '+1')"],
        databases=(POSTGRESQL, MARIADB),
    ),
    *(
        Case(
            f"SQLite drops a column: {name}",
            'op.execute("CREATE TABLE shops (id INTEGER PRIMARY KEY)")',
            f'op.execute("CREATE TABLE goods ({columns})")',
            'op.drop_column("goods", "price")\nop.drop_table("goods")',
            truth=truth,
            databases=(SQLITE,),
            kinds=["column goods.price"] if truth == "broken" else [],
            unseen=True,
        )
        for name, columns, truth in (
            ("a check in its own definition", "id INT, price INT CHECK (price > 0)", "reversible"),
            ("a check of the table", "id INT, price INT, CHECK (price > 0)", "broken"),
            ("a check in another's definition", "id INT CHECK (id > price), price INT", "broken"),
            ("its own check names another", "id INT, price INT CHECK (price > id)", "reversible"),
            ("a reference of its own", "id INT, price INT REFERENCES shops (id)", "reversible"),
            ("a key of the table", "id INT, price INT, FOREIGN KEY (price) REFERENCES shops (id)", "broken"),
            ("it is the only one", "price INT", "broken"),
            ("its unique key", "id INT, price INT UNIQUE", "broken"),
        )
    ),
    *(
        Case(
            f"SQLite drops a column that a trigger {name}",
            USERS,
            f"""
            op.execute("ALTER TABLE users ADD COLUMN seen INTEGER")
            op.execute("CREATE TRIGGER tr AFTER UPDATE ON users BEGIN {body}; END")
            """,
            'op.drop_column("users", "seen")\nop.execute("DROP TRIGGER tr")',
            truth=truth,
            says=says,
            rows=USER_ROWS,
            databases=(SQLITE,),
            kinds=["column users.seen"] if truth == "broken" else [],
            unseen=True,
        )
        for name, body, truth, says in (
            ("reads", "DELETE FROM users WHERE age = NEW.seen", "broken", ""),
            ("may read", "DELETE FROM users WHERE seen = 1", "broken", "broken unknown"),
            ("writes", "UPDATE users SET seen = 1", "reversible", "reversible unknown"),
        )
    ),
    Case(
        "SQLite drops a check together with its column, which a batch had made part of the table",
        USERS,
        """
        op.add_column("users", sa.Column("points", sa.Integer(), sa.CheckConstraint("points > 0", name="ck")))
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("age", existing_type=sa.Integer(), type_=sa.BigInteger())
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("age", existing_type=sa.BigInteger(), type_=sa.Integer())
        op.drop_column("users", "points")
        """,
        truth="broken",
        rows=USER_ROWS,
        databases=(SQLITE,),
        kinds=["column users.points"],
        unseen=True,
    ),
]
