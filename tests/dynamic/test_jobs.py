"""`--jobs N`: the results of several processes are those of one."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mrt_dynamic.engine.base import Revision
from mrt_dynamic.verify.plan import plan
from tests.backends import DATABASES, need, server_url
from tests.cli.conftest import Run
from tests.cli.conftest import inside as inside
from tests.dynamic.commands import NEVER, ORDERS, PHONE, USERS, shop
from tests.dynamic.projects import Migration, table

UNIQUE = Migration(
    "d1",
    "c3d4e5f6",
    'with op.batch_alter_table("orders") as b:\n    b.create_unique_constraint("uq_note", ["note"])',
    'with op.batch_alter_table("orders") as b:\n    b.drop_constraint("uq_note", type_="unique")',
)
"""Our rows may violate it: other rows are used from here on, in every process alike."""
FAILS = Migration("e1", "d1", 'op.execute("SELECT nothing")')
LEAVES = Migration("d2", "d1", 'op.create_table("left", sa.Column("id", sa.Integer, primary_key=True))')
HISTORY = (
    USERS,
    PHONE,
    ORDERS,
    UNIQUE,
    LEAVES,
    FAILS,
    table("f1", "e1"),
    table("g1", "d2"),
    Migration("h1", "g1", 'op.create_table("h", sa.Column("id", sa.Integer))', "raise NotImplementedError"),
    table("i1", "h1"),
)


@pytest.fixture(autouse=True)
def _no_urls(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MRT_DATABASE_URL", "TEST_DATABASE_URL", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


def report(inside: Run, project: Path, database: str, *arguments: str) -> str:
    """Returns the JSON report without times."""
    url = "sqlite://" if database == "sqlite" else server_url(database).render_as_string(False)
    result = inside("verify", "-f", "json", "--db-url", url, *arguments, cwd=project)
    assert result.stderr == ""
    return re.sub(r'("duration_s"): [\d.]+', r"\1: 0", result.stdout)


@pytest.mark.parametrize("database", DATABASES)
def test_the_report_is_the_same(inside: Run, tmp_path: Path, database: str) -> None:
    need(database)
    project = shop(tmp_path, *HISTORY, table=None)
    one = report(inside, project, database)
    verdicts = {each["revision"]: each["verdict"] for each in json.loads(one)["revisions"]}
    assert verdicts == {
        "a1b2c3d4": "reversible",
        "b2c3d4e5": "lossy",
        "c3d4e5f6": "reversible",
        "d1": "reversible",
        "d2": "broken",
        "e1": "broken",
        "f1": "unverified",
        "g1": "reversible",
        "h1": "irreversible",
        "i1": "reversible",
    }
    for jobs in ("2", "3"):
        assert report(inside, project, database, "--jobs", jobs) == one


def test_what_only_the_whole_way_shows_is_told_of_the_part_it_belongs_to(inside: Run, tmp_path: Path) -> None:
    """The second revision's downgrade fails once a later one has been there, though not by itself."""
    early = Migration(
        "b2",
        "a1",
        'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))',
        "from sqlalchemy import inspect\n"
        'assert not inspect(op.get_bind()).has_table("mark"), "somebody was here"\n'
        'op.drop_table("t")',
    )
    late = Migration("d4", "c3", "pass", 'op.execute("CREATE TABLE IF NOT EXISTS mark (id INTEGER)")')
    chain = (table("a1"), early, table("c3", "b2"), late, table("e5", "d4"))
    project = shop(tmp_path, *chain, table=None)
    one = report(inside, project, "sqlite")
    assert report(inside, project, "sqlite", "-j", "2") == one


def test_notes_are_told_once(inside: Run, tmp_path: Path) -> None:
    project = shop(tmp_path, USERS, PHONE, ORDERS, table=None)
    env = project / "migrations/env.py"
    env.write_text(env.read_text() + '\nraise RuntimeError("at the end")\n')
    one = report(inside, project, "sqlite")
    assert len(json.loads(one)["notes"]) == 1
    assert report(inside, project, "sqlite", "--jobs", "2") == one


@pytest.mark.parametrize("jobs", ["auto", "0", "40"])
def test_any_number(inside: Run, tmp_path: Path, jobs: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    if jobs == "40":
        jobs = "5"  # more than there are revisions
    project = shop(tmp_path, USERS, PHONE, ORDERS, NEVER, table=None)
    found = json.loads(report(inside, project, "sqlite", "--jobs", jobs))
    assert [each["revision"] for each in found["revisions"]] == [
        "a1b2c3d4",
        "b2c3d4e5",
        "c3d4e5f6",
        "d4e5f6a7",
    ]


@pytest.mark.parametrize("jobs", ["-1", "many", "65", "1.5"])
def test_a_wrong_number_is_one_line(inside: Run, tmp_path: Path, jobs: str) -> None:
    result = inside("verify", f"--jobs={jobs}", cwd=shop(tmp_path, USERS))
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert f"'{jobs}' is neither a number from 0 to 64 nor 'auto'." in result.stderr


def test_in_place_has_room_for_one(inside: Run, tmp_path: Path) -> None:
    arguments = ["--db-url", f"sqlite:///{tmp_path}/x.db", "--isolation", "in-place", "--jobs", "2"]
    result = inside("verify", *arguments, cwd=shop(tmp_path, USERS))
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "--jobs needs a scratch database for each job" in result.stderr


def test_a_run_that_is_wrong_is_told_once(inside: Run, tmp_path: Path) -> None:
    project = shop(tmp_path, USERS, PHONE, ORDERS)
    (project / "migrations/env.py").write_text("import nowhere_to_be_found\n")
    result = inside("verify", "--db-url", "sqlite://", "--jobs", "3", cwd=project)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert "nowhere_to_be_found" in result.stderr


def test_parts_cover_the_plan_once() -> None:
    for steps in range(30):
        revisions = [Revision(str(n), f"{n}.py", (str(n - 1),) if n else ()) for n in range(steps)]
        whole = plan(revisions)
        for count in (1, 2, 3, 7):
            parts = [whole.part(number, count) for number in range(count)]
            shown = [step.revision.id for part in parts for step in part.steps if step.shown]
            assert shown == [revision.id for revision in revisions]
            assert [part.whole for part in parts if part.steps].count(True) == min(1, steps)
            assert all(
                [step.revision.id for step in part.steps] == [str(n) for n in range(len(part.steps))]
                for part in parts
            )


def test_the_process_that_watches_is_light() -> None:
    """It takes its time before the others can begin, and nothing of the user's may run in it."""
    code = (
        "import sys, mrt_dynamic.commands.verify, mrt_dynamic.commands.progress, mrt_dynamic.jobs.supervisor\n"
        "print([name for name in ('sqlalchemy', 'alembic', 'sqlglot', 'libcst') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
