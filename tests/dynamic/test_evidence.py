"""What is shown with a failure: the operations of the migration that it is about, with their source."""

from __future__ import annotations

from pathlib import Path

import pytest

from mrt_dynamic.report.evidence import Evidence
from mrt_dynamic.results import Failure, Kind, Verified
from mrt_dynamic.static import evidence, findings, predictions
from mrt_lint.config.settings import settings
from mrt_lint.verdict import Verdict
from tests.dynamic.commands import USERS
from tests.dynamic.projects import Migration, init, write

REVISION = Migration(
    "b2",
    "a1b2c3d4",
    """
    op.add_column("users", sa.Column("fax", sa.Text))
    op.drop_column(
        "users",
        "phone",
    )
    op.create_index("ix_fax", "users", ["fax"])
    op.execute("UPDATE orders SET note = 'x'")
    op.execute("CREATE TYPE mood AS ENUM ('sad')")
    op.create_table("audit.logs".split(".")[1], sa.Column("id", sa.Integer), schema="audit")
    """,
    """
    op.add_column("users", sa.Column("phone", sa.String(20)))
    raise RuntimeError("no way back")
    """,
)

RAISES = 1 + REVISION.text.splitlines().index('    raise RuntimeError("no way back")')


def known(folder: Path, migration: Migration = REVISION) -> Evidence:
    """Returns the evidence on a revision that failed."""
    ini = write(folder, (USERS, migration))
    file = next((folder / migration.folder).glob(f"{migration.id}_*.py"))
    tested = Verified(migration.id, file.relative_to(folder).as_posix(), Verdict.LOSSY, False)
    usual = settings(None, {"database": "postgresql"}, (), folder)
    return evidence(ini, usual, folder, [tested], {})


@pytest.mark.parametrize(
    ("failure", "shown"),
    [
        (
            Failure(Kind.ROWS_CHANGED, "users.phone: 1 of 2 rows came back as NULL", "users", "phone"),
            [
                'op.drop_column( "users", "phone", )',
                'op.add_column("users", sa.Column("phone", sa.String(20)))',
            ],
        ),
        (
            Failure(Kind.SCHEMA_EXTRA, "users.fax is still there after the downgrade", "users", "fax"),
            [
                'op.add_column("users", sa.Column("fax", sa.Text))',
                'op.create_index("ix_fax", "users", ["fax"])',
            ],
        ),
        (
            Failure(Kind.SCHEMA_EXTRA, "index ix_fax on users is still there after the downgrade", "users"),
            ['op.create_index("ix_fax", "users", ["fax"])'],
        ),
        (
            Failure(
                Kind.ROWS_CHANGED, "orders.note: 1 of 1 row came back with another value", "orders", "note"
            ),
            ["op.execute(\"UPDATE orders SET note = 'x'\")"],
        ),
        (
            Failure(Kind.SCHEMA_EXTRA, "type mood is still there after the downgrade"),
            ["op.execute(\"CREATE TYPE mood AS ENUM ('sad')\")"],
        ),
        (
            Failure(Kind.SCHEMA_EXTRA, "table audit.logs is still there after the downgrade", "audit.logs"),
            ['op.create_table("audit.logs".split(".")[1], sa.Column("id", sa.Integer), schema="audit")'],
        ),
        (
            Failure(Kind.DOWNGRADE_FAILED, "the downgrade fails: no way back", line=RAISES),
            ['raise RuntimeError("no way back")'],
        ),
        (Failure(Kind.ROWS_LOST, "customers: 1 of 3 rows is gone", "customers"), []),
        (Failure(Kind.SCHEMA_MISSING, "view v is gone after the downgrade"), []),
        (Failure(Kind.TIMEOUT, "the upgrade did not end within 1 seconds and was cancelled"), []),
    ],
    ids=[
        "column",
        "left-column",
        "index",
        "sql",
        "type",
        "schema",
        "line",
        "other-table",
        "other-object",
        "none",
    ],
)
def test_a_failure_shows_the_operations_that_it_is_about(
    tmp_path: Path, failure: Failure, shown: list[str]
) -> None:
    found = known(tmp_path).of("b2", failure)
    text = (tmp_path / "migrations/versions/b2_it.py").read_text().splitlines()
    assert [place.text for place in found] == shown
    for place in found:
        assert place.text.startswith(text[place.line - 1].strip())


def test_each_place_tells_its_function_and_what_it_does(tmp_path: Path) -> None:
    failure = Failure(Kind.ROWS_CHANGED, "users.phone: ...", "users", "phone")
    assert [(each.direction, each.words) for each in known(tmp_path).of("b2", failure)] == [
        ("upgrade", "drop column users.phone"),
        ("downgrade", "add column users.phone"),
    ]


def test_only_files_of_revisions_that_fail_are_read(tmp_path: Path) -> None:
    found = known(tmp_path)
    assert (set(found.places), set(found.lines)) == ({"b2"}, {"b2"})


def test_what_cannot_be_parsed_still_has_its_lines(tmp_path: Path) -> None:
    broken = Migration("b2", "a1b2c3d4", "this is no python")
    found = known(tmp_path, broken)
    assert found.source("b2", 11) == "this is no python"
    assert found.of("b2", Failure(Kind.ROWS_LOST, "users: 1 of 2 rows is gone", "users")) == ()
    assert (found.source("b2", 999), found.source("b2", None), found.source("zz", 1)) == ("", "", "")


def test_a_project_in_pyproject_is_predicted_too(tmp_path: Path) -> None:
    from mrt_dynamic.verify.settings import verify_settings

    init(tmp_path, "pyproject", (USERS, REVISION))
    (tmp_path / "alembic.ini").unlink()
    usual = settings(None, {"database": "sqlite"}, (), tmp_path)
    where = verify_settings(usual, {}, tmp_path).alembic_ini
    assert where == tmp_path / "pyproject.toml"
    found = predictions(lambda: findings(where, usual, tmp_path))
    assert "MRT201" in {each.code for each in found["b2"]}
