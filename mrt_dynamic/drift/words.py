"""Alembic's differences between models and a database, in words.

The forms of the tuples: `alembic.autogenerate.compare_metadata` in Alembic's API documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference between models and database. `kind`: Alembic's word for it (`add_column`).

    `table` and `column` are None where it has none. `message` says which of the two sides has what.
    """

    kind: str
    message: str
    table: str | None = None
    column: str | None = None


def drifts(found: Iterable[Any]) -> Iterator[Drift]:
    """Yields what `compare_metadata` returns, a value for each difference."""
    for each in found:
        if isinstance(each, list):
            for one in each:
                yield _changed(one)
        else:
            yield _one(each)


def _one(difference: tuple[Any, ...]) -> Drift:
    kind, *rest = difference
    told = _WORDS.get(kind)
    if told is None:
        return Drift(kind, f"{kind}: {', '.join(map(str, rest))}")
    return told(kind, *rest)


def _table(kind: str, table: Any) -> Drift:
    if kind == "add_table":
        return Drift(kind, f"table {table.fullname} is in the models, not in the database", table.fullname)
    return Drift(kind, f"table {table.fullname} is in the database, not in the models", table.fullname)


def _column(kind: str, schema: str | None, table: str, column: Any) -> Drift:
    name = _name(schema, table)
    side = (
        "in the models, not in the database" if kind == "add_column" else "in the database, not in the models"
    )
    return Drift(kind, f"column {name}.{column.name} ({column.type!s}) is {side}", name, column.name)


def _index(kind: str, index: Any) -> Drift:
    unique = "unique index" if index.unique else "index"
    parts = ", ".join(getattr(part, "name", None) or str(part) for part in index.expressions)
    return Drift(
        kind, f"{unique} {index.name} on {index.table.fullname} ({parts}) {_side(kind)}", index.table.fullname
    )


def _constraint(kind: str, constraint: Any) -> Drift:
    columns = ", ".join(column.name for column in constraint.columns)
    named = f" {constraint.name}" if constraint.name else ""
    what = type(constraint).__name__.removesuffix("Constraint").lower()
    table = constraint.table.fullname
    return Drift(kind, f"{what} constraint{named} on {table} ({columns}) {_side(kind)}", table)


def _foreign_key(kind: str, key: Any) -> Drift:
    table = key.parent.fullname
    columns = ", ".join(key.column_keys)
    targets = ", ".join(element.target_fullname for element in key.elements)
    named = f" {key.name}" if key.name else ""
    actions = "".join(
        f" ON {word} {action}"
        for word, action in (("DELETE", key.ondelete), ("UPDATE", key.onupdate))
        if action
    )
    return Drift(kind, f"foreign key{named} {table} ({columns}) to {targets}{actions} {_side(kind)}", table)


def _table_comment(kind: str, table: Any, existing: Any = None) -> Drift:
    message = f"the comment of {table.fullname} is {table.comment!r} in the models"
    if kind == "remove_table_comment":
        message = f"table {table.fullname} has a comment in the database, none in the models"
    elif existing is not None:
        message += f", {existing!r} in the database"
    return Drift(kind, message, table.fullname)


def _side(kind: str) -> str:
    if kind.startswith("add_"):
        return "is in the models, not in the database"
    return "is in the database, not in the models"


_WORDS: Final[Mapping[str, Callable[..., Drift]]] = {
    "add_table": _table,
    "remove_table": _table,
    "add_column": _column,
    "remove_column": _column,
    "add_index": _index,
    "remove_index": _index,
    "add_constraint": _constraint,
    "remove_constraint": _constraint,
    "add_fk": _foreign_key,
    "remove_fk": _foreign_key,
    "add_table_comment": _table_comment,
    "remove_table_comment": _table_comment,
}


def _changed(difference: tuple[Any, ...]) -> Drift:
    """Returns a change of one column; old is the database's side, new the models'."""
    kind, schema, table, column, _, old, new = difference
    name = _name(schema, table)
    place = f"{name}.{column}"
    if kind == "modify_nullable":
        message = f"{place} is {_null(new)} in the models, {_null(old)} in the database"
    elif kind == "modify_type":
        message = f"{place} is {new!s} in the models, {old!s} in the database"
    elif kind == "modify_default":
        message = f"{place} has {_default(new)} in the models, {_default(old)} in the database"
    elif kind == "modify_comment":
        message = f"{place} has the comment {new!r} in the models, {old!r} in the database"
    else:
        message = f"{place}: {kind}: {new!s} in the models, {old!s} in the database"
    return Drift(kind, message, name, column)


def _null(nullable: bool | None) -> str:
    return "nullable" if nullable else "NOT NULL"


def _default(default: Any) -> str:
    if default is None or default is False:
        return "no server default"
    return f"the server default {getattr(default, 'arg', default)!s}"


def _name(schema: str | None, table: str) -> str:
    return f"{schema}.{table}" if schema else table
