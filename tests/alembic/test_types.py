"""Every column type is what SQLAlchemy's own compilers make of it."""

from __future__ import annotations

import importlib
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite
from sqlalchemy.dialects.mysql.mariadb import MariaDBDialect

from mrt_lint.evaluate.call import Call
from mrt_lint.ops.span import NOWHERE
from mrt_lint.schema.names import UNKNOWN
from mrt_lint.schema.types import SqlType
from mrt_lint.sql import type_from_sql
from mrt_rules_alembic.sqlalchemy.types import type_makers

COMPILERS = {
    "postgresql": postgresql.dialect(),
    "mysql": mysql.dialect(),
    "mariadb": MariaDBDialect(),
    "sqlite": sqlite.dialect(),
    "oracle": oracle.dialect(),
    "mssql": mssql.dialect(),
}
COMPILERS["mssql"].server_version_info = (15, 0, 0)
COMPILERS["mssql"].deprecate_large_types = True
COMPILERS["mariadb"].server_version_info = (10, 11, 0)

NAMED = {
    "Enum": (("a", "bbb"), {"name": "e"}),
    "ENUM": (("a", "bbb"), {"name": "e"}),
    "SET": (("a", "b"), {}),
}
WITHOUT_FORM = {"NullType", "NULLTYPE", "DOMAIN"}
NEED_ARGUMENTS = {"BFILE", "NVARCHAR", "VARBINARY", "VARCHAR"}
"""Types that SQLAlchemy itself cannot write without arguments on their own database."""


class Services:
    """The little that a type asks of the evaluator."""

    def sign(self, dialect: str) -> None: ...

    def mentions(self, word: str) -> bool:
        return False


def call(args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None) -> Call:
    return Call(Services(), "type", args, kwargs or {}, NOWHERE, NOWHERE)  # type: ignore[arg-type]


def _bare() -> list[tuple[str, tuple[Any, ...], dict[str, Any]]]:
    """Every type of the table that the installed SQLAlchemy has, without arguments."""
    found = []
    for path in sorted(type_makers()):
        module, _, name = path.rpartition(".")
        plain = module == "sqlalchemy" or (
            module.startswith("sqlalchemy.dialects.") and module.count(".") == 2
        )
        if not plain or "mariadb" in module or name in WITHOUT_FORM:
            continue
        if not hasattr(importlib.import_module(module), name):
            continue
        args, kwargs = NAMED.get(name, ((sa.Integer(),) if name == "ARRAY" else (), {}))
        found.append((path, args, kwargs))
    return found


D = "sqlalchemy.dialects."
WITH_ARGUMENTS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("sqlalchemy.String", (50,), {}),
    ("sqlalchemy.String", (), {"length": 20}),
    ("sqlalchemy.Text", (500,), {}),
    ("sqlalchemy.Unicode", (20,), {}),
    ("sqlalchemy.LargeBinary", (20,), {}),
    ("sqlalchemy.Float", (24,), {}),
    ("sqlalchemy.Float", (53,), {}),
    ("sqlalchemy.Numeric", (10, 2), {}),
    ("sqlalchemy.Numeric", (10,), {}),
    ("sqlalchemy.Numeric", (), {"precision": 8, "scale": 3}),
    ("sqlalchemy.DateTime", (True,), {}),
    ("sqlalchemy.DateTime", (), {"timezone": True}),
    ("sqlalchemy.Time", (True,), {}),
    ("sqlalchemy.TIMESTAMP", (), {"timezone": True}),
    ("sqlalchemy.Interval", (False,), {}),
    ("sqlalchemy.Uuid", (), {"native_uuid": False}),
    ("sqlalchemy.Enum", ("a", "b"), {"name": "e", "native_enum": False}),
    ("sqlalchemy.Enum", ("a", "b"), {"name": "e", "native_enum": False, "length": 30}),
    ("sqlalchemy.Enum", ("a", "b"), {"name": "e", "schema": "s"}),
    ("sqlalchemy.CHAR", (3,), {}),
    ("sqlalchemy.NCHAR", (3,), {}),
    ("sqlalchemy.NVARCHAR", (3,), {}),
    ("sqlalchemy.BINARY", (3,), {}),
    ("sqlalchemy.VARBINARY", (3,), {}),
    ("sqlalchemy.DECIMAL", (8, 3), {}),
    ("sqlalchemy.ARRAY", (sa.Integer(),), {"dimensions": 2}),
    (f"{D}postgresql.ARRAY", (sa.String(5),), {}),
    (f"{D}postgresql.BIT", (3,), {}),
    (f"{D}postgresql.BIT", (3, True), {}),
    (f"{D}postgresql.INTERVAL", (), {"precision": 2}),
    (f"{D}postgresql.INTERVAL", (), {"fields": "DAY TO SECOND"}),
    (f"{D}postgresql.TIMESTAMP", (True, 3), {}),
    (f"{D}postgresql.TIMESTAMP", (), {"precision": 3}),
    (f"{D}postgresql.TIME", (True, 3), {}),
    (f"{D}postgresql.VARCHAR", (3,), {}),
    (f"{D}mysql.INTEGER", (11,), {"unsigned": True}),
    (f"{D}mysql.TINYINT", (1,), {}),
    (f"{D}mysql.TINYINT", (4,), {}),
    (f"{D}mysql.BIGINT", (20,), {"unsigned": True}),
    (f"{D}mysql.DATETIME", (), {"fsp": 6}),
    (f"{D}mysql.TIMESTAMP", (), {"fsp": 3}),
    (f"{D}mysql.TIME", (), {"fsp": 3}),
    (f"{D}mysql.BIT", (8,), {}),
    (f"{D}mysql.VARCHAR", (10,), {"charset": "utf8", "collation": "utf8_bin"}),
    (f"{D}mysql.DOUBLE", (10, 2), {}),
    (f"{D}mysql.FLOAT", (10, 2), {}),
    (f"{D}mysql.DECIMAL", (10, 2), {"unsigned": True}),
    (f"{D}mysql.TEXT", (100,), {}),
    (f"{D}oracle.NUMBER", (10, 2), {}),
    (f"{D}oracle.VARCHAR2", (20,), {}),
    (f"{D}oracle.RAW", (16,), {}),
    (f"{D}mssql.DATETIME2", (3,), {}),
    (f"{D}mssql.NVARCHAR", (30,), {}),
    (f"{D}mssql.VARBINARY", ("max",), {}),
]


