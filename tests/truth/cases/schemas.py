"""Schemas of PostgreSQL and what is qualified with them."""

from tests.truth.case import POSTGRESQL, Case
from tests.truth.givens import USER_ROWS, USERS, steps

PG = (POSTGRESQL,)
BOTH_USERS = steps(
    USERS,
    """
    op.execute("CREATE SCHEMA auth")
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("login", sa.String(30)),
        sa.Column("phone", sa.String(20)),
        schema="auth",
    )
    """,
)
ROWS = [*USER_ROWS, "INSERT INTO auth.users VALUES (1, 'ada', '+1')"]

CASES = [
    Case(
        "a schema with a table created and dropped",
        USERS,
        """
        op.execute("CREATE SCHEMA audit")
        op.create_table("log", sa.Column("id", sa.Integer(), primary_key=True), schema="audit")
        """,
        """
        op.drop_table("log", schema="audit")
        op.execute("DROP SCHEMA audit")
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a schema is left",
        USERS,
        """
        op.execute("CREATE SCHEMA IF NOT EXISTS audit")
        op.create_table("log", sa.Column("id", sa.Integer(), primary_key=True), schema="audit")
        """,
        'op.drop_table("log", schema="audit")',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["schema audit"],
    ),
    Case(
        "DROP SCHEMA CASCADE takes its tables along",
        USERS,
        """
        op.execute("CREATE SCHEMA audit")
        op.create_table("log", sa.Column("id", sa.Integer(), primary_key=True), schema="audit")
        """,
        'op.execute("DROP SCHEMA audit CASCADE")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "an old schema dropped with its tables comes back empty",
        BOTH_USERS,
        'op.execute("DROP SCHEMA auth CASCADE")',
        'op.execute("CREATE SCHEMA auth")',
        truth="broken",
        rows=ROWS,
        databases=PG,
        kinds=["table auth.users"],
    ),
    Case(
        "the same column in two schemas, the downgrade restores the wrong one",
        BOTH_USERS,
        'op.add_column("users", sa.Column("email", sa.String(80)), schema="auth")',
        'op.drop_column("users", "phone")',
        truth="broken",
        rows=ROWS,
        databases=PG,
        kinds=["column auth.users.email", "column users.phone"],
    ),
    Case(
        "a dropped column comes back in the other schema's table",
        BOTH_USERS,
        'op.drop_column("users", "phone", schema="auth")',
        'op.add_column("users", sa.Column("phone", sa.String(20)))',
        truth="broken",
        rows=ROWS,
        databases=PG,
        kinds=["column auth.users.phone"],
        unseen=True,
    ),
    Case(
        "a column of a qualified table added through the API, dropped through SQL",
        BOTH_USERS,
        'op.add_column("users", sa.Column("email", sa.String(80)), schema="auth")',
        'op.execute("ALTER TABLE auth.users DROP COLUMN email")',
        truth="reversible",
        rows=ROWS,
        databases=PG,
    ),
    Case(
        "public is the default schema",
        USERS,
        'op.add_column("users", sa.Column("email", sa.String(80)), schema="public")',
        'op.drop_column("users", "email")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a table moved to another schema and back",
        steps(USERS, 'op.execute("CREATE SCHEMA archive")'),
        'op.execute("ALTER TABLE users SET SCHEMA archive")',
        'op.execute("ALTER TABLE archive.users SET SCHEMA public")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a table moved to another schema stays there",
        steps(USERS, 'op.execute("CREATE SCHEMA archive")'),
        'op.execute("ALTER TABLE users SET SCHEMA archive")',
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["table users"],
    ),
    Case(
        "a schema renamed and back",
        BOTH_USERS,
        'op.execute("ALTER SCHEMA auth RENAME TO login")',
        'op.execute("ALTER SCHEMA login RENAME TO auth")',
        truth="reversible",
        says="reversible unknown",
        rows=ROWS,
        databases=PG,
    ),
    Case(
        "a foreign key to a table of another schema",
        BOTH_USERS,
        """
        op.add_column("users", sa.Column("auth_id", sa.Integer()))
        op.create_foreign_key("fk_users_auth", "users", "users", ["auth_id"], ["id"], referent_schema="auth")
        """,
        """
        op.drop_constraint("fk_users_auth", "users", type_="foreignkey")
        op.drop_column("users", "auth_id")
        """,
        truth="reversible",
        rows=ROWS,
        databases=PG,
    ),
    Case(
        "an index in another schema dropped without its schema",
        BOTH_USERS,
        'op.create_index("ix_users_login", "users", ["login"], schema="auth")',
        'op.drop_index("ix_users_login", table_name="users")',
        truth="broken",
        rows=ROWS,
        databases=PG,
        kinds=["index users.ix_users_login"],
        unseen=True,
    ),
    Case(
        "search_path changes what a name means",
        BOTH_USERS,
        """
        op.execute("SET LOCAL search_path TO auth, public")
        op.execute("ALTER TABLE users DROP COLUMN phone")
        op.execute("SET LOCAL search_path TO public")
        """,
        """
        op.execute("ALTER TABLE users ADD COLUMN phone varchar(20)")
        """,
        truth="broken",
        says="broken unknown",
        rows=ROWS,
        databases=PG,
    ),
    Case(
        "a search path that names only the usual schema",
        USERS,
        """
        op.execute("SET LOCAL search_path TO public")
        op.execute("ALTER TABLE users ADD COLUMN email varchar(80)")
        """,
        'op.drop_column("users", "email")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
]
