"""Enum types, domains and composite types of PostgreSQL."""

from tests.truth.case import ALL, MARIADB, POSTGRESQL, SQLITE, Case
from tests.truth.givens import USER_ROWS, USERS, steps

PG = (POSTGRESQL,)
MOOD = """
op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
op.execute("CREATE TABLE diary (id integer PRIMARY KEY, mood mood NOT NULL DEFAULT 'ok')")
"""
MOOD_ROWS = ["INSERT INTO diary VALUES (1, 'sad'), (2, 'ok')"]
SWAP = """
op.execute("ALTER TABLE diary ALTER COLUMN mood DROP DEFAULT")
op.execute("ALTER TYPE mood RENAME TO mood_old")
op.execute("CREATE TYPE mood AS ENUM ({labels})")
op.execute("ALTER TABLE diary ALTER COLUMN mood TYPE mood USING mood::text::mood")
op.execute("DROP TYPE mood_old")
op.execute("ALTER TABLE diary ALTER COLUMN mood SET DEFAULT 'ok'")
"""
BACK = SWAP.replace("{labels}", "'sad', 'ok'")
TICKETS = """
op.create_table("{}", sa.Column("id", sa.Integer()), sa.Column("state", sa.Enum("open", name="ticket_state")))
"""

CASES = [
    Case(
        "an enum goes back to an interval without USING",
        MOOD + 'op.execute("ALTER TABLE diary ADD lasting interval")\n',
        """
        op.execute("ALTER TABLE diary ALTER lasting TYPE mood USING NULL")
        """,
        'op.execute("ALTER TABLE diary ALTER lasting TYPE interval")',
        truth="broken",
        rows=MOOD_ROWS,
        databases=PG,
    ),
    Case(
        "a text goes back to an enum without USING",
        MOOD + 'op.execute("ALTER TABLE diary ALTER mood DROP DEFAULT")\n',
        'op.execute("ALTER TABLE diary ALTER mood TYPE text")',
        'op.execute("ALTER TABLE diary ALTER mood TYPE mood")',
        truth="broken",
        rows=MOOD_ROWS,
        databases=PG,
    ),
    Case(
        "an enum becomes a text and an enum again by USING",
        MOOD + 'op.execute("ALTER TABLE diary ALTER mood DROP DEFAULT")\n',
        'op.execute("ALTER TABLE diary ALTER mood TYPE text")',
        'op.execute("ALTER TABLE diary ALTER mood TYPE mood USING mood::mood")',
        truth="reversible",
        says="fragile",
        rows=MOOD_ROWS,
        databases=PG,
    ),
    Case(
        "the implicit type of sa.Enum is left when its table is dropped",
        USERS,
        """
        op.create_table(
            "tickets",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("state", sa.Enum("open", "closed", name="ticket_state"), nullable=False),
        )
        """,
        'op.drop_table("tickets")',
        truth={POSTGRESQL: "broken", SQLITE: "reversible", MARIADB: "reversible"},
        rows=USER_ROWS,
        databases=ALL,
        kinds={POSTGRESQL: ["type ticket_state"]},
    ),
    Case(
        "the implicit type of sa.Enum is dropped through its object",
        USERS,
        """
        op.create_table(
            "tickets",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("state", sa.Enum("open", "closed", name="ticket_state"), nullable=False),
        )
        """,
        """
        op.drop_table("tickets")
        sa.Enum(name="ticket_state").drop(op.get_bind(), checkfirst=False)
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "the implicit type of sa.Enum is dropped through SQL",
        USERS,
        """
        op.create_table(
            "tickets",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("state", sa.Enum("open", "closed", name="ticket_state"), nullable=False),
        )
        """,
        """
        op.drop_table("tickets")
        op.execute("DROP TYPE ticket_state")
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "the type is dropped before its table",
        USERS,
        """
        op.create_table(
            "tickets",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("state", sa.Enum("open", "closed", name="ticket_state"), nullable=False),
        )
        """,
        """
        op.execute("DROP TYPE ticket_state")
        op.drop_table("tickets")
        """,
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["type ticket_state"],
        unseen=True,
    ),
    Case(
        "an enum without a native type leaves nothing",
        USERS,
        """
        op.create_table(
            "tickets",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("state", sa.Enum("open", "closed", name="ticket_state", native_enum=False)),
        )
        """,
        'op.drop_table("tickets")',
        truth="reversible",
        rows=USER_ROWS,
    ),
    Case(
        "a type created first and used with create_type=False",
        USERS,
        """
        postgresql.ENUM("red", "green", name="colour").create(op.get_bind())
        op.add_column("users", sa.Column("colour", postgresql.ENUM(name="colour", create_type=False)))
        """,
        """
        op.drop_column("users", "colour")
        postgresql.ENUM(name="colour").drop(op.get_bind())
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
        module="from sqlalchemy.dialects import postgresql",
    ),
    Case(
        "a type held by a constant, created and dropped with checkfirst",
        USERS,
        """
        colour.create(op.get_bind(), checkfirst=True)
        op.add_column("users", sa.Column("colour", colour, nullable=False, server_default="red"))
        """,
        """
        op.drop_column("users", "colour")
        colour.drop(op.get_bind(), checkfirst=True)
        """,
        truth="reversible",
        rows=USER_ROWS,
        module='colour = sa.Enum("red", "green", name="colour")',
    ),
    Case(
        "a type held by a constant is left",
        USERS,
        """
        colour.create(op.get_bind())
        op.add_column("users", sa.Column("colour", colour))
        """,
        'op.drop_column("users", "colour")',
        truth={POSTGRESQL: "broken", SQLITE: "reversible"},
        rows=USER_ROWS,
        module='colour = sa.Enum("red", "green", name="colour")',
        kinds={POSTGRESQL: ["type colour"]},
    ),
    Case(
        "a value added and left",
        MOOD,
        """
        with op.get_context().autocommit_block():
            op.execute("ALTER TYPE mood ADD VALUE 'happy'")
        """,
        "pass",
        truth="broken",
        rows=MOOD_ROWS,
        databases=PG,
        kinds=["type mood"],
    ),
    Case(
        "a value added, and taken away by a swap of types",
        MOOD,
        "op.execute(\"ALTER TYPE mood ADD VALUE IF NOT EXISTS 'happy'\")",
        BACK,
        truth="reversible",
        says="fragile",
        rows=MOOD_ROWS,
        databases=PG,
    ),
    Case(
        "a value added, its rows moved away, and taken away by a swap of types",
        MOOD,
        "op.execute(\"ALTER TYPE mood ADD VALUE 'happy' BEFORE 'ok'\")",
        "op.execute(\"UPDATE diary SET mood = 'ok' WHERE mood = 'happy'\")\n" + BACK,
        truth="reversible",
        says="reversible plausible fragile",
        rows=MOOD_ROWS,
        databases=PG,
    ),
    Case(
        "the swap of types stumbles over the default",
        MOOD,
        "op.execute(\"ALTER TYPE mood ADD VALUE 'happy'\")",
        """
        op.execute("ALTER TYPE mood RENAME TO mood_old")
        op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
        op.execute("ALTER TABLE diary ALTER COLUMN mood TYPE mood USING mood::text::mood")
        op.execute("DROP TYPE mood_old")
        """,
        truth="broken",
        rows=MOOD_ROWS,
        databases=PG,
        kinds=["column diary.mood"],
        unseen=True,
    ),
    Case(
        "the swap of types forgets the default",
        MOOD,
        "op.execute(\"ALTER TYPE mood ADD VALUE 'happy'\")",
        "\n".join(BACK.strip().splitlines()[:-1]),
        truth="broken",
        rows=MOOD_ROWS,
        databases=PG,
        kinds=["column diary.mood"],
    ),
    Case(
        "the swap of types forgets the old type",
        MOOD,
        "op.execute(\"ALTER TYPE mood ADD VALUE 'happy'\")",
        "\n".join(line for line in BACK.strip().splitlines() if "DROP TYPE" not in line),
        truth="broken",
        rows=MOOD_ROWS,
        databases=PG,
        kinds=["type mood_old"],
    ),
    Case(
        "the swap of types changes the order of the labels",
        MOOD,
        "op.execute(\"ALTER TYPE mood ADD VALUE 'happy'\")",
        SWAP.replace("{labels}", "'ok', 'sad'"),
        truth="broken",
        rows=MOOD_ROWS,
        databases=PG,
        kinds=["type mood"],
    ),
    Case(
        "a label taken away after its rows were changed, and given back",
        MOOD,
        "op.execute(\"UPDATE diary SET mood = 'ok' WHERE mood = 'sad'\")\n"
        + SWAP.replace("{labels}", "'ok'"),
        BACK,
        truth="lossy",
        rows=MOOD_ROWS,
        databases=PG,
        kinds=["column diary.mood"],
    ),
    Case(
        "a label renamed and back",
        MOOD,
        "op.execute(\"ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'\")",
        "op.execute(\"ALTER TYPE mood RENAME VALUE 'fine' TO 'ok'\")",
        truth="reversible",
        rows=MOOD_ROWS,
        databases=PG,
    ),
    Case(
        "a renamed label keeps its new name",
        MOOD,
        "op.execute(\"ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'\")",
        "pass",
        truth="broken",
        rows=MOOD_ROWS,
        databases=PG,
        kinds=["type mood"],
    ),
    Case(
        "a type renamed and back",
        MOOD,
        'op.execute("ALTER TYPE mood RENAME TO feeling")',
        'op.execute("ALTER TYPE feeling RENAME TO mood")',
        truth="reversible",
        rows=MOOD_ROWS,
        databases=PG,
    ),
    Case(
        "an enum column turned to varchar and back",
        MOOD,
        """
        op.execute("ALTER TABLE diary ALTER COLUMN mood DROP DEFAULT")
        op.execute("ALTER TABLE diary ALTER COLUMN mood TYPE varchar(10) USING mood::varchar")
        op.execute("DROP TYPE mood")
        """,
        """
        op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
        op.execute("ALTER TABLE diary ALTER COLUMN mood TYPE mood USING mood::mood")
        op.execute("ALTER TABLE diary ALTER COLUMN mood SET DEFAULT 'ok'")
        """,
        truth="reversible",
        says="fragile plausible",
        rows=MOOD_ROWS,
        databases=PG,
    ),
    Case(
        "an enum column turned to varchar, the type dropped and never back",
        MOOD,
        """
        op.execute("ALTER TABLE diary ALTER COLUMN mood DROP DEFAULT")
        op.execute("ALTER TABLE diary ALTER COLUMN mood TYPE varchar(10) USING mood::varchar")
        op.execute("DROP TYPE mood")
        """,
        "pass",
        truth="broken",
        rows=MOOD_ROWS,
        databases=PG,
        kinds=["type mood", "column diary.mood"],
    ),
    Case(
        "DROP TYPE CASCADE takes the column along",
        MOOD,
        'op.execute("DROP TYPE mood CASCADE")',
        """
        op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
        op.execute("ALTER TABLE diary ADD COLUMN mood mood NOT NULL DEFAULT 'ok'")
        """,
        truth="lossy",
        rows=MOOD_ROWS,
        databases=PG,
        kinds=["column diary.mood"],
    ),
    Case(
        "a domain created and dropped with its column",
        USERS,
        """
        op.execute("CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%')")
        op.execute("ALTER TABLE users ADD COLUMN email email")
        """,
        """
        op.drop_column("users", "email")
        op.execute("DROP DOMAIN email")
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a domain is left",
        USERS,
        'op.execute("CREATE DOMAIN positive AS integer CHECK (VALUE > 0)")',
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["type positive"],
    ),
    Case(
        "a constraint of a domain is left",
        steps(USERS, 'op.execute("CREATE DOMAIN positive AS integer CHECK (VALUE > 0)")'),
        'op.execute("ALTER DOMAIN positive ADD CONSTRAINT small CHECK (VALUE < 100)")',
        "pass",
        truth="broken",
        rows=USER_ROWS,
        databases=PG,
        kinds=["type positive"],
    ),
    Case(
        "a composite type created and dropped",
        USERS,
        'op.execute("CREATE TYPE point2 AS (x integer, y integer)")',
        'op.execute("DROP TYPE point2")',
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "a check made by sa.Enum goes with its column",
        USERS,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.add_column(
                sa.Column(
                    "size",
                    sa.Enum("S", "L", name="ck_users_size", native_enum=False, create_constraint=True),
                )
            )
        """,
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_column("size")
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "two tables of one migration share the type of sa.Enum",
        USERS,
        f"""
        {TICKETS.format("tickets")}
        {TICKETS.format("tasks")}
        """,
        """
        op.drop_table("tasks")
        op.drop_table("tickets")
        op.execute("DROP TYPE ticket_state")
        """,
        truth="reversible",
        rows=USER_ROWS,
        databases=PG,
    ),
    Case(
        "two tables and their type made again by the downgrade",
        f"{TICKETS.format('tickets')}\n{TICKETS.format('tasks')}",
        """
        op.drop_table("tasks")
        op.drop_table("tickets")
        op.execute("DROP TYPE ticket_state")
        """,
        f"""
        {TICKETS.format("tickets")}
        {TICKETS.format("tasks")}
        """,
        truth="lossy",
        rows=["INSERT INTO tickets VALUES (1, 'open')"],
        databases=PG,
    ),
]
