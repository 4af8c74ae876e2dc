"""Migrations that look at the schema before they act."""

from tests.truth.case import ALL, POSTGRESQL, Case
from tests.truth.givens import USER_ROWS, USERS, steps

PG = (POSTGRESQL,)
HELPERS = """
def has_column(table, name):
    inspector = sa.inspect(op.get_bind())
    return name in [column["name"] for column in inspector.get_columns(table)]


def has_table(name):
    return sa.inspect(op.get_bind()).has_table(name)
"""

CASES = [
    Case(
        "a column added if it is not there, dropped if it is",
        USERS,
        """
        if not has_column("users", "email"):
            op.add_column("users", sa.Column("email", sa.String(80)))
        """,
        """
        if has_column("users", "email"):
            op.drop_column("users", "email")
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
        module=HELPERS,
    ),
    Case(
        "an old column is dropped by the downgrade of a conditional add",
        USERS,
        """
        if not has_column("users", "phone"):
            op.add_column("users", sa.Column("phone", sa.String(20)))
        """,
        """
        if has_column("users", "phone"):
            op.drop_column("users", "phone")
        """,
        truth="broken",
        rows=USER_ROWS,
        module=HELPERS,
        kinds=["column users.phone"],
    ),
    Case(
        "a table created if it is not there",
        USERS,
        """
        if not has_table("pets"):
            op.create_table("pets", sa.Column("id", sa.Integer(), primary_key=True))
        """,
        """
        if has_table("pets"):
            op.drop_table("pets")
        """,
        truth="reversible",
        rows=USER_ROWS,
        module=HELPERS,
    ),
    Case(
        "has_table of an old table lets nothing happen",
        USERS,
        """
        inspector = sa.inspect(op.get_bind())
        if not inspector.has_table("users"):
            op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
        """,
        "pass",
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "the name among get_table_names",
        USERS,
        """
        inspector = sa.inspect(op.get_bind())
        tables = inspector.get_table_names()
        if "users" in tables and "people" not in tables:
            op.rename_table("users", "people")
        """,
        """
        inspector = sa.inspect(op.get_bind())
        if "people" in inspector.get_table_names():
            op.rename_table("people", "users")
        """,
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "an index dropped if get_indexes names it, and created again",
        steps(USERS, 'op.create_index("ix_users_phone", "users", ["phone"])'),
        """
        inspector = sa.inspect(op.get_bind())
        if "ix_users_phone" in {index["name"] for index in inspector.get_indexes("users")}:
            op.drop_index("ix_users_phone", table_name="users")
        """,
        'op.create_index("ix_users_phone", "users", ["phone"])',
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "a loop over the names of a constraint's kind",
        steps(USERS, 'op.execute("ALTER TABLE users ADD UNIQUE (phone)")'),
        """
        inspector = sa.inspect(op.get_bind())
        for constraint in inspector.get_unique_constraints("users"):
            op.drop_constraint(constraint["name"], "users", type_="unique")
        """,
        'op.create_unique_constraint("users_phone_key", "users", ["phone"])',
        truth="reversible",
        says="unknown fragile",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a loop over all tables adds a column, the downgrade is empty",
        USERS,
        """
        inspector = sa.inspect(op.get_bind())
        for table in inspector.get_table_names():
            if table != "alembic_version":
                op.add_column(table, sa.Column("stamp", sa.DateTime()))
        """,
        "pass",
        truth="broken",
        says="broken unknown",
        rows=USER_ROWS,
        kinds=["column users.stamp"],
    ),
    Case(
        "an early return if the work is done already",
        USERS,
        """
        if has_column("users", "email"):
            return
        op.add_column("users", sa.Column("email", sa.String(80)))
        """,
        """
        if not has_column("users", "email"):
            return
        op.drop_column("users", "email")
        """,
        truth="reversible",
        rows=USER_ROWS,
        module=HELPERS,
    ),
    Case(
        "information_schema asked through SQL",
        USERS,
        """
        found = op.get_bind().execute(
            sa.text(
                "SELECT 1 FROM information_schema.columns "
                "WHERE table_name = 'users' AND column_name = 'email'"
            )
        ).first()
        if found is None:
            op.add_column("users", sa.Column("email", sa.String(80)))
        """,
        'op.drop_column("users", "email")',
        truth="reversible",
        says="reversible unknown plausible broken",
        rows=USER_ROWS,
        databases=PG,
    ),
]
