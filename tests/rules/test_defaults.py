"""Columns that are added with values for every row (MRT404, MRT405)."""

from __future__ import annotations

import pytest

from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.state import State
from mrt_lint.schema.volatility import Volatility, default_volatility
from mrt_lint.sql import canonical_default, lower_sql
from tests.rules.linting import findings, found

USERS = 'op.create_table("users", sa.Column("id", sa.Integer, primary_key=True))'
DOMAINS = """
op.execute("CREATE TYPE pair AS (a int)")
op.execute("CREATE TYPE mood AS ENUM ('ok')")
op.execute("ALTER FUNCTION older() OWNER TO somebody")
op.execute("CREATE DOMAIN plain AS int")
op.execute("CREATE DOMAIN positive AS int CHECK (VALUE > 0)")
op.execute("CREATE FUNCTION drawn() RETURNS int LANGUAGE plpgsql AS $$ begin return 1; end $$")
op.execute("CREATE FUNCTION looked_up() RETURNS int STABLE LANGUAGE plpgsql AS $$ begin return 1; end $$")
"""

COLUMNS = {
    "nothing": ("sa.Integer", []),
    "a constant": ('sa.Integer, server_default="0"', []),
    "a string": ('sa.String(20), server_default="random()"', []),
    "a stable function": ("sa.DateTime, server_default=sa.func.now()", []),
    "a function as text": ('sa.Float, server_default=sa.text("random()")', ["MRT404"]),
    "a function of SQLAlchemy": ("sa.Float, server_default=sa.func.random()", ["MRT404"]),
    "a function inside another": ('sa.Text, server_default=sa.text("md5(random()::text)")', ["MRT404"]),
    "a default of Python's": ("sa.Uuid, default=uuid.uuid4", []),
    "a function that is not known": ('sa.Integer, server_default=sa.text("tell()")', ["MRT404"]),
    "a function of the history": ('sa.Integer, server_default=sa.text("drawn()")', ["MRT404"]),
    "a stable one of the history": ('sa.Integer, server_default=sa.text("looked_up()")', []),
    "identity": ("sa.Integer, sa.Identity()", ["MRT404"]),
    "stored": ('sa.Integer, sa.Computed("id", persisted=True)', ["MRT404"]),
    "virtual": ('sa.Integer, sa.Computed("id", persisted=False)', []),
    "a domain": ('postgresql.DOMAIN("plain", sa.Integer)', []),
    "a composite type": ('postgresql.DOMAIN("pair", sa.Integer)', []),
    "an enum": ('postgresql.ENUM("ok", name="mood", create_type=False)', []),
    "a function of which only its name is known": (
        'sa.Integer, server_default=sa.text("older()")',
        ["MRT404"],
    ),
    "a domain with a constraint": ('postgresql.DOMAIN("positive", sa.Integer)', ["MRT404"]),
}


@pytest.mark.parametrize("case", COLUMNS)
def test_what_makes_postgresql_write_every_row(case: str) -> None:
    arguments, codes = COLUMNS[case]
    head = "from sqlalchemy.dialects import postgresql\nimport uuid\n"
    add = f'{head}op.add_column("users", sa.Column("x", {arguments}))'
    assert found("MRT404 MRT405", add, given=[USERS, DOMAINS], version="15") == codes


def test_a_function_that_is_not_known_may_be_volatile() -> None:
    add = 'op.add_column("users", sa.Column("x", sa.Integer, server_default=sa.text("tell()")))'
    (finding,) = findings("MRT404", add, given=USERS)
    assert "may rewrite" in finding.message


def test_a_new_table_has_no_rows_to_write() -> None:
    add = 'op.add_column("users", sa.Column("x", sa.Float, server_default=sa.text("random()")))'
    assert found("MRT404 MRT405", f"{USERS}\n{add}") == []
    other = f'op.rename_table("users", "people")\n{USERS}\n{add}'
    assert found("MRT404", other, given=USERS) == []


CONSTANT = 'op.add_column("users", sa.Column("x", sa.Integer, server_default="0"))'
VERSIONS = {
    ("postgresql", "10.4"): True,
    ("postgresql", "11"): False,
    ("postgresql", None): True,
    ("mysql", "5.7"): True,
    ("mysql", "8.0.11"): True,
    ("mysql", "8.0"): False,
    ("mysql", "8.4"): False,
    ("mariadb", "10.2"): True,
    ("mariadb", "10.11"): False,
    ("sqlite", None): False,
    (None, None): True,
}


