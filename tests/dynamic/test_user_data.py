"""The command with a user's rows at stake: whatever goes wrong, each row is afterwards what it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine

from tests.backends import server_url
from tests.dynamic.projects import ENV, HEAD, Migration, write
from tests.dynamic.stopping import stopping
from tests.dynamic.test_scratch_trouble import user
from tests.dynamic.watching import databases, eventually, everything, fill, populated

HISTORY = (
    Migration(
        "a1",
        None,
        'op.create_table("people", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(40)))',
        'op.drop_table("people")',
    ),
    Migration("b2", "a1", "op.execute(\"UPDATE people SET name = 'x'\")", 'op.execute("DELETE FROM people")'),
    Migration("c3", "b2", 'op.drop_table("people")', "raise NotImplementedError"),
)
"""Harms the rows of the table `people`, in whatever database it runs."""

OWN_ENGINE = HEAD + (
    """\
from sqlalchemy import create_engine
with create_engine({url!r}).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
)
AT_IMPORT = HEAD + (
    """\
from sqlalchemy import create_engine
with create_engine({url!r}).begin() as connection:
    connection.execute(text("DELETE FROM orders"))
"""
)
FROM_ENVIRONMENT = ENV.replace(
    'engine_from_config(config.get_section(config.config_ini_section), prefix="sqlalchemy.")',
    '__import__("sqlalchemy").create_engine(__import__("os").environ["DATABASE_URL"])',
)


