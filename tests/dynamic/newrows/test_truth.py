"""The cases against the truth: rows written by hand, the downgrade run by real Alembic, the rows read back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool

from tests.backends import need, scratch
from tests.dynamic.catalogue.case import Rev
from tests.dynamic.catalogue.truth import Found, Walk
from tests.dynamic.newrows.case import FATES, NewRowCase
from tests.dynamic.newrows.every import fragile_runs, handled_runs
from tests.dynamic.newrows.fragile import FRAGILE
from tests.dynamic.newrows.handled import HANDLED

Databases = Callable[[str], tuple[Engine, Connection | None]]


class NewRowWalk(Walk):
    """Walks a case; behind its revision `case` the new rows are written, and it goes down once more."""

    fate = ""
    looked: tuple[tuple[object, ...], ...] | None = None

    def of(self, case: NewRowCase) -> NewRowWalk:
        """Takes the rows of a case."""
        self.own = case
        return self

    def _revision(self, rev: Rev) -> Found:
        found = super()._revision(rev)
        if rev.id != "case" or found.verdict != "reversible":
            return found
        self._step(rev.id, down=True)
        old = self._read()
        self._step(rev.id, down=False)
        self._write(self.own.news)
        try:
            self._step(rev.id, down=True)
        except NotImplementedError:
            self.fate = "refuses"
        except Exception:  # noqa: BLE001 -- whatever a migration raises is its outcome
            self.fate = "fails"
        else:
            new = self._read()
            kept = all(rows.rows <= new.rows[table].rows for table, rows in old.rows.items())
            self.fate = "went through" if kept else "old rows"
            with self.engine.connect() as connection:
                self._look(connection)
        self._rebuild(self.case.history[: list(self.case.history).index(rev) + 1])
        return found

    def _look(self, connection: Connection) -> None:
        if self.own.look:
            rows = connection.exec_driver_sql(self.own.look).all()
            self.looked = tuple(tuple(row) for row in rows)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Returns a function that gives an own database of a product, made once, and a connection that reads it."""
    folder: Path = tmp_path_factory.mktemp("newrows")
    found: dict[str, tuple[Engine, Connection | None]] = {}
    with ExitStack() as stack:

        def open_(database: str) -> tuple[Engine, Connection | None]:
            need(database)
            if database not in found:
                engine = stack.enter_context(scratch(database, folder, "mrt_newrows"))
                if database == "mariadb":
                    engine = sa.create_engine(
                        engine.url.update_query_dict({"ssl_disabled": "true"}), poolclass=NullPool
                    )
                reader = None
                # A reader would hold SQLite's file; it does not see what MariaDB makes anew.
                if database == "postgresql":
                    reader = stack.enter_context(engine.connect())
                    reader = reader.execution_options(isolation_level="AUTOCOMMIT")
                found[database] = engine, reader
            return found[database]

        yield open_


@pytest.mark.parametrize(
    ("case", "database"), [pytest.param(c, d, id=name) for name, c, d in (*fragile_runs(), *handled_runs())]
)
def test_what_really_happens(case: NewRowCase, database: str, databases: Databases, tmp_path: Path) -> None:
    engine, reader = databases(database)
    walk = NewRowWalk(case.history, database, engine, tmp_path / "project", reader).of(case)
    found = walk.run()
    for rev in case.history.history:  # without new rows everything comes back
        assert found[rev.id].verdict == "reversible", found[rev.id].story
    if case.fate in ("new rows", "handled"):
        assert walk.fate == "went through"
        assert walk.looked is not None
        assert walk.looked == case.becomes
    else:
        assert walk.fate == case.fate


def test_the_cases_are_as_many_as_promised() -> None:
    assert len(FRAGILE) >= 25
    assert len(HANDLED) >= 15
    names = [case.name for case in (*FRAGILE, *HANDLED)]
    assert len(names) == len(set(names))
    for case in (*FRAGILE, *HANDLED):
        assert case.fate in FATES
        assert case.fragile == (case in FRAGILE)
        assert bool(case.look) == (case.fate in ("new rows", "handled")), case.name
