"""Servers of a test's own that can be stopped as by a loss of power, and started again where they were."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from mrt_dynamic.scratch.local import LocalServer, free_port
from mrt_dynamic.scratch.processes import installed_binaries, packaged_binaries
from tests.dynamic.watching import eventually


class Stopping(Protocol):
    """A server that may be stopped. `url`: of its administrator."""

    url: URL

    def crash(self) -> None:
        """Stops it at once."""

    def again(self) -> None:
        """Starts it where it was."""


class PostgreSQL(LocalServer):
    """A PostgreSQL server."""

    def crash(self) -> None:
        self._run("pg_ctl", ["stop", "-D", str(self._data), "-m", "immediate"])

    def again(self) -> None:
        options = f"-c unix_socket_directories= -c listen_addresses=127.0.0.1 -p {self.url.port}"
        self._run("pg_ctl", ["start", "-D", str(self._data), "-l", str(self._log), "-w", "-o", options])


class MariaDB:
    """A MariaDB server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.url = sa.make_url(f"mysql+pymysql://root@127.0.0.1:{free_port()}/test")
        owner = ["--user=root"] if os.name == "posix" and os.geteuid() == 0 else []
        self._usual = ["--no-defaults", f"--datadir={folder / 'data'}", *owner]
        program = shutil.which("mariadb-install-db") or shutil.which("mysql_install_db")
        assert program is not None
        normal = "--auth-root-authentication-method=normal"
        subprocess.run([program, *self._usual, normal], check=True, capture_output=True, timeout=120)
        self.again()

    def again(self) -> None:
        program = shutil.which("mariadbd") or "/usr/sbin/mariadbd"
        network = [f"--port={self.url.port}", "--bind-address=127.0.0.1"]
        private = [f"--socket={self._folder / 'sock'}", f"--pid-file={self._folder / 'pid'}"]
        self._process = subprocess.Popen(
            [program, *self._usual, *network, *private],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert eventually(self._answers, 1200), self._process.poll()

    def _answers(self) -> bool:
        engine = sa.create_engine(self.url.set(database=None), poolclass=sa.pool.NullPool)
        try:
            with engine.begin() as connection:
                connection.exec_driver_sql("CREATE DATABASE IF NOT EXISTS test")
        except sa.exc.OperationalError:
            return False
        return True

    def crash(self) -> None:
        self._process.kill()
        self._process.wait()


@contextmanager
def stopping(database: str) -> Iterator[Stopping]:
    """Yields a server of the test's own; skips the test where its programs are not installed."""
    if database == "postgresql":
        binaries = installed_binaries() or packaged_binaries()
        if binaries is None:
            pytest.skip("no PostgreSQL programs are installed")
        server = PostgreSQL(binaries)
        try:
            yield server
        finally:
            server.stop()
        return
    if shutil.which("mariadb-install-db") is None and shutil.which("mysql_install_db") is None:
        pytest.skip("no MariaDB programs are installed")
    # Not pytest's folder: the path of a socket must be short.
    with tempfile.TemporaryDirectory(prefix="mrt-") as folder:
        found = MariaDB(Path(folder))
        try:
            yield found
        finally:
            found.crash()
