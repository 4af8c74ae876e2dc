"""What our replay makes of each operation is what the SQL that Django runs makes, both ways."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest

from mrt_lint.schema.state import State
from mrt_rules_django.values import PARAMETERS
from tests.backends import need, scratch
from tests.django.agreeing import applied, applied_sql, differences, lowered, run_django, write_project
from tests.django.case import Case
from tests.django.cases import CASES

PYTHON = os.environ.get("MRT_TEST_DJANGO_PYTHON", "")


def _settings(dialect: str, folder: Path) -> Iterator[dict[str, Any]]:
    if dialect == "sqlite":
        yield {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "db.sqlite3")}
        return
    need(dialect)
    with scratch(dialect, folder) as engine:
        url = engine.url
        yield {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.database,
            "HOST": url.host,
            "PORT": url.port,
            "USER": url.username,
            "PASSWORD": url.password or "",
        }


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    dialect = request.param
    folder = tmp_path_factory.mktemp(dialect)
    version = _version()
    cases = [case for case in CASES if dialect in case.only and case.since <= version < case.before]
    write_project(folder, cases)
    for database in _settings(dialect, folder):
        ran = run_django(folder, [case.name for case in cases], database, PYTHON)
        yield dialect, {case.name for case in cases}, ran, lowered(folder, dialect)


@pytest.fixture(scope="module")
def classes() -> dict[str, list[str]]:
    """Returns every class of operations that the Django under test has, with its parameters."""
    lister = Path(__file__).with_name("list_operations.py")
    done = subprocess.run([PYTHON or sys.executable, str(lister)], capture_output=True, text=True, check=True)
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_no_operation_of_django_is_missed(classes: dict[str, list[str]]) -> None:
    version = _version()
    tried = "".join(step for case in CASES if case.since <= version < case.before for step in case.steps)
    assert [name for name in classes if f".{name}(" not in tried] == []


def test_the_parameters_of_every_operation_are_djangos(classes: dict[str, list[str]]) -> None:
    for name, theirs in classes.items():
        ours = [one for one in PARAMETERS[name] if one != "hints"]
        assert ours == [one for one in theirs if one != "hints"], name


def _version() -> tuple[int, int]:
    told = os.environ.get("MRT_TEST_DJANGO_VERSION", "")
    return (int(told.split(".")[0]), int(told.split(".")[1])) if told else django.VERSION[:2]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_state_after(case: Case, both: Any) -> None:
    dialect, names, ran, files = both
    if case.name not in names:
        pytest.skip(f"not on {dialect} with this Django")
    theirs_ran = ran[case.name]
    assert theirs_ran["error"] == ""
    ours = theirs = State(dialect)
    migrations = [
        each.migration for each in files if each.migration and each.migration.id.startswith(f"{case.name}.")
    ]
    before = None
    for migration, statements in zip(migrations, theirs_ran["forwards"], strict=True):
        before = ours, theirs
        ours, theirs = applied(ours, migration.upgrade or ()), applied_sql(theirs, statements)
        assert differences(ours, theirs) == [], "\n".join(statements)
        assert ours.faults == ()
    assert before is not None
    ours, theirs = applied(ours, migrations[-1].downgrade or ()), applied_sql(theirs, theirs_ran["backwards"])
    assert differences(ours, theirs) == [], "\n".join(theirs_ran["backwards"])
