"""What SQLite does to other tables' rows when foreign keys are enforced and the table they refer to goes.

DROP TABLE deletes the rows first, so keys with ON DELETE act on the rows of other tables, and those without
stop the statement; a batch that makes its table anew drops the old one. A connection enforces keys after
`PRAGMA foreign_keys = ON`. Source: https://www.sqlite.org/foreignkeys.html (section 5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mrt_lint.ops.control import SetVariable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from mrt_lint.ops.base import Operation
    from mrt_lint.schema.names import Name
    from mrt_lint.schema.objects import Table
    from mrt_lint.schema.state import State

_ACTS: Final = {
    "CASCADE": "deletes rows of {other} that refer to it",
    "SET NULL": "empties {columns} of rows of {other} that refer to it",
    "SET DEFAULT": "overwrites {columns} of rows of {other} that refer to it",
}


def checks_keys(state: State, steps: Iterable[Operation]) -> bool:
    """Returns whether the steps of a direction fail on rows that refer to nothing.

    SQLite checks no key unless the project's connections are told to, or the steps tell their own.
    """
    if state.dialect != "sqlite":
        return True
    told = [step for step in steps if isinstance(step, SetVariable) and step.name == "foreign_keys"]
    return any(not step.turns_off for step in told) if told else state.enforces_keys


def enforced(state: State, op: Operation, table: Table, what: str, along: Collection[Name] = ()) -> State:
    """Returns the state with a doubt for each table with old rows that refer to one whose rows go.

    `what`: "the rebuild" and the like. `along`: tables that go with it. Which rows there are, and whether
    the connection that is set up so is the one that migrates, is not known: nothing is lost for sure.
    """
    from mrt_lint.ops.tables import referencing

    if state.dialect != "sqlite" or not state.enforces_keys or state.keys_off:
        return state
    for other, key in referencing(state, table.name):
        if other.name in along or not state.holds_old_rows(other):
            continue
        act = _ACTS.get((key.ondelete or "").upper(), "fails on rows of {other} that refer to it")
        told = act.format(other=other.name, columns=", ".join(key.columns))
        message = f"{what} of {table.name} {told}, since the project lets SQLite enforce foreign keys"
        state = state.doubt(op, message, unproven=True)
    return state
