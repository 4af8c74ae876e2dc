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
from tests.dynamic.projects import init

MANAGE = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n"
SETTINGS = 'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}\n'
DJANGO = """
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.CreateModel("Note", [("id", models.BigAutoField(primary_key=True))])]
"""
THREE = {"mrt-lint.toml", "conftest.py", "test_migrations.py"}


def project(folder: Path, kind: str) -> None:
    """Writes one of the kinds of project; those of Alembic lose phone numbers in b2c3d4e5."""
    if kind in ("ini", "both", "tests"):
        shop(folder, USERS, PHONE, ORDERS, table=None)
    if kind in ("alembic", "migrations"):
        shop(folder, USERS, PHONE, ORDERS, table=None)
        (folder / kind).mkdir(exist_ok=True)
        ini = (folder / "alembic.ini").read_text().replace("%(here)s/migrations", "%(here)s/../migrations")
        (folder / kind / "alembic.ini").write_text(ini)
        (folder / "alembic.ini").unlink()
    if kind == "toml":
        init(folder, "pyproject", [USERS, PHONE, ORDERS])
        (folder / "alembic.ini").unlink()
    if kind == "both-files":
        init(folder, "pyproject", [USERS, PHONE, ORDERS])
    if kind == "tests":
        (folder / "tests").mkdir()
    if kind in ("django", "both"):
        (folder / "manage.py").write_text(MANAGE)
        (folder / "site").mkdir()
        (folder / "site/settings.py").write_text(SETTINGS)
        (folder / "notes/migrations").mkdir(parents=True)
        for name in ("notes/__init__.py", "notes/migrations/__init__.py"):
            (folder / name).write_text("")
        (folder / "notes/migrations/0001_initial.py").write_text(DJANGO)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and ".pytest_cache" not in path.parts
    }


KINDS = [
    ("ini", "Alembic (alembic.ini)", THREE),
    ("tests", "Alembic (alembic.ini)", {"mrt-lint.toml", "tests/conftest.py", "tests/test_migrations.py"}),
    ("alembic", "Alembic (alembic/alembic.ini)", THREE),
    ("migrations", "Alembic (migrations/alembic.ini)", THREE),
    ("toml", "Alembic (pyproject.toml)", {"pyproject.toml", "conftest.py", "test_migrations.py"}),
    ("both-files", "Alembic (alembic.ini)", {"pyproject.toml", "conftest.py", "test_migrations.py"}),
    ("django", "Django (manage.py)", {"mrt-lint.toml"}),
    ("both", "Alembic and Django (alembic.ini, manage.py)", THREE),
    ("neither", "no migrations", set()),
]


@pytest.mark.parametrize(("kind", "found", "written"), KINDS)
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
    assert ("\nNext:\n" in first.stdout) == bool(written)
    second = inside("init", "--yes", cwd=tmp_path)
    assert files(tmp_path) == after
    assert all(f"{name}: left as it is" in second.stdout for name in written)


@pytest.mark.parametrize("kind", [kind for kind, _, written in KINDS if written])
def test_what_it_wrote_runs(inside: Run, run: RunPytest, tmp_path: Path, kind: str) -> None:
    """The next steps that it prints, one after the other: each finds the phone numbers that are lost."""
    project(tmp_path, kind)
    first = inside("init", "--yes", "--db-url", "sqlite://", cwd=tmp_path)
    assert inside("config", cwd=tmp_path).returncode == 0
    checked = inside("check", cwd=tmp_path)
    if kind == "django":
        assert checked.returncode == 0, checked.stdout
        assert "1 migration" in checked.stdout
        assert "mrt-lint verify" not in first.stdout.partition("For .pre-commit")[0]
        return
    assert checked.returncode == 1
    assert "MRT206" in checked.stdout
    verified = inside("verify", cwd=tmp_path)
    assert verified.returncode == 1
    assert "FAIL  b2c3d4e5  lossy" in verified.stdout
    done = run()
    outcomes = {name: outcome for name, outcome in done.outcomes.items() if outcome != "passed"}
    assert outcomes == {
        "test_mrt_up_down_consistency[b2c3d4e5]": "failed",
        "test_mrt_static_no_errors": "failed",
        "test_mrt_schema_matches_models": "skipped",
    }, done.text
    assert done.outcomes["test_my_rows_survive"] == "passed"
    assert done.outcomes["test_mrt_up_down_consistency[a1b2c3d4]"] == "passed"


def test_the_database_of_django_is_written_down(inside: Run, tmp_path: Path) -> None:
    project(tmp_path, "django")
    inside("init", "--yes", cwd=tmp_path)
    assert (tmp_path / "mrt-lint.toml").read_text() == 'database = "postgresql"\n'


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


