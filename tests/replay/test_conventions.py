"""Names by a naming convention that the project has and that is not read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mrt_lint import ops
from mrt_lint.hazards.constraints import lost_guard
from mrt_lint.hazards.indexes import lost_index
from mrt_lint.history import History
from mrt_lint.ops.guard import Test, Undecided
from mrt_lint.replay import judge
from mrt_lint.roundtrip import Harm
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Constraint, Index
from tests.replay.test_round_trips import BASE, history

USERS = Name("users")
Steps = tuple[ops.Operation, ...]
BAD = {Harm.OBJECT_LOST, Harm.OBJECT_LEFT, Harm.CANNOT_RUN, Harm.DEFINITION_CHANGED}


def told(upgrade: Steps, downgrade: Steps, *, hidden: bool = True) -> tuple[str, set[Harm]]:
    made = history(((BASE,), ()), (upgrade, downgrade))
    project = replace(made.project, naming_hidden=hidden)
    found = judge(History(made.migrations, project), ("postgresql",))["1"]
    return found.verdict.value, {reason.harm for reason in found.reasons}


def index(name: str | None, *columns: str) -> ops.CreateIndex:
    return ops.CreateIndex(table=USERS, index=Index(name, columns))


def unique(name: str | None, *columns: str) -> ops.AddConstraint:
    return ops.AddConstraint(table=USERS, constraint=Constraint("unique", name, columns))


def check(name: str, text: str) -> ops.AddConstraint:
    return ops.AddConstraint(table=USERS, constraint=Constraint("check", name, expression=text))


def no_index(name: str) -> ops.DropIndex:
    return ops.DropIndex(table=USERS, name=Name(name))


def no_constraint(name: str) -> ops.DropConstraint:
    return ops.DropConstraint(table=USERS, name=name)


CASES: dict[str, tuple[Steps, Steps]] = {
    # SQLAlchemy's own name, which op.create_index(None, ..) has without a convention.
    "an index": ((index("ix_users_age", "age"),), (no_index("ix_uq_users_age"),)),
    "a key": ((unique(None, "age", "name"),), (no_constraint("uq_users_age_name"),)),
    "a check": ((check("positive", "age > 0"),), (no_constraint("ck_users_positive"),)),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_made_without_a_name_may_be_what_is_dropped_by_one(case: str) -> None:
    verdict, harms = told(*CASES[case])
    assert (verdict, harms & BAD) == ("unknown", set())


@pytest.mark.parametrize("case", ["an index", "a key"])
def test_without_a_convention_the_drop_fails(case: str) -> None:
    verdict, harms = told(*CASES[case], hidden=False)
    assert (verdict, Harm.CANNOT_RUN in harms) == ("broken", True)


@pytest.mark.parametrize(
    "downgrade",
    [
        (no_index("ix_uq_users_phone_name"),),  # of other columns
        (),
    ],
)
def test_another_name_is_no_name_of_it(downgrade: Steps) -> None:
    verdict, harms = told((index("ix_users_age", "age"),), downgrade)
    assert (verdict, bool(harms & BAD)) == ("broken", True)


def test_two_that_may_be_meant_are_none() -> None:
    both = (unique(None, "age"), unique(None, "age"))
    verdict, harms = told(both, (no_constraint("uq_users_age"),))
    assert (verdict, Harm.OBJECT_LEFT in harms) == ("broken", True)


def test_a_name_that_an_index_bears_means_no_constraint() -> None:
    """PostgreSQL: "constraint does not exist"; so a key whose column is in the name is not gone."""
    by_hand = ops.CreateIndex(table=USERS, index=Index("unq_users_age", ("age",), unique=True))
    made = history(((BASE, unique(None, "age")), ()), ((by_hand,), (no_constraint("unq_users_age"),)))
    project = replace(made.project, naming_hidden=True)
    found = judge(History(made.migrations, project), ("postgresql",))["1"]
    harms = {reason.harm for reason in found.reasons}
    assert (found.verdict.value, Harm.CANNOT_RUN in harms, Harm.OBJECT_LOST in harms) == (
        "broken",
        True,
        False,
    )


def test_a_check_made_again_under_its_whole_name_is_the_same() -> None:
    given = (check("positive", "age > 0"),)
    made = history(
        ((BASE, *given), ()),
        ((no_constraint("ck_users_positive"),), (check("ck_users_positive", "0 < age"),)),
    )
    project = replace(made.project, naming_hidden=True)
    found = judge(History(made.migrations, project), ("postgresql",))["1"]
    assert {reason.harm for reason in found.reasons} & {Harm.OBJECT_LOST, Harm.OBJECT_LEFT} == set()


@pytest.mark.parametrize(
    ("again", "hidden", "lost"), [("age", True, False), ("phone", True, True), ("age", False, True)]
)
def test_an_index_that_comes_back_without_a_name_is_not_lost(again: str, hidden: bool, lost: bool) -> None:
    drop = no_index("users_by_age")
    made = history(((drop,), (index(f"ix_users_{again}", again),)))
    project = replace(made.project, naming_hidden=hidden)
    trip = judge(History(made.migrations, project), ("postgresql",))["0"].roundtrips["postgresql"]
    state, step = trip.upgrade_steps[0]
    assert isinstance(step, ops.DropIndex)
    assert (lost_index(step, state, trip) is not None) is lost


@pytest.mark.parametrize(
    ("kind", "hidden", "lost"), [("primary", True, False), ("unique", True, True), ("primary", False, True)]
)
def test_a_constraint_that_comes_back_without_a_name_is_not_lost(kind: str, hidden: bool, lost: bool) -> None:
    again = ops.AddConstraint(table=USERS, constraint=Constraint(kind, None, ("phone",)))  # type: ignore[arg-type]
    made = history(((no_constraint("pk_users"),), (again,)))
    project = replace(made.project, naming_hidden=hidden)
    trip = judge(History(made.migrations, project), ("postgresql",))["0"].roundtrips["postgresql"]
    state, step = trip.upgrade_steps[0]
    assert isinstance(step, ops.DropConstraint)
    assert (lost_guard(step, state, trip) is not None) is lost


@pytest.mark.parametrize("hidden", [True, False])
def test_a_drop_by_a_name_not_known_may_end_the_try(hidden: bool) -> None:
    """Then nothing after it is done either."""
    test = Test(Undecided("the try in line 1 succeeds", attempt="upgrade:1:1"), "t", 1)
    drop = replace(no_constraint("users_phone_key"), guard=test)
    add = replace(unique("uq_phone_name", "phone", "name"), guard=test)
    made = history(((BASE, unique("phone", "phone")), ()), ((drop, add), ()))
    given = replace(
        made.migrations[0].upgrade[1],  # type: ignore[index]
        constraint=Constraint("unique", "phone", ("phone",), automatic=True),
    )
    first = replace(made.migrations[0], upgrade=(made.migrations[0].upgrade[0], given))  # type: ignore[index]
    project = replace(made.project, naming_hidden=hidden)
    found = judge(History([first, made.migrations[1]], project), ("mysql",))["1"]
    harms = {reason.harm for reason in found.reasons}
    assert harms & {Harm.OBJECT_LOST, Harm.OBJECT_LEFT} == set()


@pytest.mark.parametrize("older", [True, False])
def test_the_name_of_an_index_that_went_with_a_batch_means_no_other(older: bool) -> None:
    """SQLite: a batch makes the table anew without the indexes that reflection does not see."""
    gone = ops.CreateIndex(table=USERS, index=Index("by_age_first", ("age DESC",)))
    given = (BASE, index("ix_users_age", "age"), *((gone,) if older else ()))
    batch = (ops.BeginRebuild(table=USERS, batch="always"), ops.EndRebuild(table=USERS, batch="always"))
    made = history((given, ()), ((*batch, no_index("by_age_first")), ()))
    project = replace(made.project, naming_hidden=True)
    found = judge(History(made.migrations, project), ("sqlite",))["1"]
    lost = {reason.part for reason in found.reasons if reason.harm is Harm.OBJECT_LOST}
    assert ("ix_users_age" in lost) is not older
    assert found.verdict.value == "broken"


@pytest.mark.parametrize(
    ("nameless", "hidden", "words"),
    [
        (True, True, "index on users (age) is gone"),
        (False, True, "index ix_users_age of users is gone"),
        (True, False, "index ix_users_age of users is gone"),
    ],
)
def test_a_name_that_is_not_known_is_not_told(nameless: bool, hidden: bool, words: str) -> None:
    made = ops.CreateIndex(table=USERS, index=Index("ix_users_age", ("age",), nameless=nameless))
    gone = ops.DropIndex(table=USERS, name=Name("ix_users_age"))
    given = history(((BASE, made), ()), ((gone,), ()))
    found = judge(History(given.migrations, replace(given.project, naming_hidden=hidden)), ("postgresql",))[
        "1"
    ]
    assert any(reason.message.startswith(words) for reason in found.reasons)
