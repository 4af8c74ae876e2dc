"""What SQLAlchemy's qualified names mean, gathered from the modules beside this one."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from mrt_lint.evaluate.values import FrameworkValue, Value
from mrt_rules_alembic.sqlalchemy import (
    connection,
    constructors,
    ddl_elements,
    functions,
    inspector,
    orm,
    session,
)
from mrt_rules_alembic.sqlalchemy.flask import FLASK
from mrt_rules_alembic.sqlalchemy.types import TypeMaker, type_makers
from mrt_rules_alembic.sqlalchemy.user_types import TypeBase

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Call, Meaning

_SCHEMA: Final[dict[str, Meaning]] = {
    "Column": constructors.column,
    "Table": constructors.table,
    "MetaData": constructors.metadata,
    "ForeignKey": constructors.foreign_key,
    "PrimaryKeyConstraint": constructors.primary_key_constraint,
    "UniqueConstraint": constructors.unique_constraint,
    "CheckConstraint": constructors.check_constraint,
    "ForeignKeyConstraint": constructors.foreign_key_constraint,
    "Index": constructors.index,
    "Identity": constructors.identity,
    "Computed": constructors.computed,
    "Sequence": constructors.sequence,
    "DefaultClause": constructors.default_clause,
    "ColumnDefault": constructors.column_default,
    "FetchedValue": constructors.fetched_value,
    "DDL": ddl_elements.ddl_text,
    "conv": constructors.final_name,
}

_EXPRESSIONS: Final[dict[str, Meaning]] = {
    **functions.FUNCTIONS,
    "table": constructors.light_table,
    "column": constructors.light_column,
    "func": functions.FunctionName(""),
    "quoted_name": constructors.plain_string,
}

_MODULES: Final = (
    "sqlalchemy",
    "sqlalchemy.schema",
    "sqlalchemy.sql.schema",
    "sqlalchemy.sql",
    "sqlalchemy.sql.expression",
)


@lru_cache(maxsize=1)
def sqlalchemy_meanings() -> dict[str, Meaning]:
    """Returns the meaning of every qualified name of SQLAlchemy that is known here."""
    meanings: dict[str, Meaning] = {path: _type(maker) for path, maker in type_makers().items()}
    for module in _MODULES:
        for name, meaning in {**_SCHEMA, **_EXPRESSIONS}.items():
            meanings[f"{module}.{name}"] = meaning
    for name in ddl_elements.DDL_ELEMENTS:
        for module in (
            "sqlalchemy.schema",
            "sqlalchemy.sql.ddl",
            "sqlalchemy",
            "sqlalchemy.dialects.postgresql",
            "sqlalchemy.dialects.postgresql.base",
            "sqlalchemy.dialects.postgresql.named_types",
        ):
            meanings[f"{module}.{name}"] = _element(name)
    for name in ("TypeDecorator", "UserDefinedType"):
        for module in (
            "sqlalchemy",
            "sqlalchemy.types",
            "sqlalchemy.sql.type_api",
            "sqlalchemy.sql.sqltypes",
        ):
            meanings[f"{module}.{name}"] = TypeBase(name)
    meanings |= _DIALECTS
    meanings |= _ORM
    meanings |= _ENGINES
    meanings |= FLASK
    meanings["sqlalchemy.sql.functions.func"] = functions.FunctionName("")
    meanings["sqlalchemy.sql.elements.quoted_name"] = constructors.plain_string
    meanings["sqlalchemy.sql.elements.conv"] = constructors.final_name
    meanings["sqlalchemy.sql.naming.conv"] = constructors.final_name
    return meanings


def _type(maker: TypeMaker) -> Meaning:
    def meaning(call: Call) -> Value:
        return maker(call.args, call.kwargs, call)

    return meaning


def _element(name: str) -> Meaning:
    def meaning(call: Call) -> Value:
        return ddl_elements.DdlElement(name, call)

    return meaning


def _signed(dialect: str, meaning: Meaning) -> Meaning:
    """Returns a meaning that also notes the database it belongs to."""
    if isinstance(meaning, FrameworkValue):
        return meaning

    def signed(call: Call) -> Value:
        call.evaluator.sign(dialect)  # type: ignore[arg-type]
        return meaning(call)

    return signed


_DIALECTS: Final[dict[str, Meaning]] = {
    f"sqlalchemy.dialects.{dialect}{module}.{name}": _signed(dialect, meaning)
    for dialect in ("postgresql", "mysql", "sqlite", "mssql", "oracle")
    for module in ("", ".dml", ".base", ".array", ".ext")
    for name, meaning in {
        "insert": functions.FUNCTIONS["insert"],
        "Insert": functions.FUNCTIONS["insert"],
        "array": functions.array,
        "ExcludeConstraint": constructors.exclude_constraint,
    }.items()
}

_ORM: Final[dict[str, Meaning]] = {
    **{
        f"{module}.{name}": meaning
        for module in (
            "sqlalchemy.orm",
            "sqlalchemy.orm.session",
            "sqlalchemy.ext.asyncio",
            "sqlalchemy.orm.scoping",
        )
        for name, meaning in {
            "Session": session.session,
            "sessionmaker": session.session_maker,
            "scoped_session": session.scoped_session,
            "async_scoped_session": session.scoped_session,
            "AsyncSession": session.session,
            "async_sessionmaker": session.session_maker,
            "create_session": session.session,
        }.items()
    },
    "sqlalchemy.orm.declarative_base": orm.declarative_base,
    "sqlalchemy.orm.decl_api.declarative_base": orm.declarative_base,
    "sqlalchemy.ext.declarative.declarative_base": orm.declarative_base,
    "sqlalchemy.ext.declarative.api.declarative_base": orm.declarative_base,
    "sqlalchemy.orm.DeclarativeBase": orm.DeclarativeBase(),
    "sqlalchemy.orm.DeclarativeBaseNoMeta": orm.DeclarativeBase(),
    "sqlalchemy.orm.mapped_column": orm.mapped_column,
    "sqlalchemy.orm.column_property": constructors.plain_string,
    "sqlalchemy.orm.aliased": orm.aliased,
}

_ENGINES: Final[dict[str, Meaning]] = {
    **{
        f"{module}.{name}": meaning
        for module in (
            "sqlalchemy",
            "sqlalchemy.engine",
            "sqlalchemy.engine.create",
            "sqlalchemy.ext.asyncio",
        )
        for name, meaning in (
            ("create_engine", connection.create_engine),
            ("create_async_engine", connection.create_engine),
            ("engine_from_config", connection.engine_from_config),
            ("async_engine_from_config", connection.engine_from_config),
        )
    },
    "sqlalchemy.inspect": inspector.inspect,
    "sqlalchemy.inspection.inspect": inspector.inspect,
    "sqlalchemy.engine.reflection.Inspector.from_engine": inspector.inspect,
    "sqlalchemy.engine.reflection.Inspector": inspector.inspect,
    "sqlalchemy.engine.Inspector": inspector.inspect,
    "sqlalchemy.engine.Inspector.from_engine": inspector.inspect,
    "sqlalchemy.Inspector.from_engine": inspector.inspect,
    "sqlalchemy.Inspector": inspector.inspect,
}
