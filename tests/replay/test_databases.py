"""Which databases a history is judged for, when one of its migrations refuses to run on some."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mrt_lint import ops
from mrt_lint.ops import Operation
from mrt_lint.ops.guard import DialectIs, Guard, Not, Test
from mrt_lint.replay.judge import judge
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column
from tests.replay.test_round_trips import BASE, TEXT, history

LITE = Test(DialectIs(("sqlite",)))
REFUSE = ops.Refuse(exception="NotImplementedError", guard=LITE)
ADD = ops.AddColumn(table=Name("users"), column=Column("note", TEXT))


def databases(*later: Operation, chosen: bool = False) -> list[set[str]]:
    """Returns for each migration what it is judged for: a base, a refusal on SQLite, what comes later."""
    given = history(((BASE,), ()), ((REFUSE, replace(ADD, column=Column("tag", TEXT))), ()), (later, ()))
    found = judge(given, ("mysql", "sqlite"), chosen=chosen)
    return [set(judgement.roundtrips) for judgement in found.values()]


@pytest.mark.parametrize("guard", [LITE, Not(LITE)])
def test_a_database_that_is_asked_for_later_got_past_the_refusal(guard: Guard) -> None:
    assert databases(replace(ADD, guard=guard)) == [{"mysql", "sqlite"}, {"mysql"}, {"mysql", "sqlite"}]


@pytest.mark.parametrize(
    "guard",
    [
        Test(DialectIs(("sqlite",), read=True)),
        Test(DialectIs(("sqlite", "mysql", "postgresql"))),
        Test(DialectIs(("mysql",))),
    ],
)
def test_one_that_nothing_asks_for_later_did_not(guard: Guard) -> None:
    assert databases(replace(ADD, guard=guard)) == [{"mysql"}] * 3


def test_one_that_is_refused_again_did_not() -> None:
    assert databases(REFUSE) == [{"mysql"}] * 3


def test_one_that_was_chosen_is_always_judged() -> None:
    assert databases(ADD, chosen=True) == [{"mysql", "sqlite"}] * 3
