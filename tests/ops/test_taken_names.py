"""MySQL and MariaDB give the name of a foreign key once in a database (measured on MariaDB 10.11)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mrt_lint import ops
from mrt_lint.ops.guard import Test as Condition
from mrt_lint.ops.guard import Undecided
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Constraint
from mrt_lint.schema.state import State, assumed_constraint, assumed_table
from mrt_lint.schema.types import sql_type

USERS, ONE, TWO = Name("users"), Name("one"), Name("two")
INTEGER = sql_type("integer")
ID = Column("id", INTEGER, nullable=False)
USER = Column("user_id", INTEGER)


def key(name: str | None = "fk_user") -> Constraint:
    return Constraint("foreign", name, ("user_id",), ref_table=USERS, ref_columns=("id",))


def made(table: Name, *constraints: Constraint, **facts: object) -> ops.CreateTable:
    return ops.CreateTable(table=table, columns=(ID, USER), constraints=constraints, **facts)  # type: ignore[arg-type]


def taken(*steps: ops.Operation, dialect: str = "mariadb") -> list[bool]:
    """Returns of every fault over a name that another table has whether it is sure."""
    state = made(USERS).apply(State(dialect))  # type: ignore[arg-type]
    for step in steps:
        state = step.apply(state)
    return [fault.sure for fault in state.faults if fault.problem == "taken"]


ADD = ops.AddConstraint(table=TWO, constraint=key())
DROP = ops.DropConstraint(table=ONE, name="fk_user", kind="foreign")
IF_ASKED = Condition(Undecided("asked"), "upgrade:1", 1)

STEPS: dict[str, tuple[tuple[ops.Operation, ...], list[bool]]] = {
    "a table": ((made(ONE, key()), made(TWO, key())), [True]),
    "a constraint": ((made(ONE, key()), made(TWO), ADD), [True]),
    "a column": (
        (
            made(ONE, key()),
            ops.CreateTable(table=TWO, columns=(ID,)),
            ops.AddColumn(table=TWO, column=USER, constraints=(key(),)),
        ),
        [True],
    ),
    "in other letters": ((made(ONE, key()), made(TWO, key("FK_User"))), [True]),
    "after the other table was renamed": (
        (made(ONE, key()), ops.RenameTable(table=ONE, new=Name("first")), made(ONE, key())),
        [True],
    ),
    "after the other key was dropped": ((made(ONE, key()), DROP, made(TWO, key())), []),
    "after the other table was dropped": ((made(ONE, key()), ops.DropTable(table=ONE), made(TWO, key())), []),
    "in another database": ((made(ONE, key()), made(Name("two", "other"), key())), []),
    "a name that goes with the table's": (
        (
            made(ONE, key("one_ibfk_1")),
            ops.RenameTable(table=ONE, new=Name("first")),
            made(ONE, key("one_ibfk_1")),
        ),
        [],
    ),
    "names that the database gives": ((made(ONE, key(None)), made(TWO, key(None))), []),
    "an engine that keeps no keys": (
        (made(ONE, key(), options=(("engine", "MyISAM"),)), made(TWO, key())),
        [],
    ),
    "a name of a key of another kind": (
        (made(ONE, Constraint("unique", "fk_user", ("id",))), made(TWO, key())),
        [],
    ),
    "under a condition": ((made(ONE, key()), made(TWO, key(), guard=IF_ASKED)), [False]),
    "unless it is there": ((made(ONE, key()), made(TWO, key(), conditional=True)), [False]),
}


@pytest.mark.parametrize("case", STEPS)
def test_a_second_foreign_key_of_a_name(case: str) -> None:
    steps, faults = STEPS[case]
    assert taken(*steps) == faults
    assert taken(*steps, dialect="mysql") == faults
    assert taken(*steps, dialect="postgresql") == []
    assert taken(*steps, dialect="sqlite") == []


def test_what_is_assumed_or_may_be_gone_is_not_sure() -> None:
    start = made(TWO).apply(made(USERS).apply(State("mariadb")))
    other = assumed_table(ONE)
    assumed = start.put(replace(other, constraints=(assumed_constraint("fk_user", "foreign"),)))
    assert [fault.sure for fault in ADD.apply(assumed).faults] == [False]
    touched = ops.Opaque(reason="code", source="code()").apply(made(ONE, key()).apply(start))
    assert [fault.sure for fault in ADD.apply(touched).faults if fault.problem == "taken"] == [False]


def test_checks_share_names_on_mysql_where_they_are_kept() -> None:
    """MySQL before 8.0.16 keeps none; MariaDB names them by table."""
    check = Constraint("check", "ck", expression="id > 0")
    assert taken(made(ONE, check), made(TWO, check), dialect="mysql") == [False]
    assert taken(made(ONE, check), made(TWO, check)) == []
