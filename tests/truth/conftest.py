"""The oracle as a fixture: every case is run once in a session, its scratch database is shared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection, Engine

from mrt_lint.schema.state import State
from tests.backends import need, scratch, sqlite_engine
from tests.share import in_share
from tests.truth import oracle
from tests.truth.case import Case
from tests.truth.reflect import reflect
from tests.truth.replayed import Replayed, replayed

RunCase = Callable[[Case, str], oracle.Outcome]
Replay = Callable[[Case, str], Replayed]
Server = Callable[[str], tuple[Engine, Connection]]


def look(connection: Connection) -> State | Exception:
    """Returns the State behind the connection, or why it cannot be reflected, for the tests that ask."""
    try:
        return reflect(connection)
    except Exception as error:  # noqa: BLE001 -- the truth about the round trip stands without it
        return error


KNOWN_GAPS = Path(__file__).with_name("known_gaps.txt")
"""Tests in which the static half is known to differ from the databases; docs/accuracy.md says how."""


_CASE = re.compile(r"tests/truth/test_(?:cases|states|verdicts)\.py::\w+\[(.*) \[(\w+)\]\]$")
"""The id of a test of one case on one database."""


def _left_out(item: pytest.Item) -> bool:
    found = _CASE.search(item.nodeid)
    return found is not None and not in_share(*found.groups())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks the known gaps, and keeps the tests of one case in one process, where its run is shared."""
    left_out = [item for item in items if _left_out(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not _left_out(item)]
    gaps = set(KNOWN_GAPS.read_text(encoding="utf-8").splitlines())
    for item in items:
        _, found, name = item.nodeid.partition("tests/truth/")
        if not found:
            continue
        if name in gaps:
            item.add_marker(pytest.mark.xfail(reason="known gap, see docs/accuracy.md", strict=False))
        item.add_marker(pytest.mark.xdist_group(name.partition("[")[2]))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Returns a function that gives the scratch database on a server, and a connection that reads it."""
    folder: Path = tmp_path_factory.mktemp("servers")
    found: dict[str, tuple[Engine, Connection]] = {}
    with ExitStack() as stack:

        def open_(database: str) -> tuple[Engine, Connection]:
            if database not in found:
                engine = stack.enter_context(scratch(database, folder, "mrt_truth"))
                reader = stack.enter_context(engine.connect())
                found[database] = engine, reader.execution_options(isolation_level="AUTOCOMMIT")
            return found[database]

        yield open_


@pytest.fixture(scope="session")
def run_case(tmp_path_factory: pytest.TempPathFactory, server: Server) -> RunCase:
    """Returns a function that gives the real outcome of a case on a database, run once."""
    folder: Path = tmp_path_factory.mktemp("truth")
    outcomes: dict[tuple[str, str], oracle.Outcome] = {}
    numbers = count()

    def run(case: Case, database: str) -> oracle.Outcome:
        need(database)
        key = (case.name, database)
        if key not in outcomes:
            place = folder / f"{next(numbers):04}"
            if database == "sqlite":
                engine = sqlite_engine(folder / f"{place.name}.db")
                outcomes[key] = oracle.run(case, database, engine, place, look)
                engine.dispose()
            else:
                engine, reader = server(database)
                outcomes[key] = oracle.run(case, database, engine, place, look, reader)
        return outcomes[key]

    return run


@pytest.fixture(scope="session")
def replay_case(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    """Returns a function that gives what the static half makes of a case on a database, made once."""
    folder: Path = tmp_path_factory.mktemp("replayed")
    found: dict[tuple[str, str], Replayed] = {}
    numbers = count()

    def make(case: Case, database: str) -> Replayed:
        key = (case.name, database)
        if key not in found:
            found[key] = replayed(case, database, folder / f"{next(numbers):04}")  # type: ignore[arg-type]
        return found[key]

    return make
