"""What lives outside of the default schema."""

from tests.dynamic.catalogue.case import POSTGRESQL, Case, Rev, Wrong, bug, right
from tests.dynamic.catalogue.givens import NOTES, USERS, table

PG = (POSTGRESQL,)
AUTH = table(
    """
    op.execute("CREATE SCHEMA auth")
    op.create_table(
        "logins",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(30), nullable=False),
        sa.Column("token", sa.String(40)),
        schema="auth",
    )
    op.create_index("ix_logins_name", "logins", ["name"], schema="auth")
    op.create_table(
        "logins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(40)),
        sa.PrimaryKeyConstraint("id", name="pk_logins"),
    )
    """,
    "auth",
    "INSERT INTO auth.logins (id, name, token) VALUES (1, 'ada', 'abc'), (2, 'bob', NULL)",
    "INSERT INTO logins (id, token) VALUES (1, 'def')",
    drop="""
    op.drop_table("logins")
    op.drop_table("logins", schema="auth")
    op.execute("DROP SCHEMA auth")
    """,
)

CASES = [
    bug(
        "a column of another schema comes back empty",
        AUTH,
        'op.drop_column("logins", "token", schema="auth")',
        'op.add_column("logins", sa.Column("token", sa.String(40)), schema="auth")',
        "lossy",
        "rows-changed",
        column="token",
        databases=PG,
    ),
    bug(
        "an index of another schema is lost",
        AUTH,
        'op.drop_index("ix_logins_name", table_name="logins", schema="auth")',
        "pass",
        "broken",
        "schema-missing",
        databases=PG,
        after=NOTES,
    ),
    bug(
        "a schema is left",
        USERS,
        """
        op.execute("CREATE SCHEMA IF NOT EXISTS audit")
        op.create_table("log", sa.Column("id", sa.Integer(), primary_key=True), schema="audit")
        """,
        'op.drop_table("log", schema="audit")',
        "broken",
        "schema-extra",
        databases=PG,
    ),
    bug(
        "the rows of a dropped schema are lost",
        AUTH,
        'op.execute("DROP SCHEMA auth CASCADE")',
        """
        op.execute("CREATE SCHEMA auth")
        op.create_table(
            "logins",
            sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
            sa.Column("name", sa.String(30), nullable=False),
            sa.Column("token", sa.String(40)),
            schema="auth",
        )
        op.create_index("ix_logins_name", "logins", ["name"], schema="auth")
        """,
        "lossy",
        "rows-lost",
        databases=PG,
    ),
    bug(
        "a table is not moved back to its schema",
        AUTH,
        'op.execute("ALTER TABLE auth.logins RENAME TO accounts")\nop.execute("ALTER TABLE auth.accounts SET SCHEMA public")',
        'op.execute("ALTER TABLE accounts RENAME TO auth_logins")',
        "broken",
        "schema-missing schema-extra",
        databases=PG,
        after=NOTES,
    ),
    bug(
        "the wrong one of two tables of one name is changed back",
        AUTH,
        """
        op.execute("CREATE TABLE tokens AS SELECT id, token FROM auth.logins")
        op.drop_column("logins", "token", schema="auth")
        """,
        """
        op.add_column("logins", sa.Column("token", sa.String(40)), schema="auth")
        op.execute("UPDATE logins SET token = (SELECT t.token FROM tokens t WHERE t.id = logins.id)")
        op.drop_table("tokens")
        """,
        "lossy",
        "rows-changed",
        column="token",
        databases=PG,
    ),
    bug(
        "rows of another schema are changed",
        AUTH,
        "op.execute(\"UPDATE auth.logins SET token = NULL WHERE name = 'ada'\")",
        "pass",
        "lossy",
        "rows-changed",
        column="token",
        databases=PG,
    ),
    bug(
        "a type of another schema is left",
        AUTH,
        """
        op.add_column("logins", sa.Column("level", sa.Integer()), schema="auth")
        op.execute("CREATE TYPE auth.level AS ENUM ('low', 'high')")
        """,
        'op.drop_column("logins", "level", schema="auth")',
        "broken",
        "schema-extra",
        databases=PG,
    ),
    bug(
        "a function of another schema is changed for good",
        table(
            """
            op.execute("CREATE SCHEMA util")
            op.execute("CREATE FUNCTION util.one() RETURNS integer AS 'SELECT 1' LANGUAGE sql")
            """,
            "util",
            drop='op.execute("DROP SCHEMA util CASCADE")',
        ),
        "op.execute(\"CREATE OR REPLACE FUNCTION util.one() RETURNS integer AS 'SELECT 2' LANGUAGE sql\")",
        "pass",
        "broken",
        "schema-changed",
        databases=PG,
    ),
    bug(
        "a foreign key into another schema is lost",
        table(
            """
            op.execute("CREATE SCHEMA ref")
            op.create_table("lands", sa.Column("id", sa.Integer(), primary_key=True), schema="ref")
            op.create_table(
                "towns",
                sa.Column("id", sa.Integer(), primary_key=True),
                sa.Column("land_id", sa.Integer(), sa.ForeignKey("ref.lands.id", name="fk_towns_land")),
            )
            """,
            "towns",
            "INSERT INTO ref.lands VALUES (1)",
            "INSERT INTO towns VALUES (1, 1), (2, NULL)",
            drop="""
            op.drop_table("towns")
            op.drop_table("lands", schema="ref")
            op.execute("DROP SCHEMA ref")
            """,
        ),
        'op.drop_constraint("fk_towns_land", "towns", type_="foreignkey")',
        "pass",
        "broken",
        "schema-missing",
        databases=PG,
        after=NOTES,
    ),
    right(
        "a schema with all that is in it made and dropped",
        USERS,
        """
        op.execute("CREATE SCHEMA audit")
        op.create_table("log", sa.Column("id", sa.Integer(), primary_key=True), schema="audit")
        op.execute("CREATE VIEW audit.names AS SELECT name FROM users")
        """,
        'op.execute("DROP SCHEMA audit CASCADE")',
        databases=PG,
    ),
    right(
        "a table moved to another schema and back",
        AUTH,
        """
        op.execute("ALTER TABLE auth.logins RENAME TO accounts")
        op.execute("ALTER TABLE auth.accounts SET SCHEMA public")
        """,
        """
        op.execute("ALTER TABLE accounts SET SCHEMA auth")
        op.execute("ALTER TABLE auth.accounts RENAME TO logins")
        """,
        databases=PG,
    ),
    right(
        "an environment that puts its own schema first",
        table(
            """
            op.create_table(
                "towns", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(20))
            )
            """,
            "towns",
            "INSERT INTO app.towns (id, name) VALUES (1, 'Bern'), (2, NULL)",
        ),
        """
        op.add_column("towns", sa.Column("mayor", sa.String(20)))
        op.execute("UPDATE towns SET mayor = name")
        """,
        'op.drop_column("towns", "mayor")',
        databases=PG,
        prepare="""
        @sa.event.listens_for(engine, "connect")
        def choose(connection, record):
            before, connection.autocommit = connection.autocommit, True
            connection.execute("CREATE SCHEMA IF NOT EXISTS app")
            connection.execute("SET search_path TO app, public")
            connection.autocommit = before
        """,
    ),
    Case(
        "a version table of another name and schema",
        (
            Rev(
                "audit",
                'op.execute("CREATE TABLE audit.log (id INTEGER PRIMARY KEY, what VARCHAR(20))")',
                'op.execute("DROP TABLE audit.log")',
                rows=("INSERT INTO audit.log VALUES (1, 'a')",),
            ),
            Rev(
                "purge",
                "op.execute(\"DELETE FROM audit.log WHERE what = 'a'\")",
                "pass",
            ),
            Rev(
                "levels",
                'op.add_column("log", sa.Column("level", sa.Integer()), schema="audit")',
                'op.drop_column("log", "level", schema="audit")',
            ),
        ),
        {"purge": Wrong("lossy", "rows-lost")},
        databases=PG,
        options='version_table_schema="audit", include_schemas=True',
        version_table="history",
        prepare="""
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS audit")
        """,
    ),
]
