"""Downgrades that get over new rows: they delete or rewrite them first, or refuse on purpose."""

from __future__ import annotations

from tests.dynamic.catalogue.case import LIGHT, MARIADB, POSTGRESQL, SQLITE
from tests.dynamic.catalogue.givens import USERS
from tests.dynamic.newrows.building import batch, retyped, steps
from tests.dynamic.newrows.case import NewRowCase
from tests.dynamic.newrows.givens import (
    BOOKINGS,
    CODES,
    DOMAIN,
    INDEXED,
    INLINE,
    LAMPS,
    MOODS,
    PAIRS,
    TOKENS,
    WAITS,
)

_UNIQUE = batch("codes", 'create_unique_constraint("uq_codes_code", ["code"])')
_NO_UNIQUE = batch("codes", 'drop_constraint("uq_codes_code", type_="unique")')
_NULLABLE = batch("codes", 'alter_column("area", nullable=True, existing_type=sa.Integer())')
_REQUIRED = batch("codes", 'alter_column("area", nullable=False, existing_type=sa.Integer())')
_LONGER, _SHORTER = retyped("codes", "note", "sa.String(30)", "sa.String(60)")
_LARGER, _SMALLER = retyped("codes", "area", "sa.Integer()", "sa.BigInteger()", existing_nullable="False")
_NULL = "INSERT INTO codes (id, code, area) VALUES (91, 'z', NULL)"
_TWIN = "INSERT INTO codes (id, code, area) VALUES (91, 'a', 3)"
_LONG = f"INSERT INTO codes (id, code, area, note) VALUES (91, 'z', 3, '{'n' * 40}')"

