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


GUARDED = """
def there(name):
    for spelling in (name, name.upper()):
        try:
            if sa.inspect(op.get_bind()).has_table(spelling):
                return True
        except Exception:
            continue
    return False

def has(table, index):
    found = []
    for spelling in (table, table.upper()):
        try:
            found = sa.inspect(op.get_bind()).get_indexes(spelling)
        except Exception:
            continue
        if found:
            break
    return index in [one["name"] for one in found]

if not there("roads"):
    op.create_table("roads", sa.Column("id", sa.Integer, primary_key=True), sa.Column("km", sa.Integer))
    op.create_index("ix_new", "roads", ["km"])
else:
    if not has("roads", "ix_old"):
        op.create_index("ix_old", "roads", ["km"])
"""


def test_an_index_on_a_table_that_the_same_branch_makes_locks_nobody_out() -> None:
    given = ['op.execute("SELECT elsewhere()")', 'op.add_column("roads", sa.Column("toll", sa.Integer))']
    told = findings("MRT407", GUARDED, "somewhere.undo()", given=given)
    assert [finding.message.split()[1] for finding in told] == ["ix_old"]
