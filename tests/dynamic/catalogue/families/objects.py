"""Views, functions, triggers, sequences, privileges, policies: lost, left, changed under the same name."""

from tests.dynamic.catalogue.case import LIGHT, MARIADB, POSTGRESQL, SERVERS, SQLITE, Given, bug, right
from tests.dynamic.catalogue.givens import NOTES, USERS, sql, table

PG = (POSTGRESQL,)


def with_(create: str, drop: str) -> Given:
    """Returns a table `parts` and something that is made on it."""
    return table(
        f"""
        op.create_table(
            "parts",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("size", sa.Integer()),
            sa.Column("label", sa.String(30)),
        )
        op.execute({create!r})
        """,
        "parts",
        "INSERT INTO parts (id, size, label) VALUES (1, 5, 'a'), (2, NULL, NULL), (3, 70, 'c')",
        drop=f'op.execute({drop!r})\nop.drop_table("parts")',
    )


VIEW = with_("CREATE VIEW big AS SELECT id, size FROM parts WHERE size > 10", "DROP VIEW big")
MATVIEW = with_(
    "CREATE MATERIALIZED VIEW big AS SELECT id, size FROM parts WHERE size > 10", "DROP MATERIALIZED VIEW big"
)
FUNCTION = with_(
    "CREATE FUNCTION twice(n integer) RETURNS integer AS 'SELECT n * 2' LANGUAGE sql IMMUTABLE",
    "DROP FUNCTION twice(integer)",
)
MYSQL_FUNCTION = with_(
    "CREATE FUNCTION twice(n INT) RETURNS INT DETERMINISTIC RETURN n * 2", "DROP FUNCTION twice"
)
TRIGGER = table(
    """
    op.create_table(
        "parts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("size", sa.Integer()),
        sa.Column("changed", sa.Integer()),
    )
    op.execute(
        "CREATE FUNCTION stamp() RETURNS trigger AS $$ BEGIN NEW.changed := 1; RETURN NEW; END $$ LANGUAGE plpgsql"
    )
    op.execute("CREATE TRIGGER stamped BEFORE UPDATE ON parts FOR EACH ROW EXECUTE FUNCTION stamp()")
    """,
    "parts",
    "INSERT INTO parts (id, size) VALUES (1, 5), (2, NULL)",
    drop="""
    op.drop_table("parts")
    op.execute("DROP FUNCTION stamp()")
    """,
)
LITE_TRIGGER = (
    "CREATE TRIGGER stamped AFTER UPDATE ON parts BEGIN UPDATE parts SET label = 'x' WHERE id = NEW.id; END"
)
MYSQL_TRIGGER = "CREATE TRIGGER stamped BEFORE UPDATE ON parts FOR EACH ROW SET NEW.label = 'x'"
SEQUENCE = table(
    'op.execute("CREATE SEQUENCE tickets START 100 INCREMENT 5")',
    "tickets",
    "SELECT nextval('tickets')",
    drop='op.execute("DROP SEQUENCE tickets")',
)
POLICY = table(
    """
    op.create_table("parts", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("size", sa.Integer()))
    op.execute("ALTER TABLE parts ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY sized ON parts USING (size > 0)")
    """,
    "parts",
    "INSERT INTO parts (id, size) VALUES (1, 5), (2, NULL)",
)

