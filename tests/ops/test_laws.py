"""The laws of operations: what can run can be undone in the schema, and nothing ever raises."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mrt_lint import ops
from mrt_lint.schema.objects import Table
from mrt_lint.schema.state import State
from tests.ops.strategies import operations, states

DIALECTS = ("postgresql", "mysql", "sqlite")


def schema(state: State) -> dict[object, object]:
    """The objects of a state without where their data comes from."""
    found: dict[object, object] = {}
    for key, value in state._present():
        if isinstance(value, Table):
            columns = {name: replace(column, origin=None) for name, column in value.columns.items()}
            value = replace(value, columns=columns, rows=None)
        found[key] = value
    return found


@pytest.mark.parametrize("dialect", DIALECTS)
@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_apply_then_inverse_gives_the_same_schema(dialect: str, data: st.DataObject) -> None:
    before = data.draw(states(dialect))
    operation = data.draw(operations)
    after = operation.apply(before)
    if after.faults:
        return
    inverse = operation.inverse(before)
    if inverse is None:
        return
    back = inverse.apply(after.fresh())
    assert not back.faults, (inverse, back.faults)
    assert schema(back) == schema(before)


REVERSIBLE = (
    ops.RenameTable,
    ops.RenameColumn,
    ops.SetNullable,
    ops.SetDefault,
    ops.AddColumn,
    ops.CreateIndex,
    ops.RenameIndex,
)


@settings(max_examples=400, deadline=None)
@given(before=states(), operation=operations)
def test_what_moves_no_data_gives_the_whole_state_back(before: State, operation: ops.Operation) -> None:
    before = before.settled(State(before.dialect))
    after = operation.apply(before)
    inverse = operation.inverse(before)
    if after.faults or inverse is None or not isinstance(operation, REVERSIBLE):
        return
    back = inverse.apply(after)
    for table in back.tables():
        for column in table.columns.values():
            origin = back.origin(table, column)
            assert origin == before.origin(before.table(table.name) or table, column)


@settings(max_examples=300, deadline=None)
@given(
    dialect=st.sampled_from(DIALECTS),
    complete=st.booleans(),
    steps=st.lists(operations, max_size=8),
    direction=st.sampled_from(["upgrade", "downgrade"]),
)
def test_apply_is_total_on_any_state(
    dialect: str, complete: bool, steps: list[ops.Operation], direction: str
) -> None:
    state = State(dialect, complete=complete)  # type: ignore[arg-type]
    for step in steps:
        step = replace(step, direction=direction)  # type: ignore[arg-type]
        assert step.describe()
        step.inverse(state)
        state = step.apply(state)


@settings(max_examples=200, deadline=None)
@given(operation=operations, before=states())
def test_a_state_is_never_changed_in_place(operation: ops.Operation, before: State) -> None:
    copy = schema(before)
    operation.apply(before)
    assert schema(before) == copy