def text_of(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def command(folder: Path, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs `mrt-lint verify` in a project as a user would."""
    return subprocess.run(
        [sys.executable, "-m", "mrt_lint", "verify", *options],
        cwd=folder,
        env=environment(variables),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def environment(variables: dict[str, str]) -> dict[str, str]:
    usual = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}
    return {**usual, "NO_COLOR": "1", **variables}


@contextmanager
def stays(engine: Engine) -> Iterator[None]:
    """Compares every row of a user's database before and after."""
    before = everything(engine)
    assert before["people"]
    assert before["orders"]
    engine.dispose()
    yield
    assert everything(engine) == before
    engine.dispose()


@pytest.fixture
def theirs(database: str, tmp_path: Path) -> Iterator[Engine]:
    """Yields a user's database, and fails the test if one of its rows is another at the end."""
    home = tmp_path / "theirs"
    home.mkdir()
    with populated(database, home) as engine, stays(engine):
        yield engine


def test_a_populated_database_as_db_url(theirs: Engine, tmp_path: Path) -> None:
    write(tmp_path / "project", HISTORY)
    done = command(tmp_path / "project", "--db-url", text_of(theirs.url))
    assert done.stderr == ""
    assert "3 revisions on" in done.stdout
    assert done.returncode == 1


def test_a_populated_database_in_place(theirs: Engine, tmp_path: Path) -> None:
    write(tmp_path / "project", HISTORY)
    done = command(tmp_path / "project", "--db-url", text_of(theirs.url), "--isolation", "in-place")
    assert done.returncode == 2
    assert "is not empty" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("env", [OWN_ENGINE, AT_IMPORT], ids=["own-engine", "sql-at-import"])
def test_an_env_py_that_goes_elsewhere(env: str, theirs: Engine, tmp_path: Path) -> None:
    write(tmp_path / "project", HISTORY, env.format(url=text_of(theirs.url)))
    elsewhere = "sqlite://" if theirs.dialect.name == "sqlite" else text_of(server_url_of(theirs))
    done = command(tmp_path / "project", "--db-url", elsewhere)
    assert done.returncode == 2
    assert "nothing was run there" in done.stderr
    assert "Traceback" not in done.stderr


def server_url_of(engine: Engine) -> URL:
    return server_url("postgresql" if engine.dialect.name == "postgresql" else "mariadb")


def test_an_env_py_that_reads_database_url(theirs: Engine, tmp_path: Path) -> None:
    write(tmp_path / "project", HISTORY, FROM_ENVIRONMENT)
    url = text_of(theirs.url)
    done = command(tmp_path / "project", "--db-url", url, DATABASE_URL=url)
    assert (done.returncode, done.stderr) == (1, "")
    assert "3 revisions on" in done.stdout


SAYS_WHERE = "import os\n"
SAYS_WHERE += "print(os.getpid(), op.get_bind().engine.url.database, file=open('here.part', 'w'))\n"
SAYS_WHERE += "os.rename('here.part', 'here')\n"
SLEEPS = (*HISTORY[:1], Migration("b2", "a1", f"{SAYS_WHERE}import time\ntime.sleep(100)"))
"""Its second revision tells in a file its process and the database that it is in, and stays there."""


@contextmanager
def in_the_middle(
    folder: Path, url: URL, variables: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Starts a run and waits until it is inside of a migration."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mrt_lint", "verify", "--db-url", text_of(url), "--timeout", "0"],
        cwd=folder,
        env=environment(variables or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert eventually((folder / "here").exists, 1200), process.poll()
        yield process
    finally:
        process.kill()
        process.communicate()


def is_there(database: str, name: str) -> bool:
    """Returns whether a scratch database exists: a file, or a database of the server."""
    return Path(name).exists() if database == "sqlite" else name in databases(database, Path())


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_killed_run(theirs: Engine, database: str, tmp_path: Path) -> None:
    """What the killed run made is removed by the next; a run that lives at the same time keeps its own."""
    (tmp_path / "temporary").mkdir()
    where = {"TMPDIR": str(tmp_path / "temporary")}
    killed, living = tmp_path / "killed", tmp_path / "living"
    for folder in (killed, living):
        write(folder, SLEEPS)
    write(tmp_path / "next", HISTORY)
    with in_the_middle(killed, theirs.url, where) as process:
        worker, left = (killed / "here").read_text().split()
        # Neither must have the time to see that the other is gone: it would tidy up.
        os.kill(process.pid, signal.SIGSTOP)
        os.kill(int(worker), signal.SIGKILL)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert is_there(database, left)
        with in_the_middle(living, theirs.url, where):
            kept = (living / "here").read_text().split()[1]

            def gone() -> bool:
                command(tmp_path / "next", "--db-url", text_of(theirs.url), **where)
                return not is_there(database, left)

            assert eventually(gone, 10)
            assert is_there(database, kept)


@pytest.mark.parametrize(
    ("server", "sleep"), [("postgresql", "SELECT pg_sleep(100)"), ("mariadb", "SELECT sleep(100)")]
)
def test_a_server_that_stops_in_the_middle(server: str, sleep: str, tmp_path: Path) -> None:
    with stopping(server) as stopped:
        engine = sa.create_engine(stopped.url, poolclass=sa.pool.NullPool)
        fill(engine)
        with stays(engine):
            write(tmp_path, (HISTORY[0], Migration("b2", "a1", f"{SAYS_WHERE}op.execute({sleep!r})")))
            with in_the_middle(tmp_path, stopped.url) as process:
                stopped.crash()
                out, err = process.communicate(timeout=60)
                stopped.again()
            assert process.returncode == 2, out
            assert "Traceback" not in err
            assert err.count("\n") == 1, err
            assert not stopped.url.password or str(stopped.url.password) not in out + err
            (tmp_path / "migrations/versions/b2_it.py").unlink()

            def gone() -> bool:
                command(tmp_path, "--db-url", text_of(stopped.url))
                with engine.connect() as connection:
                    names = (
                        sa.inspect(connection).get_schema_names()
                        if server == "mariadb"
                        else (connection.exec_driver_sql("SELECT datname FROM pg_database").scalars().all())
                    )
                return not any(name.startswith("mrt_") for name in names)

            assert eventually(gone, 5)


def test_a_full_disk(tmp_path: Path) -> None:
    """Files may not grow beyond a size; SQLite's file of the user's is never opened."""
    if sys.platform == "win32":
        pytest.skip("needs limits on the size of files")
    import resource

    home = tmp_path / "theirs"
    home.mkdir()
    big = 'op.execute("CREATE TABLE big AS SELECT hex(zeroblob(500000)) AS a")'
    write(tmp_path / "project", (*HISTORY[:1], Migration("b2", "a1", big, 'op.drop_table("big")')))
    with populated("sqlite", home) as engine, stays(engine):
        done = subprocess.run(
            [sys.executable, "-m", "mrt_lint", "verify", "--db-url", text_of(engine.url)],
            cwd=tmp_path / "project",
            env=environment({"PYTHONDONTWRITEBYTECODE": "1"}),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            preexec_fn=lambda: (
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
                resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY)),
            ),
        )
        assert done.returncode == 2, done.stdout
        assert done.stderr.startswith("mrt-lint: no space left for the scratch database"), done.stderr
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("server", ["postgresql", "mariadb"], indirect=True)
def test_a_wrong_password_and_a_user_without_rights(server: str, private_server: URL, tmp_path: Path) -> None:
    write(tmp_path / "project", HISTORY)
    where = private_server if server == "postgresql" else server_url(server)
    with user(server, where, "NOCREATEDB") as url, populated(server, tmp_path) as engine, stays(engine):
        for given, said in ((url.set(password="not-the-one"), "cannot connect"), (url, "may not create")):
            done = command(tmp_path / "project", "--db-url", text_of(given))
            assert done.returncode == 2
            assert said in done.stderr, done.stderr
            assert done.stderr.count("\n") == 1
            assert str(given.password) not in done.stdout + done.stderr
            assert done.stdout == ""