CASES = [
    bug(
        "a view is lost", VIEW, 'op.execute("DROP VIEW big")', "pass", "broken", "schema-missing", after=NOTES
    ),
    bug(
        "a view is left",
        USERS,
        'op.execute("CREATE VIEW adults AS SELECT id, name FROM users WHERE age >= 18")',
        "pass",
        "broken",
        "schema-extra",
        databases=LIGHT,
        after=NOTES,
    ),
    bug(
        "a view comes back with another condition",
        VIEW,
        'op.execute("DROP VIEW big")',
        'op.execute("CREATE VIEW big AS SELECT id, size FROM parts WHERE size >= 10")',
        "broken",
        "schema-changed",
    ),
    bug(
        "a replaced view is not put back",
        VIEW,
        'op.execute("CREATE OR REPLACE VIEW big AS SELECT id, size FROM parts WHERE size > 50")',
        "pass",
        "broken",
        "schema-changed",
        databases=SERVERS,
    ),
    bug(
        "an option of a view is lost",
        with_("CREATE VIEW big WITH (security_barrier = true) AS SELECT id FROM parts", "DROP VIEW big"),
        'op.execute("DROP VIEW big")',
        'op.execute("CREATE VIEW big AS SELECT id FROM parts")',
        "broken",
        "schema-changed",
        databases=PG,
    ),
    bug(
        "a materialised view comes back as a plain one",
        MATVIEW,
        'op.execute("DROP MATERIALIZED VIEW big")',
        'op.execute("CREATE VIEW big AS SELECT id, size FROM parts WHERE size > 10")',
        "broken",
        "schema-changed",
        databases=PG,
        after=NOTES,
    ),
    bug(
        "the index of a materialised view is lost",
        table(
            """
            op.create_table("parts", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("size", sa.Integer()))
            op.execute("CREATE MATERIALIZED VIEW big AS SELECT id, size FROM parts WHERE size > 10")
            op.execute("CREATE UNIQUE INDEX ux_big ON big (id)")
            """,
            "parts",
            "INSERT INTO parts VALUES (1, 50)",
            drop='op.execute("DROP MATERIALIZED VIEW big")\nop.drop_table("parts")',
        ),
        'op.execute("DROP MATERIALIZED VIEW big")',
        'op.execute("CREATE MATERIALIZED VIEW big AS SELECT id, size FROM parts WHERE size > 10")',
        "broken",
        "schema-missing",
        databases=PG,
    ),
    bug(
        "CASCADE takes a view along that does not come back",
        VIEW,
        'op.execute("ALTER TABLE parts DROP COLUMN size CASCADE")',
        'op.add_column("parts", sa.Column("size", sa.Integer()))',
        "broken",
        "schema-missing",
        databases=PG,
        after=NOTES,
    ),
    bug(
        "a function is left",
        USERS,
        "op.execute(\"CREATE OR REPLACE FUNCTION half(n integer) RETURNS integer AS 'SELECT n / 2' LANGUAGE sql\")",
        "pass",
        "broken",
        "schema-extra",
        databases=PG,
    ),
    bug(
        "the body of a function is not put back",
        FUNCTION,
        """
        op.execute(
            "CREATE OR REPLACE FUNCTION twice(n integer) RETURNS integer AS 'SELECT n + n' LANGUAGE sql IMMUTABLE"
        )
        """,
        "pass",
        "broken",
        "schema-changed",
        databases=PG,
    ),
    bug(
        "a function comes back without IMMUTABLE",
        FUNCTION,
        'op.execute("DROP FUNCTION twice(integer)")',
        "op.execute(\"CREATE FUNCTION twice(n integer) RETURNS integer AS 'SELECT n * 2' LANGUAGE sql\")",
        "broken",
        "schema-changed",
        databases=PG,
    ),
    bug(
        "a function of the same name with other arguments is left",
        FUNCTION,
        "op.execute(\"CREATE FUNCTION twice(n text) RETURNS text AS 'SELECT n || n' LANGUAGE sql IMMUTABLE\")",
        "pass",
        "broken",
        "schema-extra",
        databases=PG,
        after=NOTES,
    ),
    bug(
        "a function of MariaDB comes back with another body",
        MYSQL_FUNCTION,
        'op.execute("DROP FUNCTION twice")',
        'op.execute("CREATE FUNCTION twice(n INT) RETURNS INT DETERMINISTIC RETURN n + 2")',
        "broken",
        "schema-changed",
        databases=(MARIADB,),
    ),
    bug(
        "a procedure of MariaDB is left",
        USERS,
        'op.execute("CREATE PROCEDURE tidy() DELETE FROM users WHERE age > 200")',
        "pass",
        "broken",
        "schema-extra",
        databases=(MARIADB,),
        after=NOTES,
    ),
    bug(
        "a trigger is lost",
        TRIGGER,
        'op.execute("DROP TRIGGER stamped ON parts")',
        "pass",
        "broken",
        "schema-missing",
        databases=PG,
        after=NOTES,
    ),
    bug(
        "a trigger comes back for other events",
        TRIGGER,
        'op.execute("DROP TRIGGER stamped ON parts")',
        'op.execute("CREATE TRIGGER stamped BEFORE INSERT OR UPDATE ON parts FOR EACH ROW EXECUTE FUNCTION stamp()")',
        "broken",
        "schema-changed",
        databases=PG,
    ),
    bug(
        "a trigger stays switched off",
        TRIGGER,
        """
        op.execute("ALTER TABLE parts DISABLE TRIGGER stamped")
        op.execute("UPDATE parts SET size = size")
        """,
        "pass",
        "broken",
        "schema-changed",
        databases=PG,
    ),
    bug(
        "a backfill fires the trigger that stamps every row",
        TRIGGER,
        """
        op.add_column("parts", sa.Column("half", sa.Integer()))
        op.execute("UPDATE parts SET half = size / 2")
        """,
        'op.drop_column("parts", "half")',
        "lossy",
        "rows-changed",
        "parts",
        "changed",
        databases=PG,
    ),
    bug(
        "a batch loses the trigger",
        with_(LITE_TRIGGER, "DROP TRIGGER IF EXISTS stamped"),
        """
        with op.batch_alter_table("parts", recreate="always") as batch_op:
            batch_op.add_column(sa.Column("weight", sa.Integer()))
        """,
        'op.drop_column("parts", "weight")',
        "broken",
        "schema-missing",
        databases=(SQLITE,),
    ),
    bug(
        "a trigger of SQLite comes back with another body",
        with_(LITE_TRIGGER, "DROP TRIGGER stamped"),
        'op.execute("DROP TRIGGER stamped")',
        f"op.execute({LITE_TRIGGER.replace(chr(39) + 'x' + chr(39), 'NULL')!r})",
        "broken",
        "schema-changed",
        databases=(SQLITE,),
    ),
    bug(
        "a trigger of MariaDB comes back with another body",
        with_(MYSQL_TRIGGER, "DROP TRIGGER stamped"),
        'op.execute("DROP TRIGGER stamped")',
        f"op.execute({MYSQL_TRIGGER.replace(chr(39) + 'x' + chr(39), chr(39) + 'y' + chr(39))!r})",
        "broken",
        "schema-changed",
        databases=(MARIADB,),
    ),
    bug(
        "a sequence is left",
        USERS,
        'op.execute("CREATE SEQUENCE IF NOT EXISTS invoices")',
        "pass",
        "broken",
        "schema-extra",
        databases=SERVERS,
    ),
    bug(
        "a sequence comes back with another step",
        SEQUENCE,
        'op.execute("DROP SEQUENCE tickets")',
        'op.execute("CREATE SEQUENCE tickets START 100 INCREMENT 1")',
        "broken",
        "schema-changed",
        databases=PG,
    ),
    bug(
        "a sequence starts anew",
        SEQUENCE,
        'op.execute("DROP SEQUENCE tickets")',
        'op.execute("CREATE SEQUENCE tickets START 100 INCREMENT 5")',
        "broken",
        "schema-changed",
        databases=PG,
    ),
    bug(
        "a sequence is set to another number",
        SEQUENCE,
        "op.execute(\"SELECT setval('tickets', 5000)\")",
        "pass",
        "broken",
        "schema-changed",
        databases=PG,
    ),
    bug(
        "the owner of a sequence is lost",
        sql(
            "CREATE TABLE tags (id SERIAL PRIMARY KEY, name VARCHAR(20))",
            "tags",
            "INSERT INTO tags (name) VALUES ('old')",
            drop='op.drop_table("tags")\nop.execute("DROP SEQUENCE IF EXISTS tags_id_seq")',
        ),
        'op.execute("ALTER SEQUENCE tags_id_seq OWNED BY NONE")',
        "pass",
        "broken",
        "schema-changed",
        databases=PG,
    ),
    bug(
        "a privilege is left",
        USERS,
        'op.execute("GRANT SELECT ON users TO PUBLIC")',
        "pass",
        "broken",
        "schema-changed",
        databases=PG,
    ),
    bug(
        "a privilege is lost with its table",
        table(
            """
            op.create_table("parts", sa.Column("id", sa.Integer(), primary_key=True))
            op.execute("GRANT SELECT ON parts TO PUBLIC")
            """,
            "parts",
        ),
        'op.rename_table("parts", "pieces")',
        """
        op.create_table("parts", sa.Column("id", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("id"))
        op.execute("INSERT INTO parts (id) SELECT id FROM pieces")
        op.execute("ALTER TABLE pieces DROP CONSTRAINT IF EXISTS pieces_pkey")
        op.drop_table("pieces")
        """,
        "broken",
        "schema-changed",
        databases=PG,
        after=NOTES,
    ),
    bug(
        "row security stays on",
        USERS,
        'op.execute("ALTER TABLE users ENABLE ROW LEVEL SECURITY")',
        "pass",
        "broken",
        "schema-changed",
        databases=PG,
    ),
    bug(
        "a policy is lost",
        POLICY,
        'op.execute("DROP POLICY sized ON parts")',
        "pass",
        "broken",
        "schema-missing",
        databases=PG,
        after=NOTES,
    ),
    bug(
        "a policy is changed for good",
        POLICY,
        'op.execute("ALTER POLICY sized ON parts USING (size > 10)")',
        "pass",
        "broken",
        "schema-changed",
        databases=PG,
    ),
    bug(
        "a rule is left",
        USERS,
        "op.execute(\"CREATE OR REPLACE RULE keep AS ON DELETE TO users WHERE OLD.role = 'root' DO INSTEAD NOTHING\")",
        "pass",
        "broken",
        "schema-extra",
        databases=PG,
    ),
    bug(
        "statistics are left",
        USERS,
        'op.execute("CREATE STATISTICS IF NOT EXISTS users_stat ON name, role FROM users")',
        "pass",
        "broken",
        "schema-extra",
        databases=PG,
    ),
    bug(
        "the replica identity stays changed",
        USERS,
        'op.execute("ALTER TABLE users REPLICA IDENTITY FULL")',
        "pass",
        "broken",
        "schema-changed",
        databases=PG,
    ),
    right(
        "a view replaced and put back",
        VIEW,
        'op.execute("CREATE OR REPLACE VIEW big AS SELECT id, size FROM parts WHERE size > 50")',
        'op.execute("CREATE OR REPLACE VIEW big AS SELECT id, size FROM parts WHERE size > 10")',
        databases=SERVERS,
    ),
    right(
        "a view dropped while its table is changed",
        VIEW,
        """
        op.execute("DROP VIEW big")
        op.add_column("parts", sa.Column("weight", sa.Integer()))
        op.execute("CREATE VIEW big AS SELECT id, size, weight FROM parts WHERE size > 10")
        """,
        """
        op.execute("DROP VIEW big")
        op.drop_column("parts", "weight")
        op.execute("CREATE VIEW big AS SELECT id, size FROM parts WHERE size > 10")
        """,
    ),
    right(
        "a materialised view refreshed",
        MATVIEW,
        """
        op.add_column("parts", sa.Column("weight", sa.Integer()))
        op.execute("REFRESH MATERIALIZED VIEW big")
        """,
        'op.drop_column("parts", "weight")',
        databases=PG,
    ),
    right(
        "a function replaced and put back",
        FUNCTION,
        """
        op.execute(
            "CREATE OR REPLACE FUNCTION twice(n integer) RETURNS integer AS 'SELECT n + n' LANGUAGE sql IMMUTABLE"
        )
        """,
        """
        op.execute(
            "CREATE OR REPLACE FUNCTION twice(n integer) RETURNS integer AS 'SELECT n * 2' LANGUAGE sql IMMUTABLE"
        )
        """,
        databases=PG,
    ),
    right(
        "a function and the index that needs it",
        FUNCTION,
        'op.execute("CREATE INDEX ix_parts_twice ON parts (twice(size / 4))")',
        'op.execute("DROP INDEX ix_parts_twice")',
        databases=PG,
    ),
    right(
        "a trigger switched off for a backfill and on again",
        TRIGGER,
        """
        op.add_column("parts", sa.Column("half", sa.Integer()))
        op.execute("ALTER TABLE parts DISABLE TRIGGER stamped")
        op.execute("UPDATE parts SET half = size / 2")
        op.execute("ALTER TABLE parts ENABLE TRIGGER stamped")
        """,
        'op.drop_column("parts", "half")',
        databases=PG,
    ),
    right(
        "a trigger and its function made and dropped",
        USERS,
        """
        op.create_table("log", sa.Column("what", sa.String(60)))
        op.execute(
            '''
            CREATE FUNCTION noted() RETURNS trigger AS $$
            BEGIN
                INSERT INTO log (what) VALUES (substr(NEW.name, 1, 50));
                RETURN NEW;
            END $$ LANGUAGE plpgsql
            '''
        )
        op.execute("CREATE TRIGGER users_noted AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION noted()")
        """,
        """
        op.execute("DROP TRIGGER users_noted ON users")
        op.execute("DROP FUNCTION noted()")
        op.drop_table("log")
        """,
        databases=PG,
    ),
    right(
        "a trigger of SQLite made and dropped",
        USERS,
        """
        op.create_table("log", sa.Column("what", sa.String(60)))
        op.execute("CREATE TRIGGER noted AFTER INSERT ON users BEGIN INSERT INTO log (what) VALUES (NEW.name); END")
        """,
        """
        op.execute("DROP TRIGGER noted")
        op.drop_table("log")
        """,
        databases=(SQLITE,),
    ),
    right(
        "a trigger of MariaDB made and dropped",
        USERS,
        """
        op.create_table("log", sa.Column("what", sa.String(60)))
        op.execute("CREATE TRIGGER noted AFTER INSERT ON users FOR EACH ROW INSERT INTO log (what) VALUES (NEW.name)")
        """,
        """
        op.execute("DROP TRIGGER noted")
        op.drop_table("log")
        """,
        databases=(MARIADB,),
    ),
    right(
        "a sequence dropped and made again where it stood",
        SEQUENCE,
        """
        op.execute("ALTER SEQUENCE tickets RENAME TO numbers")
        op.execute("ALTER SEQUENCE numbers INCREMENT 10")
        """,
        """
        op.execute("ALTER SEQUENCE numbers INCREMENT 5")
        op.execute("ALTER SEQUENCE numbers RENAME TO tickets")
        """,
        databases=PG,
    ),
    right(
        "a privilege granted and revoked",
        USERS,
        'op.execute("GRANT SELECT, UPDATE (phone) ON users TO PUBLIC")',
        'op.execute("REVOKE SELECT, UPDATE (phone) ON users FROM PUBLIC")',
        databases=PG,
    ),
    right(
        "row security with a policy and off again",
        USERS,
        """
        op.execute("ALTER TABLE users ENABLE ROW LEVEL SECURITY")
        op.execute("CREATE POLICY adults ON users USING (age >= 18)")
        """,
        """
        op.execute("DROP POLICY adults ON users")
        op.execute("ALTER TABLE users DISABLE ROW LEVEL SECURITY")
        """,
        databases=PG,
    ),
]
