"""The catalogue against the truth: every revision really does what is said of it, and no other is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool

from mrt_dynamic.results import Kind
from tests.backends import need, scratch
from tests.dynamic.catalogue.case import Case, Wrong
from tests.dynamic.catalogue.every import catalogue, runs
from tests.dynamic.catalogue.truth import Found, Walk
from tests.share import is_checked_again

Databases = Callable[[str], tuple[Engine, Connection | None]]


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Returns a function that gives an own database of a product, made once, and a connection that reads it."""
    folder: Path = tmp_path_factory.mktemp("databases")
    found: dict[str, tuple[Engine, Connection | None]] = {}
    with ExitStack() as stack:

        def open_(database: str) -> tuple[Engine, Connection | None]:
            need(database)
            if database not in found:
                engine = stack.enter_context(scratch(database, folder, "mrt_cases"))
                if database == "mariadb":
                    # PyMySQL prepares for TLS by itself, a tenth of a second for each connection.
                    url = engine.url.update_query_dict({"ssl_disabled": "true"})
                    engine = sa.create_engine(url, poolclass=NullPool)
                reader = None
                # Elsewhere a reader would hold the file, or forget its database when that is made anew.
                if database == "postgresql":
                    reader = stack.enter_context(engine.connect())
                    reader = reader.execution_options(isolation_level="AUTOCOMMIT")
                found[database] = engine, reader
            return found[database]

        yield open_


@pytest.mark.parametrize(
    ("case", "database"), [pytest.param(c, d, id=name) for name, c, d in runs() if is_checked_again(name)]
)
def test_what_really_happens(case: Case, database: str, databases: Databases, tmp_path: Path) -> None:
    engine, reader = databases(database)
    found = Walk(case, database, engine, tmp_path / "project", reader).run()
    wrong = case.wrong_on(database)
    for rev in case.history:
        if rev.id not in wrong:
            assert found[rev.id].verdict == "reversible", f"{rev.id} is wrong:\n{found[rev.id].story}"
        elif wrong[rev.id].truth:
            assert found[rev.id].verdict == wrong[rev.id].truth, found[rev.id].story
        elif wrong[rev.id].verdict_on(database) != "skipped":
            assert found[rev.id].verdict == wrong[rev.id].verdict_on(database), found[rev.id].story
            for kinds in wrong[rev.id].kinds_on(database):
                assert kinds & found[rev.id].kinds.keys(), found[rev.id].story
            _named(wrong[rev.id], found[rev.id])


def _named(wrong: Wrong, found: Found) -> None:
    if found.verdict == "fragile":  # there the database's own message speaks, of a constraint perhaps
        return
    assert wrong.table is None or wrong.table in found.story, found.story
    assert wrong.column is None or wrong.column in found.story, found.story


def test_the_catalogue_is_well_formed() -> None:
    cases = [case for family in catalogue().values() for case in family]
    assert [name for name, number in Counter(case.name for case in cases).items() if number > 1] == []
    kinds = {kind.value for kind in Kind}
    for case in cases:
        revisions = {rev.id for rev in case.history}
        assert case.wrong.keys() <= revisions, case.name
        for wrong in case.wrong.values():
            for database in case.databases:
                verdict = wrong.verdict_on(database)
                assert verdict in (
                    "lossy",
                    "broken",
                    "fragile",
                    "unverified",
                    "irreversible",
                    "skipped",
                    "reversible",
                )
                assert frozenset().union(*wrong.kinds_on(database)) <= kinds, case.name
                assert bool(wrong.kinds_on(database)) == (
                    verdict in ("lossy", "broken", "fragile", "unverified")
                ), case.name


def test_the_catalogue_is_as_large_as_promised() -> None:
    cases = [case for family in catalogue().values() for case in family]
    assert sum(case.bug for case in cases) >= 60
    assert sum(not case.wrong for case in cases) >= 30
    # A bug at the very end of a history would not show that the walk goes on after it.
    followed = [case for case in cases if case.bug and case.history[-1].id not in case.wrong]
    assert len(followed) >= 50
