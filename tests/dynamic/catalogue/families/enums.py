"""Enum types, domains and other types of the user's own: left, shortened, mapped wrongly."""

from tests.dynamic.catalogue.case import MARIADB, POSTGRESQL, bug, right
from tests.dynamic.catalogue.givens import USERS, table
from tests.truth.givens import steps

TICKETS = table(
    """
    op.create_table(
        "tickets",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("state", sa.Enum("open", "closed", name="ticket_state"), nullable=False, server_default="open"),
    )
    """,
    "tickets",
    "INSERT INTO tickets (id, state) VALUES (1, 'open'), (2, 'closed'), (3, 'open')",
    drop='op.drop_table("tickets")\nop.execute("DROP TYPE ticket_state")',
)
MYSQL_TICKETS = table(
    """
    op.create_table(
        "tickets",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("state", sa.Enum("open", "held", "closed"), nullable=False),
    )
    """,
    "tickets",
    "INSERT INTO tickets (id, state) VALUES (1, 'open'), (2, 'held'), (3, 'closed')",
)
PG = (POSTGRESQL,)


def swap(labels: str, using: str = "state::text::ticket_state") -> str:
    """Returns code that gives `tickets.state` a new type of the same name."""
    return f"""
    op.execute("ALTER TABLE tickets ALTER COLUMN state DROP DEFAULT")
    op.execute("ALTER TYPE ticket_state RENAME TO ticket_state_old")
    op.execute("CREATE TYPE ticket_state AS ENUM ({labels})")
    op.execute("ALTER TABLE tickets ALTER COLUMN state TYPE ticket_state USING {using}")
    op.execute("ALTER TABLE tickets ALTER COLUMN state SET DEFAULT 'open'")
    op.execute("DROP TYPE ticket_state_old")
    """


