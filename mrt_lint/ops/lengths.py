"""Types that a database has only with a length."""

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


def with_lengths(state: State, op: Operation, table: Name, columns: Iterable[Column]) -> State:
    """Returns the state, with a fault where MySQL or MariaDB is given a VARCHAR without a length.

    `columns`: as this database keeps them. Source: MySQL manual 13.3.2 (the length is no option there);
    SQLAlchemy raises CompileError before it sends anything.
    """
    if state.dialect not in MYSQL:
        return state
    found = [column for column in columns if _lacks_length(column.type)]
    if not found:
        return state
    names = [f"{table}.{column.name}" for column in found]
    what = f"column{'s' if len(names) > 1 else ''} {listed(names)}"
    message = f"{what}: {titles([state.dialect])} has no {found[0].type} without a length"
    return state.fault(op, "unsupported", "type", names[0], message)


def _lacks_length(kind: SqlType | Unknown) -> bool:
    if isinstance(kind, Unknown) or not kind.exact or kind.labels:
        return False
    return kind.name in _VARYING and not kind.args
