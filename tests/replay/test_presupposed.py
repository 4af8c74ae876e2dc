"""What a downgrade presupposes after an upgrade that is not understood."""

from __future__ import annotations

import pytest

from mrt_lint import ops
from mrt_lint.roundtrip import Harm
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column
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
