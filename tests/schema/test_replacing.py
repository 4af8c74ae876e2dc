"""The fast `replace` is that of dataclasses; a State at the start of a migration holds nothing of another."""

from __future__ import annotations

import dataclasses

import pytest

from mrt_lint.ops import DropColumn
from mrt_lint.schema.names import Key, Name
from mrt_lint.schema.objects import Column
from mrt_lint.schema.origin import Derived, UnknownRows
from mrt_lint.schema.replacing import replace
from mrt_lint.schema.state import Log, State
from mrt_lint.schema.types import SqlType


@pytest.mark.parametrize(
    ("value", "changes"),
    [
        (Column("a", SqlType("integer"), True), {"nullable": False, "default": "0"}),
        (DropColumn(table=Name("t"), name="a"), {"name": "b", "api": "op.drop_column"}),
        (Derived("a + 1", (), partial=True), {"expression": "a + 2"}),
        (UnknownRows("code"), {"reason": "other code"}),
        (SqlType("varchar", (20,)), {}),
    ],
)
def test_it_gives_what_dataclasses_give(value: object, changes: dict[str, object]) -> None:
    made, wanted = replace(value, **changes), dataclasses.replace(value, **changes)  # type: ignore[type-var]
    assert type(made) is type(wanted)
    assert made == wanted
    assert repr(made) == repr(wanted)
    assert made is not value


@pytest.mark.parametrize("field", ["nul", "depth"])
def test_a_field_that_cannot_be_given_is_refused(field: str) -> None:
    with pytest.raises(TypeError, match=field):
        replace(Derived("a"), **{field: 1})


def test_a_state_at_the_start_of_a_migration() -> None:
    start = State("postgresql")
    assert start.fresh() is start
    drop = DropColumn(table=Name("t"), name="a")
    used = start.fault(drop, "missing", "column", "t.a", "no such column").doubt(drop, "a trigger")
    used = used.assume("table", Name("t"))
    used = dataclasses.replace(used, log=Log(Key("table", "", "t"), None), autocommit=True)
    for one in (used, dataclasses.replace(start, keys_off=True), dataclasses.replace(start, keys_stay=True)):
        fresh = one.fresh()
        for field in dataclasses.fields(State):
            assert getattr(fresh, field.name) == getattr(start, field.name), field.name
