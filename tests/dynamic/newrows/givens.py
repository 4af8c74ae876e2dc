"""What the cases start from."""

from __future__ import annotations

from tests.dynamic.catalogue.givens import sql, table

CODES = table(
    """
    op.create_table(
        "codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(10), nullable=False),
        sa.Column("area", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(30)),
        sa.PrimaryKeyConstraint("id", name="pk_codes"),
        sa.UniqueConstraint("code", name="uq_codes_code"),
        sa.CheckConstraint("area < 50", name="ck_codes_area"),
    )
    """,
    "codes",
    "INSERT INTO codes (id, code, area, note) VALUES (1, 'a', 1, 'first'), (2, 'b', 2, NULL)",
)

PAIRS = table(
    """
    op.create_table(
        "shops",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(20)),
        sa.PrimaryKeyConstraint("id", name="pk_shops"),
    )
    op.create_table(
        "sales",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(8, 2), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sales"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name="fk_sales_shop"),
    )
    """,
    "sales",
    "INSERT INTO shops (id, name) VALUES (1, 'north'), (2, NULL)",
    "INSERT INTO sales (id, shop_id, amount) VALUES (1, 1, 10.50), (2, 2, -3)",
    drop='op.drop_table("sales")\nop.drop_table("shops")',
)

LAMPS = table(
    """
    op.create_table(
        "lamps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("colour", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lamps"),
        sa.CheckConstraint("colour IN ('red', 'green')", name="ck_lamps_colour"),
    )
    """,
    "lamps",
    "INSERT INTO lamps (id, colour) VALUES (1, 'red'), (2, 'green')",
)

MOODS = table(
    """
    op.execute("CREATE TYPE mood AS ENUM ('calm', 'sad')")
    op.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, mood mood)")
    """,
    "people",
    "INSERT INTO people (id, mood) VALUES (1, 'calm'), (2, NULL)",
    drop='op.drop_table("people")\nop.execute("DROP TYPE mood")',
)

INLINE = sql(
    "CREATE TABLE people (id INTEGER PRIMARY KEY, mood ENUM('calm', 'sad') NOT NULL)",
    "people",
    "INSERT INTO people (id, mood) VALUES (1, 'calm'), (2, 'sad')",
)

INDEXED = table(
    """
    op.create_table(
        "codes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("code", sa.String(10)),
        sa.Column("live", sa.Integer(), nullable=False),
    )
    op.create_index("ix_codes_code", "codes", ["code"], unique=True)
    """,
    "codes",
    "INSERT INTO codes (id, code, live) VALUES (1, 'a', 1), (2, NULL, 0)",
)

KEYED = table(
    """
    op.create_table(
        "codes",
        sa.Column("code", sa.String(10), nullable=False),
        sa.Column("area", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(30)),
        sa.PrimaryKeyConstraint("code", name="pk_codes"),
    )
    """,
    "codes",
    "INSERT INTO codes (code, area, note) VALUES ('a', 1, 'first'), ('b', 1, NULL)",
)

BOOKINGS = table(
    """
    op.execute("CREATE TABLE bookings (id INTEGER PRIMARY KEY, days int4range NOT NULL,"
               " CONSTRAINT ex_bookings EXCLUDE USING gist (days WITH &&))")
    """,
    "bookings",
    "INSERT INTO bookings (id, days) VALUES (1, '[1,5)'), (2, '[7,9)')",
)

DOMAIN = table(
    """
    op.execute("CREATE DOMAIN grade AS integer CONSTRAINT low CHECK (VALUE < 10)")
    op.execute("CREATE TABLE tests (id INTEGER PRIMARY KEY, grade grade)")
    """,
    "tests",
    "INSERT INTO tests (id, grade) VALUES (1, 3), (2, NULL)",
    drop='op.drop_table("tests")\nop.execute("DROP DOMAIN grade")',
)

TOKENS = table(
    """
    op.create_table(
        "tokens",
        sa.Column("id", sa.LargeBinary().with_variant(sa.BINARY(16), "mysql", "mariadb"), nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
    )
    """,
    "tokens",
    "INSERT INTO tokens (id, name) VALUES ('a1', 'first')",
)

WAITS = table(
    """
    op.create_table(
        "waits",
        sa.Column("span", sa.Interval(), nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("span", name="pk_waits"),
    )
    """,
    "waits",
    "INSERT INTO waits (span, name) VALUES ('1 day 2 hours', 'first')",
)
