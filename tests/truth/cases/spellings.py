"""The many ways in which SQL text and the calls that carry it are written."""

from tests.truth.case import ALL, BOTH, MARIADB, POSTGRESQL, SQLITE, Case
from tests.truth.givens import ORDER_ROWS, ORDERS, USER_ROWS, USERS, steps

PG = (POSTGRESQL,)
RESERVED = """
op.create_table(
    "order",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("group", sa.String(10)),
    sa.Column("MixedCase", sa.String(10)),
)
"""
RESERVED_ROWS = ["INSERT INTO \"order\" VALUES (1, 'a', 'b')"]

CASES = [
    Case(
        "lower case, odd spaces and comments",
        USERS,
        '''
        op.execute(
            """
            alter   table users
                -- drop table users
                add /* not null */ column email varchar(80)
            """
        )
        ''',
        'op.drop_column("users", "email")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "words of SQL inside a string literal",
        USERS,
        "op.execute(\"INSERT INTO users (id, name) VALUES (77, 'x; DROP TABLE users; --')\")",
        'op.execute("DELETE FROM users WHERE id = 77")',
        truth="reversible",
        says="reversible plausible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "quoted and reserved names",
        RESERVED,
        """op.execute('ALTER TABLE "order" ADD COLUMN "select" integer')""",
        'op.drop_column("order", "select")',
        truth="reversible",
        rows=RESERVED_ROWS,
    ),
    Case(
        "a name in mixed case keeps its case",
        RESERVED,
        'op.alter_column("order", "MixedCase", new_column_name="mixedcase")',
        'op.alter_column("order", "mixedcase", new_column_name="MixedCase")',
        truth="reversible",
        rows=RESERVED_ROWS,
    ),
    Case(
        "an unquoted name folds on PostgreSQL and misses the column",
        RESERVED,
        'op.add_column("order", sa.Column("Extra", sa.Integer()))',
        """op.execute('ALTER TABLE "order" DROP COLUMN Extra')""",
        truth={POSTGRESQL: "broken", SQLITE: "reversible"},
        rows=RESERVED_ROWS,
        kinds={POSTGRESQL: ["column order.extra"]},
        unseen=True,
    ),
    Case(
        "names in another case are the same on SQLite and MariaDB",
        USERS,
        'op.add_column("users", sa.Column("Email", sa.String(80)))',
        'op.execute("ALTER TABLE users DROP COLUMN EMAIL")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(SQLITE, MARIADB),
    ),
    Case(
        "backticks of MariaDB",
        USERS,
        'op.execute("ALTER TABLE `users` ADD COLUMN `email` VARCHAR(80) NULL AFTER `name`")',
        'op.execute("ALTER TABLE `users` DROP COLUMN `email`")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(MARIADB,),
    ),
    Case(
        "several statements in one string",
        USERS,
        '''
        op.execute(
            """
            CREATE TABLE pets (id integer PRIMARY KEY, name text);
            CREATE INDEX ix_pets_name ON pets (name);
            INSERT INTO pets VALUES (1, 'Rex; the dog');
            """
        )
        ''',
        'op.execute("DROP INDEX ix_pets_name; DROP TABLE pets;")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "the last of several statements is not undone",
        USERS,
        '''
        op.execute(
            """
            CREATE TABLE pets (id integer PRIMARY KEY, name text);
            ALTER TABLE users ADD COLUMN pet_id integer REFERENCES pets (id);
            """
        )
        ''',
        'op.execute("DROP TABLE pets CASCADE")',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.pet_id"],
    ),
    Case(
        "statements of a list executed in a loop",
        USERS,
        """
        for statement in UP:
            op.execute(statement)
        """,
        """
        for statement in DOWN:
            op.execute(statement)
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
        module="""
        UP = [
            "CREATE TABLE pets (id integer PRIMARY KEY, name varchar(20))",
            "CREATE INDEX ix_pets_name ON pets (name)",
        ]
        DOWN = ["DROP TABLE pets"]
        """,
    ),
    Case(
        "dedent, format and concatenation",
        USERS,
        """
        op.execute(dedent('''
            ALTER TABLE {table}
            ADD COLUMN {column} integer
        ''').format(table=TABLE, column="points"))
        op.execute("UPDATE " + TABLE + " SET points = %d" % 3)
        """,
        """
        op.execute(" ".join(["ALTER TABLE", TABLE, "DROP COLUMN points"]))
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
        module="""
        from textwrap import dedent

        TABLE = "users"
        """,
    ),
    Case(
        "an f-string with constants",
        USERS,
        """
        for column, kind in COLUMNS.items():
            op.execute(f"ALTER TABLE {TABLE} ADD COLUMN {column} {kind}")
        """,
        """
        for column in COLUMNS:
            op.execute(f"ALTER TABLE {TABLE} DROP COLUMN {column}")
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
        module="""
        TABLE = "users"
        COLUMNS = {"points": "integer", "city": "varchar(40)"}
        """,
    ),
    Case(
        "op.execute of sa.text of a named constant",
        USERS,
        "op.execute(sa.text(SQL))",
        'op.execute(sa.text("drop table pets"))',
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
        module='SQL = "create table pets (id integer primary key)"',
    ),
    Case(
        "ALTER TABLE ONLY and IF EXISTS",
        USERS,
        'op.execute("ALTER TABLE IF EXISTS ONLY users ADD COLUMN email text")',
        'op.execute("ALTER TABLE ONLY public.users DROP COLUMN IF EXISTS email RESTRICT")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "ALTER TABLE IF EXISTS of a table that is not there",
        USERS,
        'op.execute("ALTER TABLE IF EXISTS people DROP COLUMN phone")',
        "pass",
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "CREATE TABLE with everything in SQL",
        USERS,
        '''
        op.execute(
            """
            CREATE TABLE IF NOT EXISTS bills (
                id serial PRIMARY KEY,
                user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE ON UPDATE SET NULL,
                no varchar(20) UNIQUE,
                amount numeric(10, 2) DEFAULT 0.00 NOT NULL CHECK (amount >= 0),
                taken timestamp with time zone DEFAULT now(),
                net double precision GENERATED ALWAYS AS (amount::double precision / 1.19) STORED,
                tags text[] DEFAULT '{}',
                CONSTRAINT uq_bills UNIQUE (user_id, no),
                CONSTRAINT ck_bills CHECK (no <> '' OR amount = 0),
                FOREIGN KEY (user_id) REFERENCES users (id)
            )
            """
        )
        ''',
        'op.execute("DROP TABLE IF EXISTS bills")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "CREATE TABLE with everything in SQL of SQLite",
        USERS,
        '''
        op.execute(
            """
            CREATE TABLE bills (
                id integer PRIMARY KEY AUTOINCREMENT,
                user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                no text COLLATE NOCASE UNIQUE,
                amount numeric(10, 2) DEFAULT 0.00 NOT NULL CHECK (amount >= 0),
                twice real GENERATED ALWAYS AS (amount * 2) STORED,
                taken text DEFAULT CURRENT_TIMESTAMP,
                CONSTRAINT uq_bills UNIQUE (user_id, no),
                CONSTRAINT ck_bills CHECK (no <> '' OR amount = 0)
            )
            """
        )
        ''',
        'op.execute("DROP TABLE bills")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(SQLITE,),
    ),
    Case(
        "connection.execute of text in the downgrade only",
        USERS,
        'op.create_index("ix_users_name", "users", ["name"])',
        """
        conn = op.get_bind()
        conn.execute(sa.text("DROP INDEX ix_users_name"))
        """,
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "a DO block that creates a type if it is not there",
        USERS,
        '''
        op.execute(
            """
            DO $$ BEGIN
                CREATE TYPE mood AS ENUM ('sad', 'ok');
            EXCEPTION WHEN duplicate_object THEN NULL;
            END $$;
            """
        )
        ''',
        'op.execute("DROP TYPE mood")',
        truth="reversible",
        says="reversible unknown plausible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "one execute in the downgrade undoes one of two",
        USERS,
        """
        op.execute("CREATE TABLE a (id integer PRIMARY KEY)")
        op.execute("CREATE TABLE b (id integer PRIMARY KEY)")
        """,
        'op.execute("DROP TABLE a")',
        truth="broken",
        rows=USER_ROWS,
        databases=ALL,
        kinds=["table b"],
    ),
    Case(
        "SQL read from a dictionary",
        USERS,
        'op.execute(SQL["up"])',
        'op.execute(SQL["down"])',
        truth="reversible",
        rows=USER_ROWS,
        databases=BOTH,
        module="""
        SQL = {
            "up": "CREATE VIEW names AS SELECT name FROM users",
            "down": "DROP VIEW names",
        }
        """,
    ),
    Case(
        "settings and reading statements have no effect",
        USERS,
        """
        op.execute("SET LOCAL lock_timeout = '2s'")
        op.execute("SELECT pg_sleep(0)")
        op.execute("SHOW search_path")
        """,
        "pass",
        truth="reversible",
        says="reversible unknown",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "GRANT and REVOKE",
        USERS,
        'op.execute("GRANT SELECT, UPDATE ON users TO PUBLIC")',
        'op.execute("REVOKE SELECT, UPDATE ON users FROM PUBLIC")',
        truth="reversible",
        says="reversible unknown plausible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a right granted and left",
        USERS,
        'op.execute("GRANT SELECT ON users TO PUBLIC")',
        "pass",
        truth="broken",
        says="broken unknown",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "implicit string concatenation over lines",
        ORDERS,
        """
        op.execute(
            "UPDATE orders "
            "SET note = customer "
            "WHERE note IS NULL"
        )
        """,
        "pass",
        truth="lossy",
        rows=ORDER_ROWS,
        databases=ALL,
        kinds=["column orders.note"],
    ),
    Case(
        "a percent sign in SQL text",
        USERS,
        "op.execute(\"DELETE FROM users WHERE name LIKE 'A%'\")",
        "pass",
        truth="lossy",
        rows=USER_ROWS,
        kinds=["table users"],
    ),
    Case(
        "a colon in SQL text",
        steps(USERS, 'op.add_column("users", sa.Column("at", sa.String(20)))'),
        r"""op.execute("UPDATE users SET at = '12\\:30'")""",
        "pass",
        truth="lossy",
        rows=USER_ROWS,
        kinds=["column users.at"],
    ),
    Case(
        "IF EXISTS of MariaDB in ALTER TABLE",
        USERS,
        """
        op.execute(
            "ALTER TABLE users ADD COLUMN IF NOT EXISTS email VARCHAR(80), ADD INDEX ix_email (email)"
        )
        """,
        'op.execute("ALTER TABLE users DROP INDEX IF EXISTS ix_email, DROP COLUMN IF EXISTS email")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(MARIADB,),
    ),
    Case(
        "RENAME TABLE of MariaDB and back",
        steps(USERS, ORDERS),
        'op.execute("RENAME TABLE users TO people, orders TO sales")',
        'op.execute("RENAME TABLE people TO users, sales TO orders")',
        truth="reversible",
        rows=USER_ROWS + ORDER_ROWS,
        databases=(MARIADB,),
    ),
    Case(
        "CREATE TABLE of MariaDB with keys inside",
        USERS,
        '''
        op.execute(
            """
            CREATE TABLE bills (
                id INT UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'number',
                user_id INT NOT NULL,
                state ENUM('open', 'paid') NOT NULL DEFAULT 'open',
                updated TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
                PRIMARY KEY (id),
                UNIQUE KEY uq_state (user_id, state),
                KEY ix_updated (updated),
                CONSTRAINT fk_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
            ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
            """
        )
        ''',
        'op.execute("DROP TABLE bills")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(MARIADB,),
    ),
]
