"""Round trips of hand-made operations: each case names what must, and must not, be claimed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mrt_lint import ops
from mrt_lint.history import History
from mrt_lint.lowered import Migration
from mrt_lint.ops.guard import DialectIs, Exists, Not, Test, Undecided
from mrt_lint.project import Project
from mrt_lint.replay import judge, replay
from mrt_lint.roundtrip import Harm
from mrt_lint.schema.names import Name
from mrt_lint.schema.objects import Column, Constraint, Index
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
    return ops.Expression(column, column=column, reads=((USERS, column),))


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
        (update("age", ops.Expression("age + 1", reads=((USERS, "age"),))),),
        (update("age", ops.Expression("age - 1", reads=((USERS, "age"),))),),
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
    "the copy-and-rename rebuild": (
        (NEW_TABLE, COPY, ops.DropTable(table=USERS), ops.RenameTable(table=NEW, new=USERS)),
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
