"""What can go wrong on the way to a scratch database is one clear line, without the password."""

from __future__ import annotations

import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from mrt_dynamic.errors import ConnectError
from mrt_dynamic.guard.statements import guarded
from mrt_dynamic.scratch.choose import choose, scratch_on
from mrt_dynamic.scratch.sqlite import SQLiteScratch
from mrt_dynamic.scratch.urls import parse
from tests.backends import need, server_url

ROOT = Path(__file__).parents[2]


def refused(url: URL) -> str:
    """Returns the line that is said about a URL."""
    with pytest.raises(ConnectError) as caught:
        scratch_on(parse(url.render_as_string(hide_password=False)))
    message = str(caught.value)
    assert "\n" not in message
    assert url.password is None or str(url.password) not in message
    return message


@contextmanager
def user(database: str, server: URL, rights: str) -> Iterator[URL]:
    """Makes a user with a password and few rights."""
    name, password = f"mrt_user_{secrets.token_hex(4)}", f"pw{secrets.token_hex(6)}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if database == "postgresql":
            connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN PASSWORD '{password}' {rights}")
        else:
            connection.exec_driver_sql(f"CREATE USER '{name}'@'%%' IDENTIFIED BY '{password}'")
        try:
            yield server.set(username=name, password=password)
        finally:
            connection.exec_driver_sql(f"DROP {'ROLE' if database == 'postgresql' else 'USER'} {name}")
    engine.dispose()


def test_postgresql_wrong_password(private_server: URL) -> None:
    message = refused(private_server.set(password="not-the-one"))
    assert "cannot connect" in message
    assert "password authentication failed" in message


def test_postgresql_no_right_to_create_databases(private_server: URL) -> None:
    with user("postgresql", private_server, "NOCREATEDB") as url:
        message = refused(url)
    assert f'ALTER ROLE "{url.username}" CREATEDB' in message
    assert 'isolation = "in-place"' in message


def test_postgresql_right_to_create_databases_is_enough(private_server: URL) -> None:
    with user("postgresql", private_server, "CREATEDB") as url, scratch_on(url) as scratch:
        assert scratch.save("copy")
        scratch.restore("copy")
        scratch.clear()
        scratch.cancel()
        with scratch.engine().connect() as connection:
            assert scratch.owns(connection)


def test_mariadb_wrong_password() -> None:
    need("mariadb")
    with user("mariadb", server_url("mariadb"), "") as url:
        message = refused(url.set(password="not-the-one"))
    assert "cannot connect" in message
    assert "Access denied" in message


def test_mariadb_no_right_to_create_databases() -> None:
    need("mariadb")
    with user("mariadb", server_url("mariadb"), "") as url:
        message = refused(url)
    assert f"GRANT ALL ON `mrt\\_%`.* TO '{url.username}'" in message
    assert 'isolation = "in-place"' in message


def test_mariadb_the_right_that_is_advised_is_enough() -> None:
    need("mariadb")
    server = server_url("mariadb")
    with user("mariadb", server, "") as url:
        engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"GRANT ALL ON `mrt\\_%%`.* TO '{url.username}'@'%%'")
        engine.dispose()
        with scratch_on(url) as scratch:
            scratch.clear()
            scratch.cancel()
            with scratch.engine().connect() as connection:
                assert scratch.owns(connection)


@pytest.mark.parametrize(
    "text", ["postgresql://me:hidden-pw@127.0.0.1:1/app", "mysql://me:hidden-pw@127.0.0.1:1/app"]
)
def test_a_stopped_server(text: str) -> None:
    message = refused(parse(text))
    assert message.startswith("cannot connect to ")
    assert ":***@127.0.0.1:1/" in message


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
def test_an_unknown_host(scheme: str) -> None:
    choice = choose(f"{scheme}://me:hidden-pw@mrt.invalid/app", None, environ={}, allow_hosts=["mrt.invalid"])
    with pytest.raises(ConnectError, match=r"cannot connect to .*mrt\.invalid") as caught:
        choice.make()
    assert "hidden-pw" not in str(caught.value)
    assert "\n" not in str(caught.value)


LIMITED = """
import resource, signal, sys
from pathlib import Path
import sqlalchemy as sa
from mrt_dynamic.errors import ConnectError
from mrt_dynamic.guard.statements import guarded
from mrt_dynamic.scratch.sqlite import SQLiteScratch
from mrt_dynamic.scratch.urls import parse

scratch = SQLiteScratch(parse("sqlite://"), Path(sys.argv[1]))
with scratch.engine().begin() as connection:
    connection.exec_driver_sql("CREATE TABLE t (a TEXT)")
    connection.exec_driver_sql("INSERT INTO t SELECT hex(randomblob(40000))")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, resource.RLIM_INFINITY))
try:
    if sys.argv[2] == "save":
        scratch.save("copy")
    else:
        with guarded(scratch), scratch.engine().begin() as connection:
            connection.exec_driver_sql("INSERT INTO t SELECT hex(randomblob(40000))")
except ConnectError as error:
    print(error)
finally:
    scratch.drop()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits on the size of files")
@pytest.mark.parametrize("action", ["save", "write"])
def test_sqlite_disk_full(action: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path), action],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.startswith(f"no space left for the scratch database in {tmp_path}")
    assert done.stdout.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_sqlite_full_by_its_own_limit(tmp_path: Path) -> None:
    with SQLiteScratch(parse("sqlite://"), tmp_path) as scratch, guarded(scratch):
        engine = scratch.engine()
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 8")
            connection.exec_driver_sql("CREATE TABLE t (a TEXT)")
            with pytest.raises(ConnectError, match="no space left"):
                connection.exec_driver_sql("INSERT INTO t SELECT hex(randomblob(90000))")


def test_an_unwritable_folder(tmp_path: Path) -> None:
    with pytest.raises(ConnectError, match="cannot make a scratch database"):
        SQLiteScratch(parse("sqlite://"), tmp_path / "absent")


def test_a_foreign_folder_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    from mrt_dynamic.scratch.folder import own_folder

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = own_folder()
    folder.rmdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(ConnectError, match="not a folder of this user"):
        SQLiteScratch(parse("sqlite://"))
    assert sqlite3.sqlite_version in SQLiteScratch(parse("sqlite://"), tmp_path).title
