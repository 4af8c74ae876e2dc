"""The verifier on rows that only the new schema allows: blamed where they are forgotten, nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from mrt_dynamic.results import Kind, Verification
from mrt_dynamic.verify.request import Request
from mrt_dynamic.verify.run import verify
from mrt_dynamic.verify.settings import VerifySettings
from tests.backends import need, server_url
from tests.cli.conftest import Run
from tests.cli.conftest import inside as inside
from tests.cli.conftest import mrt_lint as mrt_lint
from tests.dynamic.catalogue.project import write_project
from tests.dynamic.newrows.case import NewRowCase
from tests.dynamic.newrows.every import fragile_runs, handled_runs
from tests.dynamic.projects import Migration, write


def _verified(case: NewRowCase, database: str, folder: Path, **settings: bool) -> Verification:
    need(database)
    if database == "sqlite":
        url = f"sqlite:///{folder / 'app.db'}"
    else:
        url = server_url(database).set(database="mrt_newrows_app").render_as_string(hide_password=False)
    ini = write_project(case.history, folder / "project", url)
    return verify(
        VerifySettings(ini.absolute(), ini.parent, db_url=url, **settings),  # type: ignore[arg-type]
        Request(cwd=ini.parent),
    )


def _words(verification: Verification) -> str:
    return "\n".join(
        f"{tested.revision}: {tested.verdict}"
        + "".join(
            f"\n  {each.kind.value} {each.table}.{each.column}: {each.message}" for each in tested.failures
        )
        + "".join(f"\n  note: {note}" for note in tested.notes)
        for tested in verification.revisions
    )


def _others_pass(verification: Verification) -> None:
    for tested in verification.revisions:
        if tested.revision != "case":
            assert tested.verdict is not None
            assert tested.verdict.value == "reversible", _words(verification)


@pytest.mark.parametrize(("case", "database"), [pytest.param(c, d, id=name) for name, c, d in fragile_runs()])
def test_what_is_forgotten_is_fragile(case: NewRowCase, database: str, tmp_path: Path) -> None:
    verification = _verified(case, database, tmp_path)
    said = _words(verification)
    tested = next(each for each in verification.revisions if each.revision == "case")
    assert tested.verdict is not None
    assert tested.verdict.value == "fragile", said
    assert not tested.passed
    assert {failure.kind for failure in tested.failures} == {Kind.POST_UPGRADE_ROWS}, said
    assert len(tested.failures) == case.failures, said
    named = [failure for failure in tested.failures if all(word in failure.message for word in case.says)]
    assert named, said
    assert named[0].table is not None
    assert named[0].table.rpartition(".")[2] == case.table, said
    assert case.column in (None, named[0].column), said
    assert "NotImplementedError" in named[0].help
    _others_pass(verification)


@pytest.mark.parametrize(("case", "database"), [pytest.param(c, d, id=name) for name, c, d in handled_runs()])
def test_what_is_handled_passes(case: NewRowCase, database: str, tmp_path: Path) -> None:
    verification = _verified(case, database, tmp_path)
    tested = next(each for each in verification.revisions if each.revision == "case")
    assert tested.verdict is not None
    assert tested.verdict.value == "reversible", _words(verification)
    assert tested.passed
    assert not tested.failures
    _others_pass(verification)


def test_the_test_can_be_left_out(tmp_path: Path) -> None:
    _, case, database = next(iter(fragile_runs()))
    verification = _verified(case, database, tmp_path, post_upgrade_rows=False)
    assert verification.passed, _words(verification)


def test_the_command_leaves_it_out_on_request(inside: Run, tmp_path: Path) -> None:
    _, case, _ = next(iter(fragile_runs()))
    url = f"sqlite:///{tmp_path / 'app.db'}"
    folder = write_project(case.history, tmp_path / "project", url).parent
    asked = inside("verify", "--db-url", url, cwd=folder)
    assert asked.returncode == 1, asked.stderr
    assert "fragile" in asked.stdout
    left = inside("verify", "--db-url", url, "--no-post-upgrade-rows", cwd=folder)
    assert left.returncode == 0, left.stdout
    assert "fragile" not in left.stdout


def test_two_runs_say_the_same(tmp_path: Path) -> None:
    case = next(case for name, case, _ in fragile_runs() if "two things relaxed" in name)
    first, second = (_verified(case, "sqlite", tmp_path / str(place)) for place in (1, 2))
    assert [each.failures for each in first.revisions] == [each.failures for each in second.revisions]


def test_rows_that_a_migration_writes_with_the_time_of_day_are_not_harmed(tmp_path: Path) -> None:
    """Each attempt after a failing one has a database of its own, in which that time is another."""
    clock = Migration(
        "a1",
        None,
        """
        import datetime
        op.create_table("log", sa.Column("id", sa.Integer, primary_key=True), sa.Column("at", sa.String(40)))
        op.execute(sa.text("INSERT INTO log VALUES (1, :at)").bindparams(at=str(datetime.datetime.now())))
        op.create_table(
            "users",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("name", sa.String(9), nullable=False),
            sa.Column("phone", sa.String(9), nullable=False),
        )
        """,
        'op.drop_table("users")\nop.drop_table("log")',
    )
    alter = 'with op.batch_alter_table("users") as batch:\n'
    alter += "".join(f'    batch.alter_column("{name}", nullable={{0}})\n' for name in ("name", "phone"))
    relaxed = Migration("b2", "a1", alter.format(True), alter.format(False))
    write(tmp_path, (clock, relaxed))
    settings = VerifySettings(tmp_path / "alembic.ini", tmp_path, db_url="sqlite://")
    (_, tested) = verify(settings, Request(cwd=tmp_path)).revisions
    assert {each.column for each in tested.failures} == {"name", "phone"}
    assert all("NOT NULL constraint failed" in each.message for each in tested.failures)
