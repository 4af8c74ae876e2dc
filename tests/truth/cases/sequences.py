"""Sequences and where they stand."""

from tests.truth.case import POSTGRESQL, SQLITE, Case
from tests.truth.givens import USER_ROWS, USERS, steps

PG = (POSTGRESQL,)
WITH_SEQUENCE = steps(USERS, 'op.execute("CREATE SEQUENCE invoice_no START WITH 100 INCREMENT BY 5")')
ROWS = [*USER_ROWS, "SELECT nextval('invoice_no'), nextval('invoice_no')"]
JOBS = 'op.create_table("jobs", sa.Column("id", sa.Integer(), primary_key=True))'

CASES = [
    Case(
        "a sequence created and dropped",
        USERS,
        'op.execute("CREATE SEQUENCE invoice_no")',
        'op.execute("DROP SEQUENCE invoice_no")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a sequence created and dropped through SQLAlchemy",
        USERS,
        'op.execute(sa.schema.CreateSequence(sa.Sequence("invoice_no", start=1000)))',
        'op.execute(sa.schema.DropSequence(sa.Sequence("invoice_no")))',
        truth="reversible",
        says="reversible unknown",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a sequence is left",
        USERS,
        """
        op.execute("CREATE SEQUENCE invoice_no")
        op.add_column("users", sa.Column("no", sa.Integer(), server_default=sa.text("nextval('invoice_no')")))
        """,
        'op.drop_column("users", "no")',
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["sequence invoice_no"],
    ),
    Case(
        "a sequence that a default uses cannot be dropped",
        USERS,
        """
        op.execute("CREATE SEQUENCE invoice_no")
        op.add_column("users", sa.Column("no", sa.Integer(), server_default=sa.text("nextval('invoice_no')")))
        """,
        """
        op.execute("DROP SEQUENCE invoice_no")
        op.drop_column("users", "no")
        """,
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["sequence invoice_no"],
        unseen=True,
    ),
    Case(
        "an owned sequence goes with its column",
        USERS,
        """
        op.execute("CREATE SEQUENCE invoice_no")
        op.add_column("users", sa.Column("no", sa.Integer(), server_default=sa.text("nextval('invoice_no')")))
        op.execute("ALTER SEQUENCE invoice_no OWNED BY users.no")
        """,
        'op.drop_column("users", "no")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "the increment changed and restored",
        WITH_SEQUENCE,
        'op.execute("ALTER SEQUENCE invoice_no INCREMENT BY 10")',
        'op.execute("ALTER SEQUENCE invoice_no INCREMENT BY 5")',
        truth="reversible",
        says="reversible plausible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "the increment changed and left",
        WITH_SEQUENCE,
        'op.execute("ALTER SEQUENCE invoice_no INCREMENT BY 10")',
        "pass",
        truth="broken",
        says="broken lossy",
        rows=USER_ROWS,
        databases=PG,
        kinds=["sequence invoice_no"],
    ),
    Case(
        "setval moves a sequence for good",
        WITH_SEQUENCE,
        "op.execute(\"SELECT setval('invoice_no', 5000)\")",
        "pass",
        truth="lossy",
        says="lossy broken",
        rows=ROWS,
        databases=PG,
        kinds=["sequence invoice_no"],
    ),
    Case(
        "RESTART moves a sequence for good",
        WITH_SEQUENCE,
        'op.execute("ALTER SEQUENCE invoice_no RESTART WITH 100")',
        "pass",
        truth="lossy",
        says="lossy broken",
        rows=ROWS,
        databases=PG,
        kinds=["sequence invoice_no"],
    ),
    Case(
        "a dropped sequence comes back at its start",
        WITH_SEQUENCE,
        'op.execute("DROP SEQUENCE invoice_no")',
        'op.execute("CREATE SEQUENCE invoice_no START WITH 100 INCREMENT BY 5")',
        truth="lossy",
        says="lossy",
        rows=ROWS,
        databases=PG,
        kinds=["sequence invoice_no"],
    ),
    Case(
        "a dropped sequence comes back with another step",
        WITH_SEQUENCE,
        'op.execute("DROP SEQUENCE invoice_no")',
        'op.execute("CREATE SEQUENCE invoice_no START WITH 100")',
        truth="broken",
        rows=ROWS,
        databases=PG,
        kinds=["sequence invoice_no"],
    ),
    Case(
        "a sequence renamed and back",
        WITH_SEQUENCE,
        'op.execute("ALTER SEQUENCE invoice_no RENAME TO bill_no")',
        'op.execute("ALTER SEQUENCE bill_no RENAME TO invoice_no")',
        truth="reversible",
        rows=ROWS,
        databases=PG,
    ),
    Case(
        "a serial column added through SQL and dropped",
        USERS,
        'op.execute("ALTER TABLE users ADD COLUMN n serial")',
        'op.execute("ALTER TABLE users DROP COLUMN n")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a serial column without its default, whose sequence can go",
        JOBS,
        """
        op.alter_column("jobs", "id", server_default=None)
        op.execute("DROP SEQUENCE jobs_id_seq")
        """,
        "op.execute('SELECT 1')",
        truth="broken",
        rows=["INSERT INTO jobs (id) VALUES (3)"],
        databases=PG,
    ),
    Case(
        "a serial column that gets its default back",
        JOBS,
        'op.alter_column("jobs", "id", server_default=None)',
        'op.alter_column("jobs", "id", server_default=sa.text("nextval(\'jobs_id_seq\')"))',
        truth="reversible",
        rows=["INSERT INTO jobs (id) VALUES (3)"],
        databases=PG,
    ),
    Case(
        "a serial column without its default takes its sequence along",
        JOBS,
        'op.execute("ALTER TABLE jobs ADD COLUMN n serial")',
        """
        op.alter_column("jobs", "n", server_default=None)
        op.drop_column("jobs", "n")
        """,
        truth="reversible",
        rows=["INSERT INTO jobs (id) VALUES (3)"],
        databases=PG,
    ),
    Case(
        "the number that SQLite keeps for new rows is set",
        """
        op.create_table("jobs", sa.Column("id", sa.Integer(), primary_key=True), sqlite_autoincrement=True)
        """,
        "op.execute(\"UPDATE sqlite_sequence SET seq = 40 WHERE name = 'jobs'\")",
        "pass",
        truth="reversible",
        says="plausible",
        rows=["INSERT INTO jobs (id) VALUES (3)"],
        databases=(SQLITE,),
    ),
]
