"""Several projects in one run: each folder whose conftest.py overrides `mrt_config` has tests of its own."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.dynamic.commands import ORDERS, PHONE, USERS, shop
from tests.dynamic.plugin.conftest import Ran, Run
from tests.dynamic.plugin.conftest import run as run
from tests.dynamic.plugin.test_builtin import CONSISTENCY
from tests.dynamic.projects import Migration

KEPT = Migration(
    "b2c3d4e5",
    "a1b2c3d4",
    'op.create_table("notes", sa.Column("id", sa.Integer, primary_key=True))',
    'op.drop_table("notes")',
)
"""Has the name of the revision that loses phone numbers in the other project, and loses nothing."""

OWN = """
def test_own(mrt):
    assert mrt.heads() == ("{head}",)
    assert mrt.check_revision("b2c3d4e5").passed is {passed}
"""


def conftest(folder: Path, given: str) -> None:
    (folder / "conftest.py").write_text(
        "import pytest\nfrom mrt_dynamic import MRTConfig\n\n@pytest.fixture(scope='session')\n"
        f"def mrt_config():\n    return MRTConfig(db_url='sqlite://', {given})\n"
    )


def two_projects(folder: Path) -> None:
    for name, second, passed in (("one", KEPT, True), ("two", PHONE, False)):
        shop(folder / name, USERS, second, ORDERS, table=None)
        conftest(
            folder / name,
            f"alembic_ini='{name}/alembic.ini', skip_default_tests={{'test_mrt_static_no_errors'}}",
        )
        text = OWN.format(head="c3d4e5f6", passed=passed)
        (folder / name / f"test_{name}.py").write_text(text.replace("test_own", f"test_own_{name}"))


def seen(done: Ran) -> dict[str, str]:
    """Returns the outcomes by whole node id."""
    alone = re.findall(r"^(\S+::\S+) ([A-Z]+)", done.text, re.M)
    shared = [(name, word) for word, name in re.findall(r"^\[gw\d\].*? ([A-Z]+) (\S+::\S+)", done.text, re.M)]
    return {name: word.lower() for name, word in [*alone, *shared] if word.isupper()}


def expected(name: str, outcome: str) -> dict[str, str]:
    place = f"{name}/mrt-lint::"
    return {
        f"{place}test_mrt_single_head": "passed",
        f"{place}test_mrt_upgrade": "passed",
        f"{place}test_mrt_downgrade_base": "passed",
        f"{place}{CONSISTENCY}[a1b2c3d4]": "passed",
        f"{place}{CONSISTENCY}[b2c3d4e5]": outcome,
        f"{place}{CONSISTENCY}[c3d4e5f6]": "passed",
        f"{place}test_mrt_schema_matches_models": "skipped",
        f"{name}/test_{name}.py::test_own_{name}": "passed",
    }


ONE, TWO = expected("one", "passed"), expected("two", "failed")


@pytest.mark.parametrize("workers", ["", "2"], ids=["alone", "xdist"])
def test_each_project_is_tested_and_told_apart(run: Run, tmp_path: Path, workers: str) -> None:
    if workers and find_spec("xdist") is None:
        pytest.skip("pytest-xdist is not installed")
    two_projects(tmp_path)
    # Named, so that pytest knows both before it starts the workers, which then share what they find out.
    done = run(
        "one", "two", *(("-n", workers) if workers else ()), plugins=("xdist.plugin",) if workers else ()
    )
    assert seen(done) == ONE | TWO
    assert "b2c3d4e5 is lossy (two/migrations/versions/b2c3d4e5_it.py)" in done.text
    assert "one/migrations" not in done.text


def test_folders_that_are_found_later(run: Run, tmp_path: Path) -> None:
    two_projects(tmp_path)
    assert seen(run()) == ONE | TWO
    if find_spec("xdist") is not None:
        assert seen(run("-n", "2", plugins=("xdist.plugin",))) == ONE | TWO


def test_one_of_them_is_selected(run: Run, tmp_path: Path) -> None:
    two_projects(tmp_path)
    lost = f"two/mrt-lint::{CONSISTENCY}[b2c3d4e5]"
    assert seen(run("two")) == TWO
    assert seen(run("--lf")) == {lost: "failed"}
    assert seen(run("-k", "two")) == TWO
    assert seen(run("-k", "one and b2c3d4e5")) == {f"one/mrt-lint::{CONSISTENCY}[b2c3d4e5]": "passed"}


def test_a_folder_inside_of_another_and_one_that_says_the_same(run: Run, tmp_path: Path) -> None:
    two_projects(tmp_path)
    (tmp_path / "one/inner").mkdir()
    (tmp_path / "two").rename(tmp_path / "one/inner/two")
    conftest(tmp_path / "one/inner/two", "alembic_ini='one/inner/two/alembic.ini'")
    (tmp_path / "one/inner/conftest.py").write_text((tmp_path / "one/conftest.py").read_text())
    names = seen(run("-k", "b2c3d4e5 or test_own"))
    assert names == {
        f"one/mrt-lint::{CONSISTENCY}[b2c3d4e5]": "passed",
        f"one/inner/two/mrt-lint::{CONSISTENCY}[b2c3d4e5]": "failed",
        "one/test_one.py::test_own_one": "passed",
        "one/inner/two/test_two.py::test_own_two": "passed",
    }


def test_what_is_wrong_with_one_of_them_is_one_message(run: Run, tmp_path: Path) -> None:
    two_projects(tmp_path)
    (tmp_path / "two/alembic.ini").unlink()
    for arguments in ((), ("one", "two")):
        done = run(*arguments)
        assert done.code == 4
        assert sum("two/alembic.ini does not exist" in line for line in done.text.splitlines()) == 1
        assert "INTERNALERROR" not in done.text
    assert seen(run("one")) == ONE


def test_built_in_tests_that_are_imported_belong_to_their_folder(run: Run, tmp_path: Path) -> None:
    two_projects(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\nmrt_default_tests = false\n")
    for name in ("one", "two"):
        (tmp_path / name / f"test_{name}.py").write_text(
            f"from mrt_dynamic.testing.builtin import {CONSISTENCY}\n"
        )
    assert {name: outcome for name, outcome in seen(run()).items() if "b2c3d4e5" in name} == {
        f"one/test_one.py::{CONSISTENCY}[b2c3d4e5]": "passed",
        f"two/test_two.py::{CONSISTENCY}[b2c3d4e5]": "failed",
    }
