"""Ways through the conditions of an upgrade: which there are, and which the verdict counts on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mrt_lint import ops
from mrt_lint.ops.guard import AllOf, Exists, Guard, Not, Test, Undecided
from mrt_lint.replay import replay
from mrt_lint.replay.scenario import exists, prepared
from mrt_lint.replay.supposed import supposing
from mrt_lint.replay.ways import ways
from mrt_lint.roundtrip import Harm
from mrt_lint.schema.dialects import Dialect
from mrt_lint.schema.names import UNKNOWN, Name
from mrt_lint.schema.objects import Column, Constraint, Index
from mrt_lint.schema.state import State
from mrt_lint.schema.types import sql_type
from tests.replay.test_round_trips import BASE, history

USERS = Name("users")
OPAQUE = ops.Opaque(reason="elsewhere")


def add(name: str, guard: Guard) -> ops.AddColumn:
    return ops.AddColumn(table=USERS, column=Column(name, sql_type("integer")), guard=guard)


def asked(name: str, direction: str) -> tuple[ops.Probe, Test]:
    test = Test(Exists("column", USERS, name), f"{direction} {name}")
    return ops.Probe(test=test), test


def open_state() -> State:
    return replay(history(((BASE, OPAQUE), ())), "postgresql").after["0"].fresh()


def added_if_missing(*names: str) -> tuple[ops.Operation, ...]:
    steps: list[ops.Operation] = []
    for name in names:
        probe, test = asked(name, "up")
        steps += [probe, add(name, Not(test))]
    return tuple(steps)


def test_a_question_is_put_both_ways_and_the_state_before_says_which() -> None:
    state = open_state()
    found = ways(state, prepared(state, added_if_missing("a")))
    (world,) = found.worlds
    assert [(way.before.column(USERS, "a") is not None, len(way.up.steps)) for way in world] == [
        (False, 1),
        (True, 0),
    ]


def test_what_is_asked_again_has_the_same_answer() -> None:
    probe, test = asked("a", "down")
    drop = ops.DropColumn(table=USERS, name="a", guard=test)
    trip = replay(history(((BASE, OPAQUE), ()), (added_if_missing("a"), (probe, drop))), "postgresql")
    assert trip.roundtrips["1"].verdict.value == "plausible"
    assert [reason.harm for reason in trip.roundtrips["1"].reasons] == [Harm.UNPROVEN]


def test_many_questions_are_not_too_many() -> None:
    names = [f"c{number}" for number in range(9)]
    drops = tuple(ops.DropColumn(table=USERS, name=name) for name in names)
    found = history(((BASE, OPAQUE), ()), (added_if_missing(*names), drops))
    assert replay(found, "postgresql").roundtrips["1"].verdict.value == "plausible"
    forgotten = history(((BASE, OPAQUE), ()), (added_if_missing(*names), drops[1:]))
    assert replay(forgotten, "postgresql").roundtrips["1"].verdict.value == "broken"


def test_conditions_that_change_nothing_make_no_world() -> None:
    state = open_state()
    first, second = (Test(Undecided(text), text) for text in ("a", "b"))
    guards = [AllOf((first, second)), AllOf((first, Not(second))), AllOf((Not(first),))]
    steps = [ops.SetNullable(table=USERS, name="name", nullable=True, guard=guard) for guard in guards]
    assert len(ways(state, prepared(state, (*steps, replace(steps[0], guard=first)))).worlds) == 3


def test_conditions_that_only_choose_among_nothing_count_once() -> None:
    tests = [Test(Undecided(f"c{number}"), f"c{number}") for number in range(10)]
    every = AllOf(tuple(tests))
    state = open_state()
    found = ways(state, prepared(state, (add("a", every), add("b", AllOf(tuple(tests[:9]))))))
    assert len(found.worlds) == 3
    assert not found.too_many


def refused(name: str) -> tuple[ops.Operation, ...]:
    """Returns an upgrade that raises where the column is not there, and its way back."""
    probe, test = asked(name, "up")
    rows = Test(Undecided("rows"), "rows")
    return (probe, ops.Refuse(exception="E", guard=AllOf((Not(test), rows))), add(name, Not(test)))


def test_where_the_meant_way_raises_the_other_proves_no_loss() -> None:
    drop = ops.DropColumn(table=USERS, name="a")
    trip = replay(history(((BASE, OPAQUE), ()), (refused("a"), (drop,))), "postgresql").roundtrips["1"]
    assert trip.verdict.value == "plausible"


def test_what_only_another_answer_leaves_open_is_a_doubt() -> None:
    probe, test = asked("a", "up")
    code = ops.Opaque(reason="?", tables=(USERS,), guard=test)
    upgrade = (probe, code, add("a", Not(test)), add("b", Not(test)))
    downs = tuple(ops.DropColumn(table=USERS, name=name, conditional=True) for name in ("a", "b"))
    trip = replay(history(((BASE, OPAQUE), ()), (upgrade, downs)), "postgresql").roundtrips["1"]
    assert trip.verdict.value == "plausible"


def attempt(name: str) -> Test:
    return Test(Undecided("the try in line 1 succeeds", attempt="1"), name)


def test_a_try_that_fails_for_no_known_cause_does_no_sure_harm() -> None:
    upgrade = (add("a", attempt("1")),)
    down = (ops.DropColumn(table=USERS, name="a"),)
    trip = replay(history(((BASE,), ()), (upgrade, down)), "postgresql").roundtrips["1"]
    assert trip.verdict.value == "plausible"
    handled = (*upgrade, ops.DropColumn(table=USERS, name="phone", guard=Not(attempt("1"))))
    trip = replay(history(((BASE,), ()), (handled, down)), "postgresql").roundtrips["1"]
    assert trip.verdict.value in ("broken", "lossy")


@pytest.mark.parametrize(
    ("dialect", "verdict"), [("postgresql", {"plausible"}), ("sqlite", {"broken", "lossy"})]
)
def test_where_an_error_ends_the_transaction_no_try_has_failed(dialect: Dialect, verdict: set[str]) -> None:
    """What is in the rows may let the unique index fail; then PostgreSQL refuses the rest of the upgrade."""
    index = ops.CreateIndex(table=USERS, index=Index("ix_age", ("age",), unique=True), guard=attempt("1"))
    upgrade = (index, add("a", attempt("1")), add("b", AllOf()))
    down = tuple(ops.DropColumn(table=USERS, name=name) for name in ("a", "b"))
    no_index = ops.DropIndex(table=USERS, name=Name("ix_age"))
    trip = replay(history(((BASE,), ()), (upgrade, (no_index, *down))), dialect).roundtrips["1"]
    assert trip.verdict.value in verdict
    if dialect == "postgresql":
        free = ops.TransactionFacts(autocommit=True)
        apart = tuple(replace(step, transaction=free) for step in upgrade)
        trip = replay(history(((BASE,), ()), (apart, (no_index, *down))), dialect).roundtrips["1"]
        assert trip.verdict.value != "reversible"


def test_an_answer_is_put_into_the_state() -> None:
    state = open_state()
    index, constraint = Exists("index", USERS, "ix"), Exists("constraint", USERS, "uq")
    for question in (index, constraint, Exists("table", Name("t")), Exists("view", Name("v"))):
        for answer in (True, False):
            put = supposing(state, question, answer)
            assert put is not None
            assert exists(put, question) is answer
    assert supposing(state, Exists("index", Name(""), "ix"), True) is None


INDEX = ops.CreateIndex(table=USERS, index=Index("ix", ("name",)))
DROP = ops.DropIndex(table=USERS, name=Name("ix"), conditional=True)


def test_a_leftover_that_is_cleared_away_is_not_presupposed() -> None:
    trip = replay(history(((BASE, OPAQUE), ()), ((DROP, INDEX), (DROP,))), "postgresql").roundtrips["1"]
    assert trip.verdict.value == "plausible"
    sure = replace(DROP, conditional=False)
    trip = replay(history(((BASE, OPAQUE), ()), ((sure, INDEX), (DROP,))), "postgresql").roundtrips["1"]
    assert trip.verdict.value == "broken"


def listed(table: Name) -> ops.DropListed:
    return ops.DropListed(reason="?", tables=(table,), table=table, kind="check")


CHECK = ops.AddConstraint(table=USERS, constraint=Constraint("check", "ck", expression="age > 0"))


def test_constraints_dropped_by_names_from_the_database_are_known_from_the_history() -> None:
    upgrade = (listed(USERS),)
    trip = replay(history(((BASE, CHECK), ()), (upgrade, (CHECK,))), "postgresql").roundtrips["1"]
    assert trip.verdict.value == "fragile"
    trip = replay(history(((BASE, CHECK), ()), (upgrade, ())), "postgresql").roundtrips["1"]
    assert trip.verdict.value == "broken"
    trip = replay(history(((BASE, CHECK, OPAQUE), ()), (upgrade, (CHECK,))), "postgresql").roundtrips["1"]
    assert trip.verdict.value == "unknown"


def test_what_is_not_understood_of_a_table_that_comes_and_goes_is_no_matter() -> None:
    made = ops.CreateTable(table=Name("t"), columns=(Column("id", sql_type("integer")),))
    code = ops.Opaque(reason="?", tables=(Name("t"),))
    gone = ops.DropTable(table=Name("t"))
    trip = replay(history(((BASE,), ()), ((made,), (code, gone))), "postgresql").roundtrips["1"]
    assert trip.verdict.value == "reversible"
    found = history(((BASE,), ()), ((made,), (gone, replace(code, tables=(USERS,)))))
    assert replay(found, "postgresql").roundtrips["1"].verdict.value == "unknown"


def test_code_that_writes_the_same_tables_in_both_directions_may_undo_itself() -> None:
    code, other = (ops.PythonCode(what="session.add()", writes=(Name(name),)) for name in ("users", "else"))
    for upgrade, downgrade, verdict in [
        ((code,), (code,), "plausible"),
        ((code,), (), "unknown"),
        ((code, other), (code,), "unknown"),
        ((replace(code, writes=None),), (replace(code, writes=None),), "unknown"),
    ]:
        others = ops.CreateTable(table=Name("else"), columns=(Column("id", sql_type("integer")),))
        trip = replay(history(((BASE, others), ()), (upgrade, downgrade)), "postgresql").roundtrips["1"]
        assert trip.verdict.value == verdict


def test_a_type_that_only_the_caller_tells_is_believed() -> None:
    given = ops.AddColumn(table=USERS, column=Column("note", UNKNOWN))
    small, large = sql_type("varchar", 20), sql_type("text")
    widen = ops.AlterColumnType(table=USERS, name="note", type=large, existing_type=small)
    narrow = ops.AlterColumnType(table=USERS, name="note", type=small, existing_type=large)
    trip = replay(history(((BASE, given), ()), ((widen,), (narrow,))), "postgresql").roundtrips["1"]
    assert trip.verdict.value == "fragile"
    other = replace(narrow, type=sql_type("varchar", 10))
    trip = replay(history(((BASE, given), ()), ((widen,), (other,))), "postgresql").roundtrips["1"]
    assert trip.verdict.value in ("lossy", "broken")
