"""Every way to configure the plugin, and what is told of a wrong configuration."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from tests.dynamic.commands import ORDERS, PHONE, USERS, shop
from tests.dynamic.plugin.conftest import Run
from tests.dynamic.plugin.conftest import run as run
from tests.dynamic.plugin.test_builtin import CONSISTENCY
from tests.dynamic.projects import ENV, Migration, table, write

EXAMPLE = Path(__file__).parents[3] / "examples/shop"


def fails(outcomes: dict[str, str]) -> list[str]:
    return [name for name, outcome in outcomes.items() if outcome in ("failed", "error")]


def conftest(folder: Path, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "conftest.py").write_text(f"import pytest\nfrom mrt_dynamic import MRTConfig\n\n{text}\n")


def test_the_example_with_configuration_in_pyproject_alone(run: Run, tmp_path: Path) -> None:
    """The lost phone numbers and what else is planted there, by name of the revision."""
    shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "pyproject.toml").write_text('[tool.mrt-lint.verify]\ndb-url = "sqlite://"\n')
    (tmp_path / "tests").mkdir()
    done = run("-p", "no:randomly", "tests")
    assert done.code == 1
    phone = next(name for name in fails(done.outcomes) if "9c27f4a6e138" in name)
    assert phone == f"{CONSISTENCY}[9c27f4a6e138]"
    told = done.text[done.text.index("9c27f4a6e138 is lossy") :]
    assert "users.phone" in told
    assert ".py)" in told.splitlines()[0]
    assert "upgrade, line " in told
    assert "mrt-lint check says so too: MRT" in told
    revisions = [name for name in done.outcomes if name.startswith(CONSISTENCY)]
    assert len(revisions) == len(list((EXAMPLE / "migrations/versions").glob("*.py")))


def test_a_fixture_in_the_conftest_of_the_tests(run: Run, tmp_path: Path) -> None:
    shop(tmp_path / "backend", table=None)
    conftest(
        tmp_path / "tests",
        "@pytest.fixture(scope='session')\ndef mrt_config():\n"
        "    return MRTConfig(alembic_ini='backend/alembic.ini', db_url='sqlite://', skip={'b2c3': 'exported'})",
    )
    (tmp_path / "tests/unit").mkdir()
    for arguments in ((), ("tests/unit",)):
        done = run("-rs", *arguments)
        assert "exported" in done.text
        assert fails(done.outcomes) == ["test_mrt_static_no_errors"]
        assert len(done.outcomes) == 8


def test_a_fixture_that_needs_others(run: Run, tmp_path: Path) -> None:
    shop(tmp_path, table=None)
    conftest(
        tmp_path / "tests",
        "@pytest.fixture(scope='session')\ndef url(tmp_path_factory):\n    return 'sqlite://'\n\n"
        "@pytest.fixture(scope='session')\ndef mrt_config(url):\n    yield MRTConfig(db_url=url, seed_rows=2)",
    )
    done = run("-k", "consistency or upgrade")
    assert fails(done.outcomes) == [f"{CONSISTENCY}[b2c3d4e5]"]
    assert len(done.outcomes) == 4
    (tmp_path / "alembic.ini").rename(tmp_path / "migrations/alembic.ini")
    done = run()
    assert done.code == 4
    assert "alembic.ini does not exist" in done.text
    assert "(the fixture mrt_config needs other fixtures, or yields" in done.text


OWN = """
def test_own(mrt):
    results = {each.revision: each for each in mrt.check_all()}
    assert results["a1b2c3d4"].skipped == FLOOR
    assert results["b2c3d4e5"].skip_reason == "exported"
    assert results["b2c3d4e5"].passed and results["c3d4e5f6"].passed
    result = mrt.check_revision("d4e5f6a7")
    assert not result.passed
    assert "EXPECTED" in result.failure_summary(), result.failure_summary()
