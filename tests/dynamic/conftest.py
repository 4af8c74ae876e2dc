"""Scratch databases for tests, on every database that is there."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from mrt_dynamic.scratch.base import Scratch
from mrt_dynamic.scratch.choose import scratch_on
from mrt_dynamic.scratch.local import LocalServer
from mrt_dynamic.scratch.processes import installed_binaries, packaged_binaries
from mrt_dynamic.scratch.sqlite import SQLiteScratch
from mrt_dynamic.scratch.urls import parse
from tests.backends import DATABASES, need, server_url
from tests.dynamic.snapshots import grounds as grounds

MakeScratch = Callable[[str], Scratch]


@pytest.fixture(scope="session", autouse=True)
def requests_to_stop() -> None:
    """Lets the commands under test hear Ctrl-C and a hang-up where the tests themselves run in the background.

    A shell starts such a command with Ctrl-C ignored, `nohup` with hang-ups ignored, and what is ignored is
    inherited; a signal that has a handler is heard again by whatever is started.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    hang_up = getattr(signal, "SIGHUP", None)  # Windows has none.
    if hang_up is not None and signal.getsignal(hang_up) is signal.SIG_IGN:
        signal.signal(hang_up, lambda number, frame: None)


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """Returns each database in turn; skips those that are not there."""
    need(request.param)
    return str(request.param)


@pytest.fixture(params=DATABASES[1:])
def server(request: pytest.FixtureRequest) -> str:
    """Returns each database that is a server in turn; skips those that are not there."""
    need(request.param)
    return str(request.param)


@pytest.fixture
def make_scratch(tmp_path: Path) -> Iterator[MakeScratch]:
    """Returns a function that makes a scratch database, to be dropped after the test."""
    made: list[Scratch] = []
    folder = tmp_path / "scratch"

    def make(database: str) -> Scratch:
        need(database)
        if database == "sqlite":
            folder.mkdir(exist_ok=True)
            made.append(SQLiteScratch(parse("sqlite://"), folder))
        else:
            made.append(scratch_on(server_url(database)))
        return made[-1]

    yield make
    for scratch in made:
        scratch.drop()


@pytest.fixture
def scratch(database: str, make_scratch: MakeScratch) -> Scratch:
    """Returns a scratch database on each database in turn."""
    return make_scratch(database)


@pytest.fixture(scope="session")
def private_server() -> Iterator[URL]:
    """Returns the URL of a throwaway PostgreSQL server that asks for passwords."""
    binaries = installed_binaries() or packaged_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL programs are installed")
    server = LocalServer(binaries)
    yield server.url
    server.stop()
