"""Migrations that clear away, or look for, what no migration of their history made."""

from tests.truth.case import ALL, POSTGRESQL, SQLITE, Case
from tests.truth.givens import USER_ROWS, USERS, steps

# What the text does is not read, so that parts of the schema are not known from here on.
OPAQUE = 'exec("pass")'
SEARCH = """
def has_column(table, name):
    for column in sa.inspect(op.get_bind()).get_columns(table):
        if column["name"] == name:
            return True
    return False


def find_table(name):
    for table in sa.inspect(op.get_bind()).get_table_names():
        if table == name:
            found = table
            break
    else:
        found = None
    return found
"""
CLEARED = """
if has_column("users", "extra"):
    op.drop_column("users", "extra")
"""
WORK = 'op.create_table("work", sa.Column("id", sa.Integer(), primary_key=True))'
EXTRA = 'op.add_column("users", sa.Column("extra", sa.Integer()))'
EMAIL = 'op.add_column("users", sa.Column("email", sa.String(80)))'

CASES = [
    Case(
        "a column that no migration made is dropped if it is there, and is not",
        steps(USERS, OPAQUE),
        CLEARED,
        "pass",
        truth="reversible",
        says="plausible",
        rows=USER_ROWS,
        databases=ALL,
        module=SEARCH,
    ),
    Case(
        "a column that a migration made is dropped if it is there",
        steps(USERS, EXTRA, OPAQUE),
        CLEARED,
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=ALL,
        module=SEARCH,
        says="broken unknown",
    ),
    Case(
        "a column that the downgrade makes again is dropped if it is there",
        steps(USERS, EXTRA, OPAQUE),
        CLEARED,
        EXTRA,
        truth="lossy",
        says="lossy broken unknown",
        rows=[*USER_ROWS, "UPDATE users SET extra = 7"],
        databases=ALL,
        module=SEARCH,
        kinds=["column users.extra"],
    ),
    Case(
        "DROP TABLE IF EXISTS before the table is made",
        steps(USERS, OPAQUE),
        steps('op.execute("DROP TABLE IF EXISTS work")', WORK),
        'op.drop_table("work")',
        truth="reversible",
        says="plausible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "the same with rows in a table of an earlier migration",
        steps(USERS, WORK, OPAQUE),
        steps('op.execute("DROP TABLE IF EXISTS work")', WORK),
        "pass",
        truth="lossy",
        rows=[*USER_ROWS, "INSERT INTO work VALUES (1)"],
        databases=ALL,
        kinds=["table work"],
    ),
    Case(
        "DROP TRIGGER IF EXISTS of a trigger that nobody made",
        steps(USERS, OPAQUE),
        'op.execute("DROP TRIGGER IF EXISTS tr_users")',
        "pass",
        truth="reversible",
        says="plausible",
        rows=USER_ROWS,
        databases=(SQLITE,),
    ),
    Case(
        "a column looked for in a loop, where the history is wholly known",
        USERS,
        f'if not has_column("users", "email"):\n    {EMAIL}',
        'if has_column("users", "email"):\n    op.drop_column("users", "email")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
        module=SEARCH,
    ),
    Case(
        "a table looked for in a loop with an else",
        USERS,
        f'if find_table("users") is not None and find_table("work") is None:\n    {WORK}',
        'if find_table("work") == "work":\n    op.drop_table("work")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
        module=SEARCH,
    ),
    Case(
        "a loop that drops the index of a name",
        steps(USERS, 'op.create_index("ix_phone", "users", ["phone"])'),
        """
        for index in sa.inspect(op.get_bind()).get_indexes("users"):
            if index["name"] == "ix_phone":
                op.drop_index(index["name"], table_name="users")
        """,
        "pass",
        truth="broken",
        rows=USER_ROWS,
        kinds=["index users.ix_phone"],
    ),
    Case(
        "a column that is made under a condition takes its index along where it is not there",
        steps(USERS, OPAQUE),
        """
        if not has_column("users", "extra"):
            op.add_column("users", sa.Column("extra", sa.Integer()))
            op.create_index("ix_extra", "users", ["extra"])
        """,
        """
        if has_column("users", "extra"):
            op.drop_index("ix_extra", table_name="users")
            op.drop_column("users", "extra")
        """,
        truth="reversible",
        says="plausible",
        rows=USER_ROWS,
        databases=(POSTGRESQL,),
        module=SEARCH,
    ),
]
