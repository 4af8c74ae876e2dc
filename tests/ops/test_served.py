"""MySQL and MariaDB keep an index for every foreign key, and refuse to drop what a key needs."""

from __future__ import annotations

import pytest

from mrt_lint import ops
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Constraint, Index
from mrt_lint.schema.state import State
from mrt_lint.schema.types import sql_type

PARENT, CHILD = Name("parent"), Name("child")
KEY = Constraint("foreign", "fk", ("a",), ref_table=PARENT, ref_columns=("id",))
ADD = ops.AddConstraint(table=CHILD, constraint=KEY)
DROP = ops.DropConstraint(table=CHILD, name="fk", kind="foreign")


def columns(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, sql_type("integer"), name != "id") for name in names)


def run(*steps: ops.Operation, dialect: str = "mariadb") -> State:
    primary = (Constraint("primary", columns=("id",)),)
    state = State(dialect)  # type: ignore[arg-type]
    start = (
        ops.CreateTable(table=PARENT, columns=columns("id"), constraints=primary),
        ops.CreateTable(table=CHILD, columns=columns("id", "a", "b"), constraints=primary),
    )
    for step in (*start, *steps):
        state = step.apply(state)
    return state


def create(name: str, *names: str, unique: bool = False) -> ops.CreateIndex:
    return ops.CreateIndex(table=CHILD, index=Index(name, names, unique))


def indexes(state: State) -> dict[str, object]:
    table = state.table(CHILD)
    assert table is not None
    return {key: index.columns for key, index in table.indexes.items()}


LEFT = {
    "a new one of the key's name": ((ADD,), {"fk": ("a",)}),
    "it stays without the key": ((ADD, DROP), {"fk": ("a",)}),
    "none, if an index begins with the columns": ((create("ix", "a", "b"), ADD), {"ix": ("a", "b")}),
    "one, if the columns come later in an index": (
        (create("ix", "b", "a"), ADD),
        {"ix": ("b", "a"), "fk": ("a",)},
    ),
    "none, if a unique key begins with them": ((create("uq", "a", unique=True), ADD), {}),
    "another index takes its place": ((ADD, create("ix", "a", "b")), {"ix": ("a", "b")}),
    "named after the column, if the key has no name": (
        (ops.AddConstraint(table=CHILD, constraint=Constraint("foreign", None, ("a",), ref_table=PARENT)),),
        {"a": ("a",)},
    ),
}


@pytest.mark.parametrize(("steps", "left"), LEFT.values(), ids=LEFT.keys())
def test_the_indexes_of_the_table_are(steps: tuple[ops.Operation, ...], left: dict[str, object]) -> None:
    state = run(*steps)
    assert not state.faults
    assert indexes(state) == left


def test_postgresql_makes_no_index() -> None:
    assert indexes(run(ADD, dialect="postgresql")) == {}


REFUSED = {
    "the index of a key": (ops.DropIndex(name=Name("fk"), table=CHILD), "child.fk"),
    "a column of a key": (ops.DropColumn(table=CHILD, name="a"), "child.a"),
    "a column that a key refers to": (ops.DropColumn(table=PARENT, name="id"), "parent.id"),
    "the primary key that a key refers to": (
        ops.DropConstraint(table=PARENT, name=None, kind="primary"),
        "parent.PRIMARY",
    ),
}


@pytest.mark.parametrize(("step", "subject"), REFUSED.values(), ids=REFUSED.keys())
def test_cannot_be_dropped(step: ops.Operation, subject: str) -> None:
    assert [(fault.subject, fault.sure) for fault in run(ADD, step).faults] == [(subject, True)]


def test_one_of_two_indexes_that_serve_a_key_can_be_dropped() -> None:
    steps = (create("one", "a"), create("two", "a", "b"), ADD, ops.DropIndex(name=Name("one"), table=CHILD))
    assert not run(*steps).faults


def test_a_key_over_old_columns_of_a_table_not_in_sight_leaves_a_doubt() -> None:
    state = State("mariadb", complete=False)
    for step in (ADD, ops.DropConstraint(table=CHILD, name="fk", kind="foreign", direction="downgrade")):
        state = step.apply(state)
    assert len(state.doubts) == 1
