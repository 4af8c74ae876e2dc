"""What an upgrade need not find: it makes it itself, or drops it only if it is there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mrt_lint import ops
from mrt_lint.history import History
from mrt_lint.ops.guard import ALWAYS, Exists, Guard, Not, Test, Undecided
from mrt_lint.replay import judge, replay
from mrt_lint.replay.supposed import supposing
from mrt_lint.roundtrip import Harm
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Constraint, Index
from mrt_lint.schema.state import State
from mrt_lint.schema.types import sql_type
from tests.replay.test_round_trips import BASE, history

USERS, WORK = Name("users"), Name("work")
OPAQUE = ops.Opaque(reason="elsewhere")
EXTRA = Column("extra", sql_type("integer"))
MAYBE = Test(Undecided("is it wanted"), "maybe")
Steps = tuple[ops.Operation, ...]


def there(kind: str, table: Name = USERS, part: str | None = "extra") -> Test:
    return Test(Exists(kind, table, part), f"{kind} {table} {part}")  # type: ignore[arg-type]


def drop(guard: Guard = ALWAYS) -> ops.DropColumn:
    return ops.DropColumn(table=USERS, name="extra", guard=guard)


def add(guard: Guard = ALWAYS) -> ops.AddColumn:
    return ops.AddColumn(table=USERS, column=EXTRA, guard=guard)


def told(
    upgrade: Steps, downgrade: Steps = (), given: Steps = (BASE, OPAQUE), dialect: str = "postgresql"
) -> tuple[str, set[Harm]]:
    found = judge(history((given, ()), (upgrade, downgrade)), (dialect,))["1"]  # type: ignore[arg-type]
    return found.verdict.value, {reason.harm for reason in found.reasons}


ASKED = (ops.Probe(test=there("column")), drop(there("column")))
IF_EXISTS = (replace(drop(), conditional=True),)
PLAUSIBLE = ("plausible", {Harm.UNPROVEN})


@pytest.mark.parametrize("upgrade", [ASKED, IF_EXISTS, (drop(MAYBE),)])
def test_what_no_migration_made_is_not_lost_where_it_is_dropped_only_if_it_is_there(upgrade: Steps) -> None:
    assert told(upgrade) == PLAUSIBLE


@pytest.mark.parametrize("upgrade", [ASKED, IF_EXISTS])
@pytest.mark.parametrize(
    ("given", "downgrade"),
    [
        ((BASE, OPAQUE, add()), ()),  # a migration made it
        ((BASE, OPAQUE), (add(),)),  # the downgrade says that it was there
        ((OPAQUE,), ()),  # no migration made the table either
    ],
)
def test_what_anyone_speaks_of_is_lost(upgrade: Steps, given: Steps, downgrade: Steps) -> None:
    assert told(upgrade, downgrade, given)[0] in ("broken", "lossy")


def test_what_is_dropped_without_asking_is_lost() -> None:
    assert told((drop(),))[0] == "broken"


def test_a_column_that_is_changed_first_was_there() -> None:
    nullable = ops.SetNullable(table=USERS, name="extra", nullable=True)
    assert told((replace(nullable, guard=MAYBE), drop(MAYBE)))[0] == "broken"


CREATE = ops.CreateTable(table=WORK, columns=(Column("id", sql_type("integer")),))
CLEAR = ops.DropTable(table=WORK, conditional=True)
MEMO = ops.Update(table=WORK, assignments=(("id", ops.Expression()),))


@pytest.mark.parametrize(
    ("upgrade", "downgrade"),
    [
        ((CLEAR, CREATE), (ops.DropTable(table=WORK),)),
        ((CLEAR, replace(CREATE, temporary=True)), ()),
        ((CLEAR, ops.RenameTable(table=USERS, new=WORK)), (ops.RenameTable(table=WORK, new=USERS),)),
        ((CLEAR,), ()),
        ((ops.Probe(test=there("table", WORK, None)), replace(CLEAR, guard=there("table", WORK, None))), ()),
    ],
)
def test_a_table_that_is_cleared_out_of_the_way_is_not_lost(upgrade: Steps, downgrade: Steps) -> None:
    assert told(upgrade, downgrade) == PLAUSIBLE


@pytest.mark.parametrize(
    ("upgrade", "downgrade"),
    [((CLEAR,), (CREATE,)), ((MEMO, CLEAR, CREATE), ()), ((replace(CLEAR, conditional=False), CREATE), ())],
)
def test_a_table_of_which_more_is_said_is_lost(upgrade: Steps, downgrade: Steps) -> None:
    assert told(upgrade, downgrade)[0] in ("lossy", "broken")


def test_where_the_history_is_not_whole_a_table_may_be_older() -> None:
    whole = history(((BASE, OPAQUE), ()), ((CLEAR, CREATE), ()))
    alone = History([whole.migrations[1]], whole.project)
    assert replay(alone, "postgresql").roundtrips["1"].verdict.value in ("lossy", "broken")


TRIGGER = ops.DropTrigger(trigger=Name("tr"), table=USERS, conditional=True)


def test_a_trigger_that_is_dropped_if_it_exists_need_not_be_there() -> None:
    assert told((TRIGGER,)) == PLAUSIBLE
    assert told((replace(TRIGGER, conditional=False),))[0] == "broken"
    again = ops.CreateTrigger(trigger="tr", table=USERS)
    assert told((TRIGGER,), (again,)) != PLAUSIBLE


def test_a_column_made_under_a_condition_is_the_upgrades_own() -> None:
    fill = ops.Update(table=USERS, assignments=(("extra", ops.Expression()),))
    assert told((add(MAYBE), fill), (drop(),)) == PLAUSIBLE
    assert told((fill, add(MAYBE)), (drop(),))[0] in ("broken", "lossy", "unknown")


def test_without_a_column_there_is_no_index_and_no_constraint_on_it() -> None:
    index = ops.CreateIndex(table=USERS, index=Index("ix_extra", ("name", "extra")))
    unique = ops.AddConstraint(table=USERS, constraint=Constraint("unique", "uq_extra", ("extra",)))
    state = State("postgresql")
    for step in (BASE, add(), index, unique):
        state = step.apply(state)
    without = supposing(state, Exists("column", USERS, "extra"), False)
    table = without.table(USERS) if without is not None else None
    assert table is not None
    assert not {"ix_extra"} & table.indexes.keys()
    assert [one.name for one in table.constraints if one.name == "uq_extra"] == []
    assert {("column", "extra"), ("index", "ix_extra"), ("constraint", "uq_extra")} <= table.gone
    assert {"name", "phone"} <= table.columns.keys()
    assert "ix_users_phone" in table.indexes


def test_the_second_of_two_revisions_that_make_the_same_under_a_condition() -> None:
    probe, back = ops.Probe(test=there("column")), there("column", USERS, "extra")
    index = ops.CreateIndex(table=USERS, index=Index("ix_extra", ("extra",)), guard=Not(there("column")))
    both = (probe, add(Not(there("column"))), index)
    down = (ops.Probe(test=back), drop(back))
    found = judge(history(((BASE, OPAQUE), ()), (both, down), (both, down)), ("postgresql",))
    lost = {r.subject for r in found["2"].reasons if r.harm is Harm.OBJECT_LOST}
    assert not lost, found["2"].reasons


def test_an_index_that_each_direction_builds_anew_for_its_constraint_was_not_there_before() -> None:
    def swapped(deferred: bool) -> Steps:
        unique = Constraint("unique", "uq_users_age", index="ix_users_age_new", deferrable=deferred)
        index = Index("ix_users_age_new", ("age",), unique=True)
        return (
            ops.DropIndex(name=Name("ix_users_age_new"), table=USERS, conditional=True),
            ops.CreateIndex(table=USERS, index=index),
            ops.DropConstraint(table=USERS, name="uq_users_age", kind="unique"),
            ops.AddConstraint(table=USERS, constraint=unique),
        )

    before = Constraint("unique", "uq_users_age", ("age",))
    given = (BASE, ops.AddConstraint(table=USERS, constraint=before), OPAQUE)
    verdict, harms = told(swapped(True), swapped(False), given)
    assert (verdict, harms) == PLAUSIBLE
    # The downgrade that leaves it under its own name restores what the upgrade took away.
    assert told(swapped(True), swapped(False)[:2], given)[0] != "plausible"
