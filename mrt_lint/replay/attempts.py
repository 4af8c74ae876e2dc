"""`try` at replay: the except branch runs if, and where it can be told only if, an operation failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from mrt_lint.classes import dataclass
from mrt_lint.ops.base import Operation
from mrt_lint.ops.columns import AddColumn, RenameColumn
from mrt_lint.ops.constraints import AddConstraint, DropConstraint
from mrt_lint.ops.control import TransactionControl, WrongCall
from mrt_lint.ops.dropped_columns import DropColumn
from mrt_lint.ops.enums import DropType
from mrt_lint.ops.guard import Guard, Test, Undecided, parts_of, tests_of
from mrt_lint.ops.indexes import CreateIndex, DropIndex
from mrt_lint.ops.rebuild import BeginRebuild, EndRebuild, rebuilds
from mrt_lint.ops.tables import CreateTable, DropTable, RenameTable
from mrt_lint.ops.views import DropView
from mrt_lint.schema.origin import NoRows
from mrt_lint.schema.state import Fault, State

_WITHOUT_ROWS = (
    AddColumn,
    BeginRebuild,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    DropType,
    DropView,
    EndRebuild,
    RenameColumn,
    RenameTable,
)
"""Operations whose success hangs on the schema alone, not on what is in the rows."""

_OF_A_TABLE = (AddColumn, AddConstraint, CreateIndex, DropConstraint, DropIndex)
"""Operations on a part of a table that tell nothing of its data."""

_RAISED_BEFORE = ("unsupported",)
"""Problems that Alembic finds itself, so that the database hears nothing of the statement."""

_PARTS = ("column", "constraint", "index")
"""Kinds of what belongs to a table, so that a table that is known answers for them."""

Steps = list[tuple[State, Operation]]


@dataclass(slots=True)
class Attempts:
    """What became of every `try` of one run.

    `failed`: the tests that a fault made false. `proven`: the keys that are no decision any more.
    `doubted`: those whose operations may fail for what is in the rows, or not known of the schema.
    """

    failed: set[str] = field(default_factory=set)
    proven: set[str] = field(default_factory=set)
    doubted: set[str] = field(default_factory=set)
    _rebuild: tuple[State, int] | None = None

    def answer(self, test: Test, given: Mapping[str, bool]) -> bool:
        """Returns whether everything up to this test has gone well."""
        return test.id not in self.failed and given.get(key_of(test), True)

    def reached_end(self, test: Test) -> None:
        """Notes that a body of operations has ended: without a doubt it surely goes well."""
        if key_of(test) not in self.doubted:
            self.proven.add(key_of(test))

    def carried_out(self, operation: Operation, guard: Guard, state: State, steps: Steps) -> State:
        """Returns the state after an operation, and adds it to the steps.

        One that surely fails in a `try` does nothing; in a rebuild nothing of the batch does. Nor does one
        of an upgrade that is asked at run time whether it is wanted, and acts on what is surely not
        there in its table: an upgrade that ran has not come by it.
        """
        if isinstance(operation, BeginRebuild) and rebuilds(state, operation):
            self._rebuild = (state, len(steps))
        after = operation.apply(state)
        test = _innermost(guard)
        new = after.faults[len(state.faults) :]
        if test is not None and new and _on_older_table(operation, new, after):
            after, new = replace(after, faults=state.faults), ()
        asked = operation.direction == "upgrade" and self._rebuild is None and _is_asked(guard)
        if asked and any(f.sure and f.problem == "missing" and f.kind in _PARTS for f in new):
            return state
        if test is not None:
            if any(fault.sure for fault in new):
                self.failed.add(test.id)
                self.proven.add(key_of(test))
                return self._taken_back(operation, state, after, steps)
            if new or not _is_sure(operation, state, after):
                self.doubted.add(key_of(test))
        if isinstance(operation, EndRebuild):
            self._rebuild = None
        steps.append((state, operation))
        return after

    def _taken_back(self, operation: Operation, state: State, after: State, steps: Steps) -> State:
        if self._rebuild is not None:
            state, length = self._rebuild
            del steps[length:]
            self._rebuild = None
            return state
        fault = next(fault for fault in after.faults[len(state.faults) :] if fault.sure)
        if fault.problem in _RAISED_BEFORE or isinstance(operation, WrongCall):
            return state
        if not _aborts(state, operation, steps):
            return state
        text = (
            f"{fault.message}; the error is caught, but PostgreSQL then refuses the rest of the transaction"
        )
        return state.fault(operation, "transaction", fault.kind, fault.subject, text)


def _on_older_table(operation: Operation, faults: Sequence[Fault], after: State) -> bool:
    """Returns whether an upgrade alters a table that no migration makes or drops, and fails for that alone.

    The table is then older than the history, or made beside it: a `try` is not written for a statement
    that always fails. What drops it, or a column, may be there to clear away what there hardly is.
    """
    if operation.direction != "upgrade" or not isinstance(operation, _OF_A_TABLE):
        return False
    table = after.table(operation.table) if operation.table is not None else None
    missing = all((fault.problem, fault.kind) == ("missing", "table") for fault in faults)
    return missing and table is not None and table.assumed


def _is_sure(operation: Operation, state: State, after: State) -> bool:
    if not operation.has_effect:
        return True
    unique = isinstance(operation, CreateIndex) and operation.index.unique is not False
    if unique and isinstance(operation, CreateIndex):
        table = state.table(operation.table)
        unique = table is None or not isinstance(table.rows, NoRows)
    assumed = len(after.assumptions) > len(state.assumptions) or len(after.doubts) > len(state.doubts)
    return isinstance(operation, _WITHOUT_ROWS) and not unique and not assumed


def _aborts(state: State, operation: Operation, steps: Sequence[tuple[State, Operation]]) -> bool:
    """Returns whether the failure ends the transaction for good (PostgreSQL, without a savepoint).

    Source: PostgreSQL manual, Transactions ("current transaction is aborted").
    """
    if state.dialect != "postgresql" or state.autocommit or operation.transaction.autocommit:
        return False
    return not any(isinstance(step, TransactionControl) and step.action == "savepoint" for _, step in steps)


def is_attempt(test: Test) -> bool:
    """Returns whether a test stands for the course of a `try`."""
    return isinstance(test.predicate, Undecided) and bool(test.predicate.attempt)


def key_of(test: Test) -> str:
    """Returns the key under which the course of a test's `try` is decided."""
    assert isinstance(test.predicate, Undecided)
    return f"{test.predicate.text} ({test.predicate.attempt})"


def _is_asked(guard: Guard) -> bool:
    """Returns whether the operation hangs on a condition that only the run answers: no `try`, no setting."""
    return any(
        isinstance(test.predicate, Undecided) and not is_attempt(test) and not test.predicate.setting
        for test in tests_of(guard)
    )


def _innermost(guard: Guard) -> Test | None:
    """Returns the test of the innermost `try` in whose body the guard says that one is."""
    tests = [part for part in parts_of(guard) if isinstance(part, Test) and is_attempt(part)]
    return tests[-1] if tests else None
