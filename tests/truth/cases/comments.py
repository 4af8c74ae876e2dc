"""Comments of tables and columns."""

from tests.truth.case import MARIADB, POSTGRESQL, Case
from tests.truth.givens import USER_ROWS, USERS, steps

PG = (POSTGRESQL,)
COMMENTED = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("name", sa.String(50), nullable=False, comment="as in the passport"),
    comment="people with an account",
)
"""
ROWS = ["INSERT INTO users (id, name) VALUES (1, 'Ada')"]

CASES = [
    Case(
        "a table comment set and dropped",
        USERS,
        'op.create_table_comment("users", "people with an account")',
        'op.drop_table_comment("users", existing_comment="people with an account")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(POSTGRESQL, MARIADB),
    ),
    Case(
        "a table comment changed and restored",
        COMMENTED,
        'op.create_table_comment("users", "all people", existing_comment="people with an account")',
        'op.create_table_comment("users", "people with an account", existing_comment="all people")',
        truth="reversible",
        rows=ROWS,
        databases=PG,
    ),
    Case(
        "a table comment lost",
        COMMENTED,
        'op.create_table_comment("users", "all people", existing_comment="people with an account")',
        'op.drop_table_comment("users")',
        truth="broken",
        rows=ROWS,
        databases=PG,
        kinds=["table users"],
    ),
    Case(
        "a column comment set and dropped",
        USERS,
        'op.alter_column("users", "phone", comment="with country code")',
        'op.alter_column("users", "phone", comment=None, existing_comment="with country code")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a column comment set through SQL and left",
        USERS,
        "op.execute(\"COMMENT ON COLUMN users.phone IS 'with country code'\")",
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.phone"],
    ),
    Case(
        "a column comes back without its comment",
        steps(
            COMMENTED,
            'op.add_column("users", sa.Column("phone", sa.String(20), comment="with country code"))',
        ),
        'op.drop_column("users", "phone")',
        'op.add_column("users", sa.Column("phone", sa.String(20)))',
        truth="broken",
        rows=ROWS,
        databases=PG,
        kinds=["column users.phone"],
    ),
    Case(
        "comments written and removed through SQL",
        USERS,
        """
        op.execute("COMMENT ON TABLE users IS 'people; DROP TABLE users'")
        op.execute("COMMENT ON COLUMN users.name IS 'it''s a name'")
        """,
        """
        op.execute("COMMENT ON TABLE users IS NULL")
        op.execute("COMMENT ON COLUMN users.name IS NULL")
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "MODIFY drops the comment of a column",
        COMMENTED,
        """
        op.alter_column(
            "users", "name", type_=sa.String(80), existing_type=sa.String(50), existing_nullable=False
        )
        """,
        """
        op.alter_column(
            "users", "name", type_=sa.String(50), existing_type=sa.String(80), existing_nullable=False
        )
        """,
        truth="broken",
        rows=ROWS,
        databases=(MARIADB,),
        kinds=["column users.name"],
    ),
]