"""

WIPED = Migration(
    "d4e5f6a7", "c3d4e5f6", "op.execute(\"UPDATE users SET note = 'gone' WHERE note = 'kept'\")"
)
NOTE = Migration(
    "b2c3d4e5",
    "a1b2c3d4",
    'op.add_column("users", sa.Column("note", sa.Text))',
    'with op.batch_alter_table("users") as batch:\n    batch.drop_column("note")',
)


@pytest.mark.parametrize("way", ["table", "python"])
@pytest.mark.parametrize("floor", [True, False], ids=["floor", "no-floor"])
def test_skips_floors_custom_seeds_and_overrides(run: Run, tmp_path: Path, way: str, floor: bool) -> None:
    """The rows are those that the seeds and overrides say: the update changes what nobody else would write."""
    shop(tmp_path, USERS, NOTE, ORDERS, WIPED, table=None)
    if way == "table":
        said = 'db-url = "sqlite://"\nskip = { b2c3 = "exported" }\n'
        said += 'minimum-downgrade-revision = "a1b2"\n' if floor else ""
        said += "[tool.mrt-lint.verify.custom-seeds]\nusers = [{ id = 5, phone = '+49' }]\n"
        said += "[tool.mrt-lint.verify.seed-overrides.users]\nnote = 'kept'\n"
        (tmp_path / "pyproject.toml").write_text(f"[tool.pytest.ini_options]\n[tool.mrt-lint.verify]\n{said}")
    else:
        given = "db_url='sqlite://', skip={'b2c3': 'exported'}, custom_seeds={'users': lambda: [{'id': 5, 'phone': '+49'}]}"
        given += ", seed_overrides={'users': {'note': lambda *_: 'kept'}}"
        given += ", minimum_downgrade_revision='a1b2'" if floor else ""
        conftest(tmp_path, f"def pytest_configure(config):\n    config._mrt_config = MRTConfig({given})")
    (tmp_path / "test_own.py").write_text(
        OWN.replace("FLOOR", str(floor)).replace("EXPECTED", "rows-changed: users.note")
    )
    done = run("test_own.py")
    assert done.outcomes == {"test_own": "passed"}, done.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("allow_hosts='db'", "MRTConfig(allow_hosts=...) must be a list of strings, not 'db'"),
        ("isolation='in_place'", "MRTConfig(isolation=...) must be one of 'in-place', not 'in_place'"),
        ("seed_rows='3'", "MRTConfig(seed_rows=...) must be a number"),
        ("skip=['b2c3']", "MRTConfig(skip=...) must be a table"),
        ("migration_timeout=-1", "MRTConfig(migration_timeout=...) must be a number"),
        (
            "severity_overrides={'MRT206': 'fatal'}",
            "MRTConfig(severity_overrides=...) at 'MRT206' must be one of",
        ),
        ("alembic_ini='nope.ini'", "nope.ini does not exist"),
    ],
)
def test_wrong_values_in_python_end_the_run(run: Run, tmp_path: Path, given: str, said: str) -> None:
    shop(tmp_path, USERS, table=None)
    conftest(tmp_path, f"def pytest_configure(config):\n    config._mrt_config = MRTConfig({given})")
    done = run()
    assert done.code == 4
    assert sum(said in line for line in done.text.splitlines()) == 1
    assert "Traceback" not in done.text


def test_urls_and_paths_may_be_objects(run: Run, tmp_path: Path) -> None:
    shop(tmp_path, USERS, table=None)
    given = "alembic_ini=pathlib.Path('alembic.ini'), db_url=sqlalchemy.make_url('sqlite://')"
    conftest(
        tmp_path,
        f"import pathlib, sqlalchemy\n\ndef pytest_configure(config):\n    config._mrt_config = MRTConfig({given})",
    )
    assert fails(run().outcomes) == []


def test_severities_by_any_name_and_a_warning_for_an_unknown_one(run: Run, tmp_path: Path) -> None:
    shop(tmp_path, table=None)
    given = "db_url='sqlite://', severity_overrides={'mrt206': 'warning', 'MRT26': 'error', 'no such thing': 'info'}"
    conftest(tmp_path, f"def pytest_configure(config):\n    config._mrt_config = MRTConfig({given})")
    done = run("-k", "static or head")
    assert fails(done.outcomes) == []
    assert "severity_overrides: no rule is called 'MRT26'; did you mean 'MRT2" in done.text
    assert "severity_overrides: no rule is called 'no such thing'" in done.text
    assert "mrt206" not in done.text


def test_no_env_py_is_one_message(run: Run, tmp_path: Path) -> None:
    shop(tmp_path, USERS)
    (tmp_path / "migrations/env.py").unlink()
    done = run()
    assert done.code == 4
    assert (
        sum("env.py does not exist: `alembic init` makes one" in line for line in done.text.splitlines()) == 1
    )


DJANGO_OWN = """
import pytest

