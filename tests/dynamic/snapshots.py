"""A live database that is changed step by step, and what the snapshots say to each change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection, Engine

from mrt_dynamic.results import Failure
from mrt_dynamic.snapshot.compare import schema_failures
from mrt_dynamic.snapshot.schema import Reader
from mrt_lint.schema.dialects import Dialect, dialect_named
from mrt_lint.schema.names import Name
from mrt_lint.schema.state import State
from tests.backends import need, scratch
from tests.truth import catalog_mariadb, catalog_postgresql

VERSION_TABLE = Name("alembic_version")


_RESET = {"postgresql": catalog_postgresql.reset, "mariadb": catalog_mariadb.reset}


class Grounds:
    """Scratch databases that many tests use one after the other, each of them from empty."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._stack, self._folder = stack, folder
        self._engines: dict[str, Engine] = {}

    @contextmanager
    def live(self, database: str) -> Iterator[Live]:
        """Yields an empty database; skips the test where there is none."""
        need(database)
        if database == "sqlite":
            with scratch("sqlite", self._folder) as engine, engine.connect() as connection:
                yield Live(connection, "sqlite")
            return
        if database not in self._engines:
            self._engines[database] = self._stack.enter_context(
                scratch(database, self._folder, "mrt_snapshot")
            )
        with self._engines[database].connect() as connection:
            _RESET[database](connection)
            connection.commit()
            yield Live(connection, dialect_named(database) or "sqlite")


@pytest.fixture(scope="module")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    """Returns what gives empty databases to the tests of one module."""
    with ExitStack() as stack:
        yield Grounds(stack, tmp_path_factory.mktemp("grounds"))


@dataclass(frozen=True)
class Change:
    """A change of a schema and the one failure that tells of it, as `kind table column: words in it`.

    `back` makes everything as it was: then there is no difference.
    """

    name: str
    given: str
    change: str
    failure: str
    words: str
    back: str = ""


class Live:
    """One connection with the reader that has looked through it from the beginning."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self.connection, self.dialect = connection, dialect
        self.reader = Reader(dialect, VERSION_TABLE)

    def run(self, *scripts: str) -> None:
        """Runs statements, parted by `;;`, each committed by itself."""
        for script in scripts:
            for statement in script.split(";;"):
                if statement.strip():
                    options = {"no_parameters": True}
                    self.connection.exec_driver_sql(statement.strip(), None, execution_options=options)
                    self.connection.commit()

    def state(self) -> State:
        """Returns the State, which is the same whether it is read for the first time or only what changed."""
        state = self.reader.read(self.connection)
        assert not self.connection.in_transaction()
        anew = Reader(self.dialect, VERSION_TABLE).read(self.connection)
        assert schema_failures(anew, state) == ()
        assert dict(present(anew)) == dict(present(state))
        return state


def present(state: State) -> list[tuple[object, object]]:
    """Returns what is there, by key."""
    return [(key, found) for key, found in state.objects.items() if hasattr(found, "kind")]


def check_change(live: Live, change: Change) -> None:
    """Asserts that the change is seen, told once, and no more than that; and nothing when it is undone."""
    live.run(change.given)
    before = live.state()
    live.run(change.change)
    failures = schema_failures(before, live.state())
    assert [brief(failure) for failure in failures] == [change.failure], told(failures)
    assert change.words in failures[0].message, told(failures)
    assert failures[0].help
    if change.back:
        live.run(change.back)
        assert schema_failures(before, live.state()) == ()


def brief(failure: Failure) -> str:
    """Returns kind, table and column, those that there are."""
    return " ".join(part for part in (failure.kind.value, failure.table, failure.column) if part)


def told(failures: Sequence[Failure]) -> str:
    """Returns the failures for a message."""
    return "\n".join(f"{brief(failure)}: {failure.message}" for failure in failures) or "nothing"
