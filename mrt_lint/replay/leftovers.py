"""Indexes and constraints that an upgrade itself makes, whatever of them it finds."""

from __future__ import annotations

from mrt_lint.lowered import Migration
from mrt_lint.ops.base import Operation
from mrt_lint.ops.constraints import AddConstraint, DropConstraint
from mrt_lint.ops.guard import Undecided, tests_of
from mrt_lint.ops.indexes import CreateIndex, DropIndex
from mrt_lint.roundtrip import Harm, Reason
from mrt_lint.schema.objects import Constraint, Index
from mrt_lint.schema.state import Assumption, State


def is_leftover(assumption: Assumption, migration: Migration, state: State) -> bool:
    """Returns whether an index or constraint that the upgrade makes is presupposed by what need not find it.

    `DROP INDEX IF EXISTS i; CREATE INDEX i` makes room for a new build, of which an earlier one that broke
    off may have left a part; `if not there: CREATE INDEX i` asks for that part in its own way. Neither
    says that there was an index that the history does not show.
    """
    part = assumption.value
    if not isinstance(part, Index | Constraint) or part.name is None:
        return False
    name = state.fold(part.name)
    steps = migration.upgrade or ()
    drops = [step for step in steps if _dropped(step, state) == name]
    return all(map(_asks, drops)) and any(_made(step, state) == name for step in steps)


def _dropped(step: Operation, state: State) -> str | None:
    if isinstance(step, DropIndex):
        return state.fold(step.name.name)
    return state.fold(step.name) if isinstance(step, DropConstraint) and step.name else None


def _made(step: Operation, state: State) -> str | None:
    if not isinstance(step, CreateIndex | AddConstraint):
        return None
    name = step.index.name if isinstance(step, CreateIndex) else step.constraint.name
    return state.fold(name) if name else None


def _asks(step: Operation) -> bool:
    """Returns whether a drop is carried out only if there is something to drop."""
    return step.conditional or any(isinstance(test.predicate, Undecided) for test in tests_of(step.guard))


def may_have_been(assumption: Assumption) -> Reason:
    """Returns the doubt about what the upgrade may have found."""
    part = assumption.value
    kind = "index" if isinstance(part, Index) else "constraint"
    text = f"{kind} {part.name} may have been there before: the upgrade makes it under a condition"
    return Reason(Harm.UNPROVEN, kind, assumption.table, part.name, text)
