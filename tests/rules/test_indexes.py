"""Indexes that are dropped (MRT408), and built under a lock (MRT407)."""

from __future__ import annotations

import pytest

from tests.rules.linting import findings, found

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


@pytest.mark.parametrize(
    ("name", "settings", "words"),
    [
        ("None", {}, "an index on users (name) is built"),
        (
            "None",
            {"naming-convention": {"ix": "idx_%(table_name)s_%(column_0_name)s"}},
            "index idx_users_name on",
        ),
        ("'ix_users_name'", {}, "index ix_users_name on users (name) is built"),
        ("op.f('ix_users_name')", {}, "index ix_users_name on users (name) is built"),
    ],
)
def test_a_name_that_a_convention_makes_is_said_where_the_convention_is_known(
    name: str, settings: dict[str, object], words: str
) -> None:
    (told,) = findings(
        "MRT407", f'op.create_index({name}, "users", ["name"])', given=USERS, settings=settings
    )
    assert words in told.message
