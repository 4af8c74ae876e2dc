"""What a project runs outside of its migrations has the same limit: env.py, imports, initial-schema."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from textwrap import indent

import pytest

from mrt_dynamic.errors import LateError
from mrt_dynamic.verify.request import Request
from mrt_dynamic.verify.run import verify
from mrt_dynamic.verify.settings import VerifySettings
from tests.backends import DATABASES, need
from tests.cli.conftest import Run as RunCommand
from tests.cli.conftest import inside as inside
from tests.dynamic.hanging import DOES_NOT_RETURN, MODULE, SLEEPS, SQL, SWALLOWS, WAITS, Command, Ended, usual
from tests.dynamic.plugin.conftest import Run
from tests.dynamic.plugin.conftest import run as run
from tests.dynamic.projects import ENV, Migration, table, write
from tests.dynamic.test_timeouts import AFTERWARDS, ASYNC_ENV, LIMIT
from tests.dynamic.watching import eventually

pytestmark = pytest.mark.skipif(os.name == "nt", reason="process groups")

IMPORTS = "import os, re, threading, time\n"
LATE = "this did not end within 2 seconds; no migration can be run before it has"
STATEMENT = "    context.configure("
"""The place in ENV before which there is a connection and no migration yet."""


def ended(tmp_path: Path, database: str = "sqlite", *arguments: str) -> Ended:
    """Returns what comes of the command; it is over in time and nothing is left."""
    need(database)
    expected = usual(database)
    began = time.monotonic()
    command = Command(tmp_path, database, "--timeout", f"{LIMIT:g}", *arguments)
    found = command.end()
    lasted = found.lasted if command.seen else time.monotonic() - began
    assert lasted <= LIMIT + AFTERWARDS + expected
    assert eventually(lambda: not command.left()), command.left()
    return found


def wrong(found: Ended, said: str) -> None:
    """Asserts that the run is wrong and says why in one line."""
    assert (found.code, found.out) == (2, "")
    (line,) = found.errors.splitlines()
    assert said in line


def chain(tmp_path: Path, env: str = ENV, second: Migration | None = None) -> None:
    write(tmp_path, [table("a1"), second or table("b2", "a1"), table("c3", "b2")], env=env)


@pytest.mark.parametrize(
    ("body", "line", "jobs"),
    [
        (SLEEPS, ":2", "1"),
        (WAITS, ":5", "1"),
        (SWALLOWS, "", "1"),
        (DOES_NOT_RETURN, "", "1"),
        (SLEEPS, ":2", "2"),
        (SWALLOWS, "", "2"),
    ],
    ids=["sleeps", "lock", "swallows", "c", "sleeps-2", "swallows-2"],
)
def test_env_py_that_hangs_before_the_first_migration(
    tmp_path: Path, body: str, line: str, jobs: str
) -> None:
    chain(tmp_path, f"{IMPORTS}{body}\n{ENV}")
    wrong(ended(tmp_path, "sqlite", "--jobs", jobs), f"migrations/env.py{line}: {LATE}")


@pytest.mark.parametrize("database", DATABASES)
def test_a_statement_of_env_py_that_hangs(tmp_path: Path, database: str) -> None:
    statement = f"    connection.exec_driver_sql({SQL[database]!r})\n"
    chain(tmp_path, ENV.replace(STATEMENT, statement + STATEMENT))
    wrong(ended(tmp_path, database), f"migrations/env.py:6: {LATE}")


def test_env_py_that_passes_over_the_cancellation(tmp_path: Path) -> None:
    """It goes on to its migrations, but not before its time is over."""
    body = f"try:\n    connection.exec_driver_sql({SQL['sqlite']!r})\nexcept Exception:\n    pass\n"
    chain(tmp_path, ENV.replace(STATEMENT, indent(body, "    ") + STATEMENT))
    wrong(ended(tmp_path), f"migrations/env.py: {LATE}")


def test_a_revision_that_hangs_when_it_is_imported(tmp_path: Path) -> None:
    chain(tmp_path, second=Migration("b2", "a1", module=f"import time\n{SLEEPS}"))
    wrong(ended(tmp_path), f"b2_it.py:5: {LATE}")


def test_a_function_for_the_initial_schema_that_hangs(tmp_path: Path) -> None:
    chain(tmp_path)
    (tmp_path / "initial.py").write_text(f"import time\n\ndef create(connection):\n    {SLEEPS}\n")
    (tmp_path / "pyproject.toml").write_text('[tool.mrt-lint.verify]\ninitial-schema = "initial.py:create"\n')
    wrong(ended(tmp_path), f"the function of initial-schema: {LATE}")


def test_env_py_that_ends_its_process(tmp_path: Path) -> None:
    chain(tmp_path, "import os\nos._exit(3)\n")
    wrong(ended(tmp_path), "migrations/env.py ended the process that ran it (exit code 3)")


@pytest.mark.parametrize("body", [SLEEPS, SWALLOWS], ids=["sleeps", "swallows"])
def test_env_py_that_hangs_behind_a_revision(tmp_path: Path, body: str) -> None:
    """What the revision leaves is in its process: another one goes on behind it."""
    left = "seen()\nos.environ['X'] = 'x'\nimport builtins\nbuiltins.left = True\nraise ValueError('fails')"
    hangs = f"import builtins\nif hasattr(builtins, 'left'):\n{indent(body, '    ')}\n"
    chain(tmp_path, f"{IMPORTS}{hangs}\n{ENV}", Migration("b2", "a1", down=left, module=MODULE))
    found = ended(tmp_path)
    assert found.verdicts == {"a1": "reversible", "b2": "timeout", "c3": "reversible"}
    assert any("env.py did not end within 2 seconds behind a step of this revision" in each for each in found.failures("b2"))  # fmt: skip


def test_env_py_that_does_not_end_after_the_migrations_is_a_note(tmp_path: Path) -> None:
    chain(tmp_path, f"{IMPORTS}{ENV}\nif os.environ.get('MRT_TEST_SEEN'):\n    {SLEEPS}\n")
    command = Command(tmp_path, "sqlite", "--timeout", "1")
    found = command.end()
    assert found.verdicts == {"a1": "reversible", "b2": "reversible", "c3": "reversible"}
    assert "env.py did not end within 1 seconds after the migrations" in found.out
    assert eventually(lambda: not command.left()), command.left()


# In one process, as pytest runs it


def late(tmp_path: Path, env: str) -> str:
    chain(tmp_path, env)
    with pytest.raises(LateError) as raised:
        verify(
            VerifySettings(tmp_path / "alembic.ini", tmp_path, "sqlite://", timeout=0.5),
            Request(cwd=tmp_path),
        )
    return str(raised.value)


def test_without_a_process_of_its_own(tmp_path: Path) -> None:
    assert f"env.py:2: {LATE}".replace("2 seconds", "0.5 seconds") in late(
        tmp_path, f"{IMPORTS}{SLEEPS}\n{ENV}"
    )


# On a slow machine it is interrupted once more while the event loop is closed, in code that cannot raise.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_in_an_event_loop(tmp_path: Path) -> None:
    pytest.importorskip("aiosqlite")
    hangs = ASYNC_ENV.replace("    async with", "    await asyncio.sleep(600)\n    async with")
    assert "this did not end within 0.5 seconds" in late(tmp_path, hangs)


def test_in_a_thread_of_env_py(tmp_path: Path) -> None:
    """Where env.py runs its migrations in another thread than its own."""
    body = indent(ENV.partition("engine = ")[2], "    ")
    work = ENV.partition("engine = ")[0] + f"def work():\n    engine = {body.strip()}\n"
    start = "import threading\nthread = threading.Thread(target=work)\nthread.start()\nthread.join()\n"
    (tmp_path / "one").mkdir()
    chain(tmp_path / "one", work + start)
    settings = VerifySettings(tmp_path / "one/alembic.ini", tmp_path, "sqlite://", timeout=5)
    found = verify(settings, Request(cwd=tmp_path)).revisions
    assert [each.passed for each in found] == [True, True, True]
    hangs = f"{start}import time\n{SLEEPS}\n"
    (tmp_path / "two").mkdir()
    chain(tmp_path / "two", work.replace("def work():\n", "def work():\n    return\n") + hangs)
    with pytest.raises(LateError, match=r"did not end within 0\.5 seconds"):
        verify(
            VerifySettings(tmp_path / "two/alembic.ini", tmp_path, "sqlite://", timeout=0.5),
            Request(cwd=tmp_path),
        )


def test_outside_of_the_main_thread_loops_are_ended(tmp_path: Path) -> None:
    found: list[str] = []
    loops = f"while True:\n    pass\n{ENV}"
    thread = threading.Thread(target=lambda: found.append(late(tmp_path, loops)))
    thread.start()
    thread.join(60)
    assert "env.py:" in found[0]


@pytest.mark.parametrize("where", ["revision", "env"])
def test_drift_ends_too(inside: RunCommand, tmp_path: Path, where: str) -> None:
    slow = f"import time\n{SLEEPS}"
    chain(
        tmp_path,
        f"{slow}\n{ENV}" if where == "env" else ENV,
        Migration("b2", "a1", slow) if where == "revision" else None,
    )
    (tmp_path / "models.py").write_text("import sqlalchemy as sa\nmetadata = sa.MetaData()\n")
    (tmp_path / "pyproject.toml").write_text("[tool.mrt-lint.verify]\nmigration-timeout = 1\n")
    result = inside("drift", "models:metadata", "--db-url", "sqlite://", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    said = (
        "the upgrade of b2 did not end within 1 seconds"
        if where == "revision"
        else "env.py:2: this did not end"
    )
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_in_pytest_it_is_waited_for_once(run: Run, tmp_path: Path) -> None:
    chain(tmp_path, f"{IMPORTS}open('runs.txt', 'a').write('x')\n{SLEEPS}\n{ENV}")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.mrt-lint.verify]\ndb-url = "sqlite://"\nmigration-timeout = 2\n'
    )
    done = run("-k", "not static")
    assert set(done.outcomes.values()) <= {"error", "failed"}
    assert len(done.outcomes) == 7
    assert (tmp_path / "runs.txt").read_text() == "x"
    assert f"migrations/env.py:3: {LATE}" in done.text
    assert "Traceback" not in done.text
