"""A downgrade that fails where the upgrade fails as well, on one of several databases: hardly meant for it."""

from __future__ import annotations

from mrt_lint.plugin import Finding
from tests.rules.linting import findings

KILNS = """
op.create_table("kilns", sa.Column("id", sa.Integer, sa.Identity()), sa.PrimaryKeyConstraint("id", name="kilns_pk"))
op.create_table(
    "firings",
    sa.Column("kiln", sa.Integer),
    sa.ForeignKeyConstraint(["kiln"], ["kilns.id"], name="fk_kiln"),
)
"""
ON_SOME = """
if op.get_bind().dialect.name in {databases}:
    op.drop_constraint("fk_kiln", "firings", type_="foreignkey")
op.create_foreign_key("fk_kiln", "firings", "kilns", ["kiln"], ["id"])
"""
DOWN_ON_SOME = """
if op.get_bind().dialect.name in ("postgresql",):
    op.drop_constraint("fk_kiln", "firings", type_="foreignkey")
op.create_foreign_key("fk_kiln", "firings", "kilns", ["kiln"], ["id"])
"""


def told(databases: str) -> list[Finding]:
    up = ON_SOME.format(databases=databases)
    return findings("MRT806", up, DOWN_ON_SOME, given=KILNS, database=None)


def test_it_is_a_warning_that_says_so() -> None:
    (one,) = told('("postgresql",)')
    assert one.severity.value == "warning"
    assert "the upgrade fails as well: constraint fk_kiln exists already" in one.message


def test_it_stays_an_error_where_the_upgrade_runs() -> None:
    (one,) = told('("postgresql", "mysql")')
    assert one.severity.value == "error"
    assert one.dialects == ("mysql",)
    assert "the upgrade" not in one.message