def test_reading(mrt):
    assert mrt.check_static() is not None

def test_running(mrt):
    for call in (mrt.upgrade, mrt.check_all, mrt.current_revision, mrt.assert_reversible, mrt.reset,
                 lambda: mrt.check_migration("clinic", "0001_initial"), lambda: mrt.check_all(apps=["clinic"]),
                 lambda: mrt.seed("users", [{}]), mrt.assert_schema_matches):
        with pytest.raises(RuntimeError, match=r"clinic.settings. are only read so far, not run.*check_static"):
            call()
"""


def test_django_without_an_alembic_ini_says_what_is_done(run: Run, tmp_path: Path) -> None:
    example = EXAMPLE.parent / "django-clinic"
    shutil.copytree(example, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n[tool.mrt-lint.verify]\n")
    (tmp_path / "test_own.py").write_text(DJANGO_OWN)
    done = run(DJANGO_SETTINGS_MODULE="clinic.settings")
    assert done.outcomes == {
        "test_mrt_static_no_errors": "failed",
        "test_reading": "passed",
        "test_running": "passed",
    }, done.text
    said = "no migrations are run: there is no alembic.ini, and Django's migrations (clinic.settings) are only read"
    assert sum(said in line for line in done.text.splitlines()) == 1
    done = run()
    assert done.code == 4
    assert "alembic.ini does not exist" in done.text


def test_revisions_whose_place_env_py_chooses(run: Run, tmp_path: Path) -> None:
    env = ENV.replace(
        "with engine.connect()",
        "open('runs.txt', 'a').write('x')\ncontext.script.version_locations = ['elsewhere']\nwith engine.connect()",
    )
    revisions = [table("r1", folder="elsewhere"), table("r2", "r1", folder="elsewhere")]
    write(tmp_path, revisions, env=env)
    (tmp_path / "pyproject.toml").write_text('[tool.mrt-lint.verify]\ndb-url = "sqlite://"\n')
    done = run("--collect-only", "-q")
    assert f"{CONSISTENCY}[r1]" in done.text
    assert f"{CONSISTENCY}[r2]" in done.text
    assert (tmp_path / "runs.txt").read_text() == "x"
    assert fails(run().outcomes) == []


SLOW = Migration("a1b2c3d4", None, "import time\ntime.sleep(60)", "pass")
WAITING = """
import pytest

def test_own(mrt):
    with pytest.raises(TimeoutError, match="the upgrade of a1b2c3d4 did not end within 1 seconds"):
        mrt.upgrade()
    mrt.reset()
    assert mrt.current is None
    assert mrt.check_revision("a1b2c3d4").failures[0].kind == "timeout"
"""


def test_a_step_that_hangs_is_ended(run: Run, tmp_path: Path) -> None:
    shop(tmp_path, SLOW, table='db-url = "sqlite://"\nmigration-timeout = 1')
    (tmp_path / "test_own.py").write_text(WAITING)
    began = time.monotonic()
    done = run("test_own.py", ".", "-k", "own or test_mrt_upgrade")
    assert done.outcomes["test_own"] == "passed", done.text
    (tmp_path / "test_own.py").unlink()
    done = run("-k", "test_mrt_upgrade or consistency")
    assert set(done.outcomes.values()) == {"failed"}
    assert done.text.count("did not end within 1 seconds and was cancelled") >= 2
    assert time.monotonic() - began < 60


def test_two_configurations_do_not_mix(run: Run, tmp_path: Path) -> None:
    for name, revisions in (("one", (USERS,)), ("two", (USERS, PHONE, ORDERS))):
        shop(tmp_path / name, *revisions, table=None)
        conftest(
            tmp_path / name,
            "@pytest.fixture(scope='session')\ndef mrt_config():\n"
            f"    return MRTConfig(alembic_ini='{name}/alembic.ini', db_url='sqlite://')",
        )
        head = revisions[-1].id
        (tmp_path / name / f"test_{name}.py").write_text(
            f"def test_{name}(mrt):\n    assert mrt.heads() == ({head!r},)\n"
        )
    done = run("one/test_one.py", "two/test_two.py")
    assert done.outcomes == {"test_one": "passed", "test_two": "passed"}
