"""Harm of one course of a round trip that need not be any: what else the migration may have done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mrt_lint.lowered import Migration
from mrt_lint.ops.adopting import checked_columns
from mrt_lint.ops.base import Operation
from mrt_lint.ops.constraints import AddConstraint, DropConstraint, RenameConstraint
from mrt_lint.ops.control import Opaque
from mrt_lint.ops.conventions import NAMED_BY, may_name
from mrt_lint.ops.data import Insert
from mrt_lint.ops.guard import tests_of
from mrt_lint.ops.indexes import DropIndex
from mrt_lint.ops.listed import DropListed
from mrt_lint.ops.unseen_checks import may_make_check
from mrt_lint.replay.attempts import is_attempt, key_of
from mrt_lint.replay.causes import parts
from mrt_lint.replay.contents import Loss
from mrt_lint.replay.differences import Difference
from mrt_lint.replay.scenario import Outcome
from mrt_lint.roundtrip import Harm, Reason
from mrt_lint.schema.names import UNKNOWN, Unknown
from mrt_lint.schema.objects import CONSTRAINT_WORDS, Constraint
from mrt_lint.schema.origin import ChangedRows, Deleted, KeptRows
from mrt_lint.schema.state import Fault, State

_MADE_BY: Final = {
    "create_foreign_key": ("foreign key",),
    "create_unique_constraint": ("unique constraint",),
    "create_primary_key": ("primary key",),
    "create_check_constraint": ("check",),
    "create_exclude_constraint": ("exclusion",),
    "create_index": ("index",),
}
"""What a directive makes that is called with arguments that are not known; any other may make anything."""


def may_have_been_inserted(loss: Loss, before: State, after: State, migration: Migration) -> bool:
    """Returns whether only the downgrade deletes rows, by a condition, where the upgrade may insert some.

    On the course that is looked at it has inserted none: there was a condition.
    """
    table = after.table(loss.table) if loss.harm is Harm.ROWS_LOST and loss.kind == "table" else None
    rows = table.rows if table is not None else None
    if not isinstance(rows, ChangedRows) or not isinstance(rows.base, KeptRows):
        return False
    deleted = all(isinstance(one, Deleted) and one.direction == "downgrade" for one in rows.changes)
    key = before.key("table", loss.table)
    inserts = (step for step in migration.upgrade or () if isinstance(step, Insert))
    return deleted and any(before.key("table", step.table) == key for step in inserts)


def cleared_part(difference: Difference, before: State, upgrade: Sequence[Operation]) -> bool:
    """Returns whether the upgrade drops IF EXISTS an index or constraint that the downgrade makes.

    Of a table of which not all is known: one that is known to lack it did not have it.
    """
    table = before.table(difference.table) if difference.table is not None else None
    if table is None or difference.part is None or before.knows_all_of(table):
        return False
    wanted = before.fold(difference.part)
    return any(
        step.conditional
        and isinstance(step, DropConstraint | DropIndex)
        and wanted == before.fold(step.name.name if isinstance(step, DropIndex) else step.name or "")
        for step in upgrade
    )


def doubted(
    reason: Reason, difference: Difference, before: State, up: Outcome, downgrade: Sequence[Operation]
) -> tuple[str, Harm] | None:
    """Returns why an object may not be lost or left after all, and what that comes to."""
    if difference.how not in ("lost", "left"):
        return None
    if _may_have_failed(reason, up.state):
        why = "what is dropped has another name there, and it is caught that it fails"
        return why, Harm.NOT_UNDERSTOOD
    if difference.how == "left":
        return None
    if _is_guessed(difference, before, up, downgrade):
        return "the index that is dropped is another one, of that name", Harm.NOT_UNDERSTOOD
    perhaps = _hardly_lost(difference, before, [step for _, step in up.steps], downgrade)
    return None if perhaps is None else (perhaps, Harm.UNPROVEN)


def _hardly_lost(
    difference: Difference, before: State, upgrade: Sequence[Operation], downgrade: Sequence[Operation]
) -> str | None:
    """Returns why a constraint of which only the name in a drop is known need not be lost, None if it is.

    Only DROP .. IF EXISTS speaks of it; or the downgrade makes one without a name, which a naming convention
    of the project may call so.
    """
    table = before.table(difference.table) if difference.table is not None else None
    named = (c for c in table.constraints if c.name == difference.part) if table is not None else ()
    found = next((c for c in named if c.assumed and isinstance(c.kind, Unknown)), None)
    if table is None or found is None:
        return None
    key = before.key("table", table.name)
    drops = [step for step in upgrade if isinstance(step, DropConstraint) and step.name == found.name]
    if drops and all(step.conditional for step in drops):
        return "it was not there: the upgrade drops it if it exists"
    for step in downgrade if before.names_hidden else ():
        if isinstance(step, AddConstraint) and before.key("table", step.table) == key:
            made = step.constraint
            if made.name is None and (made.kind == "primary" or may_name(before, found.name, made.columns)):
                return "the one that the downgrade makes is called so"
    return None


def looks_for_the_same(fault: Fault, other: Fault) -> bool:
    """Returns whether two operations look in vain for the same, also for what the other was to call so."""
    if (fault.kind, fault.subject) == (other.kind, other.subject):
        return True
    back, away = fault.operation, other.operation
    if not isinstance(back, RenameConstraint) or not isinstance(away, RenameConstraint):
        return False
    return (back.name, back.new) == (away.new, away.name)


def went_by_cascade(fault: Fault, faults: Sequence[Fault], state: State) -> bool:
    """Returns whether a foreign key that stands in the way goes along with a constraint looked for in vain.

    `faults`: those before it in the same direction. A DROP CONSTRAINT .. CASCADE takes along every key that
    refers to the constraint, and this one found none only because its name is not what the history says.
    """
    made = fault.operation
    if fault.problem != "exists" or not isinstance(made, AddConstraint) or made.constraint.ref_table is None:
        return False
    referred = state.key("table", made.constraint.ref_table)
    return any(
        isinstance(other.operation, DropConstraint)
        and other.operation.cascade
        and other.problem == "missing"
        and state.key("table", other.operation.table) == referred
        for other in faults
    )


def may_come_with_a_type(difference: Difference, before: State, after: State) -> bool:
    """Returns whether a CHECK that is only at one end may have its twin at the other, made by a type.

    The columns that it names are of such a type there (`SqlType.constrains`), or it names none of them. A
    column that is the old one still makes none after the downgrade.
    """
    check = difference.old if difference.how == "lost" else difference.new
    state = after if difference.how == "lost" else before
    table = state.table(difference.table) if difference.table is not None else None
    if table is None or not isinstance(check, Constraint) or check.kind not in ("check", UNKNOWN):
        return False
    named = {state.fold(name) for name in checked_columns(state, table, check)}
    return any(
        may_make_check(one) and (state is before or one.origin is not None)
        for key, one in table.columns.items()
        if not named or key in named
    )


def may_be_made_again(
    difference: Difference, cause: Operation | None, before: State, upgrade: Sequence[Operation]
) -> bool:
    """Returns whether a part of a table is dropped, and code that names the table follows in the upgrade.

    What is not understood of it may be the part's creation: a key dropped and made anew from reflection.
    """
    name = difference.table
    if difference.how != "lost" or name is None or cause not in upgrade:
        return False
    if difference.kind not in (*CONSTRAINT_WORDS, "index"):
        return False
    wanted = before.key("table", name)
    return any(
        isinstance(step, Opaque)
        and not isinstance(step, DropListed)
        and not step.data_only
        and difference.kind in _MADE_BY.get(step.api.rpartition(".")[2], (difference.kind,))
        and any(before.key("table", one) == wanted for one in step.tables or ())
        for step in upgrade[upgrade.index(cause) + 1 :]
    )


def _may_have_failed(reason: Reason, after: State) -> bool:
    """Returns whether the `try` that harms an object may end before, at a drop by a name that is not known.

    `after`: the state after the upgrade.
    """
    mine = _attempts(reason.cause)
    return any(NAMED_BY in doubt.message and mine & _attempts(doubt.operation) for doubt in after.doubts)


def _is_guessed(difference: Difference, before: State, up: Outcome, downgrade: Sequence[Operation]) -> bool:
    """Returns whether only a drop of another one's name took an index, as the one that it may mean.

    The one of that name was there before, and went along with something else (SQLite: a batch does not see
    an index on expressions), so that no other is meant.
    """
    table = before.table(difference.table) if difference.table is not None else None
    if difference.kind != "index" or difference.part is None or table is None:
        return False
    steps = [*(step for _, step in up.steps), *downgrade]
    if before.fold(difference.part) in {before.fold(name) for step in steps for name in parts(step)}:
        return False
    return any(
        NAMED_BY in doubt.message
        and isinstance(doubt.operation, DropIndex)
        and before.fold(doubt.operation.name.name) in table.indexes
        for doubt in up.state.doubts
    )


def _attempts(step: Operation | None) -> set[str]:
    """Returns the keys of every `try` that a step stands in."""
    return set() if step is None else {key_of(test) for test in tests_of(step.guard) if is_attempt(test)}
