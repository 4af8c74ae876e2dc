"""Migrations that look at the schema before they act."""

from tests.truth.case import ALL, MARIADB, POSTGRESQL, Case
from tests.truth.givens import ROLE_ROWS, ROLES, USER_ROWS, USERS, steps

PG = (POSTGRESQL,)
HELPERS = """
def has_column(table, name):
    inspector = sa.inspect(op.get_bind())
    return name in [column["name"] for column in inspector.get_columns(table)]


def has_table(name):
    return sa.inspect(op.get_bind()).has_table(name)
"""
COLUMNS_TRIED = """
def columns_of(table):
    try:
        found = sa.inspect(op.get_bind()).get_columns(table)
    except sa.exc.NoSuchTableError:
        found = []
    return {column["name"] for column in found}
"""

# What the text does is not read, so that parts of the schema are not known from here on.
OPAQUE = 'exec("pass")'
SERVERS = (POSTGRESQL, MARIADB)
KEY = 'op.create_foreign_key(None, "members", "roles", ["role_id"], ["id"])'
DROP_KEYS = """
for key in sa.inspect(op.get_bind()).get_foreign_keys("members"):
    if key["constrained_columns"] == ["role_id"]:
        op.drop_constraint(key["name"], "members", type_="foreignkey")
"""
FIND_KEY = """
def find_key(table, columns, referred):
    for key in sa.inspect(op.get_bind()).get_foreign_keys(table):
        if key["referred_table"] == referred and set(key["referred_columns"]) == columns:
            return key["name"]
    return None
"""
MANY = ("a", "b", "c", "d", "e")

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
        "a column added if the columns of a table, none where there is none, do not have it",
        USERS,
        """
        if "email" not in columns_of("users"):
            op.add_column("users", sa.Column("email", sa.String(80)))
        """,
        """
        if "email" in columns_of("users"):
            op.drop_column("users", "email")
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
        module=COLUMNS_TRIED,
        says="plausible",
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
    Case(
        "a column added if it is not there, where the history is not wholly known",
        steps(USERS, OPAQUE),
        """
        if not has_column("users", "email"):
            op.add_column("users", sa.Column("email", sa.String(80)))
        """,
        """
        if has_column("users", "email"):
            op.drop_column("users", "email")
        """,
        truth="reversible",
        says="plausible",
        rows=USER_ROWS,
        databases=ALL,
        module=HELPERS,
    ),
    Case(
        "many columns added if they are not there, where the history is not wholly known",
        steps(USERS, OPAQUE),
        f"""
        for name in {MANY}:
            if not has_column("users", name):
                op.add_column("users", sa.Column(name, sa.Integer()))
        """,
        f"""
        for name in {MANY}:
            if has_column("users", name):
                op.drop_column("users", name)
        """,
        truth="reversible",
        says="plausible",
        rows=USER_ROWS,
        module=HELPERS,
    ),
    Case(
        "many columns added if they are not there, and one is forgotten",
        steps(USERS, OPAQUE),
        f"""
        for name in {MANY}:
            if not has_column("users", name):
                op.add_column("users", sa.Column(name, sa.Integer()))
        """,
        f"""
        for name in {MANY[1:]}:
            if has_column("users", name):
                op.drop_column("users", name)
        """,
        truth="broken",
        rows=USER_ROWS,
        module=HELPERS,
        kinds=["column users.a"],
    ),
    Case(
        "what an earlier migration dropped, if it was there, is added if it is not",
        steps(
            OPAQUE,
            """
            columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("users")]
            if "phone" in columns:
                op.drop_column("users", "phone")
            """,
        ),
        """
        if not has_column("users", "phone"):
            op.add_column("users", sa.Column("phone", sa.String(20)))
        """,
        'op.drop_column("users", "phone")',
        truth="reversible",
        says="reversible plausible",
        module=HELPERS,
        earlier=(USERS,),
    ),
    Case(
        "a column dropped if it is there, where the history is not wholly known",
        steps(USERS, OPAQUE),
        """
        if has_column("users", "phone"):
            op.drop_column("users", "phone")
        """,
        """
        if not has_column("users", "phone"):
            op.add_column("users", sa.Column("phone", sa.String(20)))
        """,
        truth="lossy",
        rows=USER_ROWS,
        module=HELPERS,
        kinds=["column users.phone"],
    ),
    Case(
        "a column renamed if its type is a text",
        steps(USERS, 'op.add_column("users", sa.Column("note", sa.Text()))'),
        """
        columns = {column["name"]: column for column in sa.inspect(op.get_bind()).get_columns("users")}
        note = columns.get("note")
        if note:
            if isinstance(note["type"], sa.Text):
                op.alter_column("users", "note", new_column_name="remark", existing_type=sa.Text())
        """,
        'op.alter_column("users", "remark", new_column_name="note", existing_type=sa.Text())',
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "a column of another type is left alone",
        USERS,
        """
        columns = {column["name"]: column for column in sa.inspect(op.get_bind()).get_columns("users")}
        if isinstance(columns["age"]["type"], sa.String):
            op.drop_column("users", "age")
        """,
        "pass",
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "the first entry that matches says that a column is nullable",
        USERS,
        """
        columns = sa.inspect(op.get_bind()).get_columns("users")
        phone = next((column for column in columns if column["name"] == "phone"), None)
        if phone is not None and phone["nullable"]:
            op.add_column("users", sa.Column("callable", sa.Boolean()))
        """,
        'op.drop_column("users", "callable")',
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "the first entry that matches says that a column is not nullable",
        USERS,
        """
        columns = sa.inspect(op.get_bind()).get_columns("users")
        name = [column for column in columns if column["name"] == "name"][0]
        if name.get("nullable"):
            op.drop_column("users", "name")
        """,
        "pass",
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "foreign keys of a column are dropped by the names that an inspector gives",
        steps(ROLES, KEY),
        DROP_KEYS,
        KEY,
        truth="reversible",
        says="fragile",
        rows=ROLE_ROWS,
        databases=SERVERS,
    ),
    Case(
        "foreign keys of a column are dropped, and none is made again",
        steps(ROLES, KEY),
        DROP_KEYS,
        "pass",
        truth="broken",
        rows=ROLE_ROWS,
        databases=SERVERS,
    ),
    Case(
        "foreign keys of another column are left alone",
        steps(ROLES, KEY),
        DROP_KEYS.replace("role_id", "email"),
        "pass",
        truth="reversible",
        rows=ROLE_ROWS,
        databases=SERVERS,
    ),
    Case(
        "a foreign key found by a function is replaced, and replaced again",
        steps(ROLES, 'op.create_foreign_key("fk_old", "members", "roles", ["role_id"], ["id"])'),
        """
        name = find_key("members", {"id"}, "roles")
        if name:
            op.drop_constraint(name, "members", type_="foreignkey")
        op.create_foreign_key("fk_new", "members", "roles", ["role_id"], ["id"], ondelete="CASCADE")
        """,
        """
        name = find_key("members", {"id"}, "roles")
        if name:
            op.drop_constraint(name, "members", type_="foreignkey")
        op.create_foreign_key("fk_old", "members", "roles", ["role_id"], ["id"])
        """,
        truth="reversible",
        says="reversible unknown plausible",
        rows=ROLE_ROWS,
        databases=SERVERS,
        module=FIND_KEY,
    ),
    Case(
        "a foreign key found by a function is replaced, and comes back with another action",
        steps(ROLES, 'op.create_foreign_key("fk_old", "members", "roles", ["role_id"], ["id"])'),
        """
        name = find_key("members", {"id"}, "roles")
        if name:
            op.drop_constraint(name, "members", type_="foreignkey")
        op.create_foreign_key("fk_old", "members", "roles", ["role_id"], ["id"], ondelete="CASCADE")
        """,
        """
        name = find_key("members", {"id"}, "roles")
        if name:
            op.drop_constraint(name, "members", type_="foreignkey")
        op.create_foreign_key("fk_old", "members", "roles", ["role_id"], ["id"], ondelete="SET NULL")
        """,
        truth="broken",
        says="broken unknown plausible",
        rows=ROLE_ROWS,
        databases=SERVERS,
        module=FIND_KEY,
    ),
    Case(
        "all foreign keys of a table are dropped before it is",
        USERS,
        """
        op.create_table(
            "pets",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("owner", sa.Integer(), sa.ForeignKey("users.id")),
        )
        """,
        """
        if op.get_bind().dialect.name != "sqlite":
            for name in {key["name"] for key in sa.inspect(op.get_bind()).get_foreign_keys("pets")}:
                op.drop_constraint(name, "pets", type_="foreignkey")
        op.drop_table("pets")
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=ALL,
    ),
    Case(
        "those foreign keys among a few that are there are dropped",
        steps(ROLES, 'op.create_foreign_key("fk_role", "members", "roles", ["role_id"], ["id"])'),
        """
        there = {key["name"] for key in sa.inspect(op.get_bind()).get_foreign_keys("members")}
        for name in list({"fk_role", "fk_other"} & there):
            op.drop_constraint(name, "members", type_="foreignkey")
        """,
        'op.create_foreign_key("fk_role", "members", "roles", ["role_id"], ["id"])',
        truth="reversible",
        says="fragile",
        rows=ROLE_ROWS,
        databases=SERVERS,
    ),
]
