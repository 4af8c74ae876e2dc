"""The plugin beside others, and with other versions of pytest.

Others are looked for in this environment, and in those whose interpreters MRT_TEST_PYTEST_PYTHON names
(separated as in PATH; this project must be installed there): a test says which one it misses.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dynamic.commands import PHONE, USERS, shop
from tests.dynamic.plugin.conftest import Run
from tests.dynamic.plugin.conftest import run as run
from tests.dynamic.plugin.test_builtin import CONSISTENCY

PYTHONS = [sys.executable, *filter(None, os.environ.get("MRT_TEST_PYTEST_PYTHON", "").split(os.pathsep))]


@pytest.fixture(
    params=PYTHONS, ids=lambda each: "here" if each == sys.executable else Path(each).parents[1].name
)
def python(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def need_module(python: str, *modules: str) -> None:
    """Skips the test where a module is not installed."""
    for module in modules:
        code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
        if subprocess.run([python, "-c", code], check=False).returncode:
            pytest.skip(f"{module} is not installed in {python}")


def judged(outcomes: dict[str, str]) -> dict[str, str]:
    return {name: outcome for name, outcome in outcomes.items() if name.startswith(CONSISTENCY)}


RIGHT = {f"{CONSISTENCY}[a1b2c3d4]": "passed", f"{CONSISTENCY}[b2c3d4e5]": "failed"}

OWN = """
def test_own(mrt):
    mrt.upgrade("a1b2")
    mrt.seed("users", [{"id": 1, "phone": "1"}])
    mrt.upgrade_one()
    mrt.downgrade_one()
    assert mrt.current_revision() == "a1b2c3d4"
"""


def test_this_version_of_pytest(run: Run, tmp_path: Path, python: str) -> None:
    """Configuration in pyproject alone, and a fixture in the conftest.py of the tests."""
    shop(tmp_path, USERS, PHONE)
    (tmp_path / "test_own.py").write_text(OWN)
    done = run(python=python)
    assert judged(done.outcomes) == RIGHT, done.text
    assert done.outcomes["test_own"] == "passed"
    assert "b2c3d4e5 is lossy" in done.text
    assert run("--lf", python=python).outcomes.keys() == {
        f"{CONSISTENCY}[b2c3d4e5]",
        "test_mrt_static_no_errors",
    }
    shop(tmp_path / "backend", USERS, PHONE, table=None)
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/conftest.py").write_text(
        "import pytest\nfrom mrt_dynamic import MRTConfig\n\n@pytest.fixture(scope='session')\ndef mrt_config():\n"
        "    return MRTConfig(alembic_ini='backend/alembic.ini', db_url='sqlite://')\n"
    )
    done = run("tests", python=python)
    assert judged(done.outcomes) == RIGHT, done.text
    assert "PytestRemovedIn" not in done.text


def test_randomly(run: Run, tmp_path: Path, python: str) -> None:
    need_module(python, "pytest_randomly")
    shop(tmp_path, USERS, PHONE)
    (tmp_path / "test_own.py").write_text(OWN)
    for loaded in (("pytest_randomly",), ()):
        off = () if loaded else ("-p", "no:randomly")
        done = run(*off, "-k", "consistency or own or base", plugins=loaded, python=python)
        assert ("Using --randomly-seed" in done.text) == bool(loaded)
        assert judged(done.outcomes) == RIGHT, done.text
        assert done.outcomes["test_own"] == "passed"


ASYNCHRONOUS = """
import asyncio
import pytest

pytestmark = pytest.mark.asyncio

async def test_own(mrt):
    await asyncio.sleep(0)
    mrt.upgrade("a1b2")
    mrt.seed("users", [{"id": 1, "phone": "1"}])
    mrt.upgrade_one()
    mrt.downgrade_one()
    assert mrt.current_revision() == "a1b2c3d4"
    result = mrt.check_revision("b2c3d4e5")
    await asyncio.sleep(0)
    assert not result.passed
