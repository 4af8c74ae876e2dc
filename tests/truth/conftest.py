"""The oracle as a fixture: every case is run once in a session, its scratch database is shared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from tests.backends import need, scratch, sqlite_engine
from tests.truth import oracle
from tests.truth.case import Case

RunCase = Callable[[Case, str], oracle.Outcome]


@pytest.fixture(scope="session")
def run_case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunCase]:
    """Returns a function that gives the real outcome of a case on a database, run once."""
    folder: Path = tmp_path_factory.mktemp("truth")
    outcomes: dict[tuple[str, str], oracle.Outcome] = {}
    engines: dict[str, Engine] = {}
    numbers = count()
    with ExitStack() as stack:

        def run(case: Case, database: str) -> oracle.Outcome:
            need(database)
            key = (case.name, database)
            if key not in outcomes:
                place = folder / f"{next(numbers):04}"
                if database == "sqlite":
                    engine = sqlite_engine(folder / f"{place.name}.db")
                    outcomes[key] = oracle.run(case, database, engine, place)
                    engine.dispose()
                else:
                    if database not in engines:
                        engines[database] = stack.enter_context(scratch(database, folder, "mrt_truth"))
                    outcomes[key] = oracle.run(case, database, engines[database], place)
            return outcomes[key]

        yield run
