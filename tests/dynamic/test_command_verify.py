"""`mrt-lint verify` as users run it: exit codes, formats, options, and one line for every mistake."""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mrt_dynamic.report.json import schema
from tests.backends import need, server_url
from tests.cli.conftest import Run
from tests.cli.conftest import inside as inside
from tests.cli.conftest import mrt_lint as mrt_lint
from tests.dynamic.commands import NEVER, ORDERS, PHONE, USERS, shop
from tests.dynamic.projects import ENV, Migration

HEALTHY = (
    USERS,
    Migration("e5f6a7b8", "a1b2c3d4", 'op.create_index("ix", "users", ["phone"])', 'op.drop_index("ix")'),
)


@pytest.fixture(autouse=True)
def _no_urls(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MRT_DATABASE_URL", "TEST_DATABASE_URL", "DATABASE_URL", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


def verdicts(text: str) -> dict[str, str | None]:
    """Returns the verdict of each revision that a JSON report tells of."""
    return {each["revision"]: each["verdict"] for each in json.loads(text)["revisions"]}


def skipped(text: str) -> dict[str, str]:
    return {
        each["revision"]: each["skip_reason"] for each in json.loads(text)["revisions"] if each["skipped"]
    }


def steady(text: str) -> str:
    """Returns a JSON report without durations."""
    return re.sub(r'"duration_s": [\d.]+', "", text)


def test_a_healthy_history_passes(inside: Run, tmp_path: Path) -> None:
    result = inside("verify", cwd=shop(tmp_path, *HEALTHY))
    assert (result.returncode, result.stderr) == (0, "")
    assert re.search(r"2 revisions on SQLite [\d.]+: 2 passed\.\nRollback: 2 reversible\.\n$", result.stdout)


def test_a_lossy_revision_fails_by_name_with_the_finding_that_predicted_it(
    inside: Run, tmp_path: Path
) -> None:
    result = inside("verify", cwd=shop(tmp_path))
    assert result.returncode == 1
    lines = result.stdout.splitlines()
    assert [line.split()[:3] for line in lines if line[:4] in ("ok  ", "FAIL")] == [
        ["ok", "a1b2c3d4", "reversible"],
        ["FAIL", "b2c3d4e5", "lossy"],
        ["ok", "c3d4e5f6", "reversible"],
    ]
    told = " ".join(result.stdout.split())
    assert "rows-changed: users.phone:" in told
    assert "mrt-lint check says so too: MRT206 users.phone" in told
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in result.stdout


def test_two_runs_give_the_same_json_which_keeps_its_schema(inside: Run, tmp_path: Path) -> None:
    shop(tmp_path, USERS, PHONE, ORDERS, NEVER)
    first, second = (inside("verify", "--format", "json", cwd=tmp_path) for _ in range(2))
    assert (first.returncode, first.stderr) == (1, "")
    jsonschema.validate(json.loads(first.stdout), schema())
    assert steady(first.stdout) == steady(second.stdout)
    assert verdicts(first.stdout) == {
        "a1b2c3d4": "reversible",
        "b2c3d4e5": "lossy",
        "c3d4e5f6": "reversible",
        "d4e5f6a7": "irreversible",
    }
    assert json.loads(first.stdout)["revisions"][1]["file"] == "migrations/versions/b2c3d4e5_it.py"


@pytest.mark.parametrize(
    ("arguments", "tested", "left_out"),
    [
        (["b2c3"], ["b2c3d4e5"], []),
        (["a1b2c3d4", "c3d4e5f6"], ["a1b2c3d4", "c3d4e5f6"], []),
        (["head"], ["c3d4e5f6"], []),
        (["--since", "b2c3d4e5"], ["c3d4e5f6"], []),
        (["--min-revision", "b2c3d4e5"], ["c3d4e5f6"], ["a1b2c3d4", "b2c3d4e5"]),
    ],
    ids=["one", "two", "head", "since", "floor"],
)
def test_what_is_tested(
    inside: Run, tmp_path: Path, arguments: list[str], tested: list[str], left_out: list[str]
) -> None:
    result = inside("verify", *arguments, "--format", "json", cwd=shop(tmp_path))
    found = verdicts(result.stdout)
    assert [name for name, verdict in found.items() if verdict] == tested
    assert list(skipped(result.stdout)) == left_out
    assert result.returncode == (1 if "b2c3d4e5" in tested else 0)


def test_skip_and_floor_of_the_configuration_stand_in_the_report(inside: Run, tmp_path: Path) -> None:
    table = (
        'db-url = "sqlite://"\nskip = { "b2c3d4e5" = "exported" }\nminimum-downgrade-revision = "a1b2c3d4"'
    )
    result = inside("verify", "--format", "json", cwd=shop(tmp_path, table=table))
    assert result.returncode == 0
    assert skipped(result.stdout) == {
        "a1b2c3d4": "at or before the floor a1b2c3d4 (minimum-downgrade-revision)",
        "b2c3d4e5": "exported",
    }


def test_declared_irreversible_passes_unless_the_team_wants_otherwise(inside: Run, tmp_path: Path) -> None:
    shop(tmp_path, USERS, ORDERS_AFTER_USERS, NEVER)
    assert inside("verify", cwd=tmp_path).returncode == 0
    result = inside("verify", "--fail-on-irreversible", cwd=tmp_path)
    assert result.returncode == 1
    assert "FAIL  d4e5f6a7  irreversible" in result.stdout


ORDERS_AFTER_USERS = Migration(ORDERS.id, USERS.id, ORDERS.up, ORDERS.down)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a1b2c3d5"], "no migration is called 'a1b2c3d5'; did you mean 'a1b2c3d4'?"),
        (["--since", "hed"], "no migration is called 'hed'; did you mean 'head'?"),
        (["--alembic-ini", "gone.ini"], "gone.ini does not exist: name the project's alembic.ini"),
        (["--db-url", "nonsense"], "nonsense"),
        (["--db-url", "mongodb://localhost/x"], "mongodb"),
        (["--db-url", "postgresql://me:s3cret@db.example.org/x"], "db.example.org"),
        (["--db-url", "${NOT_SET_ANYWHERE}"], "NOT_SET_ANYWHERE"),
        (["--isolation", "in-place"], "in-place"),
        (["--seed-rows", "-1"], "--seed-rows"),
        (["--timeout", "soon"], "--timeout"),
        (["--format", "xml"], "'xml' is not one of 'table', 'json'"),
        (["--output", "no/such/folder/x"], "cannot write no/such/folder/x"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_run_is_one_line_and_exit_2(
    inside: Run, tmp_path: Path, arguments: list[str], said: str
) -> None:
    result = inside("verify", *arguments, cwd=shop(tmp_path, USERS))
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert said in result.stderr
    assert "internal error" not in result.stderr
    assert "s3cret" not in result.stderr


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        ("migrations/env.py", "import nowhere_to_be_found\n", "nowhere_to_be_found"),
        ("migrations/env.py", "def broken(:\n", "env.py"),
        ("migrations/env.py", "raise SystemExit(3)\n" + ENV, "env.py"),
        ("migrations/env.py", "x = 1\n", "runs no migrations"),
        ("migrations/versions/a1b2c3d4_it.py", "def broken(:\n", "a1b2c3d4_it.py"),
        ("migrations/versions/zz.py", 'revision = "zz"\ndown_revision = "gone"\n', "gone"),
        ("alembic.ini", "[alembic]\nscript_location = elsewhere\n", "elsewhere"),
        ("alembic.ini", "no ini file at all", "alembic.ini:1"),
        ("pyproject.toml", "[tool.mrt-lint.verify]\nseed-rowz = 3\n", "seed-rows"),
    ],
    ids=["import", "syntax", "exit", "no-run", "revision", "parent", "location", "ini", "toml"],
)
def test_a_broken_project_is_one_line_and_exit_2(
    inside: Run, tmp_path: Path, place: str, text: str, said: str
) -> None:
    shop(tmp_path, USERS)
    (tmp_path / place).write_text(text, encoding="utf-8")
    result = inside("verify", "--db-url", "sqlite://", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert said in result.stderr
    assert "internal error" not in result.stderr
    assert "Traceback" not in result.stderr


def test_a_wrong_password_is_masked(inside: Run, tmp_path: Path) -> None:
    need("mariadb")
    url = server_url("mariadb").set(username="nobody_at_all", password="s3cret-word", database="x")
    result = inside(
        "verify", "--db-url", url.render_as_string(hide_password=False), cwd=shop(tmp_path, USERS)
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert "s3cret-word" not in result.stderr
    assert result.stderr.count("\n") == 1
    assert "internal error" not in result.stderr


def test_output_goes_to_a_file(inside: Run, tmp_path: Path) -> None:
    result = inside("verify", "--format", "json", "-o", "report.json", cwd=shop(tmp_path, USERS))
    assert re.fullmatch(r"1 revision on SQLite [\d.]+: 1 passed\. Written to report\.json\.\n", result.stdout)
    jsonschema.validate(json.loads((tmp_path / "report.json").read_text()), schema())


def test_a_report_that_cannot_be_written_is_told_before_the_work(inside: Run, tmp_path: Path) -> None:
    result = inside("verify", "-o", "absent/report.txt", "--db-url", "no url", cwd=shop(tmp_path, USERS))
    assert (result.returncode, result.stdout) == (2, "")
    assert "cannot write absent" in result.stderr
    assert result.stderr.count("\n") == 1


def test_colours_only_when_asked_for(inside: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop(tmp_path, USERS)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in inside("verify", cwd=tmp_path).stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in inside("verify", cwd=tmp_path).stdout


SPATIAL = Migration(
    "a1",
    None,
    "op.execute(\"CREATE TABLE codes (id INTEGER PRIMARY KEY, code TEXT NOT NULL CHECK (hex(code) = '616263313233'))\")",
    'op.drop_table("codes")',
)
TOUCHES = Migration(
    "b2", "a1", 'op.add_column("codes", sa.Column("more", sa.Text))', 'op.drop_column("codes", "more")'
)


@pytest.mark.parametrize(
    ("table", "arguments", "found", "code"),
    [
        ("", [], {"a1": "reversible", "b2": "unverified"}, 1),
        ("", ["--allow-unverified"], {"a1": "reversible", "b2": "unverified"}, 0),
        (
            'custom-seeds.codes = [{ id = 1, code = "abc123" }]',
            [],
            {"a1": "reversible", "b2": "reversible"},
            0,
        ),
        ('custom-seeds.codes = "seeds.rows:codes"', [], {"a1": "reversible", "b2": "reversible"}, 0),
        ('seed-overrides.codes.code = "abc123"', [], {"a1": "reversible", "b2": "reversible"}, 0),
        ('seed-overrides.codes.code = "seeds.rows:code"', [], {"a1": "reversible", "b2": "reversible"}, 0),
    ],
    ids=["none", "allowed", "rows", "function", "value", "value-function"],
)
def test_a_table_that_needs_seeds(
    inside: Run, tmp_path: Path, table: str, arguments: list[str], found: dict[str, str], code: int
) -> None:
    rows = 'def codes():\n    return [{"id": 1, "code": "abc123"}]\n\ndef code(row):\n    return "abc123"\n'
    files = {"seeds/__init__.py": "", "seeds/rows.py": rows}
    shop(tmp_path, SPATIAL, TOUCHES, table=f'db-url = "sqlite://"\n{table}', files=files)
    result = inside("verify", "-f", "json", *arguments, cwd=tmp_path)
    _forget("seeds")
    assert verdicts(result.stdout) == found
    assert result.returncode == code


def _forget(package: str) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]


def test_a_seed_function_that_is_not_there_is_told_in_one_line(inside: Run, tmp_path: Path) -> None:
    shop(tmp_path, USERS, table='custom-seeds.users = "nowhere.seeds:users"')
    result = inside("verify", "--db-url", "sqlite://", cwd=tmp_path)
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "'nowhere.seeds:users'" in result.stderr


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_rows_for_a_table_that_was_never_there_are_a_note(inside: Run, tmp_path: Path, jobs: str) -> None:
    """Of one that was there for a while they are not."""
    dropped = Migration("b2c3d4e5", "a1b2c3d4", 'op.drop_table("users")', 'raise NotImplementedError("gone")')
    table = 'db-url = "sqlite://"\ncustom-seeds.user = [{ id = 1 }]\ncustom-seeds.users = [{ id = 1 }]\n'
    shop(tmp_path, USERS, dropped, ORDERS, table=table + 'seed-overrides.orders.note = "x"')
    result = inside("verify", "--jobs", jobs, cwd=tmp_path)
    said = "custom-seeds names user, a table that was never there; did you mean 'users'?"
    assert (result.returncode, result.stdout.count("never there")) == (0, 1), result.stdout
    assert said in result.stdout
    assert "never there" not in inside("verify", "a1b2", cwd=tmp_path).stdout


def test_a_row_without_any_column_of_its_table_says_so(inside: Run, tmp_path: Path) -> None:
    shop(tmp_path, USERS, PHONE, table='db-url = "sqlite://"\ncustom-seeds.users = [{ idd = 1 }]')
    said = "custom row 1 has none of the table's columns (id, phone)"
    assert said in " ".join(inside("verify", cwd=tmp_path).stdout.split())


@pytest.mark.parametrize("key", ["skip", "minimum-downgrade-revision"])
def test_a_revision_of_the_configuration_that_does_not_exist(inside: Run, tmp_path: Path, key: str) -> None:
    value = '{ zzzz = "exported" }' if key == "skip" else '"zzzz"'
    shop(tmp_path, USERS, table=f'db-url = "sqlite://"\n{key} = {value}')
    result = inside("verify", cwd=tmp_path)
    assert result.returncode == 2
    assert result.stderr == f"mrt-lint: {key}: no migration is called 'zzzz'; `alembic history` lists them\n"


def test_a_value_with_a_colon_is_no_function(inside: Run, tmp_path: Path) -> None:
    shop(tmp_path, USERS, table='db-url = "sqlite://"\nseed-overrides.users.phone = "scope:read"')
    assert inside("verify", cwd=tmp_path).returncode == 0


def test_strict_seeding_fails_on_tables_that_the_revision_does_not_touch(inside: Run, tmp_path: Path) -> None:
    other = Migration("b2", "a1", 'op.create_table("t", sa.Column("id", sa.Integer))', 'op.drop_table("t")')
    shop(tmp_path, SPATIAL, other)
    assert inside("verify", cwd=tmp_path).returncode == 0
    result = inside("verify", "--strict-seeding", "-f", "json", cwd=tmp_path)
    assert result.returncode == 1
    assert verdicts(result.stdout)["b2"] == "unverified"


def test_a_statement_that_sleeps_is_cancelled_and_the_walk_goes_on(inside: Run, tmp_path: Path) -> None:
    need("postgresql")
    slow = Migration(
        "b2", "a1", 'op.create_table("t", sa.Column("id", sa.Integer))', 'op.execute("SELECT pg_sleep(60)")'
    )
    shop(tmp_path, Migration("a1"), slow, Migration("c3", "b2"))
    url = server_url("postgresql").render_as_string(hide_password=False)
    began = time.monotonic()
    result = inside("verify", "--db-url", url, "--timeout", "1", "-f", "json", cwd=tmp_path)
    assert time.monotonic() - began < 55
    assert result.returncode == 1
    assert verdicts(result.stdout) == {"a1": "reversible", "b2": "timeout", "c3": "reversible"}


@pytest.mark.parametrize("database", ["postgresql", "mariadb"])
def test_on_servers(inside: Run, tmp_path: Path, database: str) -> None:
    need(database)
    url = server_url(database).render_as_string(hide_password=False)
    result = inside("verify", "--db-url", url, "-f", "json", cwd=shop(tmp_path))
    assert list(verdicts(result.stdout).values()) == ["reversible", "lossy", "reversible"]


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals")
def test_a_terminal_gets_a_progress_bar(tmp_path: Path) -> None:
    import pty
    import subprocess

    ours, theirs = pty.openpty()
    drawn = bytearray()

    def read() -> None:
        with suppress(OSError):  # Linux answers so once nobody has the other end
            while data := os.read(ours, 65536):
                drawn.extend(data)

    reader = threading.Thread(target=read)
    reader.start()  # a terminal takes what is drawn; one that does not stops the program
    done = subprocess.run(
        [sys.executable, "-m", "mrt_lint", "verify"],
        cwd=shop(tmp_path, USERS),
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm-256color"},
        timeout=120,
        check=False,
    )
    os.close(theirs)
    reader.join(10)
    os.close(ours)
    assert done.returncode == 0
    assert re.search(r"1/1\S* a1b2c3d4", drawn.decode())
    assert b"\x1b" not in done.stdout


def test_a_broken_setting(inside: Run, tmp_path: Path) -> None:
    shop(tmp_path, USERS, table="custom-seeds.users = 3")
    result: Any = inside("verify", "--db-url", "sqlite://", cwd=tmp_path)
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "must be a list of rows" in result.stderr