"""

ASYNC_ENV = """
import asyncio
from alembic import context
from sqlalchemy.ext.asyncio import async_engine_from_config

def work(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()

async def main():
    engine = async_engine_from_config(context.config.get_section("alembic"), prefix="sqlalchemy.")
    async with engine.connect() as connection:
        await connection.run_sync(work)
    await engine.dispose()

asyncio.run(main())
"""


@pytest.mark.parametrize("mode", ["strict", "auto"])
def test_asyncio(run: Run, tmp_path: Path, python: str, mode: str) -> None:
    """Tests that are coroutines, with an env.py that is one too where its driver is installed."""
    need_module(python, "pytest_asyncio")
    shop(tmp_path, USERS, PHONE)
    if mode == "auto":
        need_module(python, "aiosqlite", "greenlet")
        (tmp_path / "migrations/env.py").write_text(ASYNC_ENV)
        text = (tmp_path / "pyproject.toml").read_text()
        (tmp_path / "pyproject.toml").write_text(text.replace("sqlite://", "sqlite+aiosqlite://"))
    (tmp_path / "test_own.py").write_text(ASYNCHRONOUS)
    options = ("-o", f"asyncio_mode={mode}", "-o", "asyncio_default_fixture_loop_scope=function")
    done = run(*options, plugins=("pytest_asyncio.plugin",), python=python)
    assert judged(done.outcomes) == RIGHT, done.text
    assert done.outcomes["test_own"] == "passed", done.text


SETTINGS = """
SECRET_KEY = "x"
INSTALLED_APPS = ["clinic"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "django.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
"""

DJANGO = """
import pytest
from clinic.models import Patient

@pytest.mark.django_db
def test_django(mrt):
    Patient.objects.create(name="A")
    mrt.upgrade("a1b2")
    mrt.upgrade_one()
    assert Patient.objects.count() == 1

@pytest.mark.django_db
def test_again():
    assert Patient.objects.count() == 0
"""


def test_django_of_the_suite_is_left_alone(run: Run, tmp_path: Path, python: str) -> None:
    """A suite with Django configured, whose Alembic project is apart."""
    need_module(python, "pytest_django", "django")
    shop(tmp_path, USERS, PHONE)
    (tmp_path / "clinic/migrations").mkdir(parents=True)
    for file in ("clinic/__init__.py", "clinic/migrations/__init__.py"):
        (tmp_path / file).write_text("")
    (tmp_path / "clinic/models.py").write_text(
        "from django.db import models\n\nclass Patient(models.Model):\n    name = models.CharField(max_length=20)\n"
    )
    (tmp_path / "clinic/migrations/0001_initial.py").write_text(
        "from django.db import migrations, models\n\nclass Migration(migrations.Migration):\n    initial = True\n"
        "    operations = [migrations.CreateModel('Patient', [('id', models.BigAutoField(primary_key=True)),"
        " ('name', models.CharField(max_length=20))])]\n"
    )
    (tmp_path / "settings.py").write_text(SETTINGS)
    (tmp_path / "test_own.py").write_text(DJANGO)
    (tmp_path / "django.sqlite3").write_bytes(b"")
    before = hashlib.sha256((tmp_path / "django.sqlite3").read_bytes()).hexdigest()
    environment = {"DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": str(tmp_path)}
    done = run(plugins=("pytest_django.plugin",), python=python, **environment)
    assert judged(done.outcomes) == RIGHT, done.text
    assert done.outcomes["test_django"] == done.outcomes["test_again"] == "passed", done.text
    assert hashlib.sha256((tmp_path / "django.sqlite3").read_bytes()).hexdigest() == before
    assert "only read so far" not in done.text


def test_xdist(run: Run, tmp_path: Path, python: str) -> None:
    need_module(python, "xdist")
    shop(tmp_path, USERS, PHONE)
    (tmp_path / "test_own.py").write_text(OWN)
    done = run("-n", "2", plugins=("xdist.plugin",), python=python)
    assert judged(done.outcomes) == RIGHT, done.text
    assert done.outcomes["test_own"] == "passed"
