"""A step that does not end is ended: SQL, Python, locks; nothing runs on, and the chain goes on."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from textwrap import indent

import pytest
import sqlalchemy as sa

from mrt_dynamic.results import Kind
from mrt_dynamic.verify.clock import Clock
from mrt_dynamic.verify.expiry import Expired
from mrt_dynamic.verify.request import Request
from mrt_dynamic.verify.run import verify
from mrt_dynamic.verify.settings import VerifySettings
from tests.backends import DATABASES, need, scratch, server_url
from tests.cli.conftest import Run
from tests.cli.conftest import inside as inside
from tests.dynamic.hanging import (
    DOES_NOT_RETURN,
    LOCKS,
    MODULE,
    SLEEPS,
    SWALLOWS,
    WAITS,
    Command,
    Ended,
    chain,
    sql,
    usual,
)
from tests.dynamic.projects import ENV, Migration, table, write
from tests.dynamic.watching import eventually

pytestmark = pytest.mark.skipif(os.name == "nt", reason="process groups")

LIMIT = 2.0
AFTERWARDS = 5.0
"""Seconds after the limit within which the command is over, on a machine that does nothing else."""


def ended(
    tmp_path: Path, database: str, up: str = "pass", down: str = "pass", code: int = 1, hangs: int = 1
) -> Ended:
    """Returns what comes of a project that hangs so many times; nothing is left, and it is over in time."""
    need(database)
    expected = usual(database)
    command = Command(chain(tmp_path, up, down), database, "--timeout", f"{LIMIT:g}")
    found = command.end()
    assert (found.code, found.errors) == (code, "")
    assert found.lasted <= hangs * (LIMIT + AFTERWARDS + expected)
    assert eventually(lambda: not command.left()), command.left()
    return found


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("kind", ["sql", "sleeps", "swallows", "locked"])
def test_a_downgrade_that_hangs(tmp_path: Path, database: str, kind: str) -> None:
    if kind == "locked" and database not in LOCKS:
        pytest.skip("SQLite's locks are given up after seconds")
    body = {"sql": sql, "locked": LOCKS.get, "sleeps": lambda _: SLEEPS, "swallows": lambda _: SWALLOWS}[kind]
    found = ended(tmp_path, database, down=str(body(database)))
    assert found.verdicts == {"a1": "reversible", "b2": "timeout", "c3": "reversible"}
    assert found.failures("b2") == ["timeout: the downgrade did not end within 2 seconds and was cancelled"]


@pytest.mark.parametrize("body", [SLEEPS, SWALLOWS], ids=["sleeps", "swallows"])
def test_what_needs_an_upgrade_that_hangs_is_unverified(tmp_path: Path, body: str) -> None:
    found = ended(tmp_path, "sqlite", up=body)
    assert found.verdicts == {"a1": "reversible", "b2": "timeout", "c3": "unverified"}
    assert found.failures("b2") == ["timeout: the upgrade did not end within 2 seconds and was cancelled"]


@pytest.mark.parametrize("body", [WAITS, DOES_NOT_RETURN], ids=["lock", "c"])
def test_other_ways_to_hang(tmp_path: Path, body: str) -> None:
    found = ended(tmp_path, "sqlite", down=body)
    assert found.verdicts == {"a1": "reversible", "b2": "timeout", "c3": "reversible"}


def test_a_second_upgrade_that_hangs(tmp_path: Path) -> None:
    body = 'marker = os.environ["MRT_TEST_SEEN"]\nif sum(1 for _ in open(marker)) == 3:\n    ' + SLEEPS
    found = ended(
        tmp_path, "sqlite", up=f"{body}\nop.execute('CREATE TABLE x (id int)')", down="op.drop_table('x')"
    )
    assert found.failures("b2") == [
        "timeout: the second upgrade did not end within 2 seconds and was cancelled"
    ]
    assert found.verdicts["c3"] == "reversible"


def counting(number: str, body: str) -> str:
    """Returns code that hangs when the second revision was begun so many times."""
    return f"if sum(1 for _ in open(os.environ['MRT_TEST_SEEN'])) {number}:\n{indent(body, '    ')}"


def test_the_whole_way_may_hang_on_our_rows_once(tmp_path: Path) -> None:
    """The first downgrade is that of the revision alone, the second that of the whole way with rows."""
    found = ended(tmp_path, "sqlite", down=counting("== 2", SWALLOWS), code=0)
    assert set(found.verdicts.values()) == {"reversible"}


def test_the_whole_way_hangs(tmp_path: Path) -> None:
    found = ended(tmp_path, "sqlite", down=counting(">= 2", SWALLOWS), hangs=2)
    assert found.verdicts == {"a1": "reversible", "b2": "timeout", "c3": "reversible"}
    assert found.failures("b2") == ["timeout: the downgrade did not end within 2 seconds and was cancelled"]


NULLABLE = (
    Migration("a1", None, 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.Text, nullable=False))', 'op.drop_table("t")'),
    Migration(
        "b2",
        "a1",
        'with op.batch_alter_table("t") as batch:\n    batch.alter_column("x", nullable=True)',
        "seen()\n"
        'if op.get_bind().execute(sa.text("SELECT count(*) FROM t WHERE x IS NULL")).scalar():\n'
        + indent(SWALLOWS, "    ")
        + '\nwith op.batch_alter_table("t") as batch:\n    batch.alter_column("x", nullable=False)',
        module=MODULE,
    ),
    Migration("c3", "b2", 'op.create_table("u", sa.Column("id", sa.Integer))', 'op.drop_table("u")'),
)  # fmt: skip


def test_a_downgrade_that_hangs_on_new_rows(tmp_path: Path) -> None:
    write(tmp_path, NULLABLE)
    found = Command(tmp_path, "sqlite", "--timeout", "2").end()
    assert found.verdicts == {"a1": "reversible", "b2": "timeout", "c3": "reversible"}
    (told,) = found.failures("b2")
    assert told.endswith("within 2 seconds and was cancelled, on rows that only the new schema allows")


def test_the_next_process_fills_the_database_as_the_one_before(tmp_path: Path) -> None:
    """Our rows violate the unique constraint of the first revision but one: others are used from there on."""
    users = 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.Text))'
    unique = 'with op.batch_alter_table("t") as b:\n    b.create_unique_constraint("uq", ["x"])'
    undone = 'with op.batch_alter_table("t") as b:\n    b.drop_constraint("uq", type_="unique")'
    write(
        tmp_path,
        [
            Migration("z0", None, users, 'op.drop_table("t")'),
            Migration("a1", "z0", unique, undone),
            Migration("b2", "a1", down=f"seen()\n{SWALLOWS}", module=MODULE),
            table("c3", "b2"),
        ],
    )
    found = Command(tmp_path, "sqlite", "--timeout", "2").end()
    assert found.verdicts == {"z0": "reversible", "a1": "reversible", "b2": "timeout", "c3": "reversible"}


def test_a_migration_that_takes_the_cancellation_for_a_failure(tmp_path: Path) -> None:
    body = f"try:\n    {sql('sqlite')}\nexcept Exception:\n    pass"
    found = ended(tmp_path, "sqlite", down=body)
    assert found.verdicts["b2"] == "timeout"


def test_what_a_migration_starts_ends_with_it(tmp_path: Path) -> None:
    """A child that outlives its parent would hold the scratch database, and run on."""
    child = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "with open(os.environ['MRT_TEST_SEEN'], 'a') as file:\n"
        "    file.write(json.dumps({'at': time.time(), 'pid': child.pid, 'database': 'none'}) + '\\n')\n"
    )
    found = ended(tmp_path, "sqlite", down=child + SWALLOWS)
    assert found.verdicts["b2"] == "timeout"


@pytest.mark.parametrize("database", DATABASES)
def test_in_place_the_named_database_is_as_it_was(tmp_path: Path, database: str) -> None:
    need(database)
    with scratch(database, tmp_path, "mrt_inplace") as engine:
        named = engine.url.render_as_string(hide_password=False)
        arguments = ("--db-url", named, "--isolation", "in-place", "--timeout", f"{LIMIT:g}")
        command = Command(chain(tmp_path, down=SWALLOWS), "sqlite", *arguments)
        found = command.end()
        assert found.verdicts == {"a1": "reversible", "b2": "timeout", "c3": "reversible"}
        if database == "sqlite":
            assert not Path(str(engine.url.database)).exists()
        else:
            assert sa.inspect(engine).get_table_names() == []


# In one process, as pytest runs it


def hanging(tmp_path: Path, env: str | None = None, **bodies: str) -> dict[str, tuple[str, list[Kind]]]:
    slow = Migration("b2", "a1", bodies.get("up", "pass"), bodies.get("down", "pass"), module="import time")
    write(tmp_path, [table("a1"), slow, table("c3", "b2")], env=env or ENV)
    settings = VerifySettings(tmp_path / "alembic.ini", tmp_path, "sqlite://", timeout=0.5)
    found = verify(settings, Request(cwd=tmp_path)).revisions
    return {
        each.revision: (str(each.verdict and each.verdict.value), [failure.kind for failure in each.failures])
        for each in found
    }


@pytest.mark.parametrize("body", [SLEEPS, "while True:\n    pass", WAITS], ids=["sleep", "loop", "lock"])
def test_without_a_process_of_its_own(tmp_path: Path, body: str) -> None:
    found = hanging(tmp_path, down=f"import threading\n{body}")
    assert found["b2"] == ("timeout", [Kind.TIMEOUT])
    assert found["c3"] == ("reversible", [])


def test_outside_of_the_main_thread_loops_are_ended(tmp_path: Path) -> None:
    found: list[dict[str, tuple[str, list[Kind]]]] = []
    thread = threading.Thread(target=lambda: found.append(hanging(tmp_path, down="while True:\n    pass")))
    thread.start()
    thread.join(60)
    assert found[0]["b2"] == ("timeout", [Kind.TIMEOUT])


ASYNC_ENV = """\
import asyncio
from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine

