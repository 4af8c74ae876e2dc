"""A run that is killed leaves its databases; the next start removes them, and those of no run that lives."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from mrt_dynamic.scratch.folder import own_folder, remove_stale
from mrt_dynamic.scratch.lockfile import LockFile
from mrt_dynamic.scratch.names import copy_name, new_name, original
from mrt_dynamic.scratch.processes import installed_binaries, packaged_binaries
from tests.backends import server_url
from tests.dynamic.conftest import MakeScratch
from tests.dynamic.watching import ROWS, databases, eventually, everything, on

ROOT = Path(__file__).parents[2]
RUN = """
import sys
from pathlib import Path
from mrt_dynamic.scratch.choose import scratch_on
from mrt_dynamic.scratch.sqlite import SQLiteScratch
from mrt_dynamic.scratch.urls import parse
from tests.dynamic.watching import fill

url = parse(sys.argv[1])
scratch = SQLiteScratch(url, Path(sys.argv[2])) if url.get_backend_name() == "sqlite" else scratch_on(url)
fill(scratch.engine())
scratch.save("copy")
print(scratch.marker, scratch.url.render_as_string(hide_password=False), flush=True)
sys.stdin.read()
scratch.drop()
"""


@dataclass
class Run:
    """Another process that has a scratch database."""

    process: subprocess.Popen[str]
    marker: str
    url: str

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def finish(self) -> None:
        self.process.communicate()
        assert self.process.returncode == 0


Start = Callable[[str], Run]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Returns a function that starts a run in another process."""
    runs: list[Run] = []
    (tmp_path / "scratch").mkdir(exist_ok=True)

    def begin(database: str) -> Run:
        url = (
            "sqlite://"
            if database == "sqlite"
            else server_url(database).render_as_string(hide_password=False)
        )
        process = subprocess.Popen(
            [sys.executable, "-c", RUN, url, str(tmp_path / "scratch")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert process.stdout is not None
        runs.append(Run(process, *process.stdout.readline().split()))
        return runs[-1]

    yield begin
    for run in runs:
        if run.process.poll() is None:
            run.kill()


def test_the_next_start_removes_what_a_killed_run_left(
    database: str, start: Start, make_scratch: MakeScratch, tmp_path: Path
) -> None:
    folder = tmp_path / "scratch"
    killed, living = start(database), start(database)
    make_scratch(database)
    assert killed.marker in databases(database, folder), "it lives"
    killed.kill()

    def gone() -> bool:
        make_scratch(database).drop()
        return not any(name.startswith(killed.marker) for name in databases(database, folder))

    assert eventually(gone)
    assert living.marker in databases(database, folder)
    found = everything(on(sa.make_url(living.url)))
    assert {name: len(rows) for name, rows in found.items()} == {
        name: len(rows) for name, rows in ROWS.items()
    }
    if database != "mariadb":
        assert copy_name(living.marker, 0 if database == "sqlite" else 1) in databases(database, folder)
    living.finish()
    assert not any(name.startswith(living.marker) for name in databases(database, folder))
    assert database != "sqlite" or not any(
        original(path.stem) in (killed.marker, living.marker) for path in folder.iterdir()
    )


@contextmanager
def bystander(database: str, name: str, folder: Path) -> Iterator[None]:
    """Makes a database that looks a little like one of ours."""
    if database == "sqlite":
        (folder / f"{name}.db").write_bytes(b"theirs")
        yield
        return
    engine = sa.create_engine(server_url(database), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        try:
            yield
        finally:
            connection.exec_driver_sql(f"DROP DATABASE {name}")
    engine.dispose()


def test_databases_with_similar_names_stay(database: str, make_scratch: MakeScratch, tmp_path: Path) -> None:
    folder = tmp_path / "scratch"
    folder.mkdir()
    ours = new_name().removeprefix("mrt_")
    names = {f"mrt_{ours[:12]}00000000", f"mrt_app_{ours}", f"mrt_{ours}_copy", f"x{ours}"}
    with ExitStack() as stack:
        for name in names:
            stack.enter_context(bystander(database, name, folder))
        make_scratch(database)
        assert names <= databases(database, folder)


def test_names_of_ours_are_recognised() -> None:
    name = new_name()
    assert original(name) == name
    assert original(copy_name(name, 12)) == name
    digit = "0" if name[-1] != "0" else "1"
    for other in (
        name[:-1] + digit,
        name + "_",
        name + "_x",
        name.upper(),
        name + "0",
        "",
        "mrt_",
        f"{name}_1_2",
    ):
        assert original(other) is None, other


def test_a_locked_file_is_taken_once(tmp_path: Path) -> None:
    first = LockFile.take(tmp_path / "a.lock")
    assert first is not None
    assert LockFile.take(tmp_path / "a.lock") is None
    first.release()
    first.release()
    assert not (tmp_path / "a.lock").exists()
    again = LockFile.take(tmp_path / "a.lock")
    assert again is not None
    again.release()


SERVER = """
import sys
from pathlib import Path
from mrt_dynamic.scratch import local
server = local.LocalServer(Path(sys.argv[1]))
print(server.url.render_as_string(hide_password=False), flush=True)
sys.stdin.read()
"""


def test_the_server_of_a_killed_run_is_stopped() -> None:
    binaries = installed_binaries() or packaged_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL programs are installed")
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(binaries)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    url = sa.make_url(process.stdout.readline().strip())
    assert everything(on(url)) == {}
    process.kill()
    process.communicate()
    remove_stale(own_folder())
    with pytest.raises(sa.exc.OperationalError):
        on(url).connect()