def _mine(value: Any) -> Any:
    """An SQLAlchemy type given as an argument, as the evaluator would have it."""
    if not isinstance(value, sa.types.TypeEngine):
        return value
    args = (value.length,) if isinstance(value, sa.String) else ()
    return type_makers()[f"sqlalchemy.{type(value).__name__}"](args, {}, call())


def _compared(sql: SqlType, dialect: str) -> SqlType:
    """The type on one database, without what its text cannot say."""
    found = replace(sql.for_dialect(dialect), creates_type=False)  # type: ignore[arg-type]
    return replace(found, labels=()) if dialect == "postgresql" else found


OTHERWISE_BEFORE_2_1 = {("oracle", "Boolean"), ("mariadb", "Uuid")}
"""What SQLAlchemy 2.0 renders in another way: SMALLINT, CHAR(32). The replay takes the newer one's word."""


@pytest.mark.parametrize(("path", "args", "kwargs"), [*_bare(), *WITH_ARGUMENTS])
def test_type_is_what_sqlalchemy_renders(path: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    module, _, name = path.rpartition(".")
    real = getattr(importlib.import_module(module), name)(*args, **kwargs)
    own = tuple(_mine(arg) for arg in args)
    mine = type_makers()[path](own, kwargs, call(own, kwargs)).sql
    assert mine is not UNKNOWN
    home = module.rpartition(".")[2] if ".dialects." in module else None
    checked = 0
    for dialect, compiler in COMPILERS.items():
        if home is not None and home != dialect and not (home == "mysql" and dialect == "mariadb"):
            continue
        if (dialect, name) in OTHERWISE_BEFORE_2_1 and sa.__version__.startswith("2.0."):
            continue
        try:
            text = real.compile(dialect=compiler)
        except (sa.exc.CompileError, sa.exc.ArgumentError, AttributeError, TypeError):
            continue
        want = type_from_sql(text, dialect)  # type: ignore[arg-type]
        assert want is not None, text
        if name == "VECTOR":
            want = replace(want, args=())
        assert _compared(mine, dialect) == _compared(want, dialect), (dialect, text)
        checked += 1
    assert checked or name in NEED_ARGUMENTS


def test_every_type_of_the_installed_sqlalchemy_is_known() -> None:
    """A type that a newer SQLAlchemy adds is noticed here."""
    makers = type_makers()
    bases = {
        "TypeDecorator",
        "TypeEngine",
        "UserDefinedType",
        "TypeEngineMixin",
        "Variant",
        "TupleType",
        "NamedType",
        "Concatenable",
        "Indexable",
        "ExternalType",
        "SchemaType",
        "AbstractRange",
        "AbstractSingleRange",
        "AbstractMultiRange",
        "Emulated",
    }
    modules = [f"sqlalchemy.dialects.{name}" for name in ("postgresql", "mysql", "sqlite", "mssql", "oracle")]
    missing = [
        f"{module}.{name}"
        for module in ("sqlalchemy.types", *modules)
        for name, value in vars(importlib.import_module(module)).items()
        if isinstance(value, type) and issubclass(value, sa.types.TypeEngine) and not name.startswith("_")
        if name not in bases and f"{module}.{name}" not in makers
    ]
    assert missing == []


def test_a_length_that_is_not_known_is_not_guessed() -> None:
    from mrt_lint.evaluate.values import NotKnown

    made = type_makers()["sqlalchemy.String"]((NotKnown("a length"),), {}, call()).sql
    assert made
    assert not made.exact
    assert made.args == ()
