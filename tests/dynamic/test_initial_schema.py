"""`initial-schema`: a history whose first revision builds on tables that no revision makes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.backends import need, server_url
from tests.cli.conftest import Run
from tests.cli.conftest import inside as inside
from tests.cli.conftest import mrt_lint as mrt_lint
from tests.dynamic.commands import PHONE, USERS, shop
from tests.dynamic.projects import Migration

TABLE = "CREATE TABLE users (id INTEGER PRIMARY KEY, phone VARCHAR(20))"
CREATE = f"""
from sqlalchemy import text

def create(connection):
    connection.execute(text("{TABLE}"))
"""
STAMPED = (
    CREATE
    + f"""
    connection.execute(text("INSERT INTO alembic_version VALUES ('{USERS.id}')"))
"""
)
WANTED = 'initial-schema = "initial.py:create"'

EMAIL = Migration(
    "f6a7b8c9",
    None,
    'op.add_column("users", sa.Column("email", sa.String(80)))',
    'op.drop_column("users", "email")',
)
LOSES = Migration("a7b8c9d0", "f6a7b8c9", PHONE.up, PHONE.down)


@pytest.fixture(autouse=True)
def _no_urls(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MRT_DATABASE_URL", "TEST_DATABASE_URL", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


def verdicts(text: str) -> dict[str, str]:
    return {each["revision"]: each["verdict"] for each in json.loads(text)["revisions"]}


def url(database: str) -> str:
    need(database)
    return "sqlite://" if database == "sqlite" else server_url(database).render_as_string(hide_password=False)


@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mariadb"])
def test_a_history_that_begins_with_tables_is_run_end_to_end(
    database: str, inside: Run, tmp_path: Path
) -> None:
    folder = shop(tmp_path, EMAIL, LOSES, table=WANTED, files={"initial.py": CREATE})
    result = inside("verify", "--format", "json", "--db-url", url(database), cwd=folder)
    assert (result.returncode, result.stderr) == (1, "")
    assert verdicts(result.stdout) == {EMAIL.id: "reversible", LOSES.id: "lossy"}
    first, _ = json.loads(result.stdout)["revisions"]
    assert first["rows_verified"] > 2, "the tables of the initial schema were not filled"


def test_without_it_the_failure_names_the_setting(inside: Run, tmp_path: Path) -> None:
    result = inside("verify", cwd=shop(tmp_path, EMAIL))
    assert result.returncode == 1
    assert "initial-schema" in result.stdout


def test_revisions_that_it_records_are_not_run(inside: Run, tmp_path: Path) -> None:
    cannot_run = Migration(USERS.id, None, "raise RuntimeError('too old')")
    folder = shop(tmp_path, cannot_run, PHONE, table=WANTED, files={"initial.py": STAMPED})
    result = inside("verify", "--format", "json", "--db-url", "sqlite://", cwd=folder)
    assert verdicts(result.stdout) == {PHONE.id: "lossy"}


@pytest.mark.parametrize(
    ("file", "table", "said"),
    [
        ("def create(connection):\n    1 / 0\n", WANTED, "initial-schema fails: ZeroDivisionError"),
        ("", WANTED, "'create' does not exist in initial.py"),
        ("", 'initial-schema = "initial"', "'package.module:function'"),
    ],
)
def test_what_is_wrong_with_it_is_one_line(
    file: str, table: str, said: str, inside: Run, tmp_path: Path
) -> None:
    result = inside(
        "verify", "--db-url", "sqlite://", cwd=shop(tmp_path, EMAIL, table=table, files={"initial.py": file})
    )
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
