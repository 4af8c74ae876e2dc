"""`--changed GIT_REF` on real git repositories."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Run, drop_table
from tests.cli.test_narrowing import CONCISE, found

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(
        [
            "git",
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.org",
            "-c",
            "commit.gpgsign=false",
            *arguments,
        ],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@pytest.fixture
def repository(project: Path) -> Path:
    """Returns the project committed on `main`, and a branch `work` checked out."""
    git(project, "init", "-q", "-b", "main")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "first")
    git(project, "checkout", "-q", "-b", "work")
    return project


def add(repository: Path, name: str, parent: str) -> Path:
    path = repository / "migrations" / "versions" / f"{name}_drop.py"
    path.write_text(drop_table(name, parent, "orders"))
    return path


def test_nothing_changed(inside: Run, repository: Path) -> None:
    result = inside(*CONCISE, "--changed", "main", cwd=repository)
    assert (result.returncode, result.stdout) == (0, "No migration was added or changed against main.\n")


@pytest.mark.parametrize("state", ["untracked", "staged", "committed"])
def test_an_added_migration_in_every_state(inside: Run, repository: Path, state: str) -> None:
    add(repository, "c3c3", "b2")
    if state != "untracked":
        git(repository, "add", "-A")
    if state == "committed":
        git(repository, "commit", "-q", "-m", "second")
    result = inside(*CONCISE, "--changed", "main", cwd=repository)
    assert found(result.stdout) == ["c3c3"]
    assert "Only what was added or changed against main is reported on: 1 of 3 migrations." in result.stdout


def test_a_changed_migration(inside: Run, repository: Path) -> None:
    path = repository / "migrations" / "versions" / "b2_drop.py"
    path.write_text(path.read_text() + "# changed\n")
    assert found(inside(*CONCISE, "--changed", "HEAD", cwd=repository).stdout) == ["b2"]


def test_what_others_changed_meanwhile_does_not_count(inside: Run, repository: Path) -> None:
    git(repository, "checkout", "-q", "main")
    path = repository / "migrations" / "versions" / "b2_drop.py"
    path.write_text(path.read_text() + "# changed on main\n")
    git(repository, "commit", "-q", "-a", "-m", "on main")
    git(repository, "checkout", "-q", "work")
    add(repository, "c3c3", "b2")
    assert found(inside(*CONCISE, "--changed", "main", cwd=repository).stdout) == ["c3c3"]


def test_it_works_from_a_folder_below_and_with_paths(inside: Run, repository: Path) -> None:
    add(repository, "c3c3", "b2")
    assert found(inside(*CONCISE, "--changed", "main", cwd=repository / "migrations").stdout) == ["c3c3"]
    result = inside(*CONCISE, "--changed", "main", "migrations/versions/b2_drop.py", cwd=repository)
    assert found(result.stdout) == []


def test_changed_and_since_are_the_intersection(inside: Run, repository: Path) -> None:
    add(repository, "c3c3", "b2")
    add(repository, "d4d4", "c3c3")
    result = inside(*CONCISE, "--changed", "main", "--since", "c3c3", cwd=repository)
    assert found(result.stdout) == ["d4d4"]


def test_inside_a_hook_of_git(mrt_lint: Run, repository: Path) -> None:
    add(repository, "c3c3", "b2")
    result = mrt_lint(
        *CONCISE, "--changed", "main", cwd=repository / "migrations", GIT_DIR=".git", GIT_INDEX_FILE="gone"
    )
    assert found(result.stdout) == ["c3c3"]


def test_names_that_are_not_ascii(inside: Run, repository: Path) -> None:
    add(repository, "c3c3", "b2").rename(repository / "migrations/versions/c3c3_\u00fcn\u0456 \u540d.py")
    assert found(inside(*CONCISE, "--changed", "main", cwd=repository).stdout) == ["c3c3"]


@pytest.mark.parametrize("ref", ["mian", "--output=x", "", "HEAD:alembic.ini"])
def test_a_commit_that_git_does_not_know_is_one_line(inside: Run, repository: Path, ref: str) -> None:
    result = inside("check", f"--changed={ref}", cwd=repository)
    assert (result.returncode, result.stdout) == (2, "")
    assert f"--changed: git knows no commit {ref!r} in " in result.stderr
    assert "fetch it first (git fetch origin" in result.stderr
    assert result.stderr.count("\n") == 1


def test_no_repository_is_one_line(inside: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.parent))
    result = inside("check", "--changed", "main", cwd=project)
    assert (result.returncode, result.stdout) == (2, "")
    assert "is in no git repository; run in a checkout, or leave it out" in result.stderr
    assert result.stderr.count("\n") == 1


def test_no_git_is_one_line(inside: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    result = inside("check", "--changed", "main", cwd=project)
    assert (result.returncode, result.stdout) == (2, "")
    assert "--changed: git cannot be run" in result.stderr
    assert result.stderr.count("\n") == 1