def test_a_second_run_has_nothing_to_ask(tmp_path: Path) -> None:
    shop(tmp_path, USERS, table=None)
    first = answered(tmp_path, "sqlite://\ny\ny\ny\n")
    assert "Where may scratch databases be made?" in first.stdout
    before = files(tmp_path)
    second = answered(tmp_path, "")
    assert second.returncode == 0, second.stderr
    assert "?" not in second.stdout.partition("Next:")[0]
    assert files(tmp_path) == before


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


@pytest.mark.parametrize(
    ("answer", "written"),
    [
        ('os.environ["DATABASE_URL"]', "${DATABASE_URL}"),
        ("os.environ['DATABASE_URL']", "${DATABASE_URL}"),
        ('os.environ.get("DATABASE_URL")', "${DATABASE_URL}"),
        ('os.getenv("DATABASE_URL", "sqlite:///test.db")', "${DATABASE_URL:-sqlite:///test.db}"),
        ("${DATABASE_URL}", "${DATABASE_URL}"),
        ("postgresql://localhost/app_test", "postgresql://localhost/app_test"),
    ],
)
def test_an_expression_stays_one(
    inside: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, written: str
) -> None:
    shop(tmp_path, USERS, table=None)
    assert inside("init", "--yes", "--db-url", answer, cwd=tmp_path).stderr == ""
    text = (tmp_path / "mrt-lint.toml").read_text()
    assert f'db-url = "{written}"' in text
    if "$" in written:
        monkeypatch.setenv("DATABASE_URL", "sqlite:///elsewhere.db")
        assert inside("verify", cwd=tmp_path).returncode == 0
        monkeypatch.delenv("DATABASE_URL")
        assert inside("verify", cwd=tmp_path).returncode == (0 if ":-" in written else 2)


def test_a_password_in_the_file_is_mentioned_and_not_printed(inside: Run, tmp_path: Path) -> None:
    shop(tmp_path, USERS, table=None)
    for how in ("--dry-run", "--yes"):
        result = inside("init", how, "--db-url", "postgresql://me:s3cret@localhost/x", cwd=tmp_path)
        assert "the password will stand in the file" in result.stderr
        assert "s3cret" not in result.stdout + result.stderr
    assert "postgresql://me:s3cret@localhost/x" in (tmp_path / "mrt-lint.toml").read_text()


@pytest.mark.parametrize(
    ("name", "before", "table"),
    [
        ("pyproject.toml", '[tool.mrt-lint]\nignore = ["MRT408"]\n', "\n[tool.mrt-lint.verify]\n"),
        ("mrt-lint.toml", 'ignore = ["MRT408"]\n', "\n[verify]\n"),
    ],
)
def test_who_only_checked_so_far_gets_what_verifies(
    inside: Run, tmp_path: Path, name: str, before: str, table: str
) -> None:
    shop(tmp_path, USERS, table=None)
    (tmp_path / name).write_text(before)
    inside("init", "--yes", "--db-url", "sqlite://", cwd=tmp_path)
    text = (tmp_path / name).read_text()
    assert text.startswith(before + table)
    assert text.count("[tool.mrt-lint]") == before.count("[tool.mrt-lint]")
    assert inside("verify", cwd=tmp_path).returncode == 0
    after = files(tmp_path)
    inside("init", "--yes", cwd=tmp_path)
    assert files(tmp_path) == after


def test_a_table_that_cannot_be_added_to_is_left_alone(inside: Run, tmp_path: Path) -> None:
    text = "[tool]\nmrt-lint = { strict = true }\n"
    shop(tmp_path, USERS, table=None)
    (tmp_path / "pyproject.toml").write_text(text)
    result = inside("init", "--yes", cwd=tmp_path)
    assert (result.returncode, (tmp_path / "pyproject.toml").read_text()) == (0, text)
    assert "pyproject.toml: left as it is" in result.stdout


def test_line_ends_stay_as_they_are(inside: Run, tmp_path: Path) -> None:
    shop(tmp_path, USERS, table=None)
    before = b'[project]\r\nname = "shop"\r\n'
    (tmp_path / "pyproject.toml").write_bytes(before)
    inside("init", "--yes", cwd=tmp_path)
    after = (tmp_path / "pyproject.toml").read_bytes()
    assert after.startswith(before + b"\r\n[tool.mrt-lint]\r\n")
    assert after.count(b"\n") == after.count(b"\r\n")


@pytest.mark.parametrize("data", [b"[project\n", b"\xff\xfe"], ids=["syntax", "encoding"])
def test_a_broken_pyproject_is_one_line_and_nothing_is_written(
    inside: Run, tmp_path: Path, data: bytes
) -> None:
    shop(tmp_path, USERS, table=None)
    (tmp_path / "pyproject.toml").write_bytes(data)
    before = files(tmp_path)
    result = inside("init", "--yes", cwd=tmp_path)
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert files(tmp_path) == before
