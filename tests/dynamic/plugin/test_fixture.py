"""The fixture `mrt` in tests of a user's own, every method of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dynamic.commands import MODELS, ORDERS, PHONE, USERS, shop
from tests.dynamic.plugin.conftest import Run
from tests.dynamic.plugin.conftest import run as run
from tests.dynamic.projects import Migration

STEPPING = """
import pytest
import sqlalchemy as sa

def test_begins_at_base(mrt):
    assert mrt.current_revision() is None
    assert mrt.heads() == ("c3d4e5f6",)

def test_steps(mrt):
    mrt.upgrade_one()
    assert mrt.current_revision() == "a1b2c3d4"
    mrt.upgrade()
    assert mrt.current == "c3d4e5f6"
    mrt.downgrade()
    assert mrt.current == "b2c3d4e5"
    mrt.downgrade_one()
    assert mrt.current == "a1b2c3d4"
    mrt.upgrade_to("b2c3")
    mrt.downgrade_to("base")
    assert mrt.current is None
    assert mrt.migrate_up_to("b2c3d4e5") == "b2c3d4e5"
    assert mrt.migrate_up_one() == "c3d4e5f6"
    assert mrt.migrate_up_one() is None
    assert mrt.migrate_down_one() == "b2c3d4e5"
    assert mrt.migrate_down_to("a1b2c3d4") == mrt.current == "a1b2c3d4"
    assert mrt.migrate_down_one() is None
    assert mrt.migrate_down_one() is None
    assert mrt.heads == ("c3d4e5f6",) and len(mrt.heads) == 1

def test_each_test_has_an_empty_database(mrt):
    assert mrt.current is None
    assert sa.inspect(mrt.engine).get_table_names() in ([], ["alembic_version"])

def test_rows_that_come_back(mrt):
    mrt.upgrade("b2c3d4e5")
    mrt.seed("users", [{"id": 7}])
    mrt.upgrade_one()
    mrt.downgrade_one()
    mrt.assert_data_intact()

def test_rows_that_do_not(mrt):
    mrt.upgrade("a1b2c3d4")
    mrt.insert_into("users", {"id": 7, "phone": "+49 30 1"})
    mrt.upgrade_one()
    mrt.downgrade_one()
    with pytest.raises(pytest.fail.Exception, match="users id=7: phone was '.49 30 1', is None"):
        mrt.assert_data_intact()
    mrt.downgrade("base")
    with pytest.raises(pytest.fail.Exception, match="users id=7 is gone: there is no table 'users'"):
        mrt.assert_data_intact()
    mrt.reset()
    mrt.assert_data_intact()

def test_rows_that_cannot_be_written(mrt):
    mrt.upgrade("a1b2c3d4")
    mrt.seed("users", [{"id": 1}, {"id": 1}])
    with pytest.raises(pytest.fail.Exception, match="users id=1 could not be written: .*"):
        mrt.assert_data_intact()
    with pytest.raises(ValueError, match="there is no table 'nope'"):
        mrt.seed("nope", [{}])
    with pytest.raises(ValueError, match="no column 'x'"):
        mrt.seed("users", [{"x": 1}])

def test_what_cannot_be_reached(mrt):
    from mrt_lint.errors import UsageError
    with pytest.raises(UsageError):
        mrt.upgrade("zzzz")
    with pytest.raises(UsageError):
        mrt.downgrade("-1")
"""

CHECKING = """
import pytest

def test_one_revision(mrt):
    mrt.upgrade("heads")
    result = mrt.check_revision("b2c3d4e5")
    assert (result.revision, result.passed, result.skipped, result.skip_reason) == ("b2c3d4e5", False, False, None)
    assert result.risk_score == 25 * len(result.failures) == 25
    assert result.failures[0].kind == "rows-changed"
    assert (result.failures[0].table, result.failures[0].column) == ("users", "phone")
    assert result.failure_summary() == f"  - {result.failures[0]}"
    assert mrt.current_revision() == "a1b2c3d4"

def test_head(mrt):
    mrt.assert_reversible()
    assert mrt.current_revision() == "b2c3d4e5"
    with pytest.raises(pytest.fail.Exception, match="b2c3d4e5 cannot be rolled back"):
        mrt.assert_reversible("b2c3d4e5")
    with pytest.raises(ValueError, match="is no single revision"):
        mrt.check_revision("base")

def test_all(mrt, capsys):
    assert [(each.revision, each.passed) for each in mrt.check_all()] == [
        ("a1b2c3d4", True), ("b2c3d4e5", False), ("c3d4e5f6", True)
    ]
    with pytest.raises(pytest.fail.Exception, match="b2c3d4e5:"):
        mrt.assert_all_reversible()
    assert "2 passed and 1 failed" in capsys.readouterr().out

