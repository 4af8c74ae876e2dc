"""When a batch stands between the two ends of a rebuild, and under which condition."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from mrt_lint.ops import AddConstraint, BeginRebuild, EndRebuild, Opaque
from mrt_lint.ops.guard import DialectIs, Test
from mrt_lint.project import Project
from tests.alembic.making import lower, lower_file, migration

LITE = ("sqlite",)
BATCH = 'with op.batch_alter_table("t"{options}) as batch_op:\n{body}'


def batch(body: str, options: str = "") -> str:
    return BATCH.format(options=options, body=textwrap.indent(body, "    "))


# `SQLiteImpl.requires_recreate_in_batch`
REBUILDING = {
    'batch_op.add_column(sa.Column("a", sa.Integer()))': False,
    'batch_op.add_column(sa.Column("a", sa.Integer(), server_default="0"))': False,
    'batch_op.add_column(sa.Column("a", sa.Integer(), server_default=sa.text("0")))': True,
    'batch_op.add_column(sa.Column("a", sa.DateTime(), server_default=sa.func.now()))': True,
    'batch_op.add_column(sa.Column("a", sa.Integer(), sa.Computed("b")))': False,
    'batch_op.add_column(sa.Column("a", sa.Integer(), sa.Computed("b", persisted=True)))': True,
    'batch_op.add_column(sa.Column("a", sa.Integer(), sa.CheckConstraint("a > 0")))': False,
    'batch_op.add_column(sa.Column("a", sa.Integer(), sa.ForeignKey("p.id", name="fk")))': True,
    'batch_op.add_column(sa.Column("a", sa.Integer(), sa.ForeignKey("p.id")), inline_references=True)': False,
    'batch_op.add_column(sa.Column("a", sa.Integer(), unique=True))': True,
    'batch_op.add_column(sa.Column("a", sa.Integer(), index=True))': False,
    'batch_op.add_column(sa.Column("a", sa.Boolean(create_constraint=True)))': True,
    'batch_op.create_index("ix", ["a"])': False,
    'batch_op.drop_index("ix")': False,
    'batch_op.drop_column("a")': True,
    'batch_op.alter_column("a", existing_type=sa.Integer())': True,
    'batch_op.alter_column("a", new_column_name="b")': True,
    'batch_op.create_unique_constraint("uq", ["a"])': True,
    'batch_op.drop_constraint("uq", type_="unique")': True,
    'batch_op.create_table_comment("x")': True,
    'batch_op.execute("DELETE FROM t")': False,
    "pass": False,
}


@pytest.mark.parametrize(("body", "rebuilds"), REBUILDING.items(), ids=REBUILDING.keys())
def test_sqlite_rebuilds(body: str, rebuilds: bool) -> None:
    kinds = [type(operation) for operation in lower(batch(body), dialects=LITE)]
    assert (kinds[:1] == [BeginRebuild], kinds[-1:] == [EndRebuild]) == (rebuilds, rebuilds)


@pytest.mark.parametrize(
    ("options", "dialects", "rebuilds"),
    [
        ("", ("postgresql", "mysql"), False),
        (', recreate="never"', LITE, False),
        (', recreate="always"', ("postgresql",), True),
    ],
)
def test_the_mode_decides(options: str, dialects: tuple[str, ...], rebuilds: bool) -> None:
    found = lower(batch('batch_op.drop_column("a")', options), dialects=dialects)  # type: ignore[arg-type]
    assert any(isinstance(operation, BeginRebuild) for operation in found) is rebuilds


def test_an_empty_batch_that_always_rebuilds_has_its_two_ends() -> None:
    found = lower(batch("pass", ', recreate="always"'))
    assert [type(operation) for operation in found] == [BeginRebuild, EndRebuild]


def test_among_several_databases_the_rebuild_is_sqlite_s() -> None:
    found = lower(batch('batch_op.drop_column("a")'), dialects=("postgresql", "sqlite"))
    begin, _, end = found
    assert begin.guard == end.guard == Test(DialectIs(("sqlite",)))


def test_what_the_batch_says_of_its_table_is_carried() -> None:
    options = ', naming_convention={"uq": "uq_%(column_0_name)s"}, table_args=[sa.CheckConstraint("a > 0")]'
    begin, _, added, _ = lower(batch('batch_op.drop_column("b")', options), dialects=LITE)
    assert isinstance(begin, BeginRebuild)
    assert (begin.drops, begin.convention) == (("b",), (("uq", "uq_%(column_0_name)s"),))
    assert isinstance(added, AddConstraint)
    assert not added.needs_name


def test_copy_from_is_the_table_that_is_copied() -> None:
    table = 'sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer(), primary_key=True))'
    found = lower(batch('batch_op.drop_column("b")', f", copy_from={table}"), dialects=LITE)
    begin = found[0]
    assert isinstance(begin, BeginRebuild)
    assert begin.copy_from is not None
    assert [column.name for column in begin.copy_from.columns] == ["id"]


@pytest.mark.parametrize(
    "options",
    [", copy_from=unknown()", ", table_args=unknown()", ', reflect_args=[sa.Column("a", sa.Boolean())]'],
)
def test_what_is_not_known_of_the_new_table_is_opaque(options: str) -> None:
    found = lower(
        batch('batch_op.drop_column("b")', options), before="from elsewhere import unknown", dialects=LITE
    )
    assert any(isinstance(operation, Opaque) for operation in found)


@pytest.mark.parametrize("known", [True, False])
def test_an_unnamed_constraint_is_refused_only_if_no_convention_may_name_it(known: bool) -> None:
    text = migration(batch('batch_op.create_unique_constraint(None, ["a"])'))
    project = Project("alembic", Path("/nowhere"), naming_known=known)
    lowered = lower_file(text, dialects=LITE, project=project)
    assert lowered.migration is not None
    added = next(op for op in lowered.migration.upgrade or () if isinstance(op, AddConstraint))
    assert added.needs_name is known
