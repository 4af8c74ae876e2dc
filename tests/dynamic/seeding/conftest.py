"""One scratch database per module and server; each test builds its tables anew in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.engine import Engine

from tests.backends import need, scratch


@pytest.fixture(scope="module")
def engine_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Engine]]:
    """Returns a function that gives the engine of a database, made at its first use."""
    contexts = {}
    engines: dict[str, Engine] = {}

    def get(database: str) -> Engine:
        need(database)
        if database not in engines:
            contexts[database] = scratch(database, tmp_path_factory.mktemp("seeding"))
            engines[database] = contexts[database].__enter__()
        return engines[database]

    yield get
    for context in contexts.values():
        context.__exit__(None, None, None)
