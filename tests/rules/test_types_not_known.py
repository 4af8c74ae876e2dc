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