@pytest.mark.parametrize(("database", "version"), VERSIONS)
def test_which_versions_write_a_constant_default_into_every_row(database: str, version: str) -> None:
    codes = found("MRT405", CONSTANT, given=USERS, database=database, version=version)
    assert codes == ["MRT405"] * VERSIONS[database, version]


def test_a_rewrite_is_told_once() -> None:
    """MRT404 speaks of the same rewrite, whichever target it is on."""
    add = 'op.add_column("users", sa.Column("x", sa.Float, server_default=sa.text("random()")))'
    (finding,) = findings("MRT404 MRT405", add, given=USERS, database=None)
    assert (finding.rule, finding.dialects) == ("MRT404", ())
    assert found("MRT404 MRT405", add, given=USERS, version="10") == ["MRT404"]


def test_several_targets_are_told_of_at_once() -> None:
    (finding,) = findings("MRT405", CONSTANT, given=USERS, database=None)
    assert "PostgreSQL before 11 and MySQL before 8.0.12 write into every row" in finding.message
    assert finding.dialects == ()


DEFAULTS = {
    "CAST('x' AS varchar(3))": Volatility.FIXED,
    "numeric(10, 2) '1'": Volatility.FIXED,
    "extract(year FROM now())": Volatility.FIXED,
    "'random()'": Volatility.FIXED,
    "clock_timestamp()": Volatility.VOLATILE,
    "coalesce(nothing(), 1)": Volatility.UNKNOWN,
    "nothing() + random()": Volatility.VOLATILE,
    "utc_timestamp()": Volatility.FIXED,
    "drawn()": Volatility.VOLATILE,
    "uuid()": Volatility.VOLATILE,
}


@pytest.mark.parametrize("default", DEFAULTS)
def test_the_volatility_of_a_default(default: str) -> None:
    state = State("postgresql")
    made = "CREATE FUNCTION drawn() RETURNS int LANGUAGE sql AS 'select 1 -- stable';"
    for operation in lower_sql(made, ("postgresql",), {}):
        state = operation.apply(state)
    text = canonical_default(default, "postgresql")
    assert default_volatility(text, state)[0] is DEFAULTS[default]


def test_a_database_that_the_history_cannot_be_for_is_not_named() -> None:
    """MySQL has no VARCHAR without a length, so the project is for PostgreSQL alone."""
    only_there = 'op.create_table("notes", sa.Column("id", sa.Integer), sa.Column("body", sa.String()))'
    (finding,) = findings("MRT405", CONSTANT, given=[USERS, only_there], database=None)
    assert "PostgreSQL" in finding.message
    assert "MySQL" not in finding.message


STORED = 'op.add_column("users", sa.Column("x", sa.Integer, sa.Computed("id", persisted=True)))'
LOCKS = {
    ("MRT405", "postgresql", None): "into every row under an exclusive lock;",
    ("MRT405", "mysql", None): "into every row of a new copy, while others read and write;",
    ("MRT405", "mariadb", "10.2"): "into every row of a new copy, while others read and write",
    ("MRT405", None, None): "(PostgreSQL under an exclusive lock, MySQL while others read and write);",
    ("MRT404", "postgresql", "15"): "the whole table under an exclusive lock:",
    ("MRT404", "mysql", "8.4"): "the whole table under a lock against writing:",
    ("MRT404", "mariadb", "10.11"): "the whole table under a lock against writing:",
    ("MRT404", "mariadb", "11.4"): "the whole table: ",
    ("MRT404", None, None): "under an exclusive lock (PostgreSQL) or under a lock against writing (MySQL):",
}


@pytest.mark.parametrize(("code", "database", "version"), LOCKS)
def test_each_database_is_told_of_with_its_own_lock(
    code: str, database: Dialect | None, version: str | None
) -> None:
    add = CONSTANT if code == "MRT405" else STORED
    (finding,) = findings(code, add, given=USERS, database=database, version=version)
    assert LOCKS[code, database, version] in finding.message
