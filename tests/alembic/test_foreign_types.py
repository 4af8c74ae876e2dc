"""Types of one database's dialect on another: what SQLAlchemy has no word for raises (MRT806, MRT807)."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from sqlalchemy.exc import CompileError, UnsupportedCompilationError

from mrt_lint.schema.dialects import Dialect
from mrt_rules_alembic.sqlalchemy.foreign_types import _UNWRITTEN
from tests.rules.linting import findings, found

_ARGUMENTS: dict[str, tuple[Any, ...]] = {"ENUM": ("on", "off"), "SET": ("on", "off")}
_TYPES = [
    (owner, name, database) for owner, names, on in _UNWRITTEN for name in names.split() for database in on
]


def _made(owner: str, name: str) -> Any:
    types = importlib.import_module(f"sqlalchemy.dialects.{owner}")
    if not hasattr(types, name):
        pytest.skip(f"this release has no {owner}.{name}")
    if name == "ARRAY":
        return types.ARRAY(types.INTEGER())
    if name == "DOMAIN":
        return types.DOMAIN("positive", types.INTEGER())
    return getattr(types, name)(*_ARGUMENTS.get(name, ()))


@pytest.mark.parametrize(("owner", "name", "database"), _TYPES)
def test_sqlalchemy_refuses_to_write_it(owner: str, name: str, database: str) -> None:
    module = "mysql" if database == "mariadb" else database
    dialect = importlib.import_module(f"sqlalchemy.dialects.{module}").dialect()
    # The compiler of PostgreSQL asks some for what only its own have: an AttributeError.
    with pytest.raises((UnsupportedCompilationError, CompileError, AttributeError)):
        _made(owner, name).compile(dialect=dialect)


USERS = """
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("span", sa.String(9)))
"""


@pytest.mark.parametrize(
    ("kind", "database", "codes"),
    [
        ("postgresql.INTERVAL()", "sqlite", ["MRT807"]),
        ("postgresql.BYTEA()", "mysql", ["MRT807"]),
        ("sa.ARRAY(sa.Integer)", "sqlite", ["MRT807"]),
        ("mysql.LONGTEXT()", "postgresql", ["MRT807"]),
        ("mysql.ENUM('a', 'b')", "sqlite", ["MRT807"]),
        ("postgresql.INTERVAL()", "postgresql", []),
        ("postgresql.INET().with_variant(sa.String(45), 'sqlite')", "sqlite", []),
        ("sa.Text().with_variant(postgresql.TSVECTOR(), 'postgresql')", "sqlite", []),
        ("sa.Text().with_variant(mysql.LONGTEXT(), 'mysql')", "sqlite", []),
        # Some releases write these.
        ("postgresql.UUID()", "sqlite", []),
        ("postgresql.JSONB()", "sqlite", []),
    ],
)
def test_a_type_of_another_database(kind: str, database: Dialect, codes: list[str]) -> None:
    upgrade = (
        "from sqlalchemy.dialects import mysql, postgresql\n"
        f'op.add_column("users", sa.Column("extra", {kind}))'
    )
    assert (
        found("MRT807", upgrade, 'op.drop_column("users", "extra")', given=USERS, database=database) == codes
    )


BACK = """from sqlalchemy.dialects import postgresql
with op.batch_alter_table("users") as batch_op:
    batch_op.alter_column("span", type_=postgresql.INTERVAL())
"""


def test_a_downgrade_to_such_a_type_fails_and_casts_nothing() -> None:
    upgrade = (
        'with op.batch_alter_table("users") as batch_op:\n    batch_op.alter_column("span", type_=sa.Text())'
    )
    (told,) = findings("MRT804 MRT806", upgrade, BACK, given=USERS, database="sqlite")
    assert told.rule == "MRT806"
    assert "cannot be written for SQLite" in told.message


def test_a_history_with_such_a_type_is_not_for_a_database_that_lacks_it() -> None:
    given = USERS.replace("sa.String(9)", "sa.dialects.postgresql.INTERVAL()")
    upgrade = 'op.create_index("ix_span", "users", ["span"])'
    told = findings(
        "MRT407", "import sqlalchemy.dialects.postgresql\n" + upgrade, "", given=given, database=None
    )
    assert [one.rule for one in told] == ["MRT407"]
    assert "on " not in told[0].message.partition("meanwhile")[2]


def test_sql_may_name_any_type_on_sqlite() -> None:
    upgrade = 'op.execute("ALTER TABLE users ADD COLUMN extra INTERVAL")'
    assert found("MRT807", upgrade, 'op.drop_column("users", "extra")', given=USERS, database="sqlite") == []


def test_a_file_that_tells_sqlalchemy_how_to_write_it() -> None:
    upgrade = """from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
op.add_column("users", sa.Column("extra", postgresql.INET()))
"""
    assert found("MRT807", upgrade, 'op.drop_column("users", "extra")', given=USERS, database="sqlite") == []


def test_what_fails_on_each_database_for_its_own_reason_is_two_findings() -> None:
    given = 'op.create_table("users", sa.Column("span", sa.Enum("day", "week", name="spans")))'
    asks = 'on = op.get_bind().dialect.name\nif on in ("postgresql", "sqlite"):\n    op.execute("SELECT 1")\n'
    upgrade = f'{asks}op.add_column("users", sa.Column("age", sa.Integer))'
    told = findings("MRT806", upgrade, f'{BACK}op.drop_column("users", "age")', given=given, database=None)
    assert [finding.message.rpartition(" ")[2] for finding in told] == ["USING", "SQLite"]
