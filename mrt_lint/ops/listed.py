"""Constraints dropped by names that the migration reads from the database."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from mrt_lint.classes import dataclass
from mrt_lint.ops.constraints import DropConstraint
from mrt_lint.ops.control import Opaque
from mrt_lint.ops.guard import ALWAYS, EntryIs, Guard, Test, resolve
from mrt_lint.schema.dialects import MYSQL
from mrt_lint.schema.names import Name, Unknown
from mrt_lint.schema.objects import Constraint, ConstraintKind, Table

if TYPE_CHECKING:
    from mrt_lint.schema.state import State

_COLUMNS: Final = {
    "constrained_columns": "columns",
    "column_names": "columns",
    "referred_columns": "ref_columns",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DropListed(Opaque):
    """Drops the constraints of a kind that an inspector lists and that `matching` lets pass.

    Where the replay knows the table it is carried out as the drops that it comes to; else it is what its
    base says: something that is not understood.
    """

    table: Name
    kind: ConstraintKind
    matching: Guard = ALWAYS

    def drops(self, state: State) -> tuple[DropConstraint, ...] | None:
        """Returns the drops that it comes to, None if the history does not tell.

        One that asks for something in particular and finds it twice may be meant for the first alone.
        """
        table = state.table(self.table)
        if table is None or not state.knows_all_of(table) or not _lists(state, table, self.kind):
            return None
        found = []
        for constraint in table.constraints:
            if isinstance(constraint.kind, Unknown) or constraint.assumed or not constraint.sure:
                return None
            wanted = constraint.kind == self.kind and resolve(self.matching, _answers(state, constraint))
            if wanted is None or (wanted and constraint.name is None):
                return None
            if wanted:
                found.append(_drop(self, constraint.name or ""))
        return tuple(found) if self.matching == ALWAYS or len(found) < 2 else None


def _lists(state: State, table: Table, kind: ConstraintKind) -> bool:
    """Returns whether an inspector lists what the State holds: to MySQL's a unique index is one too."""
    if kind != "unique" or state.dialect not in MYSQL:
        return state.dialect in ("sqlite", "postgresql", "mysql", "mariadb")
    return not any(index.unique is not False for index in table.indexes.values())


@lru_cache(maxsize=512)
def _drop(operation: DropListed, name: str) -> DropConstraint:
    """Returns the drop of one constraint, the same object each time so that ways can be told apart."""
    return DropConstraint(
        span=operation.span,
        statement=operation.statement,
        direction=operation.direction,
        api=operation.api,
        batch=operation.batch,
        guard=operation.guard,
        transaction=operation.transaction,
        conditional=operation.conditional,
        table=operation.table,
        name=name,
        kind=operation.kind,
    )


def _answers(state: State, constraint: Constraint) -> Callable[[Test], bool | None]:
    def answer(test: Test) -> bool | None:
        asked = test.predicate
        if not isinstance(asked, EntryIs):
            return None
        if asked.fact == "name":
            return (
                None
                if constraint.name is None
                else state.fold(constraint.name) == state.fold(asked.values[0])
            )
        if asked.fact == "referred_table":
            other = constraint.ref_table
            return other is not None and state.fold(other.name) == state.fold(asked.values[0])
        if asked.fact not in _COLUMNS:
            return None
        columns = [state.fold(name) for name in getattr(constraint, _COLUMNS[asked.fact])]
        wanted = [state.fold(name) for name in asked.values]
        return columns == wanted if asked.ordered else set(columns) == set(wanted)

    return answer
