"""The hooks of `.pre-commit-hooks.yaml`, run by pre-commit itself on a throwaway repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import DROP
from tests.cli.test_changed import git

pytest.importorskip("pre_commit", reason="pre-commit is not installed (pip install pre-commit)")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
]

ROOT = Path(__file__).parents[2]
PACKAGES = ("mrt_lint", "mrt_rules_alembic", "mrt_rules_django", "mrt_dynamic")

Hook = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a repository with what pre-commit would clone: the packages as they are here."""
    clone = tmp_path_factory.mktemp("published")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, clone / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, clone / name)
    git(clone, "init", "-q", "-b", "main")
    git(clone, "add", "-A")
    git(clone, "commit", "-q", "-m", "all")
    return clone


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the folder where pre-commit keeps its environments, so that only one is made."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture
def hook(project: Path, published: Path, home: Path) -> Hook:
    """Returns a function that runs hooks in the project, committed to a repository of its own."""
    commit = git(published, "rev-parse", "HEAD").strip()
    (project / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {published.as_uri()}\n  rev: {commit}\n  hooks:\n"
        "  - id: mrt-lint\n  - id: mrt-check\n    args: [migrations]\n"
    )
    git(project, "init", "-q", "-b", "main")
    git(project, "add", "-A")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", "--color", "never", *arguments],
            cwd=project,
            env={**environment, "PRE_COMMIT_HOME": str(home), "COLUMNS": "80"},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    return run


def test_the_hooks(hook: Hook, project: Path) -> None:
    failed = hook("--all-files")
    if any(
        said in failed.stdout for said in ("Could not find a version", "Failed to establish a new connection")
    ):
        pytest.skip("pip cannot install the hook here: no package index can be reached")
    assert failed.returncode == 1, failed.stdout + failed.stderr
    assert failed.stdout.count("error[MRT201] drop-column") == 2, failed.stdout + failed.stderr

    one = hook("mrt-lint", "--files", "migrations/versions/a1_first.py")
    assert one.returncode == 0, one.stdout
    none = hook("mrt-lint", "--files", "alembic.ini")
    assert (none.returncode, "Skipped" in none.stdout) == (0, True)
    pushed = hook("mrt-check", "--all-files", "--hook-stage", "pre-push")
    assert pushed.returncode == 1
    assert "MRT201" in pushed.stdout

    path = project / "migrations" / "versions" / "b2_drop.py"
    path.write_text(DROP.replace('"phone")\n', '"phone")  # noqa: MRT201 -- exported\n', 1))
    (project / "app.py").write_text("x = 1\n")
    git(project, "add", "-A")
    passed = hook("--all-files")
    assert passed.returncode == 0, passed.stdout + passed.stderr
