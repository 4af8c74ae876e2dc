"""Triggers, functions and procedures."""

from tests.truth.case import MARIADB, POSTGRESQL, SQLITE, Case
from tests.truth.givens import USER_ROWS, USERS, steps

PG = (POSTGRESQL,)
FUNCTION = '''
op.execute(
    """
    CREATE FUNCTION touch() RETURNS trigger AS $$
    BEGIN
        -- DROP TABLE users; is only a comment
        NEW.name := trim(NEW.name);
        RETURN NEW;
    END;
    $$ LANGUAGE plpgsql
    """
)
'''
TRIGGER = """
op.execute("CREATE TRIGGER users_touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch()")
"""
ADDER = """
op.execute(
    "CREATE FUNCTION plus(a integer, b integer) RETURNS integer AS 'SELECT a + b' LANGUAGE sql IMMUTABLE"
)
"""
LITE = '''
op.execute(
    """
    CREATE TRIGGER users_log AFTER DELETE ON users
    BEGIN
        INSERT INTO log (what) VALUES ('deleted ' || OLD.name);
    END
    """
)
'''
LOG = """
op.create_table("log", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("what", sa.String(200)))
"""

OF_NAME = TRIGGER.replace("BEFORE UPDATE ON", "BEFORE UPDATE OF name ON")
SHOUTED = """
op.add_column("users", sa.Column("shout", sa.String(80)))
op.execute("UPDATE users SET shout = upper({})")
"""

