"""Types that are widened, each by a downgrade that forgets the values which only the wide one holds."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from tests.dynamic.catalogue.case import MARIADB, POSTGRESQL, SERVERS, SQLITE
from tests.dynamic.catalogue.givens import table
from tests.dynamic.newrows.building import retyped, steps
from tests.dynamic.newrows.case import NewRowCase


def _typed(
    name: str,
    old: str,
    new: str,
    value: str,
    says: str,
    databases: tuple[str, ...] = SERVERS,
    *,
    fate: str = "fails",
    becomes: object = None,
) -> NewRowCase:
    """Returns a case of a table with one column of a type that is widened."""
    given = table(
        f"""
        from sqlalchemy.dialects import mysql
        op.create_table("things", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("v", {old}))
        """,
        "things",
        "INSERT INTO things (id, v) VALUES (1, NULL)",
    )
    up, down = (
        steps("from sqlalchemy.dialects import mysql", code) for code in retyped("things", "v", old, new)
    )
    if "none" in value:  # PostgreSQL turns no text into anything else by itself
        turn = "integer" if "Integer" in old else "date"
        down = down.replace("existing_type=", f'postgresql_using="v::{turn}", existing_type=')
    looks = "SELECT v FROM things WHERE id = 91" if fate == "new rows" else ""
    return NewRowCase(
        name,
        given,
        up,
        down,
        (f"INSERT INTO things (id, v) VALUES (91, {value})",),
        fate,
        databases,
        "things",
        "v",
        (says,),
        looks,
        ((becomes,),) if looks else (),
    )


TYPED = [
    _typed("a text gets longer", "sa.String(5)", "sa.String(9)", "'123456789'", "9 characters"),
    _typed("a character column gets longer", "sa.CHAR(2)", "sa.CHAR(3)", "'abc'", "3 characters"),
    _typed("a text loses its limit", "sa.String(5)", "sa.Text()", "'123456789'", "10000 characters"),
    _typed(
        "an integer gets larger",
        "sa.Integer()",
        "sa.BigInteger()",
        "3000000000",
        "9223372036854775807",
    ),
    _typed("a small integer gets larger", "sa.SmallInteger()", "sa.Integer()", "40000", "2147483647"),
    _typed("a number gets more digits", "sa.Numeric(6, 2)", "sa.Numeric(9, 2)", "99999.25", "10000"),
    _typed(
        "a whole number becomes a text",
        "sa.Integer()",
        "sa.String(20)",
        "'none'",
        "a row with 'none' in v",
    ),
    _typed("a date becomes a text", "sa.Date()", "sa.String(20)", "'none'", "a row with 'none' in v"),
    _typed(
        "an unsigned number may be negative",
        "mysql.INTEGER(unsigned=True)",
        "mysql.INTEGER()",
        "-1",
        "-2147483648",
        (MARIADB,),
    ),
    _typed(
        "PostgreSQL rounds the decimals that a number got",
        "sa.Numeric(8, 2)",
        "sa.Numeric(10, 4)",
        "7.1234",
        "the downgrade silently makes v = 1.00 of it",
        (POSTGRESQL,),
        fate="new rows",
        becomes=Decimal("7.12"),
    ),
    _typed(
        "a moment is cut to its day",
        "sa.Date()",
        "sa.DateTime()",
        "'2021-03-04 05:06:07'",
        "the downgrade silently makes v = '2021-03-04' of it",
        (POSTGRESQL,),
        fate="new rows",
        becomes=date(2021, 3, 4),
    ),
    _typed(
        "fractions of a second are cut",
        "mysql.DATETIME()",
        "mysql.DATETIME(fsp=6)",
        "'2021-03-04 05:06:07.250000'",
        "the downgrade silently makes v =",
        (MARIADB,),
        fate="new rows",
        becomes=datetime(2021, 3, 4, 5, 6, 7),
    ),
    _typed(
        "a word cast to a number by SQLite",
        "sa.Integer()",
        "sa.String(20)",
        "'none'",
        "the downgrade silently makes v = 0 of it",
        (SQLITE,),
        fate="new rows",
        becomes=0,
    ),
    _typed(
        "a blob that holds more",
        "mysql.BLOB()",
        "mysql.LONGBLOB()",
        "REPEAT('n', 70000)",
        "65536 bytes",
        (MARIADB,),
    ),
    _typed(
        "bytes that get more room",
        "mysql.VARBINARY(4)",
        "mysql.VARBINARY(6)",
        "'abcdef'",
        "6 bytes",
        (MARIADB,),
    ),
]
