"""Questions that SQL asks of the catalogs: what they decide is known from the history."""

from tests.truth.case import MARIADB, POSTGRESQL, SQLITE, Case
from tests.truth.givens import USER_ROWS, USERS

PG = (POSTGRESQL,)
EMAIL = "FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'email'"
PHONE = EMAIL.replace("email", "phone")
TABLE = "SELECT name FROM sqlite_master WHERE type = 'table' AND name"


def unless(found: str) -> str:
    """Returns an upgrade that adds a column if a condition holds."""
    return f"""
        connection = op.get_bind()
        if {found}:
            op.add_column("users", sa.Column("email", sa.String(80)))
        """


def of(query: str) -> str:
    """Returns the code that runs a query."""
    return f'connection.execute(sa.text("{query}"))'


DROPPED = 'op.drop_column("users", "email")'
WAYS = {
    "the first row": (f"{of('SELECT 1 ' + EMAIL)}.first() is None", PG),
    "one row": (f"not {of('SELECT column_name ' + EMAIL)}.fetchone()", PG),
    "all rows": (f"len({of('SELECT 1 ' + EMAIL)}.fetchall()) == 0", PG),
    "the value": (f"not {of('SELECT 1 ' + EMAIL)}.scalar()", PG),
    "a number": (f"{of('SELECT count(*) ' + EMAIL)}.scalar() == 0", PG),
    "EXISTS": (f"not {of('SELECT EXISTS (SELECT 1 ' + EMAIL + ')')}.scalar()", PG),
    "to_regclass": (
        f"{of('SELECT to_regclass(chr(39))').replace('chr(39)', repr('posts'))}.scalar() is None",
        PG,
    ),
    "the names": (
        f'"email" not in [row[0] for row in {of("SELECT column_name " + EMAIL.partition(" AND ")[0])}]',
        PG,
    ),
    "PRAGMA": ('"email" not in [row[1] for row in ' + of("PRAGMA table_info(users)") + "]", (SQLITE,)),
    "sqlite_master": (f"{of(TABLE + repr('posts').join([' = ', '']))}.fetchone() is None", (SQLITE,)),
    "the current database": (
        f"not {of('SELECT count(*) ' + EMAIL + ' AND table_schema = DATABASE()')}.scalar()",
        (MARIADB,),
    ),
    "SHOW COLUMNS": (
        f"not {of('SHOW COLUMNS FROM users LIKE ' + repr('email'))}.fetchone()",
        (MARIADB,),
    ),
}

CASES = [
    *(
        Case(
            f"a column added if it is not there, asked by {way}",
            USERS,
            unless(condition),
            DROPPED,
            truth="reversible",
            # No migration makes posts: who asks for it expects that it may be there, made by others.
            says="plausible" if "posts" in condition else "",
            rows=USER_ROWS,
            databases=databases,
        )
        for way, (condition, databases) in WAYS.items()
    ),
    Case(
        "the catalogs say that the column is there, so that nothing is added",
        USERS,
        unless(f"not {of('SELECT 1 ' + PHONE)}.scalar()"),
        DROPPED,
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.email"],
    ),
    Case(
        "the value of a default may be NULL though the column is there",
        USERS,
        unless(f"{of('SELECT column_default ' + PHONE)}.scalar() is None"),
        DROPPED,
        truth="reversible",
        says="reversible unknown broken",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "DO adds a constraint that is not there yet",
        USERS,
        '''
        op.execute(
            """
            DO $$ BEGIN
              IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'ck_age') THEN
                ALTER TABLE users ADD CONSTRAINT ck_age CHECK (age > 0);
              END IF;
            END $$
            """
        )
        ''',
        'op.drop_constraint("ck_age", "users")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "DO drops a column if it is there and another is not",
        USERS,
        '''
        op.execute(
            """
            DO $$ BEGIN
              IF EXISTS (
                SELECT 1 FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'phone'
              ) AND NOT EXISTS (
                SELECT 1 FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'tel'
              ) THEN
                ALTER TABLE users RENAME COLUMN phone TO tel;
              END IF;
            END $$
            """
        )
        ''',
        'op.alter_column("users", "tel", new_column_name="phone")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "DO counts in the catalogs and drops for good",
        USERS,
        '''
        op.execute(
            """
            DO $$ BEGIN
              IF (SELECT count(*) FROM pg_tables WHERE tablename = 'users') > 0 THEN
                ALTER TABLE users DROP COLUMN phone;
              END IF;
            END $$
            """
        )
        ''',
        'op.add_column("users", sa.Column("phone", sa.String(20)))',
        truth="lossy",
        rows=USER_ROWS,
        databases=PG,
        kinds=["column users.phone"],
    ),
]
