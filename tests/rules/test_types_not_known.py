"""Types that the project defines: what a change from one to another does is not known."""

from __future__ import annotations

import pytest

from mrt_lint.plugin import migration
from mrt_lint.schema.dialects import Dialect
from mrt_lint.testing import run
from tests.rules.linting import REGISTRY

GIVEN = """
from project.types import Name

op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", Name(500)))
"""
IMPORT = "from project.types import Name, Other\n"
CHANGES = {
    "another length": ("type_=Name(5)", "type_=Name(500)", "unknown"),
    "another type": ("type_=Other()", "type_=Name(500)", "unknown"),
    "the old type said": ("existing_type=Name(500), type_=Other()", "type_=Name(500)", "unknown"),
    "a type stated again": (
        "existing_type=Name(500), existing_nullable=True, server_default='x'",
        "existing_type=Name(500), existing_nullable=True, server_default=None",
        "reversible",
    ),
}


@pytest.mark.parametrize("database", ["postgresql", "mysql"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_between_types_that_are_not_known(change: str, database: Dialect) -> None:
    up, down, verdict = CHANGES[change]
    example = migration(
        f'{IMPORT}op.alter_column("users", "name", {up})',
        f'{IMPORT}op.alter_column("users", "name", {down})',
        given=GIVEN,
        database=database,
    )
    assert run(example, REGISTRY).migrations[-1].verdict.value == verdict


SIZED = """
from project.sizes import LONG, SHORT

op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(LONG)))
"""
SIZES = "from project.sizes import LONG, SHORT\n"
LENGTHS = {
    "to a text": ("type_=sa.Text()", "type_=sa.String(LONG)", "plausible", []),
    "to another length": ("type_=sa.String(SHORT)", "type_=sa.String(LONG)", "plausible", []),
    "to a text, back to a known length": ("type_=sa.Text()", "type_=sa.String(9)", "plausible", []),
    "to a number": ("type_=sa.Integer()", "type_=sa.String(LONG)", "plausible", ["MRT303"]),
    "to a known length": ("type_=sa.String(9)", "type_=sa.String(LONG)", "plausible", ["MRT303"]),
    "stated again": (
        "existing_type=sa.String(LONG), nullable=False",
        "existing_type=sa.String(LONG), nullable=True",
        "reversible",
        [],
    ),
}


@pytest.mark.parametrize("database", ["postgresql", "mysql"])
@pytest.mark.parametrize("change", LENGTHS)
def test_a_text_of_which_the_length_is_not_known(change: str, database: Dialect) -> None:
    """Any VARCHAR fits a TEXT; of two that are not known, one may be shorter."""
    up, down, verdict, codes = LENGTHS[change]
    using = 'postgresql_using="name::integer", ' if "Integer" in up else ""
    example = migration(
        f'{SIZES}op.alter_column("users", "name", {using}{up})',
        f'{SIZES}op.alter_column("users", "name", {down})',
        given=SIZED,
        database=database,
    )
    report = run(example, REGISTRY)
    assert report.migrations[-1].verdict.value == verdict
    assert [finding.rule for finding in report.findings if finding.rule == "MRT303"] == codes


AUTO = """
import sqlmodel

op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sqlmodel.sql.sqltypes.AutoString({})),
)
"""


@pytest.mark.parametrize("length", [30, None])
def test_sqlmodels_text_is_a_varchar_which_mysql_gives_a_length(length: int | None) -> None:
    """AutoString is a String; without a length it has 255 characters on MySQL (sqlmodel, sqltypes.py)."""
    back = length or 255
    example = migration(
        'op.alter_column("users", "name", existing_type=sa.String(), type_=sa.Text())',
        f'op.alter_column("users", "name", existing_type=sa.Text(), type_=sa.String({back}))',
        given=AUTO.format(length or ""),
        database="mysql",
    )
    report = run(example, REGISTRY)
    assert report.migrations[-1].verdict.value == "fragile"
    assert "MRT303" not in {finding.rule for finding in report.findings}
