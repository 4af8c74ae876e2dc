"""Ctrl-C, `kill`, and processes that die: one line, and nothing is left."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.backends import DATABASES, need, scratch
from tests.dynamic.hanging import DOES_NOT_RETURN, SLEEPS, SWALLOWS, Command, chain, sql, usual
from tests.dynamic.projects import ENV
from tests.dynamic.watching import eventually

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals")

PROMPT = 5.0
"""Seconds that an end may take, on a machine that does nothing else."""


def interrupted(command: Command, number: signal.Signals, database: str) -> None:
    """Sends a signal while the second revision hangs; the command ends in one line, and nothing is left."""
    command.until_seen()
    sent = time.monotonic()
    command.send(number)
    found = command.end()
    assert time.monotonic() - sent <= PROMPT + usual(database)
    assert (found.code, found.out, found.errors.strip()) == (130, "", "mrt-lint: interrupted")
    assert eventually(lambda: not command.left()), command.left()


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("kind", ["sql", "sleeps", "swallows"])
def test_ctrl_c_in_the_middle(tmp_path: Path, database: str, kind: str) -> None:
    need(database)
    body = {"sql": sql(database), "sleeps": SLEEPS, "swallows": SWALLOWS}[kind]
    interrupted(Command(chain(tmp_path, down=body), database), signal.SIGINT, database)


def test_ctrl_c_in_a_call_that_does_not_return(tmp_path: Path) -> None:
    command = Command(chain(tmp_path, down=DOES_NOT_RETURN), "sqlite")
    interrupted(command, signal.SIGINT, "sqlite")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_requests_to_stop(tmp_path: Path, number: signal.Signals) -> None:
    interrupted(Command(chain(tmp_path, down=SLEEPS), "sqlite"), number, "sqlite")


def test_ctrl_c_with_several_jobs(tmp_path: Path) -> None:
    need("postgresql")
    command = Command(chain(tmp_path, down=SLEEPS), "postgresql", "--jobs", "2")
    interrupted(command, signal.SIGINT, "postgresql")


def test_ctrl_c_while_env_is_run_for_the_first_time(tmp_path: Path) -> None:
    project = chain(tmp_path)
    (project / "migrations/env.py").write_text(_noting(SLEEPS) + ENV)
    interrupted(Command(project, "sqlite"), signal.SIGINT, "sqlite")


def test_ctrl_c_in_place(tmp_path: Path) -> None:
    need("postgresql")
    with scratch("postgresql", tmp_path, "mrt_inplace") as engine:
        named = engine.url.render_as_string(hide_password=False)
        command = Command(
            chain(tmp_path, down=DOES_NOT_RETURN), "sqlite", "--db-url", named, "--isolation", "in-place"
        )
        interrupted(command, signal.SIGINT, "sqlite")
        assert sa.inspect(engine).get_table_names() == []


@pytest.mark.parametrize("database", DATABASES)
def test_the_worker_ends_with_the_command(tmp_path: Path, database: str) -> None:
    need(database)
    command = Command(chain(tmp_path, down=SWALLOWS), database)
    command.until_seen()
    command.send(signal.SIGKILL)
    assert command.end().code == -signal.SIGKILL
    assert eventually(lambda: not command.left(), 400), command.left()


@pytest.mark.parametrize("database", DATABASES)
def test_a_worker_that_is_killed_is_a_failure_of_the_step_it_was_at(tmp_path: Path, database: str) -> None:
    need(database)
    down = f"if sum(1 for _ in open(os.environ['MRT_TEST_SEEN'])) == 1:\n    {sql(database)}"
    command = Command(chain(tmp_path, down=down), database)
    os.kill(command.until_seen()["pid"], signal.SIGKILL)
    found = command.end()
    assert (found.code, found.errors) == (1, "")
    assert found.verdicts == {"a1": "reversible", "b2": "broken", "c3": "reversible"}
    told = "downgrade-failed: the downgrade ended the process that ran it (killed by SIGKILL)"
    assert found.failures("b2") == [told]
    assert eventually(lambda: not command.left()), command.left()


@pytest.mark.parametrize(
    ("body", "how"),
    [
        ("os._exit(7)", "exit code 7"),
        ("os.kill(os.getpid(), 11)", "killed by SIGSEGV"),
        ("os.abort()", "killed by SIGABRT"),
    ],
)
def test_a_migration_that_ends_its_process(tmp_path: Path, body: str, how: str) -> None:
    command = Command(chain(tmp_path, down=body), "sqlite")
    found = command.end()
    assert (found.code, found.errors) == (1, "")
    assert found.failures("b2") == [f"downgrade-failed: the downgrade ended the process that ran it ({how})"]
    assert not command.left()


def test_a_worker_that_is_killed_elsewhere_is_one_line(tmp_path: Path) -> None:
    project = chain(tmp_path)
    (project / "migrations/env.py").write_text(_noting(SLEEPS) + ENV)
    command = Command(project, "sqlite")
    os.kill(command.until_seen()["pid"], signal.SIGKILL)
    found = command.end()
    assert (found.code, found.out) == (2, "")
    told = "the process that verifies ended unexpectedly before the first revision: killed by SIGKILL"
    assert found.errors == f"mrt-lint: {told}\n"
    assert eventually(lambda: not command.left()), command.left()


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="no /proc")
def test_a_worker_shows_no_password(tmp_path: Path) -> None:
    """Everybody on the machine may read the arguments of processes."""
    command = Command(
        chain(tmp_path, down=SLEEPS), "sqlite", "--db-url", "sqlite:///x.db?password=s3cret-word"
    )
    worker = command.until_seen()["pid"]
    shown = Path(f"/proc/{worker}/cmdline").read_text()
    interrupted(command, signal.SIGINT, "sqlite")
    assert "jobs.worker" in shown
    assert "s3cret-word" not in shown


def _noting(body: str) -> str:
    """Returns what an env.py does first: note that it runs, then something else."""
    note = "{'at': time.time(), 'pid': os.getpid(), 'database': 'none'}"
    return (
        "import json, os, time\n"
        f"with open(os.environ['MRT_TEST_SEEN'], 'a') as file:\n    file.write(json.dumps({note}) + '\\n')\n"
        f"{body}\n"
    )
