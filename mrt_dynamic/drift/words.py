"""Alembic's differences between models and a database, in words.

The forms of the tuples: `alembic.autogenerate.compare_metadata` in Alembic's API documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

MODELS_ALONE: Final = "is in the models, not in the database"
DATABASE_ALONE: Final = "is in the database, not in the models"


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference between models and database. `kind`: Alembic's word for it (`add_column`).

    `table` and `column` are None where it has none. `message` says which of the two sides has what.
    `name`: of the index or constraint; `columns`: those that it is on, None for anything else.
    """

    kind: str
    message: str
    table: str | None = None
    column: str | None = None
    name: str | None = None
    columns: tuple[str, ...] | None = None


def drifts(found: Iterable[Any], dialect: Dialect) -> Iterator[Drift]:
    """Yields what `compare_metadata` returns, a value for each difference.

    `dialect`: of the database, in whose words types are told.
    """
    for each in found:
        if isinstance(each, list):
            for one in each:
                yield _changed(one, dialect)
        else:
            yield _one(each, dialect)


def _one(difference: tuple[Any, ...], dialect: Dialect) -> Drift:
    kind, *rest = difference
    if kind in ("add_column", "remove_column"):
        schema, table, column = rest
        return _column(kind, schema, table, column, dialect)
    told = _WORDS.get(kind)
    if told is None:
        return Drift(kind, f"{kind}: {', '.join(map(str, rest))}")
    return told(kind, *rest)


def _table(kind: str, table: Any) -> Drift:
    return Drift(kind, f"table {table.fullname} {side(kind)}", table.fullname)


def _column(kind: str, schema: str | None, table: str, column: Any, dialect: Dialect) -> Drift:
    name = _name(schema, table)
    words = f"column {name}.{column.name} ({_sql(column.type, dialect)}) {side(kind)}"
    return Drift(kind, words, name, column.name)


def _index(kind: str, index: Any) -> Drift:
    unique = "unique index" if index.unique else "index"
    parts = [getattr(part, "name", None) or _sql(part) for part in index.expressions]
    table = index.table.fullname
    words = f"{unique} {index.name} on {table} ({', '.join(parts)}) {side(kind)}"
    return Drift(kind, words, table, name=index.name, columns=tuple(parts))


def _constraint(kind: str, constraint: Any) -> Drift:
    columns = tuple(column.name for column in constraint.columns)
    named = f" {constraint.name}" if constraint.name else ""
    what = type(constraint).__name__.removesuffix("Constraint").lower()
    table = constraint.table.fullname
    words = f"{what} constraint{named} on {table} ({', '.join(columns)}) {side(kind)}"
    return Drift(kind, words, table, name=constraint.name, columns=columns)


def _foreign_key(kind: str, key: Any) -> Drift:
    table = key.parent.fullname
    columns = tuple(key.column_keys)
    targets = ", ".join(element.target_fullname for element in key.elements)
    named = f" {key.name}" if key.name else ""
    actions = "".join(
        f" ON {word} {action}"
        for word, action in (("DELETE", key.ondelete), ("UPDATE", key.onupdate))
        if action
    )
    # What the database says of a usual one is no text: nothing, or false.
    if key.deferrable:
        actions += " DEFERRABLE"
    if key.initially:
        actions += f" INITIALLY {key.initially.upper()}"
    words = f"foreign key{named} {table} ({', '.join(columns)}) to {targets}{actions} {side(kind)}"
    return Drift(kind, words, table, name=key.name, columns=columns)


def _table_comment(kind: str, table: Any, existing: Any = None) -> Drift:
    message = f"the comment of {table.fullname} is {table.comment!r} in the models"
    if kind == "remove_table_comment":
        message = f"table {table.fullname} has a comment in the database, none in the models"
    elif existing is not None:
        message += f", {existing!r} in the database"
    return Drift(kind, message, table.fullname)


def side(kind: str) -> str:
    """Returns which of the two sides has what a difference of this kind is about."""
    return MODELS_ALONE if kind.startswith("add_") else DATABASE_ALONE


_WORDS: Final[Mapping[str, Callable[..., Drift]]] = {
    "add_table": _table,
    "remove_table": _table,
    "add_index": _index,
    "remove_index": _index,
    "add_constraint": _constraint,
    "remove_constraint": _constraint,
    "add_fk": _foreign_key,
    "remove_fk": _foreign_key,
    "add_table_comment": _table_comment,
    "remove_table_comment": _table_comment,
}


def _changed(difference: tuple[Any, ...], dialect: Dialect) -> Drift:
    """Returns a change of one column; old is the database's side, new the models'."""
    kind, schema, table, column, _, old, new = difference
    name = _name(schema, table)
    place = f"{name}.{column}"
    if kind == "modify_nullable":
        message = f"{place} is {_null(new)} in the models, {_null(old)} in the database"
    elif kind == "modify_type":
        message = f"{place} is {_sql(new, dialect)} in the models, {_sql(old, dialect)} in the database"
    elif kind == "modify_default":
        message = (
            f"{place} has {_default(new, dialect)} in the models, {_default(old, dialect)} in the database"
        )
    elif kind == "modify_comment":
        message = f"{place} has {_comment(new)} in the models, {_comment(old)} in the database"
    else:
        message = f"{place}: {kind}: {new!s} in the models, {old!s} in the database"
    return Drift(kind, message, name, column)


def _sql(element: Any, dialect: Dialect | None = None) -> str:
    """Returns a type or an expression in the words of the database, in others if it has none for it."""
    from sqlalchemy.exc import SQLAlchemyError

    if isinstance(element, str):
        return element
    with suppress(SQLAlchemyError, NotImplementedError, AttributeError, TypeError):
        return str(element.compile(dialect=dialect))
    with suppress(SQLAlchemyError, NotImplementedError):
        return str(element)
    return type(element).__name__


def _comment(comment: str | None) -> str:
    return "no comment" if comment is None else f"the comment {comment!r}"


def _null(nullable: bool | None) -> str:
    return "nullable" if nullable else "NOT NULL"


def _default(default: Any, dialect: Dialect) -> str:
    if default is None or default is False:
        return "no server default"
    return f"the server default {_sql(getattr(default, 'arg', default), dialect)}"


def _name(schema: str | None, table: str) -> str:
    return f"{schema}.{table}" if schema else table
