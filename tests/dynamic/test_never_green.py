"""A table of whose data nothing was seen never makes a revision green."""

from __future__ import annotations

from pathlib import Path

from mrt_dynamic.results import Kind, Verified
from mrt_dynamic.verify.request import Request
from mrt_dynamic.verify.run import verify
from mrt_dynamic.verify.settings import VerifySettings
from mrt_lint.verdict import Verdict
from tests.dynamic.commands import USERS
from tests.dynamic.projects import Migration, write

ONLY_EMPTY = Migration(
    "b2",
    USERS.id,
    """
    if op.get_bind().execute(sa.text("SELECT count(*) FROM users")).scalar():
        raise RuntimeError("users must be empty")
    with op.batch_alter_table("users") as batch:
        batch.drop_column("phone")
    """,
    """
    with op.batch_alter_table("users") as batch:
        batch.add_column(sa.Column("phone", sa.String(20)))
    """,
)
EMPTIED = Migration("b3", USERS.id, 'op.execute("DELETE FROM users")', "raise NotImplementedError")
DROPPED = Migration(
    "c3",
    "b3",
    'with op.batch_alter_table("users") as batch:\n    batch.drop_column("phone")',
    'with op.batch_alter_table("users") as batch:\n    batch.add_column(sa.Column("phone", sa.String(20)))',
)


def verified(folder: Path, *migrations: Migration, allowed: bool = False) -> dict[str, Verified]:
    write(folder, migrations)
    settings = VerifySettings(folder / "alembic.ini", folder, db_url="sqlite://", allow_unverified=allowed)
    return {each.revision: each for each in verify(settings, Request(cwd=folder)).revisions}


def test_an_upgrade_that_no_row_survives_is_unverified(tmp_path: Path) -> None:
    found = verified(tmp_path, USERS, ONLY_EMPTY)
    assert found[USERS.id].verdict is Verdict.REVERSIBLE
    assert found["b2"].verdict is Verdict.UNVERIFIED
    assert not found["b2"].passed
    assert [(each.kind, each.table) for each in found["b2"].failures] == [(Kind.UNSEEDED, "users")]


def test_it_passes_where_that_is_allowed(tmp_path: Path) -> None:
    found = verified(tmp_path, USERS, ONLY_EMPTY, allowed=True)
    assert found["b2"].passed
    assert found["b2"].verdict is Verdict.UNVERIFIED


def test_a_table_that_a_migration_empties_gets_rows_again(tmp_path: Path) -> None:
    found = verified(tmp_path, USERS, EMPTIED, DROPPED)
    assert found["b3"].verdict is Verdict.IRREVERSIBLE
    assert found["c3"].verdict is Verdict.LOSSY
    assert {each.column for each in found["c3"].failures} == {"phone"}