def work(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()

async def main():
    url = context.config.get_main_option("sqlalchemy.url")
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        await connection.run_sync(work)
    await engine.dispose()

asyncio.run(main())
"""


def test_in_the_event_loop_of_an_asynchronous_env(tmp_path: Path) -> None:
    pytest.importorskip("aiosqlite")
    found = hanging(tmp_path, env=ASYNC_ENV, down=SLEEPS)
    assert found["b2"] == ("timeout", [Kind.TIMEOUT])
    assert found["c3"] == ("reversible", [])


def test_a_step_in_time_is_not_interrupted() -> None:
    cancelled: list[float] = []
    clock = Clock(30, lambda: cancelled.append(time.monotonic()))
    clock.run(lambda: None)
    clock.close()
    assert (clock.over, cancelled) == (False, [])


def test_nothing_is_interrupted_after_the_step() -> None:
    clock = Clock(0.1, lambda: None)
    with pytest.raises(Expired):
        clock.run(lambda: time.sleep(60))
    rested = threading.Event()
    assert not rested.wait(1.5)  # longer than the time to the next interruption
    clock.close()
    assert clock.over


def test_code_that_catches_everything_is_interrupted_again() -> None:
    caught: list[BaseException] = []

    def stubborn() -> None:
        while len(caught) < 2:
            try:
                time.sleep(60)
            except BaseException as error:  # noqa: BLE001
                caught.append(error)

    clock = Clock(0.1, lambda: None)
    clock.run(stubborn)
    clock.close()
    assert [type(each) for each in caught] == [Expired, Expired]


def test_the_signal_has_its_old_answer_afterwards() -> None:
    before = signal.getsignal(signal.SIGURG)
    clock = Clock(30, lambda: None)
    clock.run(lambda: None)
    clock.close()
    assert signal.getsignal(signal.SIGURG) == before


def test_a_database_that_a_migration_leaves_locked(
    inside: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No step hangs, but we would wait for its lock for ever."""
    need("postgresql")
    monkeypatch.setattr("mrt_dynamic.jobs.part._SILENCE", 12.0)
    monkeypatch.setenv("MRT_TEST_SEEN", str(tmp_path / "seen"))
    left = (
        "other = sa.create_engine(op.get_bind().engine.url).connect()\n"
        'other.exec_driver_sql("LOCK TABLE t_a1 IN ACCESS EXCLUSIVE MODE")\n'
        "globals()['kept'] = other"
    )
    url = server_url("postgresql").render_as_string(hide_password=False)
    project = chain(tmp_path, down=left)
    result = inside("verify", "-f", "json", "--db-url", url, "--timeout", "12", cwd=project)
    found = Ended(result.returncode, result.stdout, result.stderr, 0.0)
    assert found.verdicts == {"a1": "reversible", "b2": "timeout", "c3": "reversible"}
    (told,) = found.failures("b2")
    assert told == "timeout: the database could not be read within 12 seconds behind a step of this revision"
