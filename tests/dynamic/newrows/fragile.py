"""Every way in which a schema admits more than before, each with a downgrade that forgets it."""

from __future__ import annotations

from tests.dynamic.catalogue.case import LIGHT, MARIADB, POSTGRESQL, SERVERS
from tests.dynamic.newrows.building import batch, steps
from tests.dynamic.newrows.case import NewRowCase
from tests.dynamic.newrows.givens import (
    BOOKINGS,
    CODES,
    DOMAIN,
    INDEXED,
    INLINE,
    KEYED,
    LAMPS,
    MOODS,
    PAIRS,
)
from tests.dynamic.newrows.widened import TYPED

FRAGILE = [
    NewRowCase(
        "a column becomes nullable",
        CODES,
        batch("codes", 'alter_column("area", nullable=True, existing_type=sa.Integer())'),
        batch("codes", 'alter_column("area", nullable=False, existing_type=sa.Integer())'),
        ("INSERT INTO codes (id, code, area) VALUES (91, 'z', NULL)",),
        column="area",
        says=("a row with NULL in area", "area = NULL", "area NOT NULL of the old schema"),
    ),
    NewRowCase(
        "a unique constraint goes",
        CODES,
        batch("codes", 'drop_constraint("uq_codes_code", type_="unique")'),
        batch("codes", 'create_unique_constraint("uq_codes_code", ["code"])'),
        ("INSERT INTO codes (id, code, area) VALUES (91, 'a', 3)",),
        says=("a second row with the same code", "uq_codes_code of the old schema"),
    ),
    NewRowCase(
        "a unique constraint gets one more column",
        CODES,
        batch(
            "codes",
            'drop_constraint("uq_codes_code", type_="unique")',
            'create_unique_constraint("uq_codes_code", ["code", "area"])',
        ),
        batch(
            "codes",
            'drop_constraint("uq_codes_code", type_="unique")',
            'create_unique_constraint("uq_codes_code", ["code"])',
        ),
        ("INSERT INTO codes (id, code, area) VALUES (91, 'a', 3)",),
        says=("a second row with the same code",),
    ),
    NewRowCase(
        "a unique index is made plain",
        INDEXED,
        'op.drop_index("ix_codes_code", table_name="codes")\nop.create_index("ix_codes_code", "codes", ["code"])',
        'op.drop_index("ix_codes_code", table_name="codes")\n'
        'op.create_index("ix_codes_code", "codes", ["code"], unique=True)',
        ("INSERT INTO codes (id, code, live) VALUES (91, 'a', 0)",),
        says=("a second row with the same code", "ix_codes_code of the old schema"),
    ),
    NewRowCase(
        "a unique index becomes a partial one",
        INDEXED,
        'op.drop_index("ix_codes_code", table_name="codes")\n'
        'op.execute("CREATE UNIQUE INDEX ix_codes_code ON codes (code) WHERE live = 1")',
        'op.drop_index("ix_codes_code", table_name="codes")\n'
        'op.create_index("ix_codes_code", "codes", ["code"], unique=True)',
        ("INSERT INTO codes (id, code, live) VALUES (91, 'a', 0)",),
        databases=LIGHT,
        says=("a second row with the same code", "ix_codes_code of the old schema"),
    ),
    NewRowCase(
        "a primary key gets one more column",
        KEYED,
        batch(
            "codes",
            'drop_constraint("pk_codes", type_="primary")',
            'create_primary_key("pk_codes", ["code", "area"])',
        ),
        batch(
            "codes",
            'drop_constraint("pk_codes", type_="primary")',
            'create_primary_key("pk_codes", ["code"])',
        ),
        ("INSERT INTO codes (code, area) VALUES ('a', 91)",),
        says=("a second row with the same code",),
    ),
    NewRowCase(
        "a foreign key goes",
        PAIRS,
        batch("sales", 'drop_constraint("fk_sales_shop", type_="foreignkey")'),
        batch("sales", 'create_foreign_key("fk_sales_shop", "shops", ["shop_id"], ["id"])'),
        ("INSERT INTO sales (id, shop_id, amount) VALUES (91, 4711, 1)",),
        databases=SERVERS,
        table="sales",
        says=("a row whose shop_id refers to nothing in shops", "fk_sales_shop of the old schema"),
    ),
    NewRowCase(
        "a foreign key refers to another table",
        PAIRS,
        """
        op.create_table(
            "stores", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(20))
        )
        op.execute("INSERT INTO stores (id, name) SELECT id, name FROM shops")
        op.drop_constraint("fk_sales_shop", "sales", type_="foreignkey")
        op.create_foreign_key("fk_sales_store", "sales", "stores", ["shop_id"], ["id"])
        """,
        """
        op.drop_constraint("fk_sales_store", "sales", type_="foreignkey")
        op.create_foreign_key("fk_sales_shop", "sales", "shops", ["shop_id"], ["id"])
        op.drop_table("stores")
        """,
        ("INSERT INTO stores (id) VALUES (91)", "INSERT INTO sales (id, shop_id, amount) VALUES (91, 91, 1)"),
        databases=SERVERS,
        table="sales",
        says=("fk_sales_shop",),
    ),
    NewRowCase(
        "a column moves to another enum type",
        MOODS,
        """
        op.execute("CREATE TYPE mood2 AS ENUM ('calm', 'sad', 'glad')")
        op.execute("ALTER TABLE people ALTER COLUMN mood TYPE mood2 USING mood::text::mood2")
        """,
        """
        op.execute("ALTER TABLE people ALTER COLUMN mood TYPE mood USING mood::text::mood")
        op.execute("DROP TYPE mood2")
        """,
        ("INSERT INTO people (id, mood) VALUES (91, 'glad')",),
        databases=(POSTGRESQL,),
        table="people",
        column="mood",
        says=("a row with 'glad' in mood",),
    ),
    NewRowCase(
        "a check goes",
        CODES,
        batch("codes", 'drop_constraint("ck_codes_area", type_="check")'),
        batch("codes", 'create_check_constraint("ck_codes_area", "area < 50")'),
        ("INSERT INTO codes (id, code, area) VALUES (91, 'z', 50)",),
        says=("a row that does not meet area < 50", "ck_codes_area of the old schema"),
    ),
    NewRowCase(
        "a check admits one more word",
        LAMPS,
        batch(
            "lamps",
            'drop_constraint("ck_lamps_colour", type_="check")',
            "create_check_constraint(\"ck_lamps_colour\", \"colour IN ('red', 'amber', 'green')\")",
        ),
        batch(
            "lamps",
            'drop_constraint("ck_lamps_colour", type_="check")',
            "create_check_constraint(\"ck_lamps_colour\", \"colour IN ('red', 'green')\")",
        ),
        ("INSERT INTO lamps (id, colour) VALUES (91, 'amber')",),
        table="lamps",
        says=("a row that does not meet", "ck_lamps_colour of the old schema"),
    ),
    NewRowCase(
        "a check admits larger numbers",
        CODES,
        batch(
            "codes",
            'drop_constraint("ck_codes_area", type_="check")',
            'create_check_constraint("ck_codes_area", "area < 60")',
        ),
        batch(
            "codes",
            'drop_constraint("ck_codes_area", type_="check")',
            'create_check_constraint("ck_codes_area", "area < 50")',
        ),
        ("INSERT INTO codes (id, code, area) VALUES (91, 'z', 50)",),
        says=("a row that does not meet area < 50",),
    ),
    NewRowCase(
        "an enum type gets a label",
        MOODS,
        """
        op.execute("ALTER TYPE mood RENAME TO mood_old")
        op.execute("CREATE TYPE mood AS ENUM ('calm', 'sad', 'glad')")
        op.execute("ALTER TABLE people ALTER COLUMN mood TYPE mood USING mood::text::mood")
        op.execute("DROP TYPE mood_old")
        """,
        """
        op.execute("ALTER TYPE mood RENAME TO mood_old")
        op.execute("CREATE TYPE mood AS ENUM ('calm', 'sad')")
        op.execute("ALTER TABLE people ALTER COLUMN mood TYPE mood USING mood::text::mood")
        op.execute("DROP TYPE mood_old")
        """,
        ("INSERT INTO people (id, mood) VALUES (91, 'glad')",),
        databases=(POSTGRESQL,),
        table="people",
        column="mood",
        says=("a row with 'glad' in mood", "type mood of the old schema"),
    ),
    NewRowCase(
        "an enum of MariaDB gets two labels",
        INLINE,
        "op.execute(\"ALTER TABLE people MODIFY mood ENUM('calm', 'sad', 'glad', 'mad') NOT NULL\")",
        "op.execute(\"ALTER TABLE people MODIFY mood ENUM('calm', 'sad') NOT NULL\")",
        ("INSERT INTO people (id, mood) VALUES (91, 'glad')",),
        databases=(MARIADB,),
        table="people",
        column="mood",
        says=("a row with 'glad' in mood",),
        failures=2,
    ),
    NewRowCase(
        "an exclusion goes",
        BOOKINGS,
        'op.execute("ALTER TABLE bookings DROP CONSTRAINT ex_bookings")',
        'op.execute("ALTER TABLE bookings ADD CONSTRAINT ex_bookings EXCLUDE USING gist (days WITH &&)")',
        ("INSERT INTO bookings (id, days) VALUES (91, '[1,5)')",),
        databases=(POSTGRESQL,),
        table="bookings",
        says=("a second row with the same days", "ex_bookings of the old schema"),
    ),
    NewRowCase(
        "a domain is loosened",
        DOMAIN,
        'op.execute("ALTER DOMAIN grade DROP CONSTRAINT low")',
        'op.execute("ALTER DOMAIN grade ADD CONSTRAINT low CHECK (VALUE < 10)")',
        ("INSERT INTO tests (id, grade) VALUES (91, 10)",),
        databases=(POSTGRESQL,),
        table="tests",
        column="grade",
        says=("domain grade of the old schema",),
    ),
    NewRowCase(
        "a required column is dropped, and filled from a backup alone",
        CODES,
        """
        op.execute("CREATE TABLE kept AS SELECT id, area FROM codes")
        with op.batch_alter_table("codes") as batch_op:
            batch_op.drop_constraint("ck_codes_area", type_="check")
            batch_op.drop_column("area")
        """,
        """
        op.add_column("codes", sa.Column("area", sa.Integer()))
        op.execute("UPDATE codes SET area = (SELECT area FROM kept WHERE kept.id = codes.id)")
        with op.batch_alter_table("codes") as batch_op:
            batch_op.alter_column("area", nullable=False, existing_type=sa.Integer())
            batch_op.create_check_constraint("ck_codes_area", "area < 50")
        op.drop_table("kept")
        """,
        ("INSERT INTO codes (id, code) VALUES (91, 'z')",),
        says=("a new row in codes", "the downgrade fails"),
    ),
    NewRowCase(
        "a table is restored from a backup, and new rows are gone",
        LAMPS,
        """
        op.execute("CREATE TABLE kept AS SELECT * FROM lamps")
        op.add_column("lamps", sa.Column("watt", sa.Integer()))
        """,
        """
        op.drop_column("lamps", "watt")
        op.execute("DELETE FROM lamps")
        op.execute("INSERT INTO lamps SELECT * FROM kept")
        op.drop_table("kept")
        """,
        ("INSERT INTO lamps (id, colour) VALUES (91, 'red')",),
        fate="new rows",
        table="lamps",
        says=("a new row in lamps", "the row is gone after the downgrade, though lamps admits it"),
        look="SELECT id FROM lamps WHERE id = 91",
    ),
    NewRowCase(
        "duplicates are removed, the old ones with them",
        CODES,
        batch("codes", 'drop_constraint("uq_codes_code", type_="unique")'),
        'op.execute("DELETE FROM codes WHERE code IN (SELECT code FROM (SELECT code FROM codes'
        ' GROUP BY code HAVING count(*) > 1) twice)")\n'
        + batch("codes", 'create_unique_constraint("uq_codes_code", ["code"])'),
        ("INSERT INTO codes (id, code, area) VALUES (91, 'a', 3)",),
        fate="old rows",
        says=("the downgrade harms old rows: 1 of", "rows of codes from before are gone"),
    ),
    NewRowCase(
        "duplicates are told apart by renaming the old ones too",
        CODES,
        batch("codes", 'drop_constraint("uq_codes_code", type_="unique")'),
        steps(
            """
            bind = op.get_bind()
            twice = sa.text("SELECT code FROM codes GROUP BY code HAVING count(*) > 1")
            for (code,) in bind.execute(twice).all():
                rows = bind.execute(sa.text("SELECT id FROM codes WHERE code = :c"), {"c": code}).all()
                for place, (id_,) in enumerate(rows):
                    bind.execute(
                        sa.text("UPDATE codes SET code = :n WHERE id = :i"), {"n": f"dup{place}", "i": id_}
                    )
            """,
            batch("codes", 'create_unique_constraint("uq_codes_code", ["code"])'),
        ),
        ("INSERT INTO codes (id, code, area) VALUES (91, 'a', 3)",),
        fate="old rows",
        says=("from before are changed", "code was"),
    ),
    NewRowCase(
        "two things relaxed at once are two failures",
        CODES,
        batch(
            "codes",
            'alter_column("area", nullable=True, existing_type=sa.Integer())',
            'drop_constraint("uq_codes_code", type_="unique")',
        ),
        batch(
            "codes",
            'alter_column("area", nullable=False, existing_type=sa.Integer())',
            'create_unique_constraint("uq_codes_code", ["code"])',
        ),
        ("INSERT INTO codes (id, code, area) VALUES (91, 'a', NULL)",),
        says=("a second row with the same code",),
        failures=2,
    ),
    *TYPED,
]
