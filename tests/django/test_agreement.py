"""What our replay makes of each operation is what the SQL that Django runs makes, both ways."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest

from mrt_lint.schema.state import State
from tests.backends import need, scratch
from tests.django.agreeing import applied, applied_sql, differences, lowered, run_django, write_project
from tests.django.cases import CASES, Case

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
