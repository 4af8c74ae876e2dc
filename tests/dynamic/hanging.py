"""Projects whose second revision hangs, or ends its process, and what may be left of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from tests.backends import server_url
from tests.dynamic.projects import Migration, table, write
from tests.dynamic.watching import eventually

MODULE = """
import json, os, threading, time

def seen():
    with open(os.environ["MRT_TEST_SEEN"], "a") as file:
        where = op.get_bind().engine.url.database
        file.write(json.dumps({"at": time.time(), "pid": os.getpid(), "database": where}) + "\\n")
"""

SLEEPS = "time.sleep(600)"
SWALLOWS = """
while True:
    try:
        time.sleep(600)
    except BaseException:
        pass
"""
WAITS = """
lock = threading.Lock()
lock.acquire()
lock.acquire()
"""
DOES_NOT_RETURN = 'import re\nre.match("(a+)+$", "a" * 60 + "b")'
"""A call into C that holds the interpreter: no other thread of the process can do anything."""
SQL = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(600)",
    "mariadb": "SELECT SLEEP(600)",
}
"""Statements that take longer than anybody waits."""
LOCKED = """
other = sa.create_engine(op.get_bind().engine.url, poolclass=sa.pool.NullPool).connect()
other.exec_driver_sql({take!r})
op.execute("DROP TABLE t_a1")
"""
LOCKS = {
    "postgresql": LOCKED.format(take="LOCK TABLE t_a1 IN ACCESS EXCLUSIVE MODE"),
    "mariadb": LOCKED.format(take="LOCK TABLES t_a1 WRITE"),
}
"""Another connection has the table and never lets go of it."""


def sql(database: str) -> str:
    return f"op.execute({SQL[database]!r})"


def chain(folder: Path, up: str = "pass", down: str = "pass") -> Path:
    """Writes three revisions, of which the second notes where it is before it does what is given."""
    up, down = (f"seen()\n{body}" if body != "pass" else body for body in (up, down))
    write(folder, [table("a1"), Migration("b2", "a1", up, down, module=MODULE), table("c3", "b2")])
    return folder


@dataclass(frozen=True)
class Ended:
    """A command that is over. `lasted`: seconds since the second revision was begun for the first time."""

    code: int
    out: str
    errors: str
    lasted: float

    @property
    def verdicts(self) -> dict[str, str | None]:
        return {each["revision"]: each["verdict"] for each in json.loads(self.out)["revisions"]}

    def failures(self, revision: str) -> list[str]:
        (found,) = [each for each in json.loads(self.out)["revisions"] if each["revision"] == revision]
        return [f"{failure['kind']}: {failure['message']}" for failure in found["failures"]]


class Command:
    """`mrt-lint verify` in a process group of its own, its scratch files in a folder of its own."""

    def __init__(self, project: Path, database: str, *arguments: str) -> None:
        self.database = database
        self.seen_file = project / "seen"
        self.temporary = project / "tmp"
        self.temporary.mkdir(exist_ok=True)
        url = "sqlite://" if database == "sqlite" else server_url(database).render_as_string(False)
        inherited = {k: v for k, v in os.environ.items() if k not in ("MRT_DEBUG", "MRT_DATABASE_URL")}
        named = () if "--db-url" in arguments else ("--db-url", url)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mrt_lint", "verify", "-f", "json", *named, *arguments],
            cwd=project,
            env={**inherited, "MRT_TEST_SEEN": str(self.seen_file), "TMPDIR": str(self.temporary)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    @property
    def seen(self) -> list[dict[str, Any]]:
        """Returns where the second revision was begun: process, database, time."""
        if not self.seen_file.exists():
            return []
        return [json.loads(line) for line in self.seen_file.read_text().splitlines()]

    def until_seen(self) -> dict[str, Any]:
        """Waits until the second revision runs."""
        assert eventually(lambda: bool(self.seen), 1200), self.process.poll()
        return self.seen[0]

    def send(self, number: signal.Signals) -> None:
        """Sends a signal to the process group, as a terminal does."""
        os.killpg(self.process.pid, number)

    def end(self, seconds: float = 90) -> Ended:
        """Waits for the end."""
        try:
            out, errors = self.process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.send(signal.SIGKILL)
            out, errors = self.process.communicate()
            raise AssertionError(f"it did not end: {out}{errors}") from None
        began = self.seen[0]["at"] if self.seen else time.time()
        return Ended(self.process.returncode, out, errors, time.time() - began)

    def left(self) -> list[str]:
        """Returns what is left of it: processes, databases, statements, files."""
        found = [f"process {pid}" for pid in {each["pid"] for each in self.seen} if _lives(pid)]
        found += [f"file {path}" for path in sorted(self.temporary.rglob("*")) if path.is_file()]
        names = {each["database"] for each in self.seen}
        if self.database != "sqlite":
            found += [what for name in names for what in _on_server(self.database, name)]
        return found


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _on_server(database: str, name: str) -> list[str]:
    """Returns a scratch database and what runs in it."""
    databases, running = {
        "postgresql": (
            "SELECT datname FROM pg_database WHERE datname LIKE '{}%%'",
            "SELECT query FROM pg_stat_activity WHERE datname LIKE '{}%%'",
        ),
        "mariadb": (
            "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE '{}%%'",
            "SELECT COALESCE(INFO, COMMAND) FROM information_schema.PROCESSLIST WHERE DB LIKE '{}%%'",
        ),
    }[database]
    engine = sa.create_engine(server_url(database), poolclass=NullPool)
    with engine.connect() as connection:
        found = [f"database {each}" for each in connection.exec_driver_sql(databases.format(name)).scalars()]
        return found + [f"runs {each}" for each in connection.exec_driver_sql(running.format(name)).scalars()]


@cache
def usual(database: str) -> float:
    """Returns how long the command takes for the same project when nothing hangs: on a machine like this."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        command = Command(chain(Path(folder)), database)
        assert command.end().code == 0
    return time.monotonic() - began