HANDLED = [
    NewRowCase(
        "NULL is filled before it is forbidden",
        CODES,
        _NULLABLE,
        'op.execute("UPDATE codes SET area = 0 WHERE area IS NULL")\n' + _REQUIRED,
        (_NULL,),
        "handled",
        look="SELECT area FROM codes WHERE id = 91",
        becomes=((0,),),
    ),
    NewRowCase(
        "rows with NULL are deleted",
        CODES,
        _NULLABLE,
        'op.execute("DELETE FROM codes WHERE area IS NULL")\n' + _REQUIRED,
        (_NULL,),
        "handled",
        look="SELECT area FROM codes WHERE id = 91",
    ),
    NewRowCase(
        "a downgrade that refuses when it finds NULL",
        CODES,
        _NULLABLE,
        'if op.get_bind().execute(sa.text("SELECT 1 FROM codes WHERE area IS NULL")).first():\n'
        '    raise NotImplementedError("rows without an area cannot go back")\n' + _REQUIRED,
        (_NULL,),
        "refuses",
    ),
    NewRowCase(
        "newer duplicates are deleted",
        CODES,
        _NO_UNIQUE,
        'op.execute("DELETE FROM codes WHERE id NOT IN (SELECT k FROM (SELECT min(id) AS k FROM codes'
        ' GROUP BY code) first)")\n' + _UNIQUE,
        (_TWIN,),
        "handled",
        look="SELECT id FROM codes WHERE code = 'a'",
        becomes=((1,),),
    ),
    NewRowCase(
        "newer duplicates get another code",
        CODES,
        _NO_UNIQUE,
        steps(
            """
            bind = op.get_bind()
            seen = set()
            for id_, code in bind.execute(sa.text("SELECT id, code FROM codes ORDER BY id")).all():
                if code.lower() in seen:
                    new = {"n": f"~{id_}", "i": id_}
                    bind.execute(sa.text("UPDATE codes SET code = :n WHERE id = :i"), new)
                seen.add(code.lower())
            """,
            _UNIQUE,
        ),
        (_TWIN,),
        "handled",
        look="SELECT code FROM codes WHERE id = 91",
        becomes=(("~91",),),
    ),
    NewRowCase(
        "orphans are deleted",
        PAIRS,
        batch("sales", 'drop_constraint("fk_sales_shop", type_="foreignkey")'),
        'op.execute("DELETE FROM sales WHERE shop_id NOT IN (SELECT id FROM shops)")\n'
        + batch("sales", 'create_foreign_key("fk_sales_shop", "shops", ["shop_id"], ["id"])'),
        ("INSERT INTO sales (id, shop_id, amount) VALUES (91, 4711, 1)",),
        "handled",
        look="SELECT id FROM sales WHERE id = 91",
    ),
    NewRowCase(
        "orphans get the parent that they lack",
        PAIRS,
        batch("sales", 'drop_constraint("fk_sales_shop", type_="foreignkey")'),
        'op.execute("INSERT INTO shops (id) SELECT DISTINCT shop_id FROM sales'
        ' WHERE shop_id NOT IN (SELECT id FROM shops)")\n'
        + batch("sales", 'create_foreign_key("fk_sales_shop", "shops", ["shop_id"], ["id"])'),
        ("INSERT INTO sales (id, shop_id, amount) VALUES (91, 4711, 1)",),
        "handled",
        look="SELECT name FROM shops WHERE id = 4711",
        becomes=((None,),),
    ),
    NewRowCase(
        "numbers beyond a check are brought back to its limit",
        CODES,
        batch("codes", 'drop_constraint("ck_codes_area", type_="check")'),
        'op.execute("UPDATE codes SET area = 49 WHERE area >= 50")\n'
        + batch("codes", 'create_check_constraint("ck_codes_area", "area < 50")'),
        ("INSERT INTO codes (id, code, area) VALUES (91, 'z', 50)",),
        "handled",
        look="SELECT area FROM codes WHERE id = 91",
        becomes=((49,),),
    ),
    NewRowCase(
        "a new word of a check is mapped to an old one",
        LAMPS,
        batch(
            "lamps",
            'drop_constraint("ck_lamps_colour", type_="check")',
            "create_check_constraint(\"ck_lamps_colour\", \"colour IN ('red', 'amber', 'green')\")",
        ),
        "op.execute(\"UPDATE lamps SET colour = 'red' WHERE colour = 'amber'\")\n"
        + batch(
            "lamps",
            'drop_constraint("ck_lamps_colour", type_="check")',
            "create_check_constraint(\"ck_lamps_colour\", \"colour IN ('red', 'green')\")",
        ),
        ("INSERT INTO lamps (id, colour) VALUES (91, 'amber')",),
        "handled",
        look="SELECT colour FROM lamps WHERE id = 91",
        becomes=(("red",),),
    ),
    NewRowCase(
        "a new label is mapped to an old one",
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
        op.execute(
            "ALTER TABLE people ALTER COLUMN mood TYPE mood"
            " USING (CASE mood::text WHEN 'glad' THEN 'calm' ELSE mood::text END)::mood"
        )
        op.execute("DROP TYPE mood_old")
        """,
        ("INSERT INTO people (id, mood) VALUES (91, 'glad')",),
        "handled",
        (POSTGRESQL,),
        look="SELECT mood::text FROM people WHERE id = 91",
        becomes=(("calm",),),
    ),
    NewRowCase(
        "a new label of MariaDB falls back to the default",
        INLINE,
        "op.execute(\"ALTER TABLE people MODIFY mood ENUM('calm', 'sad', 'glad') NOT NULL\")",
        "op.execute(\"UPDATE people SET mood = 'calm' WHERE mood = 'glad'\")\n"
        "op.execute(\"ALTER TABLE people MODIFY mood ENUM('calm', 'sad') NOT NULL\")",
        ("INSERT INTO people (id, mood) VALUES (91, 'glad')",),
        "handled",
        (MARIADB,),
        look="SELECT mood FROM people WHERE id = 91",
        becomes=(("calm",),),
    ),
    NewRowCase(
        "long texts are cut in words",
        CODES,
        _LONGER,
        'op.execute("UPDATE codes SET note = substr(note, 1, 30) WHERE length(note) > 30")\n' + _SHORTER,
        (_LONG,),
        "handled",
        look="SELECT note FROM codes WHERE id = 91",
        becomes=(("n" * 30,),),
    ),
    NewRowCase(
        "long texts on SQLite, which keeps them whole",
        CODES,
        _LONGER,
        _SHORTER,
        (_LONG,),
        "handled",
        (SQLITE,),
        look="SELECT note FROM codes WHERE id = 91",
        becomes=(("n" * 40,),),
    ),
    NewRowCase(
        "large numbers have their rows deleted",
        CODES,
        batch("codes", 'drop_constraint("ck_codes_area", type_="check")') + "\n" + _LARGER,
        'op.execute("DELETE FROM codes WHERE area >= 50 OR area < -2147483648")\n'
        + _SMALLER
        + "\n"
        + batch("codes", 'create_check_constraint("ck_codes_area", "area < 50")'),
        ("INSERT INTO codes (id, code, area) VALUES (91, 'z', 3000000000)",),
        "handled",
        look="SELECT id FROM codes WHERE id = 91",
    ),
    NewRowCase(
        "overlapping bookings are deleted, the newer ones",
        BOOKINGS,
        'op.execute("ALTER TABLE bookings DROP CONSTRAINT ex_bookings")',
        'op.execute("DELETE FROM bookings b USING bookings o WHERE b.days && o.days AND b.id > o.id")\n'
        'op.execute("ALTER TABLE bookings ADD CONSTRAINT ex_bookings EXCLUDE USING gist (days WITH &&)")',
        ("INSERT INTO bookings (id, days) VALUES (91, '[1,5)')",),
        "handled",
        (POSTGRESQL,),
        look="SELECT id FROM bookings WHERE id = 91",
    ),
    NewRowCase(
        "a domain's new values go before it is tightened",
        DOMAIN,
        'op.execute("ALTER DOMAIN grade DROP CONSTRAINT low")',
        'op.execute("UPDATE tests SET grade = NULL WHERE grade >= 10")\n'
        'op.execute("ALTER DOMAIN grade ADD CONSTRAINT low CHECK (VALUE < 10)")',
        ("INSERT INTO tests (id, grade) VALUES (91, 10)",),
        "handled",
        (POSTGRESQL,),
        look="SELECT grade FROM tests WHERE id = 91",
        becomes=((None,),),
    ),
    NewRowCase(
        "a partial unique index, duplicates outside of it deleted",
        INDEXED,
        'op.drop_index("ix_codes_code", table_name="codes")\n'
        'op.execute("CREATE UNIQUE INDEX ix_codes_code ON codes (code) WHERE live = 1")',
        'op.drop_index("ix_codes_code", table_name="codes")\n'
        'op.execute("DELETE FROM codes WHERE code IS NOT NULL'
        ' AND id NOT IN (SELECT min(id) FROM codes GROUP BY code)")\n'
        'op.create_index("ix_codes_code", "codes", ["code"], unique=True)',
        ("INSERT INTO codes (id, code, live) VALUES (91, 'a', 0)",),
        "handled",
        LIGHT,
        look="SELECT id FROM codes WHERE id = 91",
    ),
    NewRowCase(
        "a required column comes back with a default for new rows",
        CODES,
        """
        op.execute("CREATE TABLE kept AS SELECT id, area FROM codes")
        with op.batch_alter_table("codes") as batch_op:
            batch_op.drop_constraint("ck_codes_area", type_="check")
            batch_op.drop_column("area")
        """,
        """
        op.add_column("codes", sa.Column("area", sa.Integer()))
        op.execute("UPDATE codes SET area = coalesce((SELECT area FROM kept WHERE kept.id = codes.id), 0)")
        with op.batch_alter_table("codes") as batch_op:
            batch_op.alter_column("area", nullable=False, existing_type=sa.Integer())
            batch_op.create_check_constraint("ck_codes_area", "area < 50")
        op.drop_table("kept")
        """,
        ("INSERT INTO codes (id, code) VALUES (91, 'z')",),
        "handled",
        look="SELECT area FROM codes WHERE id = 91",
        becomes=((0,),),
    ),
    NewRowCase(
        "a column moved to a table of its own, whose new rows belong to old ones",
        USERS,
        """
        op.create_table(
            "phones",
            sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id", name="fk_phones_user"), primary_key=True),
            sa.Column("number", sa.String(20)),
        )
        op.execute("INSERT INTO phones (user_id, number) SELECT id, phone FROM users WHERE phone IS NOT NULL")
        op.drop_column("users", "phone")
        """,
        """
        op.add_column("users", sa.Column("phone", sa.String(20)))
        op.execute("UPDATE users SET phone = (SELECT number FROM phones WHERE user_id = users.id)")
        op.drop_table("phones")
        """,
        ("INSERT INTO users (id, name) VALUES (91, 'Zoe')", "INSERT INTO phones VALUES (91, '+1')"),
        "handled",
        look="SELECT phone FROM users WHERE id = 91",
        becomes=(("+1",),),
    ),
    NewRowCase(
        "a column whose values have a format of the migration's own",
        LAMPS,
        """
        op.add_column("lamps", sa.Column("mark", sa.String(20)))
        op.execute("UPDATE lamps SET mark = '#1'")
        """,
        """
        bind = op.get_bind()
        for (mark,) in bind.execute(sa.text("SELECT mark FROM lamps WHERE mark IS NOT NULL")).all():
            assert int(mark.removeprefix("#")) >= 0
        op.drop_column("lamps", "mark")
        """,
        ("INSERT INTO lamps (id, colour, mark) VALUES (91, 'red', '#77')",),
        "handled",
        look="SELECT colour FROM lamps WHERE id = 91",
        becomes=(("red",),),
    ),
    NewRowCase(
        "a foreign key set free, orphans refused on purpose",
        PAIRS,
        batch("sales", 'drop_constraint("fk_sales_shop", type_="foreignkey")'),
        'orphans = sa.text("SELECT 1 FROM sales WHERE shop_id NOT IN (SELECT id FROM shops)")\n'
        "if op.get_bind().execute(orphans).first():\n"
        '    raise NotImplementedError("there are sales of no shop")\n'
        + batch("sales", 'create_foreign_key("fk_sales_shop", "shops", ["shop_id"], ["id"])'),
        ("INSERT INTO sales (id, shop_id, amount) VALUES (91, 4711, 1)",),
        "refuses",
    ),
    NewRowCase(
        "a column beside a key of bytes",
        TOKENS,
        'op.add_column("tokens", sa.Column("size", sa.Integer()))',
        'op.drop_column("tokens", "size")',
        ("INSERT INTO tokens (id, name, size) VALUES ('b2', 'Zoe', 7)",),
        "handled",
        look="SELECT name FROM tokens WHERE name = 'Zoe'",
        becomes=(("Zoe",),),
    ),
    NewRowCase(
        "a column beside a key that is a span of time",
        WAITS,
        'op.add_column("waits", sa.Column("size", sa.Integer()))',
        'op.drop_column("waits", "size")',
        ("INSERT INTO waits (span, name, size) VALUES ('3 days 01:00', 'Zoe', 7)",),
        "handled",
        (POSTGRESQL,),
        look="SELECT name FROM waits WHERE span = '3 days 01:00'",
        becomes=(("Zoe",),),
    ),
]