CASES = [
    Case(
        "an UPDATE of a column that the trigger is not for",
        steps(USERS, FUNCTION, OF_NAME),
        SHOUTED.format("name"),
        'op.drop_column("users", "shout")',
        truth="reversible",
        says="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a trigger for a column that is renamed, and back",
        steps(USERS, FUNCTION.replace("NEW.name", "NEW.id").replace("trim(NEW.id)", "NEW.id"), OF_NAME),
        'op.alter_column("users", "name", new_column_name="title")' + SHOUTED.format("title"),
        'op.drop_column("users", "shout")\nop.alter_column("users", "title", new_column_name="name")',
        truth="reversible",
        says="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a trigger and its function created and dropped",
        USERS,
        FUNCTION + TRIGGER,
        """
        op.execute("DROP TRIGGER users_touch ON users")
        op.execute("DROP FUNCTION touch()")
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "the function of a dropped trigger is left",
        USERS,
        FUNCTION + TRIGGER,
        'op.execute("DROP TRIGGER IF EXISTS users_touch ON users")',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["function touch()"],
    ),
    Case(
        "a trigger is left",
        steps(USERS, FUNCTION),
        TRIGGER,
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["trigger users.users_touch"],
    ),
    Case(
        "DROP FUNCTION CASCADE takes the trigger along",
        USERS,
        FUNCTION + TRIGGER,
        'op.execute("DROP FUNCTION touch() CASCADE")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a function that a trigger uses cannot be dropped",
        USERS,
        FUNCTION + TRIGGER,
        """
        op.execute("DROP FUNCTION touch()")
        op.execute("DROP TRIGGER users_touch ON users")
        """,
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["function touch()"],
        unseen=True,
    ),
    Case(
        "a dropped trigger comes back",
        steps(USERS, FUNCTION, TRIGGER),
        'op.execute("DROP TRIGGER users_touch ON users")',
        TRIGGER,
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a dropped trigger comes back for another event",
        steps(USERS, FUNCTION, TRIGGER),
        'op.execute("DROP TRIGGER users_touch ON users")',
        """
        op.execute("CREATE TRIGGER users_touch BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION touch()")
        """,
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["trigger users.users_touch"],
    ),
    Case(
        "a trigger goes with its table",
        steps(USERS, FUNCTION),
        """
        op.execute("CREATE TABLE notes (id integer PRIMARY KEY, name text)")
        op.execute("CREATE TRIGGER notes_touch BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION touch()")
        """,
        'op.drop_table("notes")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a disabled trigger stays disabled",
        steps(USERS, FUNCTION, TRIGGER),
        'op.execute("ALTER TABLE users DISABLE TRIGGER users_touch")',
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["trigger users.users_touch"],
    ),
    Case(
        "a trigger disabled for a data change and enabled again",
        steps(USERS, FUNCTION, TRIGGER),
        """
        op.add_column("users", sa.Column("len", sa.Integer()))
        op.execute("ALTER TABLE users DISABLE TRIGGER users_touch")
        op.execute("UPDATE users SET len = length(name)")
        op.execute("ALTER TABLE users ENABLE TRIGGER users_touch")
        """,
        'op.drop_column("users", "len")',
        truth="reversible",
        says="reversible plausible unknown",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a function created and dropped",
        USERS,
        ADDER,
        'op.execute("DROP FUNCTION plus(integer, integer)")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a function replaced and left",
        steps(USERS, ADDER),
        """
        op.execute(
            "CREATE OR REPLACE FUNCTION plus(a integer, b integer) RETURNS integer "
            "AS 'SELECT a + b + 0' LANGUAGE sql IMMUTABLE"
        )
        """,
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["function plus(integer, integer)"],
    ),
    Case(
        "a function replaced and restored",
        steps(USERS, ADDER),
        """
        op.execute(
            "CREATE OR REPLACE FUNCTION plus(a integer, b integer) RETURNS integer "
            "AS 'SELECT a + b + 0' LANGUAGE sql IMMUTABLE"
        )
        """,
        """
        op.execute(
            "CREATE OR REPLACE FUNCTION plus(a integer, b integer) RETURNS integer "
            "AS 'SELECT a + b' LANGUAGE sql IMMUTABLE"
        )
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "another overload is dropped, the new one is left",
        steps(USERS, ADDER),
        """
        op.execute("CREATE FUNCTION plus(a text, b text) RETURNS text AS 'SELECT a || b' LANGUAGE sql")
        """,
        'op.execute("DROP FUNCTION plus(integer, integer)")',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["function plus(integer, integer)", "function plus(text, text)"],
        says="broken unknown",
    ),
    Case(
        "a procedure created and dropped",
        USERS,
        """
        op.execute("CREATE PROCEDURE tidy() LANGUAGE sql AS 'DELETE FROM users WHERE age < 0'")
        """,
        'op.execute("DROP PROCEDURE tidy()")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a trigger of SQLite created and dropped",
        steps(USERS, LOG),
        LITE,
        'op.execute("DROP TRIGGER users_log")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(SQLITE,),
    ),
    Case(
        "a trigger of SQLite is left",
        steps(USERS, LOG),
        LITE,
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=(SQLITE,),
        kinds=["trigger users.users_log"],
    ),
    Case(
        "the rebuild of a table drops its trigger",
        steps(USERS, LOG, LITE),
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("phone", existing_type=sa.String(20), type_=sa.String(40))
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("phone", existing_type=sa.String(40), type_=sa.String(20))
        """,
        truth="broken",
        rows=USER_ROWS,
        databases=(SQLITE,),
        kinds=["trigger users.users_log"],
    ),
    Case(
        "a trigger of MariaDB created and dropped",
        steps(USERS, LOG),
        """
        op.execute(
            "CREATE TRIGGER users_log AFTER DELETE ON users "
            "FOR EACH ROW INSERT INTO log (what) VALUES (OLD.name)"
        )
        """,
        'op.execute("DROP TRIGGER users_log")',
        truth="reversible",
        rows=USER_ROWS,
        databases=(MARIADB,),
    ),
    Case(
        "a rule created and left",
        USERS,
        'op.execute("CREATE RULE keep AS ON DELETE TO users DO INSTEAD NOTHING")',
        "pass",
        truth="broken",
        says="broken unknown",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "an extension created and dropped",
        USERS,
        'op.execute("CREATE EXTENSION IF NOT EXISTS citext")',
        'op.execute("DROP EXTENSION IF EXISTS citext")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "an extension is left",
        USERS,
        'op.execute("CREATE EXTENSION IF NOT EXISTS citext")',
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["extension citext"],
    ),
]
