"""Keys of one CREATE TABLE that PostgreSQL makes once; measured on 15."""

from __future__ import annotations

import pytest

from mrt_lint import ops
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Constraint
from mrt_lint.schema.state import State
from mrt_lint.schema.types import sql_type

BERTHS = Name("berths")
COLUMNS = (Column("dock", sql_type("integer"), False), Column("place", sql_type("integer"), False))


def primary(*columns: str, name: str | None = None) -> Constraint:
    return Constraint("primary", name, columns)


def unique(*columns: str, name: str | None = None, deferrable: bool = False) -> Constraint:
    return Constraint("unique", name, columns, deferrable=deferrable)


def made(dialect: str, *constraints: Constraint) -> set[tuple[str, str | None]]:
    create = ops.CreateTable(table=BERTHS, columns=COLUMNS, constraints=constraints)
    table = create.apply(State(dialect)).table(BERTHS)  # type: ignore[arg-type]
    assert table is not None
    return {(str(one.kind), one.name) for one in table.constraints}


@pytest.mark.parametrize(
    ("constraints", "kept"),
    [
        ((primary("dock", name="pk"), unique("dock", name="uq")), {("primary", "pk")}),
        ((unique("dock", name="uq"), primary("dock")), {("primary", "uq")}),
        ((primary("dock"), unique("dock")), {("primary", "berths_pkey")}),
        ((unique("dock"), unique("dock", name="uq")), {("unique", "uq")}),
        (
            (primary("dock", "place", name="pk"), unique("place", "dock", name="uq")),
            {("primary", "pk"), ("unique", "uq")},
        ),
        (
            (primary("dock", name="pk"), unique("dock", name="uq", deferrable=True)),
            {("primary", "pk"), ("unique", "uq")},
        ),
    ],
)
def test_postgresql_makes_equal_keys_of_one_statement_once(
    constraints: tuple[Constraint, ...], kept: set[tuple[str, str | None]]
) -> None:
    assert made("postgresql", *constraints) == kept


def test_others_make_each() -> None:
    assert made("mysql", primary("dock"), unique("dock", name="uq")) == {
        ("primary", "PRIMARY"),
        ("unique", "uq"),
    }


def test_a_key_that_is_added_on_its_own_is_made() -> None:
    create = ops.CreateTable(table=BERTHS, columns=COLUMNS, constraints=(primary("dock", name="pk"),))
    add = ops.AddConstraint(table=BERTHS, constraint=unique("dock", name="uq"))
    table = add.apply(create.apply(State("postgresql"))).table(BERTHS)
    assert table is not None
    assert {one.name for one in table.constraints} == {"pk", "uq"}


def test_a_table_is_made_anew_with_a_key_that_was_added_on_its_own() -> None:
    create = ops.CreateTable(table=BERTHS, columns=COLUMNS, constraints=(primary("dock", name="pk"),))
    add = ops.AddConstraint(table=BERTHS, constraint=unique("dock", name="uq"))
    before = add.apply(create.apply(State("postgresql")))
    drop = ops.DropTable(table=BERTHS)
    inverse = drop.inverse(before)
    assert inverse is not None
    table = inverse.apply(drop.apply(before).fresh()).table(BERTHS)
    assert table is not None
    assert {one.name for one in table.constraints} == {"pk", "uq"}