def test_static(mrt):
    found = mrt.check_static()
    assert ("b2c3d4e5", "MRT206", "error") in [(each.revision, each.code, each.severity) for each in found]
    assert mrt.check_static("migrations/versions") == found
    with pytest.raises(pytest.fail.Exception, match="MRT206"):
        mrt.assert_no_static_errors()

def test_models(mrt):
    import models
    mrt.assert_schema_matches(models.metadata)
    mrt.assert_schema_matches(metadata_path="models:metadata")
    with pytest.raises(ValueError, match="assert_schema_matches.. needs models"):
        mrt.assert_schema_matches()
    models.metadata.remove(models.orders)
    with pytest.raises(pytest.fail.Exception, match="table orders is in the database, not in the models"):
        mrt.assert_schema_matches(models.metadata)

def test_django_only(mrt):
    for call in (lambda: mrt.check_migration("app", "0001"), lambda: mrt.check_all(apps=["a"]),
                 lambda: mrt.assert_all_reversible(["a"])):
        with pytest.raises(RuntimeError, match="Django"):
            call()

async def _nothing():
    pass
"""


@pytest.mark.parametrize("text", [STEPPING, CHECKING], ids=["stepping", "checking"])
def test_every_method(run: Run, tmp_path: Path, text: str) -> None:
    shop(tmp_path, USERS, PHONE, ORDERS, files={"models.py": MODELS})
    (tmp_path / "test_own.py").write_text(text)
    (tmp_path / "conftest.py").write_text("")
    done = run("test_own.py")
    assert set(done.outcomes.values()) == {"passed"}, done.text
    assert len(done.outcomes) == text.count("\ndef test_")


WRONG = """
def test_revision(mrt):
    mrt.upgrade("zzzz")

def test_table(mrt):
    mrt.seed("nope", [{}])

def test_django(mrt):
    mrt.check_migration("app", "0001_initial")

def test_late(mrt):
    mrt.upgrade_one()

def test_step(mrt):
    mrt.upgrade()
"""


def test_what_a_test_does_wrong_is_shown_at_its_line(run: Run, tmp_path: Path) -> None:
    slow = Migration("a1b2c3d4", None, "import time\ntime.sleep(60)")
    shop(
        tmp_path, slow, Migration("b2c3d4e5", "a1b2c3d4"), table='db-url = "sqlite://"\nmigration-timeout = 1'
    )
    (tmp_path / "test_own.py").write_text(WRONG.partition("def test_step")[0])
    done = run("test_own.py")
    assert set(done.outcomes.values()) == {"failed"}
    for said in (
        ">       mrt.upgrade(\"zzzz\")\nE       mrt_lint.errors.UsageError: 'zzzz'",
        ">       mrt.seed(\"nope\", [{}])\nE       ValueError: there is no table 'nope'",
        "E       RuntimeError: check_migration() is for Django projects",
        ">       mrt.upgrade_one()\nE       TimeoutError: the upgrade of a1b2c3d4 did not end within 1 seconds",
    ):
        assert said in done.text, done.text
    assert "mrt_dynamic/" not in done.text
    assert "site-packages" not in done.text


def test_what_a_migration_raised_is_the_cause(run: Run, tmp_path: Path) -> None:
    shop(tmp_path, Migration("a1b2c3d4", None, "raise LookupError('no such tenant')"))
    (tmp_path / "test_own.py").write_text("def test_step" + WRONG.partition("def test_step")[2])
    done = run("test_own.py")
    assert "E       LookupError: no such tenant" in done.text
    assert (
        ">       mrt.upgrade()\nE       mrt_dynamic.engine.base.StepError: the upgrade of a1b2c3d4 fails"
        in done.text
    )


def test_an_environment_without_alembic_is_unharmed(run: Run, tmp_path: Path) -> None:
    """Missing libraries are imitated: `find_spec` finds none, and an import of one fails."""
    shop(tmp_path, USERS)
    (tmp_path / "bare.py").write_text(
        "import importlib.util, sys\n"
        "sys.modules['alembic'] = sys.modules['sqlalchemy'] = None\n"
        "find = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, package=None: None if name in ('alembic', 'sqlalchemy')"
        " else find(name, package)\n"
    )
    (tmp_path / "test_own.py").write_text("def test_own():\n    pass\n\ndef test_mine(mrt):\n    pass\n")
    done = run(PYTEST_PLUGINS="bare,mrt_dynamic.testing.plugin", PYTHONPATH=".")
    assert done.outcomes == {"test_own": "passed", "test_mine": "error"}
    assert done.text.count("pip install 'mrt-lint[dynamic]'") >= 2
    assert "Traceback" not in done.text
