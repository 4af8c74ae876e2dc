"""What an upgrade may meet and need not find: what it makes itself, and what it only clears away."""

from __future__ import annotations

from mrt_lint.lowered import Migration
from mrt_lint.ops.base import Operation
from mrt_lint.ops.functions import DropFunction
from mrt_lint.ops.guard import Exists
from mrt_lint.ops.objects import DropObject
from mrt_lint.ops.sequences import DropSequence
from mrt_lint.ops.triggers import DropTrigger
from mrt_lint.ops.views import DropView
from mrt_lint.replay.causes import bare, places
from mrt_lint.replay.unmade import Unmade
from mrt_lint.roundtrip import Harm, Reason
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Constraint, Index
from mrt_lint.schema.state import Assumption, State

_DROPS = (DropFunction, DropObject, DropSequence, DropTrigger, DropView)


def is_leftover(assumption: Assumption, migration: Migration, state: State, unmade: Unmade) -> bool:
    """Returns whether the upgrade need not find what an assumption says was there before.

    `DROP INDEX IF EXISTS i; CREATE INDEX i` makes room for a new build, of which an earlier one that broke
    off may have left a part; `if not there: CREATE INDEX i` asks for that part in its own way. Neither
    says that there was an index that the history does not show.
    """
    if assumption.kind == "object":
        return unmade.rooted and _only_cleared(assumption, migration, state)
    question = _question(assumption)
    if question is None:
        return False
    return question in unmade or unmade.makes(question)


def _question(assumption: Assumption) -> Exists | None:
    part = assumption.value
    if assumption.kind == "table":
        return Exists("table", assumption.table)
    if not isinstance(part, Column | Index | Constraint) or part.name is None:
        return None
    kind = "column" if isinstance(part, Column) else "index" if isinstance(part, Index) else "constraint"
    return Exists(kind, assumption.table, part.name)  # type: ignore[arg-type]


def _only_cleared(assumption: Assumption, migration: Migration, state: State) -> bool:
    """Returns whether a trigger is dropped only if it exists, and not made again by the downgrade.

    So may be a view, function, ... that the upgrade makes; else it may well be older than the history.
    """
    wanted = bare(state.fold(assumption.table.name))
    told = [
        step
        for step in (*(migration.upgrade or ()), *(migration.downgrade or ()))
        if any(bare(state.fold(name.name)) == wanted for name in (*places(step), *_triggers(step)))
    ]
    drops = [step for step in told if isinstance(step, _DROPS)]
    others = [step for step in told if not isinstance(step, _DROPS)]
    if not drops or (not others and assumption.value.kind != "trigger"):
        return False
    return all(step.conditional for step in drops) and all(step.direction == "upgrade" for step in others)


def _triggers(step: Operation) -> list[Name]:
    found = getattr(step, "trigger", None)
    return [found] if isinstance(found, Name) else [Name(found)] if isinstance(found, str) else []


def may_have_been(assumption: Assumption, unmade: Unmade) -> Reason:
    """Returns the doubt about what the upgrade may have found."""
    question = _question(assumption)
    kind = assumption.value.kind if question is None else question.kind
    part = None if question is None else question.part
    shown = f"{assumption.table}.{part}" if kind == "column" else part or str(assumption.table)
    made = question is not None and unmade.makes(question)
    what = "the upgrade makes it under a condition" if made else "the upgrade drops it if it is there"
    text = f"{kind} {shown} may have been there before: {what}"
    return Reason(Harm.UNPROVEN, kind, assumption.table, part, text)