CASES = [
    bug(
        "the type of a dropped table is left",
        USERS,
        """
        op.create_table(
            "tasks",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("level", sa.Enum("low", "high", name="task_level")),
        )
        """,
        'op.drop_table("tasks")',
        "broken",
        "schema-extra",
        databases=PG,
    ),
    bug(
        "the type of a dropped column is left",
        USERS,
        """
        sa.Enum("low", "high", name="user_level").create(op.get_bind(), checkfirst=True)
        op.add_column("users", sa.Column("level", sa.Enum("low", "high", name="user_level", create_type=False)))
        """,
        'op.drop_column("users", "level")',
        "broken",
        "schema-extra",
        databases=PG,
    ),
    bug(
        "a new label is left",
        TICKETS,
        """
        with op.get_context().autocommit_block():
            op.execute("ALTER TYPE ticket_state ADD VALUE IF NOT EXISTS 'waiting'")
        """,
        "pass",
        "broken",
        "schema-changed",
        databases=PG,
    ),
    bug(
        "a renamed label keeps its new name",
        TICKETS,
        "op.execute(\"ALTER TYPE ticket_state RENAME VALUE 'closed' TO 'done'\")",
        "pass",
        "broken",
        "schema-changed",
        databases=PG,
    ),
    bug(
        "the labels come back in another order",
        TICKETS,
        swap("'open', 'waiting', 'closed'"),
        swap(
            "'closed', 'open'",
            "(CASE state::text WHEN 'waiting' THEN 'open' ELSE state::text END)::ticket_state",
        ),
        "broken",
        "schema-changed",
        databases=PG,
    ),
    bug(
        "labels merged on the way up",
        TICKETS,
        swap("'open'", "'open'::ticket_state"),
        swap("'open', 'closed'"),
        "lossy",
        "rows-changed",
        "tickets",
        "state",
        databases=PG,
    ),
    bug(
        "labels mapped the wrong way round",
        TICKETS,
        swap("'open', 'done'", "(CASE state::text WHEN 'closed' THEN 'done' ELSE 'open' END)::ticket_state"),
        swap(
            "'open', 'closed'", "(CASE state::text WHEN 'done' THEN 'open' ELSE 'closed' END)::ticket_state"
        ),
        "lossy",
        "rows-changed",
        "tickets",
        "state",
        databases=PG,
    ),
    bug(
        "rows with a label deleted before the type is swapped",
        TICKETS,
        steps(
            """
        op.execute("DELETE FROM tickets WHERE state = 'closed'")
        """,
            swap("'open'"),
        ),
        swap("'open', 'closed'"),
        "lossy",
        "rows-lost",
        "tickets",
        databases=PG,
    ),
    bug(
        "an enum column becomes a text for good",
        TICKETS,
        """
        op.execute("ALTER TABLE tickets ALTER COLUMN state DROP DEFAULT")
        op.execute("ALTER TABLE tickets ALTER COLUMN state TYPE VARCHAR(10)")
        op.execute("ALTER TABLE tickets ALTER COLUMN state SET DEFAULT 'open'")
        """,
        "pass",
        "broken",
        "schema-changed",
        "tickets",
        "state",
        databases=PG,
    ),
    bug(
        "a domain is left",
        USERS,
        """
        op.execute("CREATE DOMAIN positive AS integer CHECK (VALUE > 0)")
        op.execute("ALTER TABLE users ADD COLUMN size positive")
        """,
        'op.drop_column("users", "size")',
        "broken",
        "schema-extra",
        databases=PG,
    ),
    bug(
        "the check of a domain is changed for good",
        table(
            """
            op.execute("CREATE DOMAIN grade AS integer CONSTRAINT ck_grade CHECK (VALUE BETWEEN 1 AND 6)")
            op.execute("CREATE TABLE marks (id INTEGER PRIMARY KEY, mark grade)")
            """,
            "marks",
            "INSERT INTO marks VALUES (1, 3), (2, NULL)",
            drop='op.drop_table("marks")\nop.execute("DROP DOMAIN grade")',
        ),
        """
        op.execute("ALTER DOMAIN grade DROP CONSTRAINT ck_grade")
        op.execute("ALTER DOMAIN grade ADD CONSTRAINT ck_grade CHECK (VALUE BETWEEN 0 AND 6)")
        """,
        "pass",
        "broken",
        "schema-changed",
        databases=PG,
    ),
    bug(
        "a field of a composite type is left",
        table(
            'op.execute("CREATE TYPE place AS (street text, town text)")',
            "place",
            drop='op.execute("DROP TYPE place")',
        ),
        'op.execute("ALTER TYPE place ADD ATTRIBUTE country text")',
        "pass",
        "broken",
        "schema-changed",
        databases=PG,
    ),
    bug(
        "a label of MariaDB's ENUM is left",
        MYSQL_TICKETS,
        "op.execute(\"ALTER TABLE tickets MODIFY state ENUM('open', 'held', 'closed', 'lost') NOT NULL\")",
        "pass",
        "broken",
        "schema-changed",
        "tickets",
        "state",
        databases=(MARIADB,),
    ),
    bug(
        "a label of MariaDB's ENUM is merged into another",
        MYSQL_TICKETS,
        """
        op.execute("UPDATE tickets SET state = 'open' WHERE state = 'held'")
        op.execute("ALTER TABLE tickets MODIFY state ENUM('open', 'closed') NOT NULL")
        """,
        "op.execute(\"ALTER TABLE tickets MODIFY state ENUM('open', 'held', 'closed') NOT NULL\")",
        "lossy",
        "rows-changed",
        "tickets",
        "state",
        databases=(MARIADB,),
    ),
    bug(
        "the labels of MariaDB's ENUM come back in another order",
        MYSQL_TICKETS,
        'op.execute("ALTER TABLE tickets MODIFY state VARCHAR(10) NOT NULL")',
        """
        op.execute("UPDATE tickets SET state = 'open' WHERE state NOT IN ('open', 'held', 'closed')")
        op.execute("ALTER TABLE tickets MODIFY state ENUM('closed', 'held', 'open') NOT NULL")
        """,
        "broken",
        "schema-changed",
        "tickets",
        "state",
        databases=(MARIADB,),
    ),
    right(
        "a label added by a new type, mapped on the way back",
        TICKETS,
        swap("'open', 'waiting', 'closed'"),
        swap(
            "'open', 'closed'",
            "(CASE state::text WHEN 'waiting' THEN 'open' ELSE state::text END)::ticket_state",
        ),
        databases=PG,
    ),
    right(
        "a label added in an autocommit block, the type swapped on the way back",
        TICKETS,
        """
        with op.get_context().autocommit_block():
            op.execute("ALTER TYPE ticket_state ADD VALUE IF NOT EXISTS 'waiting' BEFORE 'closed'")
        """,
        steps(
            """
        op.execute("UPDATE tickets SET state = 'open' WHERE state = 'waiting'")
        """,
            swap("'open', 'closed'"),
        ),
        databases=PG,
        rows=("INSERT INTO tickets VALUES (9, 'waiting')",),
    ),
    right(
        "a label renamed and back",
        TICKETS,
        "op.execute(\"ALTER TYPE ticket_state RENAME VALUE 'closed' TO 'done'\")",
        "op.execute(\"ALTER TYPE ticket_state RENAME VALUE 'done' TO 'closed'\")",
        databases=PG,
    ),
    right(
        "an enum column becomes a text and an enum again",
        TICKETS,
        """
        op.execute("ALTER TABLE tickets ALTER COLUMN state DROP DEFAULT")
        op.execute("ALTER TABLE tickets ALTER COLUMN state TYPE VARCHAR(10)")
        op.execute("ALTER TABLE tickets ALTER COLUMN state SET DEFAULT 'open'")
        op.execute("DROP TYPE ticket_state")
        """,
        """
        op.execute("CREATE TYPE ticket_state AS ENUM ('open', 'closed')")
        op.execute("UPDATE tickets SET state = 'open' WHERE state NOT IN ('open', 'closed')")
        op.execute("ALTER TABLE tickets ALTER COLUMN state DROP DEFAULT")
        op.execute("ALTER TABLE tickets ALTER COLUMN state TYPE ticket_state USING state::ticket_state")
        op.execute("ALTER TABLE tickets ALTER COLUMN state SET DEFAULT 'open'")
        """,
        databases=PG,
    ),
    right(
        "an enum that is not native leaves nothing",
        USERS,
        """
        op.create_table(
            "tasks",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("level", sa.Enum("low", "high", name="task_level", native_enum=False, create_constraint=True)),
        )
        """,
        'op.drop_table("tasks")',
    ),
    right(
        "two tables share a type",
        USERS,
        """
        level = sa.Enum("low", "high", name="task_level")
        op.create_table("tasks", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("level", level))
        op.create_table("jobs", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("level", level))
        """,
        """
        op.drop_table("jobs")
        op.drop_table("tasks")
        sa.Enum(name="task_level").drop(op.get_bind())
        """,
        databases=PG,
    ),
    right(
        "a domain made, used and dropped",
        USERS,
        """
        op.execute("CREATE DOMAIN positive AS integer CHECK (VALUE > 0)")
        op.execute("ALTER TABLE users ADD COLUMN size positive")
        op.execute("UPDATE users SET size = 1 WHERE role = 'admin'")
        """,
        """
        op.drop_column("users", "size")
        op.execute("DROP DOMAIN positive")
        """,
        databases=PG,
    ),
]
