"""Round trips of hand-made operations: each case names what must, and must not, be claimed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mrt_lint import ops
from mrt_lint.history import History
from mrt_lint.lowered import Migration
from mrt_lint.ops.guard import AllOf, DialectIs, Exists, Not, Test, Undecided
from mrt_lint.project import Project
from mrt_lint.replay import judge, replay
from mrt_lint.replay.scenario import explore, prepared
from mrt_lint.roundtrip import Harm
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Constraint, Index
from mrt_lint.schema.state import State
from mrt_lint.schema.types import SqlType, sql_type

USERS = Name("users")
INTEGER, TEXT = sql_type("integer"), sql_type("text")
MOOD = SqlType("mood", labels=("sad", "ok"), creates_type=True)

BASE = ops.CreateTable(
    table=USERS,
    columns=(
        Column("id", INTEGER, False),
        Column("name", sql_type("varchar", 50), False),
        Column("phone", sql_type("varchar", 20)),
        Column("age", INTEGER, True, "0"),
    ),
    constraints=(Constraint("primary", columns=("id",)), Constraint("unique", "uq_users_name", ("name",))),
    indexes=(Index("ix_users_phone", ("phone",)),),
)
PHONE = Column("phone", sql_type("varchar", 20))
DROP_PHONE = ops.DropColumn(table=USERS, name="phone")
ADD_PHONE = ops.AddColumn(table=USERS, column=PHONE, indexes=(Index("ix_users_phone", ("phone",)),))


def directed(operations: tuple[ops.Operation, ...], direction: str) -> tuple[ops.Operation, ...]:
    return tuple(replace(operation, direction=direction) for operation in operations)  # type: ignore[arg-type]


def history(*pairs: tuple[tuple[ops.Operation, ...], tuple[ops.Operation, ...] | None]) -> History:
    migrations = []
    for number, (up, down) in enumerate(pairs):
        migrations.append(
            Migration(
                str(number),
                f"{number}.py",
                "alembic",
                (str(number - 1),) if number else (),
                upgrade=directed(up, "upgrade"),
                downgrade=None if down is None else directed(down, "downgrade"),
            )
        )
    return History(migrations, Project("alembic", Path()))


def verdict(
    up: tuple[ops.Operation, ...],
    down: tuple[ops.Operation, ...] | None,
    *given: ops.Operation,
    dialect: str = "postgresql",
) -> tuple[str, set[str]]:
    found = judge(history(((BASE, *given), (ops.DropTable(table=USERS),)), (up, down)), (dialect,))["1"]  # type: ignore[arg-type]
    return found.verdict.value, {f"{reason.harm.value} {reason.subject}".strip() for reason in found.reasons}


def update(column: str, value: ops.Expression, **fields: object) -> ops.Update:
    return ops.Update(table=USERS, assignments=((column, value),), **fields)  # type: ignore[arg-type]


def copy_of(column: str) -> ops.Expression:
    return ops.Expression(column, column=column, reads=(ops.ColumnRead((USERS,), column),))


TEL = ops.AddColumn(table=USERS, column=Column("tel", sql_type("varchar", 20)))
DROP_TEL = ops.DropColumn(table=USERS, name="tel")
NEW = Name("users_new")
NEW_TABLE = ops.CreateTable(
    table=NEW, columns=BASE.columns, constraints=BASE.constraints, indexes=BASE.indexes
)
COPY = ops.Insert(
    table=NEW,
    columns=("id", "name", "phone", "age"),
    source=USERS,
    values=tuple(copy_of(column) for column in ("id", "name", "phone", "age")),
)
BACKUP = ops.CreateTableAs(table=Name("backup"), source=USERS)

CASES: dict[str, tuple[tuple[ops.Operation, ...], tuple[ops.Operation, ...] | None, str]] = {
    "nothing happens": ((), (), "reversible"),
    "a new column goes again": ((TEL,), (DROP_TEL,), "reversible"),
    "a column comes back empty": ((DROP_PHONE,), (ADD_PHONE,), "lossy"),
    "a column does not come back": ((DROP_PHONE,), (), "broken"),
    "a rename there and back": (
        (ops.RenameColumn(table=USERS, name="phone", new="tel"),),
        (ops.RenameColumn(table=USERS, name="tel", new="phone"),),
        "reversible",
    ),
    "a rename that is forgotten": ((ops.RenameColumn(table=USERS, name="phone", new="tel"),), (), "broken"),
    "two columns swap their names for good": (
        (
            ops.RenameColumn(table=USERS, name="phone", new="x"),
            ops.RenameColumn(table=USERS, name="name", new="phone"),
            ops.RenameColumn(table=USERS, name="x", new="name"),
        ),
        (),
        "broken",
    ),
    "copied aside and back": (
        (TEL, update("tel", copy_of("phone")), DROP_PHONE),
        (ADD_PHONE, update("phone", copy_of("tel")), DROP_TEL),
        "reversible",
    ),
    "copied back from the wrong column": (
        (TEL, update("tel", copy_of("name")), DROP_PHONE),
        (ADD_PHONE, update("phone", copy_of("tel")), DROP_TEL),
        "lossy",
    ),
    "a computed value is computed back": (
        (update("age", ops.Expression("age + 1", reads=(ops.ColumnRead((USERS,), "age"),))),),
        (update("age", ops.Expression("age - 1", reads=(ops.ColumnRead((USERS,), "age"),))),),
        "plausible",
    ),
    "an update that nothing undoes": (
        (update("age", ops.Expression("1", literal=True)), TEL),
        (DROP_TEL,),
        "lossy",
    ),
    "a partial update that nothing undoes": (
        (update("age", ops.Expression("1", literal=True), where="age IS NULL"),),
        (),
        "lossy",
    ),
    "an update of NULLs where none can be": (
        (
            update(
                "name",
                ops.Expression("''", literal=True),
                where="name IS NULL",
                tests=(ops.ColumnTest("name", "is null"),),
            ),
        ),
        (),
        "reversible",
    ),
    "a widened type is narrowed again": (
        (ops.AlterColumnType(table=USERS, name="phone", type=TEXT),),
        (ops.AlterColumnType(table=USERS, name="phone", type=sql_type("varchar", 20)),),
        "fragile",
    ),
    "a narrowed type that fails rather than loses": (
        (ops.AlterColumnType(table=USERS, name="age", type=sql_type("smallint")),),
        (ops.AlterColumnType(table=USERS, name="age", type=INTEGER),),
        "reversible",
    ),
    "a narrowed text that may lose the spaces at its end": (
        (ops.AlterColumnType(table=USERS, name="name", type=sql_type("varchar", 10)),),
        (ops.AlterColumnType(table=USERS, name="name", type=sql_type("varchar", 50)),),
        "plausible",
    ),
    "an index dropped concurrently inside the transaction": (
        (ops.CreateIndex(table=USERS, index=Index("ix_a", ("age",))),),
        (ops.DropIndex(name=Name("ix_a"), table=USERS, concurrently=True),),
        "broken",
    ),
    "an index dropped concurrently in an autocommit block": (
        (ops.CreateIndex(table=USERS, index=Index("ix_a", ("age",))),),
        (
            ops.DropIndex(
                name=Name("ix_a"), table=USERS, concurrently=True, transaction=ops.TransactionFacts(True)
            ),
        ),
        "reversible",
    ),
    "a downgrade that forgets USING": (
        (ops.AlterColumnType(table=USERS, name="age", type=TEXT),),
        (ops.AlterColumnType(table=USERS, name="age", type=INTEGER),),
        "broken",
    ),
    "a copy back from a column that is gone": (
        (TEL, update("tel", copy_of("phone")), DROP_PHONE),
        (ADD_PHONE, DROP_TEL, update("phone", copy_of("tel"))),
        "broken",
    ),
    "a backup in a temporary table": (
        (replace(BACKUP, temporary=True), DROP_PHONE),
        (ADD_PHONE, ops.DropTable(table=Name("backup"))),
        "broken",
    ),
    "a type that rounds": (
        (ops.AlterColumnType(table=USERS, name="price", type=INTEGER),),
        (ops.AlterColumnType(table=USERS, name="price", type=SqlType("numeric", (8, 2))),),
        "lossy",
    ),
    "a USING expression is not a plain cast": (
        (
            ops.AlterColumnType(
                table=USERS, name="name", type=sql_type("varchar", 10), using="left(name, 10)"
            ),
        ),
        (ops.AlterColumnType(table=USERS, name="name", type=sql_type("varchar", 50)),),
        "lossy",
    ),
    "NOT NULL dropped and set again": (
        (ops.SetNullable(table=USERS, name="name", nullable=True),),
        (ops.SetNullable(table=USERS, name="name", nullable=False),),
        "fragile",
    ),
    "NOT NULL set again after filling": (
        (ops.SetNullable(table=USERS, name="name", nullable=True),),
        (
            update(
                "name",
                ops.Expression("''", literal=True),
                where="name IS NULL",
                tests=(ops.ColumnTest("name", "is null"),),
            ),
            ops.SetNullable(table=USERS, name="name", nullable=False),
        ),
        "plausible",
    ),
    "a default that comes back otherwise": (
        (ops.SetDefault(table=USERS, name="age", default=None),),
        (ops.SetDefault(table=USERS, name="age", default="1"),),
        "broken",
    ),
    "re-added NOT NULL without a default": (
        (ops.DropColumn(table=USERS, name="name"),),
        (ops.AddColumn(table=USERS, column=Column("name", sql_type("varchar", 50), False)),),
        "broken",
    ),
    "a unique constraint comes back under its name": (
        (ops.DropConstraint(table=USERS, name="uq_users_name"), TEL),
        (
            DROP_TEL,
            ops.AddConstraint(table=USERS, constraint=Constraint("unique", "uq_users_name", ("name",))),
        ),
        "fragile",
    ),
    "a unique constraint gives way to a unique index on its columns": (
        (
            ops.DropConstraint(table=USERS, name="uq_users_name"),
            ops.CreateIndex(table=USERS, index=Index("ix_name", ("name",), unique=True)),
        ),
        (
            ops.DropIndex(name=Name("ix_name"), table=USERS),
            ops.AddConstraint(table=USERS, constraint=Constraint("unique", "uq_users_name", ("name",))),
        ),
        "reversible",
    ),
    "a unique constraint gives way to a unique index over some rows": (
        (
            ops.DropConstraint(table=USERS, name="uq_users_name"),
            ops.CreateIndex(table=USERS, index=Index("ix_name", ("name",), unique=True, where="age > 1")),
        ),
        (
            ops.DropIndex(name=Name("ix_name"), table=USERS),
            ops.AddConstraint(table=USERS, constraint=Constraint("unique", "uq_users_name", ("name",))),
        ),
        "fragile",
    ),
    "a wrong index name": (
        (ops.CreateIndex(table=USERS, index=Index("ix_a", ("age",))),),
        (ops.DropIndex(name=Name("ix_b"), table=USERS),),
        "broken",
    ),
    "an index that is forgotten": (
        (ops.CreateIndex(table=USERS, index=Index("ix_a", ("age",))),),
        (),
        "broken",
    ),
    "an index on other columns": (
        (ops.DropIndex(name=Name("ix_users_phone"), table=USERS),),
        (ops.CreateIndex(table=USERS, index=Index("ix_users_phone", ("phone", "age"))),),
        "broken",
    ),
    "the copy-and-rename rebuild, whose key keeps its name": (
        (NEW_TABLE, COPY, ops.DropTable(table=USERS), ops.RenameTable(table=NEW, new=USERS)),
        (),
        "broken",
    ),
    "the copy-and-rename rebuild": (
        (
            NEW_TABLE,
            COPY,
            ops.DropTable(table=USERS),
            ops.RenameTable(table=NEW, new=USERS),
            ops.RenameConstraint(table=USERS, name="users_new_pkey", new="users_pkey"),
        ),
        (),
        "reversible",
    ),
    "a table is dropped and made again": ((ops.DropTable(table=USERS),), (BASE,), "lossy"),
    "a table is emptied": ((ops.Truncate(table=USERS),), (), "lossy"),
    "rows are deleted": ((ops.Delete(table=USERS, where="age > 9"),), (), "lossy"),
    "rows are inserted and stay": ((ops.Insert(table=USERS, columns=("id",), rows=(("1",),)),), (), "lossy"),
    "inserted rows are deleted by their key": (
        (ops.Insert(table=USERS, columns=("id", "name"), rows=(("7", "'x'"),)),),
        (ops.Delete(table=USERS, where="id = 7", tests=(ops.ColumnTest("id", "=", ("7",)),)),),
        "reversible",
    ),
    "inserted rows are deleted by what others may hold too": (
        (ops.Insert(table=USERS, columns=("id", "age"), rows=(("7", "3"),)),),
        (ops.Delete(table=USERS, where="age = 3", tests=(ops.ColumnTest("age", "=", ("3",)),)),),
        "plausible",
    ),
    "a refusal is declared": ((DROP_PHONE,), (ops.Refuse(exception="NotImplementedError"),), "irreversible"),
    "no downgrade at all": ((TEL,), None, "broken"),
    "opaque code in the upgrade": ((ops.Opaque(reason="?"),), (), "unknown"),
    "opaque code may have saved the data": (
        (DROP_PHONE,),
        (ADD_PHONE, ops.Opaque(reason="?", data_only=True)),
        "unknown",
    ),
    "opaque code in the upgrade saves nothing": (
        (ops.Opaque(reason="?", data_only=True), DROP_PHONE),
        (ADD_PHONE,),
        "lossy",
    ),
    "an enum type is left behind": (
        (ops.CreateTable(table=Name("m"), columns=(Column("c", MOOD),)),),
        (ops.DropTable(table=Name("m")),),
        "broken",
    ),
    "an enum type goes with its table": (
        (ops.CreateTable(table=Name("m"), columns=(Column("c", MOOD),)),),
        (ops.DropTable(table=Name("m")), ops.DropType(type=Name("mood"))),
        "reversible",
    ),
    "an enum type is dropped too early": (
        (ops.CreateTable(table=Name("m"), columns=(Column("c", MOOD),)),),
        (ops.DropType(type=Name("mood")), ops.DropTable(table=Name("m"))),
        "broken",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_verdict_on(name: str) -> None:
    up, down, expected = CASES[name]
    price = ops.AddColumn(table=USERS, column=Column("price", SqlType("numeric", (8, 2))))
    found, reasons = verdict(up, down, *([price] if "rounds" in name else []))
    assert found == expected, reasons


def test_a_foreign_key_follows_its_renamed_target() -> None:
    key = Constraint("foreign", "fk", ("user_id",), ref_table=USERS, ref_columns=("id",))
    orders = ops.CreateTable(table=Name("orders"), columns=(Column("user_id", INTEGER),), constraints=(key,))
    up = (ops.RenameTable(table=USERS, new=Name("accounts")),)
    down = (ops.RenameTable(table=Name("accounts"), new=USERS),)
    assert verdict(up, down, orders) == ("reversible", set())


@pytest.mark.parametrize(
    ("columns", "expected"),
    [(("phone", "age"), "reversible"), (("age",), "reversible"), (("phone", "name"), "fragile")],
)
def test_a_unique_index_gives_way_to_a_unique_constraint(columns: tuple[str, ...], expected: str) -> None:
    index = ops.CreateIndex(table=USERS, index=Index("ux", ("phone", "age"), unique=True))
    drop = ops.DropIndex(name=Name("ux"), table=USERS)
    constraint = ops.AddConstraint(table=USERS, constraint=Constraint("unique", "uq", columns))
    up, down = (drop, constraint), (ops.DropConstraint(table=USERS, name="uq"), index)
    assert verdict(up, down, index)[0] == expected


def test_a_column_renamed_and_widened_is_fragile_under_its_old_name() -> None:
    up = (
        ops.RenameColumn(table=USERS, name="phone", new="tel"),
        ops.AlterColumnType(table=USERS, name="tel", type=TEXT),
    )
    down = (
        ops.AlterColumnType(table=USERS, name="tel", type=sql_type("varchar", 20)),
        ops.RenameColumn(table=USERS, name="tel", new="phone"),
    )
    assert verdict(up, down) == ("fragile", {"new-rows users.phone"})


FLAG = Test(Undecided("settings.FLAG", setting=True))
HAS_TEL = Test(Exists("column", USERS, "tel"), "1")


def test_a_step_under_another_database_does_not_run() -> None:
    guarded = replace(DROP_PHONE, guard=Test(DialectIs(("mysql",))))
    assert verdict((guarded,), ())[0] == "reversible"
    assert verdict((guarded,), (), dialect="mysql")[0] == "broken"


def test_the_same_condition_on_both_sides_is_one_decision() -> None:
    assert verdict((replace(TEL, guard=FLAG),), (replace(DROP_TEL, guard=FLAG),))[0] == "reversible"


def test_what_asks_the_database_is_decided_anew() -> None:
    asks = Test(Undecided("count_rows(bind) > 0"))
    assert verdict((replace(TEL, guard=asks),), (replace(DROP_TEL, guard=asks),))[0] == "unknown"


def test_a_condition_on_the_downgrade_alone_is_not_understood() -> None:
    found, _ = verdict((TEL,), (replace(DROP_TEL, guard=FLAG),))
    assert found == "unknown"


def test_a_loss_under_a_condition_is_a_loss() -> None:
    guard = FLAG
    assert verdict((replace(DROP_PHONE, guard=guard),), (replace(ADD_PHONE, guard=guard),))[0] == "lossy"


def test_a_probe_is_answered_by_the_replayed_schema() -> None:
    probe = ops.Probe(test=HAS_TEL)
    add = replace(TEL, guard=Not(HAS_TEL))
    assert verdict((probe, add), (DROP_TEL,))[0] == "reversible"
    assert verdict((probe, add), (), TEL)[0] == "reversible"


def test_a_bare_file_is_judged_on_what_it_presupposes() -> None:
    migration = Migration(
        "b",
        "b.py",
        "alembic",
        ("a",),
        upgrade=directed((DROP_PHONE,), "upgrade"),
        downgrade=directed((ADD_PHONE,), "downgrade"),
    )
    found = judge(History([migration], Project("alembic", Path())), ("postgresql",))["b"]
    assert found.verdict.value == "lossy"
    assert any(
        reason.harm is Harm.COLUMN_DATA_LOST and reason.subject == "users.phone" for reason in found.reasons
    )


def test_a_bare_file_with_a_right_downgrade_is_reversible() -> None:
    up = directed((TEL, ops.CreateIndex(table=USERS, index=Index("ix_tel", ("tel",)))), "upgrade")
    down = directed((ops.DropIndex(name=Name("ix_tel")), DROP_TEL), "downgrade")
    migration = Migration("b", "b.py", "alembic", ("a",), upgrade=up, downgrade=down)
    found = judge(History([migration], Project("alembic", Path())), ("postgresql",))["b"]
    assert (found.verdict.value, found.reasons) == ("reversible", ())


def test_a_merge_sees_both_branches() -> None:
    def migration(name: str, parents: tuple[str, ...], *steps: ops.Operation) -> Migration:
        return Migration(name, f"{name}.py", "alembic", parents, upgrade=directed(steps, "upgrade"))

    found = replay(
        History(
            [
                migration("root", (), BASE),
                migration("left", ("root",), TEL),
                migration("right", ("root",), ops.AddColumn(table=USERS, column=Column("fax", TEXT))),
                migration("merge", ("left", "right")),
            ],
            Project("alembic", Path()),
        ),
        "postgresql",
    )
    table = found.after["merge"].table(USERS)
    assert table is not None
    assert {"tel", "fax"} <= set(table.columns)
    assert not found.roundtrips["merge"].upgrade_faults


NOT_THERE: dict[str, tuple[ops.Operation, str]] = {
    "an index": (ops.DropIndex(name=Name("ix_fax"), table=USERS), "index ix_fax"),
    "an index without its table": (ops.DropIndex(name=Name("ix_fax")), "index ix_fax"),
    "a column": (ops.DropColumn(table=USERS, name="fax"), "column users.fax"),
    "a constraint": (
        ops.DropConstraint(table=USERS, name="uq_fax", kind="unique"),
        "constraint uq_fax on users",
    ),
    "a renamed column": (ops.RenameColumn(table=USERS, name="fax", new="tel"), "column users.fax"),
}


@pytest.mark.parametrize("case", NOT_THERE)
def test_what_the_history_knows_to_be_absent_is_not_presupposed(case: str) -> None:
    step, subject = NOT_THERE[case]
    trip = replay(history(((BASE,), ()), ((step,), ())), "postgresql").roundtrips["1"]
    assert [(fault.problem, fault.sure) for fault in trip.upgrade_faults] == [("missing", True)]
    assert trip.before == trip.between
    assert [reason.harm for reason in trip.reasons] == [Harm.NOT_UNDERSTOOD]
    assert subject in trip.reasons[0].message


def test_nothing_happens_if_it_is_asked_for() -> None:
    step = ops.DropIndex(name=Name("ix_fax"), table=USERS, conditional=True)
    trip = replay(history(((BASE,), ()), ((step,), ())), "postgresql").roundtrips["1"]
    assert (trip.verdict.value, trip.upgrade_faults) == ("reversible", ())


def test_a_downgrade_that_makes_what_the_upgrade_missed_leaves_nothing() -> None:
    step = ops.DropIndex(name=Name("ix_fax"), table=USERS)
    back = ops.CreateIndex(table=USERS, index=Index("ix_fax", ("phone",)))
    trip = replay(history(((BASE,), ()), ((step,), (back,))), "postgresql").roundtrips["1"]
    assert {reason.harm for reason in trip.reasons} == {Harm.NOT_UNDERSTOOD}


def test_a_table_that_was_dropped_is_not_presupposed_and_an_older_one_is() -> None:
    trips = replay(
        history(
            ((BASE,), ()),
            ((ops.DropTable(table=USERS),), ()),
            ((DROP_PHONE,), ()),
            ((ops.DropTable(table=NEW),), ()),
        ),
        "postgresql",
    ).roundtrips
    assert trips["2"].before.table(USERS) is None
    assert trips["2"].verdict.value == "unknown"
    assert trips["3"].before.table(NEW) is not None
    assert trips["3"].verdict.value == "broken"


@pytest.mark.parametrize(("dialect", "name"), [("postgresql", "ctid"), ("sqlite", "rowid")])
def test_a_column_that_every_table_has_is_not_missed(dialect: str, name: str) -> None:
    step = update("phone", ops.Expression("x", reads=(ops.ColumnRead((USERS,), name),)))
    trip = replay(history(((BASE,), ()), ((step,), ())), dialect).roundtrips["1"]  # type: ignore[arg-type]
    assert trip.upgrade_faults == ()


def test_a_database_that_the_history_refuses_is_no_target() -> None:
    refuse = ops.Refuse(exception="RuntimeError", guard=Test(DialectIs(("mssql",))))
    given = history(((BASE,), (ops.DropTable(table=USERS),)), ((refuse,), ()))
    assert set(judge(given, ("postgresql", "mssql"))["0"].roundtrips) == {"postgresql"}
    assert set(judge(given, ("postgresql", "mssql"), chosen=True)["0"].roundtrips) == {"postgresql", "mssql"}


def test_a_migration_that_refuses_everywhere_says_nothing_of_the_databases() -> None:
    given = history(((BASE,), ()), ((ops.Refuse(exception="RuntimeError"),), ()))
    assert set(judge(given, ("postgresql", "mysql"))["0"].roundtrips) == {"postgresql", "mysql"}


def test_a_refusal_under_a_condition_says_nothing_of_the_databases() -> None:
    refuse = ops.Refuse(exception="RuntimeError", guard=Test(Undecided("rows"), "x"))
    given = history(((BASE,), ()), ((replace(refuse, guard=FLAG),), ()))
    assert set(judge(given, ("postgresql", "mysql"))["0"].roundtrips) == {"postgresql", "mysql"}


def under(*texts: str) -> AllOf:
    return AllOf(tuple(Test(Undecided(text), text, 1) for text in texts))


def test_conditions_that_decide_together_are_one() -> None:
    written = update("phone", ops.Expression(), where="?")
    nested = replace(written, guard=under(*(f"condition {number}" for number in range(12))))
    operations, too_many = explore(State("postgresql"), prepared(State("postgresql"), (nested,)))
    assert (len(operations), too_many) == (2, False)


def test_conditions_that_decide_apart_stay_apart() -> None:
    one, two = replace(TEL, guard=under("a", "b")), replace(DROP_PHONE, guard=under("a", "c"))
    operations, _ = explore(State("postgresql"), prepared(State("postgresql"), (one, two)))
    ran = {tuple(type(step).__name__ for _, step in outcome.steps) for outcome in operations}
    assert ran == {("AddColumn", "DropColumn"), ("AddColumn",), ("DropColumn",), ()}


def test_a_question_outlives_the_loop_that_it_is_asked_in() -> None:
    step = replace(TEL, guard=under("loop over rows", "row.new"))
    (_, guard), *_ = prepared(State("postgresql"), (step,))
    assert guard == Test(Undecided("row.new"), "row.new", 1)


def test_what_hangs_on_a_question_to_an_open_schema_is_not_proven() -> None:
    known = Test(Exists("column", USERS, "tel"), "up")
    again = Test(Exists("column", USERS, "tel"), "down")
    migration = Migration(
        "b",
        "b.py",
        "alembic",
        ("a",),
        upgrade=directed((ops.Probe(test=known), replace(TEL, guard=Not(known))), "upgrade"),
        downgrade=directed((ops.Probe(test=again), replace(DROP_TEL, guard=again)), "downgrade"),
    )
    found = judge(History([migration], Project("alembic", Path())), ("postgresql",))["b"]
    assert found.verdict.value == "plausible"
    assert any("column users.tel exists" in reason.message for reason in found.reasons)


def test_a_change_under_a_condition_leaves_the_rest_of_the_table_known() -> None:
    relaxed = ops.SetNullable(table=USERS, name="name", nullable=True, guard=FLAG)
    after = replay(history(((BASE,), ()), ((relaxed,), ())), "postgresql").after["1"]
    table = after.table(USERS)
    assert table is not None
    assert {name: column.sure for name, column in table.columns.items()} == {
        "id": True,
        "name": False,
        "phone": True,
        "age": True,
    }
    assert after.knows_all_of(table)


def test_code_that_may_have_run_opens_the_schema() -> None:
    code = ops.Opaque(reason="elsewhere", guard=FLAG)
    for guard in (FLAG, Not(FLAG)):
        after = replay(history(((BASE,), ()), ((replace(code, guard=guard),), ())), "postgresql").after["1"]
        assert not after.complete
