"""Indexes that are dropped (MRT408)."""

from __future__ import annotations

from tests.rules.linting import found

USERS = """
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(50)))
"""
INDEXED = 'op.create_index("ix_name", "users", ["name"])'


def test_an_index_that_the_upgrade_drops() -> None:
    assert found("MRT408", 'op.drop_index("ix_name", "users")', given=[USERS, INDEXED]) == ["MRT408"]


def test_an_index_that_the_upgrade_itself_made_on_the_way() -> None:
    upgrade = """
try:
    op.create_index("tmp_name", "users", ["name"])
    somewhere.migrate()
finally:
    op.drop_index("tmp_name", "users")
"""
    assert found("MRT408", f"import somewhere\n{upgrade}", given=USERS) == []
    conditional = """
import somewhere
if somewhere.is_large():
    op.create_index("tmp_name", "users", ["name"])
somewhere.migrate()
op.drop_index("tmp_name", "users")
"""
    assert found("MRT408", conditional, given=USERS) == []
