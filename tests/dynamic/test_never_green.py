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


BOOKS = Migration(
    "p1",
    None,
    """
    op.create_table("shelf", sa.Column("id", sa.Integer, primary_key=True), sa.Column("facts", sa.JSON))
    op.create_table(
        "book",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("shelf_id", sa.Integer, sa.ForeignKey("shelf.id"), nullable=False),
        sa.Column("title", sa.String(20)),
    )
    """,
    'op.drop_table("book")\nop.drop_table("shelf")',
)
LOSES_FACTS = Migration(
    "p2",
    "p1",
    """
    import json
    for (facts,) in op.get_bind().execute(sa.text("SELECT facts FROM shelf")):
        json.loads(facts).get("tag")
    op.drop_column("shelf", "facts")
    """,
    'op.add_column("shelf", sa.Column("facts", sa.JSON))',
)
LOSES_TITLES = 'with op.batch_alter_table("book") as batch:\n    batch.drop_column("title")'
TITLES_EMPTY = (
    'with op.batch_alter_table("book") as batch:\n    batch.add_column(sa.Column("title", sa.String(20)))'
)


def needed(column: str, before: str = "") -> str:
    """Returns an upgrade that adds a column which must hold a value, after an UPDATE of it where given."""
    if not before:
        added = f'sa.Column("{column}", sa.String(9), nullable=False)'
        return f'with op.batch_alter_table("shelf") as batch:\n    batch.add_column({added})'
    return (
        f'op.add_column("shelf", sa.Column("{column}", sa.String(9)))\nop.execute("{before}")\n'
        f'with op.batch_alter_table("shelf") as batch:\n    batch.alter_column("{column}", nullable=False)'
    )


GONE = 'with op.batch_alter_table("shelf") as batch:\n    batch.drop_column("code")'


def test_an_upgrade_that_only_usual_rows_survive_is_tested_on_them(tmp_path: Path) -> None:
    found = verified(tmp_path, BOOKS, LOSES_FACTS)
    assert found["p2"].verdict is Verdict.LOSSY
    assert [(each.kind, each.column) for each in found["p2"].failures] == [(Kind.ROWS_CHANGED, "facts")]


def test_a_table_that_can_hold_no_rows_needs_none(tmp_path: Path) -> None:
    found = verified(tmp_path, BOOKS, Migration("p2", "p1", needed("code"), GONE))
    assert "cannot hold rows here: the upgrade adds code" in " ".join(found["p2"].notes)
    assert "shelf" not in {each.table for each in found["p2"].failures}


def test_a_table_whose_rows_the_upgrade_means_to_mend_needs_some(tmp_path: Path) -> None:
    update = "UPDATE shelf SET code = 'x' WHERE facts = '{\\\"kind\\\": \\\"nowhere\\\"}'"
    found = verified(tmp_path, BOOKS, Migration("p2", "p1", needed("code", update), GONE))
    assert found["p2"].verdict is Verdict.UNVERIFIED
    assert {each.table for each in found["p2"].failures} == {"shelf"}


def test_tables_left_empty_for_one_step_and_their_children_have_rows_again(tmp_path: Path) -> None:
    adds = Migration("p2", "p1", needed("code"), GONE)
    found = verified(tmp_path, BOOKS, adds, Migration("p3", "p2", LOSES_TITLES, TITLES_EMPTY))
    assert found["p3"].verdict is Verdict.LOSSY


def test_a_data_migration_that_runs_on_empty_tables_only_is_unverified(tmp_path: Path) -> None:
    asks = (
        "if op.get_bind().execute(sa.text('SELECT count(*) FROM shelf')).scalar(): raise RuntimeError('no')"
    )
    found = verified(tmp_path, BOOKS, Migration("p2", "p1", asks))
    assert found["p2"].verdict is Verdict.UNVERIFIED
    assert [
        "fails on all rows that were tried: RuntimeError: no" in f.message for f in found["p2"].failures
    ] == [True]


def test_a_column_that_a_migration_empties_gets_values_again(tmp_path: Path) -> None:
    forgets = Migration("p2", "p1", 'op.execute("UPDATE book SET title = NULL")', "raise NotImplementedError")
    found = verified(tmp_path, BOOKS, forgets, Migration("p3", "p2", LOSES_TITLES, TITLES_EMPTY))
    assert found["p3"].verdict is Verdict.LOSSY


def test_a_column_of_which_only_null_was_seen_is_unverified(tmp_path: Path) -> None:
    write(tmp_path, (BOOKS, Migration("p3", "p1", LOSES_TITLES, TITLES_EMPTY)))
    seeds = {"book": ({"id": 1, "shelf_id": 1, "title": None},), "shelf": ({"id": 1, "facts": None},)}
    settings = VerifySettings(tmp_path / "alembic.ini", tmp_path, db_url="sqlite://", custom_seeds=seeds)
    found = {each.revision: each for each in verify(settings, Request(cwd=tmp_path)).revisions}
    assert found["p3"].verdict is Verdict.UNVERIFIED
    assert [(each.table, each.column) for each in found["p3"].failures] == [("book", "title")]
