"""Types that a database does not have, or only with a length."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mrt_lint.phrases import listed
from mrt_lint.schema.dialects import MYSQL, titles
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Column
from mrt_lint.schema.types import SqlType

if TYPE_CHECKING:
    from mrt_lint.ops.base import Operation
    from mrt_lint.schema.state import State

_VARYING = ("varchar", "varbinary")
_TEXTS = ("citext", "cidr", "macaddr", "macaddr8", "hstore", "jsonb", "tsvector", "tsquery")
_RANGES = ("int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange")
_OF_POSTGRESQL = frozenset((*_TEXTS, *_RANGES, "regclass", "regconfig"))
"""Types of SQLAlchemy's PostgreSQL dialect that cannot be written for MySQL (tried with SQLAlchemy)."""


def with_lengths(state: State, op: Operation, table: Name, columns: Iterable[Column]) -> State:
    """Returns the state, with a fault where MySQL or MariaDB is given a VARCHAR without a length.

    Or a type that only PostgreSQL has. `columns`: as this database keeps them. Source: MySQL manual 13.3.2
    (the length is no option there); SQLAlchemy raises CompileError before it sends anything, for both.
    So it does, for every database, for a type of another's dialect that it has no word for there.
    """
    given = list(columns)
    if state.dialect not in MYSQL:
        return _with_unwritten(state, op, table, given)
    found = [column for column in given if _lacks_length(column.type)]
    foreign = [column for column in given if _is_of_postgresql(column.type)]
    if not found and not foreign:
        return _with_unwritten(state, op, table, given)
    names = [f"{table}.{column.name}" for column in found or foreign]
    what = f"column{'s' if len(names) > 1 else ''} {listed(names)}"
    kind = f"{found[0].type} without a length" if found else foreign[0].type
    message = f"{what}: {titles([state.dialect])} has no {kind}"
    return state.fault(op, "unsupported", "type", names[0], message)


def _with_unwritten(state: State, op: Operation, table: Name, columns: list[Column]) -> State:
    names = [
        f"{table}.{column.name}"
        for column in columns
        if isinstance(column.type, SqlType) and state.dialect in column.type.not_on
    ]
    if not names:
        return state
    what = f"column{'s' if len(names) > 1 else ''} {listed(names)}"
    message = f"{what}: the type is of another database and cannot be written for {titles([state.dialect])}"
    return state.fault(op, "unsupported", "type", names[0], message)


def _is_of_postgresql(kind: SqlType | Unknown) -> bool:
    if isinstance(kind, Unknown) or kind.labels:
        return False
    return kind.element is not None or (kind.name in _OF_POSTGRESQL and kind.schema is None)


def _lacks_length(kind: SqlType | Unknown) -> bool:
    if isinstance(kind, Unknown) or not kind.exact or kind.labels:
        return False
    return kind.name in _VARYING and not kind.args
