"""`mrt-lint init` on every kind of project: what it writes works, a second run changes nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.conftest import inside as inside
from tests.dynamic.commands import ORDERS, PHONE, USERS, shop
from tests.dynamic.plugin.conftest import Run as RunPytest
from tests.dynamic.plugin.conftest import run as run
from tests.dynamic.projects import init, table

MANAGE = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n"


def project(folder: Path, kind: str) -> None:
    """Writes one of the kinds of project."""
    if kind in ("ini", "both"):
        shop(folder, USERS, PHONE, ORDERS, table=None)
    if kind == "toml":
        init(folder, "pyproject", [table("a1")])
        (folder / "alembic.ini").unlink()
    if kind in ("django", "both"):
        (folder / "manage.py").write_text(MANAGE)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and ".pytest_cache" not in path.parts
    }


@pytest.mark.parametrize(
    ("kind", "found", "written"),
    [
        ("ini", "Alembic (alembic.ini)", {"mrt-lint.toml", "conftest.py", "test_migrations.py"}),
        ("toml", "Alembic (pyproject.toml)", {"pyproject.toml", "conftest.py", "test_migrations.py"}),
        ("django", "Django (manage.py)", {"mrt-lint.toml"}),
        (
            "both",
            "Alembic and Django (alembic.ini, manage.py)",
            {"mrt-lint.toml", "conftest.py", "test_migrations.py"},
        ),
        ("neither", "no migrations", set()),
    ],
)
def test_each_kind_of_project(inside: Run, tmp_path: Path, kind: str, found: str, written: set[str]) -> None:
    project(tmp_path, kind)
    before = files(tmp_path)
    dry = inside("init", "--dry-run", cwd=tmp_path)
    assert files(tmp_path) == before
    first = inside("init", "--yes", "--db-url", "sqlite://", cwd=tmp_path)
    after = files(tmp_path)
    assert first.stdout.startswith(f"Found {found}.\n")
    assert first.returncode == dry.returncode == (1 if kind == "neither" else 0)
    assert {name for name in after if after[name] != before.get(name)} == written
    assert all(f"{name}: would be " in dry.stdout for name in written)
    inside("init", "--yes", cwd=tmp_path)
    assert files(tmp_path) == after
    if kind in ("ini", "toml", "both"):
        assert inside("verify", cwd=tmp_path).returncode == (0 if kind == "toml" else 1)
    if written:
        assert inside("check", "--exit-zero", cwd=tmp_path).returncode == 0


def test_what_it_wrote_runs_in_pytest(run: RunPytest, inside: Run, tmp_path: Path) -> None:
    shop(tmp_path, USERS, table=None)
    (tmp_path / "tests").mkdir()
    inside("init", "--yes", "--db-url", "sqlite://", cwd=tmp_path)
    assert (tmp_path / "tests/test_migrations.py").is_file()
    done = run()
    assert done.code == 0, done.text
    assert "test_everything_comes_back" in done.outcomes
    assert "test_mrt_upgrade" in done.outcomes


def answered(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mrt_lint", "init"],
        cwd=folder,
        input=text,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_it_asks_and_takes_no_for_an_answer(tmp_path: Path) -> None:
    shop(tmp_path, USERS, table=None)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"')
    (tmp_path / "test_migrations.py").write_text("# mine\n")
    done = answered(tmp_path, 'os.environ["DATABASE_URL"]\ny\nn\n\n')
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "pyproject.toml").read_text()
    assert text.startswith('[project]\nname = "shop"\n\n[tool.mrt-lint]\n')
    assert 'db-url = "${DATABASE_URL}"' in text
    assert not (tmp_path / "conftest.py").exists()
    assert (tmp_path / "test_migrations.py").read_text() == "# mine\n"
    assert "Overwrite test_migrations.py" in done.stdout


def test_yes_overwrites_nothing(inside: Run, tmp_path: Path) -> None:
    shop(tmp_path, USERS)
    (tmp_path / "conftest.py").write_text("# mine\n")
    before = files(tmp_path)
    result = inside("init", "--yes", cwd=tmp_path)
    after = files(tmp_path)
    assert {name: after[name] for name in before} == before
    assert "conftest.py: left as it is" in result.stdout
    assert "pyproject.toml: left as it is" in result.stdout


def test_no_answer_at_all_is_told_in_one_line(tmp_path: Path) -> None:
    shop(tmp_path, USERS, table=None)
    done = answered(tmp_path, "")
    assert "Traceback" not in done.stderr
    assert done.returncode != 0
