"""What a downgrade presupposes after an upgrade that is not understood."""

from __future__ import annotations

import pytest

from mrt_lint import ops
from mrt_lint.ops.guard import ALWAYS, DialectIs, Guard, Test, Undecided
from mrt_lint.roundtrip import Harm
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Constraint
from mrt_lint.schema.types import sql_type
from tests.replay.test_round_trips import BASE, history, judge

USERS = Name("users")
OTHERS = ops.CreateTable(table=Name("others"), columns=(Column("id", sql_type("integer")),))
DROP = ops.DropColumn(table=USERS, name="nickname")
ADD = ops.AddColumn(table=USERS, column=Column("age", sql_type("integer")))


def harms(upgrade: tuple[ops.Operation, ...], downgrade: tuple[ops.Operation, ...]) -> tuple[str, set[Harm]]:
    found = judge(history(((BASE, OTHERS), ()), (upgrade, downgrade)), ("postgresql",))["1"]
    return found.verdict.value, {reason.harm for reason in found.reasons}


@pytest.mark.parametrize("tables", [None, (USERS,)])
def test_a_column_may_have_been_made_by_what_is_not_understood(tables: tuple[Name, ...] | None) -> None:
    verdict, found = harms((ops.Opaque(reason="?", tables=tables),), (DROP,))
    assert (verdict, found) == ("unknown", {Harm.NOT_UNDERSTOOD})


def test_what_is_not_understood_may_have_dropped_the_column_that_comes_back() -> None:
    verdict, found = harms((ops.Opaque(reason="?"),), (ADD,))
    assert (verdict, Harm.CANNOT_RUN in found) == ("unknown", False)


def test_what_touches_another_table_makes_no_column() -> None:
    verdict, found = harms((ops.Opaque(reason="?", tables=(Name("others"),)),), (DROP,))
    assert (verdict, Harm.CANNOT_RUN in found) == ("broken", True)


@pytest.mark.parametrize("guard", [ALWAYS, Test(Undecided("a loop over names"), "1")])
def test_a_drop_by_a_name_not_known_may_have_taken_the_column(guard: Guard) -> None:
    verdict, found = harms((ops.Opaque(reason="?", tables=(USERS,), guard=guard),), (ADD,))
    assert (verdict, Harm.CANNOT_RUN in found) == ("unknown", False)


@pytest.mark.parametrize(
    "other",
    [
        ops.Opaque(reason="?", tables=(Name("others"),)),
        ops.Opaque(reason="?", tables=(USERS,), data_only=True),
        ops.Opaque(reason="?", tables=(USERS,), guard=Test(DialectIs(("sqlite",)))),
    ],
)
def test_what_drops_nothing_of_the_table_here_excuses_no_failure(other: ops.Operation) -> None:
    verdict, found = harms((other,), (ADD,))
    assert (verdict, Harm.CANNOT_RUN in found) == ("broken", True)


def key(*columns: str) -> ops.AddConstraint:
    return ops.AddConstraint(table=Name("older"), constraint=Constraint("primary", "pk", columns))


@pytest.mark.parametrize(("back", "verdict"), [((key("id"),), "unknown"), ((), "lossy")])
def test_the_key_made_by_the_downgrade_may_be_the_presupposed_one(
    back: tuple[ops.Operation, ...], verdict: str
) -> None:
    drop = ops.DropConstraint(table=Name("older"), name="pk", kind="primary")
    upgrade = (drop, key("id", "space"))
    found = judge(history((upgrade, (drop, *back))), ("mysql",))["0"]
    lost = [reason for reason in found.reasons if reason.harm is Harm.OBJECT_LOST]
    assert bool(lost) == (verdict == "lossy"), found.reasons
